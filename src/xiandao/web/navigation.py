"""The entries of the navigation and which of them a page belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that belong together under a heading; the first section has none."""

    label: str | Promise
    entries: list[Entry]


WORKERS = (Can.REPORT, Can.VERIFY, Can.READ_PROGRESS)
PROBLEM_READERS = (*WORKERS, Can.ANSWER_PROBLEMS)
VERIFIERS = (Can.VERIFY, Can.HAND_DOWN)
LETTER_READERS = (Can.READ_PROGRESS, Can.RECEIVE_LETTERS)
ADMINISTRATORS = (Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS)
Line = tuple[str, str | Promise, str, tuple[str, ...], tuple[Can, ...]]
# Heading, then: view name, label, icon, the path prefixes that belong to the entry, capabilities that show it (none:
# everybody).
_SECTIONS: tuple[tuple[str | Promise, tuple[Line, ...]], ...] = (
    (
        "",
        (
            (HOME, _("待办"), "inbox", ("/", "/inbox/"), ()),
            ("web:overview", _("总览"), "home", ("/", "/overview/"), ()),
        ),
    ),
    (
        _("进展"),
        (
            ("progress:overview", _("工作总览"), "table", ("/progress/",), WORKERS),
            ("progress:targets", _("目标进度"), "flag", ("/progress/targets/", "/progress/shares/"), WORKERS),
            ("progress:duties", _("责任项"), "list-details", ("/progress/duties/", "/progress/measures/"), WORKERS),
            (
                "progress:rounds",
                pgettext_lazy("many", "填报期"),
                "calendar-due",
                ("/progress/rounds/", "/progress/reports/"),
                WORKERS,
            ),
            (
                "progress:verification",
                _("核实"),
                "circle-check",
                ("/progress/verification/",),
                (Can.VERIFY, Can.HAND_DOWN),
            ),
            ("progress:results", _("成果"), "database", ("/progress/results/", "/progress/claims/"), WORKERS),
            ("progress:problems", _("难点堵点"), "message-2", ("/progress/problems/",), PROBLEM_READERS),
            (
                "progress:letters",
                _("督办单"),
                "send",
                ("/progress/letters/",),
                (Can.READ_PROGRESS, Can.RECEIVE_LETTERS),
            ),
            ("progress:meetings", _("会议材料"), "printer", ("/progress/meetings/",), (Can.READ_MEETING_PACKS,)),
        ),
    ),
    (
        _("方案"),
        (
            ("plans:list", _("方案"), "file-text", ("/plans/",), ()),
            ("plans:targets", _("目标"), "target-arrow", ("/plans/targets/",), ()),
            ("ledger:list", _("台账"), "list-details", ("/ledger/",), ()),
            ("parties:organisations", _("责任单位"), "building", ("/organisations/",), ()),
            ("parties:cities", _("设区市"), "map-2", ("/cities/",), ()),
            ("industries:list", _("产业"), "atom-2", ("/industries/",), ()),
            ("catalogue:current", _("产品目录"), "book-2", ("/catalogue/", "/enterprises/previews/"), ()),
            ("plans:imports", _("方案录入"), "file-import", ("/plans/imports/",), (Can.READ_IMPORTS,)),
        ),
    ),
    (
        _("企业"),
        (
            ("enterprises:list", _("企业"), "buildings", ("/enterprises/",), (Can.READ_ENTERPRISES,)),
            ("enterprises:own", _("本单位识别结果"), "buildings", ("/enterprises/own/",), (Can.OBJECT_CLASSIFICATION,)),
            ("enterprises:chain", _("产业链"), "arrows-split", ("/enterprises/chain/",), ()),
            (
                "enterprises:layout",
                _("布局"),
                "table",
                ("/enterprises/layout/", "/enterprises/map/", "/enterprises/growth/"),
                (),
            ),
            (
                "enterprises:registers",
                _("登记名录"),
                "database",
                ("/enterprises/registers/", "/enterprises/runs/", "/enterprises/twins/"),
                (Can.READ_ENTERPRISES, Can.LOAD_REGISTERS),
            ),
            (
                "labelling:home",
                _("识别复核"),
                "list-details",
                ("/labelling/",),
                (Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS),
            ),
            (
                "labelling:objections",
                _("企业异议"),
                "message-2",
                ("/labelling/objections/",),
                (Can.OBJECT_CLASSIFICATION, Can.SETTLE_REVIEWS),
            ),
        ),
    ),
    (
        _("专项与申报"),
        (
            ("programmes:list", _("专项"), "flag", ("/programmes/", "/programmes/about/"), ()),
            ("programmes:calls", _("申报通知"), "calendar-due", ("/programmes/calls/",), ()),
            (
                "programmes:applications",
                _("本单位的申报"),
                "file-text",
                ("/programmes/applications/",),
                (Can.APPLY,),
            ),
            ("programmes:needs", _("榜单需求"), "message-2", ("/programmes/needs/",), ()),
            (
                "programmes:office",
                _("申报办理"),
                "circle-check",
                ("/programmes/office/",),
                (Can.RUN_CALLS, Can.READ_APPLICATIONS),
            ),
            ("programmes:recommend", _("推荐申报"), "send", ("/programmes/recommend/",), (Can.RECOMMEND,)),
            ("programmes:notices", _("公示"), "book-2", ("/programmes/notices/", "/programmes/certificates/"), ()),
            (
                "programmes:objections",
                _("公示异议"),
                "message-2",
                ("/programmes/office/objections/",),
                (Can.RUN_CALLS,),
            ),
        ),
    ),
    (
        _("管理"),
        (
            ("audit:list", _("审计"), "shield-check", ("/audit/",), (Can.READ_AUDIT,)),
            ("orgs:people", _("人员"), "users", ("/accounts/people/", "/accounts/posts/"), ADMINISTRATORS),
            ("orgs:grants", _("授权"), "circle-check", ("/accounts/grants/",), ADMINISTRATORS),
            ("orgs:bodies", _("机构"), "buildings", ("/accounts/bodies/",), (Can.MANAGE_PEOPLE,)),
            ("orgs:security", _("登录安全"), "lock", ("/accounts/security/",), (Can.APPROVE_GRANTS,)),
        ),
    ),
)


def sections(request: HttpRequest) -> list[Section]:
    """Return the entries the viewer sees, by section; the one with the longest matching prefix is active."""
    viewer = getattr(request, "viewer", None)
    works = viewer is not None and may_have_tasks(viewer)

    def sees(line: Line) -> bool:
        if line[0] == HOME:
            return works
        return not line[4] or (viewer is not None and viewer.can(*line[4]))

    shown = [(heading, [line for line in lines if sees(line)]) for heading, lines in _SECTIONS]
    active = _active(request.path, [line for _heading, lines in shown for line in lines])
    return [
        Section(
            heading,
            [
                Entry(label, reverse(name), icon, name == active, partial(waiting, viewer) if name == HOME else None)
                for name, label, icon, _prefixes, _capabilities in lines
            ],
        )
        for heading, lines in shown
        if lines
    ]


def _active(path: str, lines: list[Line]) -> str:
    """Return the view whose prefix fits a path best; of two with the same prefix the first.

    "/" is the inbox of those who work here and the overview of everybody else.
    """
    fits = [
        (len(prefix), -place, line[0])
        for place, line in enumerate(lines)
        for prefix in line[3]
        if (path == prefix if prefix == "/" else path.startswith(prefix))
    ]
    return max(fits, default=(0, 0, ""))[2]
