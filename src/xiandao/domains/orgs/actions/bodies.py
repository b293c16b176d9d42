"""Organisations: adding, correcting, closing them, their other names, and which city body does whose work."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.actions.people import require_manager
from xiandao.domains.orgs.models import Counterpart, Organisation, OrganisationAlias, OrganisationKind, Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import posts_held
from xiandao.domains.orgs.viewer import Viewer
from xiandao.kernel import CreditCode
from xiandao.kernel.errors import InvalidValue

BODY_ADDED = register("orgs.body_added", gettext_lazy("新增机构"))
BODY_EDITED = register("orgs.body_edited", gettext_lazy("修改机构"))
BODY_CLOSED = register("orgs.body_closed", gettext_lazy("停用机构"))
BODY_OPENED = register("orgs.body_opened", gettext_lazy("启用机构"))
COUNTERPART_SET = register("orgs.counterpart_set", gettext_lazy("设定对口关系"))
COUNTERPART_REMOVED = register("orgs.counterpart_removed", gettext_lazy("取消对口关系"))
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,79}")
_LAST = 50_000  # bodies of an office's own stand behind those of the pack
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """What an office says of an organisation. `aliases` are the other names documents print it under."""

    name: str
    kind: str
    region: Region
    full_name: str = ""
    name_en: str = ""
    parent: Organisation | None = None
    credit_code: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""


class BadBody(Refused):
    """What is wrong with an organisation, by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("".join(faults.values()))
        self.faults = faults


def _checked(facts: BodyFacts, body: Organisation | None) -> str:
    """Return the credit code in its normal form. Raises BadBody with every fault of the facts."""
    faults: dict[str, str] = {}
    if not 0 < len(facts.name) <= _NAME_LENGTH:
        faults["name"] = _("名称为1至%(most)s个字。") % {"most": _NAME_LENGTH}
    if facts.kind not in OrganisationKind.values:
        faults["kind"] = _("请选择类别。")
    code = ""
    if facts.credit_code.strip():
        try:
            code = str(CreditCode.parse(facts.credit_code))
        except InvalidValue as error:
            faults["credit_code"] = str(error)
        same = Organisation.objects.filter(credit_code=code).exclude(code=body.code if body else "")
        if code and (other := same.first()):
            faults["credit_code"] = _("%(body)s已用这个信用代码。") % {"body": other.label}
    if body is not None and facts.parent is not None and _under(facts.parent, body):
        faults["parent"] = _("上级机构不能是它自己或它的下级。")
    if alias_fault := _alias_fault(facts.aliases, body):
        faults["aliases"] = alias_fault
    if faults:
        raise BadBody(faults)
    return code


def _alias_fault(aliases: tuple[str, ...], body: Organisation | None) -> str:
    """Return what is wrong with the other names, "" if nothing: one name means one body."""
    for alias in aliases:
        if len(alias) > _NAME_LENGTH:
            return _("别名过长：%(alias)s…") % {"alias": alias[:20]}
        taken = OrganisationAlias.objects.filter(name=alias, document="").exclude(organisation=body)
        if other := taken.select_related("organisation").first():
            return _("别名“%(alias)s”已用于%(body)s。") % {"alias": alias, "body": other.organisation.label}
    return ""


def _under(parent: Organisation, body: Organisation) -> bool:
    """Return whether `parent` is the body or stands under it."""
    at: Organisation | None = parent
    seen: set[int] = set()
    while at is not None and at.pk not in seen:
        if at.pk == body.pk:
            return True
        seen.add(at.pk)
        at = at.parent
    return False


def _said(body: Organisation) -> dict[str, object]:
    """Return an organisation for the audit log."""
    return {
        "name": body.name,
        "full_name": body.full_name,
        "name_en": body.name_en,
        "kind": body.kind,
        "region": body.region_id,
        "parent": body.parent.code if body.parent else None,
        "credit_code": body.credit_code,
        "aliases": sorted(body.aliases.filter(document="").values_list("name", flat=True)),
        "note": body.note,
    }


def _write(body: Organisation, facts: BodyFacts, credit_code: str) -> None:
    body.name, body.full_name, body.name_en = facts.name, facts.full_name, facts.name_en
    body.kind, body.region, body.parent = facts.kind, facts.region, facts.parent
    body.credit_code, body.note, body.is_local = credit_code, facts.note, True
    body.save()
    mine = body.aliases.filter(document="")
    mine.exclude(name__in=facts.aliases).delete()
    there = set(mine.values_list("name", flat=True))
    OrganisationAlias.objects.bulk_create(
        OrganisationAlias(organisation=body, name=alias, document="")
        for alias in dict.fromkeys(facts.aliases)
        if alias not in there
    )


@transaction.atomic
def add_body(actor: Viewer, *, code: str, facts: BodyFacts) -> Organisation:
    """Add an organisation. Raises Refused unless a system administrator acts, BadBody with every fault by field."""
    require_manager(actor)
    if not _CODE.fullmatch(code):
        raise BadBody({"code": _("代码为2至80位小写字母、数字和横线，以字母或数字开头。")})
    if Organisation.objects.filter(code=code).exists():
        raise BadBody({"code": _("代码 %(code)s 已被使用。") % {"code": code}})
    credit_code = _checked(facts, None)
    body = Organisation(code=code, order=_LAST)
    _write(body, facts, credit_code)
    audit.record(actor, BODY_ADDED, kind="organisation", key=code, label=body.name, after=_said(body))
    return body


@transaction.atomic
def edit_body(actor: Viewer, *, code: str, facts: BodyFacts) -> Organisation:
    """Correct an organisation; loading the pack again leaves it so. Its code never changes: the audit log knows it.

    Raises as `add_body` does, Organisation.DoesNotExist.
    """
    require_manager(actor)
    body = Organisation.objects.select_for_update().get(code=code)
    credit_code = _checked(facts, body)
    before = _said(body)
    _write(body, facts, credit_code)
    audit.record(actor, BODY_EDITED, kind="organisation", key=code, label=body.name, before=before, after=_said(body))
    return body


@transaction.atomic
def close_body(actor: Viewer, *, code: str, reason: str) -> Organisation:
    """Take an organisation out of use: no new posts in it; what it did stays.

    Raises Refused without a reason, where people hold posts in it, where bodies in use stand under it, and for the
    coordinating office; Conflict where it is out of use.
    """
    require_manager(actor)
    body = Organisation.objects.select_for_update().get(code=code)
    if not body.is_active:
        raise Conflict(_("机构已经停用。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"))
    if body.is_coordinator:
        raise Refused(_("统筹协调单位不能停用。"))
    held = posts_held().filter(organisation=body).count()
    if held:
        raise Refused(_("机构还有 %(count)s 个在任岗位，请先结束或另设。") % {"count": held})
    if body.children.filter(is_active=True).exists():
        raise Refused(_("机构还有在用的下级机构，请先停用下级或改变其上级。"))
    body.is_active, body.is_local = False, True
    body.save(update_fields=["is_active", "is_local"])
    audit.record(actor, BODY_CLOSED, kind="organisation", key=code, label=body.name, reason=reason.strip())
    return body


@transaction.atomic
def open_body(actor: Viewer, *, code: str) -> Organisation:
    """Take an organisation into use again. Raises Conflict where it is in use."""
    require_manager(actor)
    body = Organisation.objects.select_for_update().get(code=code)
    if body.is_active:
        raise Conflict(_("机构已经启用。"))
    body.is_active = True
    body.save(update_fields=["is_active"])
    audit.record(actor, BODY_OPENED, kind="organisation", key=code, label=body.name)
    return body


@transaction.atomic
def set_counterpart(actor: Viewer, *, department: Organisation, bureau: Organisation, source: str = "") -> Counterpart:
    """Say that a body of a city does a department's work there (对口); it takes the place of the one before.

    Raises Refused where both are of one place or one is the other, Conflict where it is so already.
    """
    require_manager(actor)
    if department.pk == bureau.pk or department.region_id == bureau.region_id:
        raise Refused(_("对口单位须是下级地区的另一机构。"))
    if not (department.is_active and bureau.is_active):
        raise Refused(_("已停用的机构不能设对口关系。"))
    found = Counterpart.objects.select_for_update().filter(department=department, region=bureau.region).first()
    if found is not None and found.bureau_id == bureau.pk and found.source == (source.strip() or found.source):
        raise Conflict(_("%(bureau)s已是%(department)s的对口单位。") % _pair(department, bureau))
    before = None if found is None else {"bureau": found.bureau.code, "source": found.source}
    row = found or Counterpart(department=department, region=bureau.region)
    row.bureau, row.source, row.is_local = bureau, source.strip(), True
    row.save()
    after = {"region": row.region_id, "bureau": bureau.code, "source": row.source}
    key, label = department.code, f"{department.name} — {bureau.name}"
    audit.record(actor, COUNTERPART_SET, kind="organisation", key=key, label=label, before=before, after=after)
    return row


@transaction.atomic
def remove_counterpart(actor: Viewer, *, pk: int) -> None:
    """Take a counterpart relation away. Raises Counterpart.DoesNotExist.

    One the pack lists comes back when a new version of the pack is loaded.
    """
    require_manager(actor)
    row = Counterpart.objects.select_for_update().get(pk=pk)
    before = {"region": row.region_id, "bureau": row.bureau.code, "source": row.source}
    key, label = row.department.code, f"{row.department.name} — {row.bureau.name}"
    row.delete()
    audit.record(actor, COUNTERPART_REMOVED, kind="organisation", key=key, label=label, before=before)


def _pair(department: Organisation, bureau: Organisation) -> dict[str, str]:
    return {"department": department.label, "bureau": bureau.label}
