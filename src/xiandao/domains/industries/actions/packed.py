"""What becomes of the catalogue a policy pack brings: the version in force, or an offer beside the office's own."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.industries.actions.local import load_local_lists
from xiandao.domains.industries.actions.storing import write_all
from xiandao.domains.industries.content.packed import content_of_pack
from xiandao.domains.industries.models import CatalogueOrigin, CatalogueState, CatalogueVersion
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack

_WHY = "a pack is loaded by the system"


@transaction.atomic
def load_catalogue(actor: Viewer, *, pack: PolicyPack, now: dt.datetime | None = None) -> CatalogueVersion | None:
    """Write the pack's catalogue as a version unless the very same content is there; return the version, if any.

    It takes the place of one that came from a pack. Where the office has published its own since, that one stays in
    force and the pack's is offered beside it. Raises Refused unless the system acts.
    """
    if not actor.is_system:
        raise Refused(_("产品目录随政策包载入。"))
    header = pack.catalogue_header
    if header is None or not pack.catalogue:
        return None
    content = content_of_pack(pack)
    digest = content.digest
    rows = CatalogueVersion.objects.for_system(_WHY)
    current = rows.filter(state=CatalogueState.PUBLISHED).select_for_update().first()
    known = rows.filter(digest=digest, origin=CatalogueOrigin.PACK).exclude(code="").order_by("-id").first()
    moment = now or timezone.now()
    takes_over = current is None or current.origin == CatalogueOrigin.PACK
    if known is not None or (current is not None and current.digest == digest):
        load_local_lists(pack)
        if known is not None and current is not None and takes_over and known.pk != current.pk:
            _replace(current, known, moment)  # a pack that was in force before is loaded again
        return known or current
    version = CatalogueVersion(
        code=_free(header.version),
        name=header.name,
        name_en=header.en,
        origin=CatalogueOrigin.PACK,
        based_on=current,
        note=header.note or "",
        source=describe(pack, header.source)[:300],
        digest=digest,
        created_at=moment,
        created_by=pack.meta.title[:200],
        state=CatalogueState.AVAILABLE,
    )
    rows.filter(state=CatalogueState.AVAILABLE).update(state=CatalogueState.DISCARDED)
    if takes_over:
        if current is not None:
            current.state = CatalogueState.SUPERSEDED
            current.save(update_fields=["state"])
        version.state, version.published_at, version.published_by = CatalogueState.PUBLISHED, moment, version.created_by
    version.save()
    write_all(version, content)
    load_local_lists(pack)
    return version


def _replace(current: CatalogueVersion, version: CatalogueVersion, moment: dt.datetime) -> None:
    current.state = CatalogueState.SUPERSEDED
    current.save(update_fields=["state"])
    version.state, version.published_at = CatalogueState.PUBLISHED, moment
    version.save(update_fields=["state", "published_at"])


def _free(code: str) -> str:
    """Return a code no version has: the pack's own, or the same with a number behind it."""
    taken = set(CatalogueVersion.objects.for_system(_WHY).filter(code__startswith=code).values_list("code", flat=True))
    return next(each for each in [code, *(f"{code}-p{number}" for number in range(2, 1000))] if each not in taken)
