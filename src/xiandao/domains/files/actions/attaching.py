"""Attaching a file to something, and removing it: what was attached is never deleted."""

import datetime as dt
from typing import IO, Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.files import scanning
from xiandao.domains.files.content import clean_name, sniff
from xiandao.domains.files.limits import FileLimits, file_limits
from xiandao.domains.files.models import Attachment, StoredFile
from xiandao.domains.files.registry import HolderKind, holders
from xiandao.domains.files.storing import fingerprint, store
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

ATTACHED = register("files.attached", _("上传附件"))
DETACHED = register("files.detached", _("移除附件"))
_NOTE_LONGEST, _REASON_LONGEST = 300, 500
_TWICE = _("这份文件已经在这里了（内容相同）。")


def attach(
    actor: Viewer,
    *,
    holder_kind: str,
    holder_key: str,
    name: str,
    content: IO[bytes],
    note: str = "",
    now: dt.datetime | None = None,
) -> Attachment:
    """Attach a file to a holder and return the attachment. The same content is stored once.

    `content` is an open binary file, read in pieces. Raises LookupError for a holder that is not there or not for the
    actor to see; Refused where the actor may not change it, the file is too large, of no allowed type, not what its
    ending says, active or dangerous; Infected and ScannerFailed; Conflict where the holder is full or has the file.
    """
    kind = _holder(actor, holder_kind, holder_key)
    kind.may_change(actor, holder_key).require()
    limits = file_limits()
    name = clean_name(name)
    sha256, size = fingerprint(content)
    if size > limits.size:
        raise Refused(
            _("文件 %(size).1f MB，超过 %(limit)s MB 的上限。请压缩图片或拆分后再上传。")
            % {"size": size / 1024 / 1024, "limit": limits.megabytes}
        )
    media_type = sniff(content, name, limits).media_type
    scanning.scan(content)
    # Before the transaction: it may take long, and a content nobody refers to harms nobody.
    path = store(content, sha256, size)
    row = Attachment(
        holder_kind=holder_kind,
        holder_key=holder_key,
        name=name,
        media_type=media_type,
        note=note.strip()[:_NOTE_LONGEST],
        uploaded_by_id=actor.user_id,
        uploader=actor.name,
        organisation_id=actor.organisation_id,
        at=now or timezone.now(),
    )
    with transaction.atomic():
        kind.may_change(actor, holder_key).require()
        stored, _made = StoredFile.objects.for_system("by its content").get_or_create(
            sha256=sha256, defaults={"size": size, "path": path, "stored_at": row.at}
        )
        row.file = stored
        _add(row, limits)
        audit.record(
            actor,
            ATTACHED,
            kind=holder_kind,
            key=holder_key,
            label=name,
            after={"attachment": row.pk, "sha256": sha256, "size": size, "note": row.note},
        )
    return row


def _add(row: Attachment, limits: FileLimits) -> None:
    """Save an attachment unless its holder is full or has the content already. Raises Conflict."""
    same_holder = Attachment.objects.for_system("counting, permission was checked").filter(
        holder_kind=row.holder_kind, holder_key=row.holder_key, removed_at=None
    )
    # Those there are locked first, so that of two uploads at once the second counts what the first added.
    list(same_holder.select_for_update().values_list("pk", flat=True))
    held = list(same_holder.values_list("file_id", flat=True))
    if row.file_id in held:
        raise Conflict(_TWICE)
    if len(held) >= limits.per_holder:
        raise Conflict(_("这里已有 %(count)s 个附件，达到上限。请移除不用的，或合并后再上传。") % {"count": len(held)})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(_TWICE) from None


def _holder(actor: Viewer, code: str, key: str) -> HolderKind:
    """Return the kind of a holder the actor sees. Raises LookupError: missing and hidden look the same."""
    kind = holders().get(code)
    if kind is None or not kind.may_see(actor, key):
        raise LookupError(f"{code} {key}")
    return kind


@transaction.atomic
def detach(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Attachment:
    """Remove a file from its holder, with the reason; the row and the content stay for the record.

    Raises Attachment.DoesNotExist where it is not there or not for the actor to see, Refused where the actor may not
    change the holder or gives no reason, Conflict where it has been removed already.
    """
    rows = Attachment.objects.for_system("the holder's kind is asked next").select_related("file")
    row = cast("Attachment", rows.select_for_update(of=("self",)).get(pk=pk))
    try:
        kind = _holder(actor, row.holder_kind, row.holder_key)
    except LookupError:
        raise Attachment.DoesNotExist from None
    kind.may_change(actor, row.holder_key).require()
    if row.removed_at is not None:
        raise Conflict(_("这个附件已由%(who)s移除。") % {"who": row.removed_by})
    said = reason.strip()[:_REASON_LONGEST]
    if not said:
        raise Refused(_("请写明移除理由，如“传错文件”。"))
    row.removed_at, row.removed_by, row.removed_reason = now or timezone.now(), actor.name, said
    row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    audit.record(
        actor,
        DETACHED,
        kind=row.holder_kind,
        key=row.holder_key,
        label=row.name,
        before=_facts(row),
        reason=said,
    )
    return row


def _facts(row: Attachment) -> dict[str, Any]:
    return {"attachment": row.pk, "sha256": row.file.sha256, "size": row.file.size, "note": row.note}
