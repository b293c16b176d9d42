"""Remembering numbers of enterprises until something is written that can change them: not each report of progress."""

from collections.abc import Callable, Hashable
from typing import Final, TypeVar

from django.db.models import Q

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.shared.remember import remembered

Made = TypeVar("Made")
ELSEWHERE: Final = ("progress.", "files.", "inbox.", "plans.", "orgs.sign", "orgs.session", "orgs.timed", "orgs.post_")
"""How actions begin that change nothing of enterprises: an action not named here, also a new one, counts as change."""


def kept(name: str, *parts: Hashable, make: Callable[[], Made]) -> Made:
    """Return what `make` gives, or gave since the last record that can have changed enterprises (`remembered`)."""
    return remembered(name, *parts, make=make, until=newest)


def newest() -> str:
    """Return the hash of the newest record that can have changed enterprises, "" before the first."""
    other = Q()
    for start in ELSEWHERE:
        other |= Q(action__startswith=start)
    return AuditRecord.objects.exclude(other).order_by("-number").values_list("hash", flat=True).first() or ""
