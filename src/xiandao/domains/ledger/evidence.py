"""Files of entries: decisions, reports of evaluations; seen by who sees inside the entry, added by who keeps it."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.registry import HolderKind, register_holder
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.models import Entry
from xiandao.domains.ledger.queries import entries as queries
from xiandao.domains.orgs.permission import Answer, refuse
from xiandao.domains.orgs.viewer import Viewer

ENTRY = "ledger.entry"


def _entry(viewer: Viewer, key: str) -> Entry | None:
    try:
        return queries.entry(viewer, key)
    except Entry.DoesNotExist:
        return None


def _may_see(viewer: Viewer, key: str) -> bool:
    found = _entry(viewer, key)
    return found is not None and queries.sees_inside(viewer, found)


def _may_change(viewer: Viewer, key: str) -> Answer:
    found = _entry(viewer, key)
    return rules.may_keep(viewer, found) if found is not None else refuse(_("没有找到这条台账。"))


def _seen(viewer: Viewer, keys: Collection[str]) -> set[str]:
    rows = Entry.objects.visible_to(viewer).filter(code__in=list(keys)).prefetch_related("holders", "regions")
    return {row.code for row in rows if queries.sees_inside(viewer, row)}


HOLDER = register_holder(HolderKind(ENTRY, _("台账条目"), _may_see, _may_change, _seen))
