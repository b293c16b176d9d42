"""The entries of the navigation and which of them a page belongs to."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, its icon, and whether the page shown is under it."""

    label: str | Promise
    url: str
    icon: str
    active: bool


# View name, label, icon, the path prefixes that belong to the entry, capabilities that show it (none: everybody).
_ENTRIES = (
    ("web:home", _("总览"), "home", ("/",), ()),
    ("plans:list", _("方案"), "file-text", ("/plans/",), ()),
    ("plans:targets", _("目标"), "target-arrow", ("/plans/targets/",), ()),
    ("parties:organisations", _("责任单位"), "building", ("/organisations/",), ()),
    ("parties:cities", _("设区市"), "map-2", ("/cities/",), ()),
    ("industries:list", _("产业"), "atom-2", ("/industries/",), ()),
    ("plans:imports", _("方案录入"), "file-import", ("/plans/imports/",), (Can.READ_IMPORTS,)),
    ("audit:list", _("审计"), "shield-check", ("/audit/",), (Can.READ_AUDIT,)),
)


def entries(request: HttpRequest) -> list[Entry]:
    """Return the entries the viewer sees; the one with the longest matching prefix is active."""
    viewer = getattr(request, "viewer", None)
    shown = [e for e in _ENTRIES if not e[4] or (viewer and viewer.can(*e[4]))]
    matches = [
        (len(prefix), e[0])
        for e in shown
        for prefix in e[3]
        if (request.path == prefix if prefix == "/" else request.path.startswith(prefix))
    ]
    active = max(matches, default=(0, ""))[1]
    return [Entry(label, reverse(name), icon, name == active) for name, label, icon, _prefixes, _roles in shown]
