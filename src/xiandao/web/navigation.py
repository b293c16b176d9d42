"""The entries of the navigation and which of them a page belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.queries import may_have_tasks, waiting
from xiandao.domains.orgs.capability import Can

HOME = "web:home"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, its icon, whether the page shown is under it, and how many things wait there.

    `badge` is asked by the frame alone, so that answers without one cost no query.
    """

    label: str | Promise
    url: str
    icon: str
    active: bool
    badge: Callable[[], int] | None = None


PROGRESS_READERS = (Can.REPORT, Can.VERIFY, Can.READ_PROGRESS)
# View name, label, icon, the path prefixes that belong to the entry, capabilities that show it (none: everybody).
_ENTRIES = (
    ("web:home", _("待办"), "inbox", ("/", "/inbox/"), ()),
    ("web:overview", _("总览"), "home", ("/", "/overview/"), ()),
    ("progress:overview", _("工作总览"), "table", ("/progress/",), PROGRESS_READERS),
    ("progress:targets", _("目标进度"), "flag", ("/progress/targets/", "/progress/shares/"), PROGRESS_READERS),
    ("plans:list", _("方案"), "file-text", ("/plans/",), ()),
    ("plans:targets", _("目标"), "target-arrow", ("/plans/targets/",), ()),
    ("parties:organisations", _("责任单位"), "building", ("/organisations/",), ()),
    ("parties:cities", _("设区市"), "map-2", ("/cities/",), ()),
    ("industries:list", _("产业"), "atom-2", ("/industries/",), ()),
    ("plans:imports", _("方案录入"), "file-import", ("/plans/imports/",), (Can.READ_IMPORTS,)),
    ("audit:list", _("审计"), "shield-check", ("/audit/",), (Can.READ_AUDIT,)),
    (
        "orgs:people",
        _("人员"),
        "users",
        ("/accounts/people/", "/accounts/posts/"),
        (Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS),
    ),
    ("orgs:grants", _("授权"), "circle-check", ("/accounts/grants/",), (Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS)),
    ("orgs:bodies", _("机构"), "buildings", ("/accounts/bodies/",), (Can.MANAGE_PEOPLE,)),
    ("orgs:security", _("登录安全"), "lock", ("/accounts/security/",), (Can.APPROVE_GRANTS,)),
)


def entries(request: HttpRequest) -> list[Entry]:
    """Return the entries the viewer sees; the one with the longest matching prefix is active."""
    viewer = getattr(request, "viewer", None)
    works = viewer is not None and may_have_tasks(viewer)
    shown = [e for e in _ENTRIES if not e[4] or (viewer and viewer.can(*e[4]))]
    shown = [e for e in shown if e[0] != HOME or works]
    # "/" is the inbox of those who work here and the overview of everybody else: the first entry that has it.
    matches = [
        (len(prefix), -shown.index(e), e[0])
        for e in shown
        for prefix in e[3]
        if (request.path == prefix if prefix == "/" else request.path.startswith(prefix))
    ]
    active = max(matches, default=(0, 0, ""))[2]
    return [
        Entry(label, reverse(name), icon, name == active, partial(waiting, viewer) if name == HOME else None)
        for name, label, icon, _prefixes, _roles in shown
    ]
