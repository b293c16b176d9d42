"""Programmes, calls, needs and applications as who applies and who runs the call meets them."""

import datetime as dt

from django.utils import timezone

from tests.security.matrix import MISSING, PUBLISHED, ROLES, Row, only, same
from xiandao.domains.programmes.actions import applications, calls, needs
from xiandao.domains.programmes.models import Programme

RUNNERS = ("department-other", "department", "department-head", "coordinator")
LEADS = ("department", "department-head")
READERS = (
    "applicant",
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "auditor",
    "coordinator",
)
OWN = "本单位的 one's own"
DRAFT = "草稿 draft"
NAMES = frozenset({"$call", "$draft_call", "$application", "$need"})


def things(people) -> dict[str, str]:
    """Return an open call and a draft of the department's programme, a firm's draft application, and its need."""
    office, firm = people("department"), people("applicant")
    now = timezone.now()
    programme = Programme.objects.filter(lead=office.organisation_id, kind="funding", in_force=True).first()
    content = calls.CallContent(
        title="矩阵通知", opens_at=now, closes_at=now + dt.timedelta(days=40), text="正文", contact="电话"
    )
    call = calls.draft_call(office, programme=programme, content=content)
    calls.publish_call(office, code=call.code)
    draft = calls.draft_call(office, programme=programme, content=content)
    application = applications.start_application(firm, call_code=call.code)
    open_bid = Programme.objects.filter(kind="open_bid").first()
    need = needs.raise_need(firm, programme=open_bid, content=needs.NeedContent("矩阵需求", "问题"))
    return {"$call": call.code, "$draft_call": draft.code, "$application": application.code, "$need": need.code}


def _answers(**by_status: tuple[str, ...]) -> dict[str, int]:
    """Return the expectation: the roles named under s200, s409 …, everybody else 404."""
    found = dict.fromkeys(ROLES, 404)
    for status, roles in by_status.items():
        found |= dict.fromkeys(roles, int(status[1:]))
    return found


CALL, CALL_DRAFT = {"code": "$call"}, {"code": "$draft_call"}
APPLICATION, NEED = {"code": "$application"}, {"code": "$need"}
NEED_SEEN = ("applicant", *RUNNERS)
ROWS = [
    Row("programmes:list", "—", same(200)),
    Row("programmes:programme", PUBLISHED, same(200), {"code": "demonstration-firm"}),
    Row("programmes:programme", MISSING, same(404), {"code": "nothing"}),
    Row("programmes:calls", "—", same(200)),
    Row("programmes:call-new", "—", only(*RUNNERS)),
    Row("programmes:call-new", "空白 nothing written", only(*RUNNERS, status=422), method="POST"),
    Row("programmes:call", PUBLISHED, same(200), CALL),
    Row("programmes:call", DRAFT, only(*LEADS), CALL_DRAFT),
    Row("programmes:call", MISSING, same(404), {"code": "TZ2099-001"}),
    Row("programmes:call-edit", DRAFT, only(*LEADS), CALL_DRAFT),
    Row("programmes:call-edit", PUBLISHED, same(404), CALL),
    Row(
        "programmes:call-step",
        "取消未写理由 cancelling without a reason",
        _answers(s422=RUNNERS),
        CALL | {"step": "cancel"},
        "POST",
    ),
    Row("programmes:call-step", "没有这一步 no such step", same(404), CALL | {"step": "open"}, "POST"),
    Row("programmes:call-step", "GET", same(405), CALL | {"step": "cancel"}),
    Row("programmes:start", PUBLISHED, only("applicant", status=302), CALL, "POST"),
    Row("programmes:start", MISSING, same(404), {"code": "TZ2099-001"}, "POST"),
    Row("programmes:applications", "—", only("applicant")),
    Row("programmes:application", OWN + "，草稿 draft", only("applicant"), APPLICATION),
    Row("programmes:application", MISSING, same(404), {"code": "TZ2099-001-0001"}),
    Row("programmes:application-save", OWN, only("applicant", status=302), APPLICATION, "POST", {"revision": "0"}),
    Row("programmes:application-save", MISSING, same(404), {"code": "TZ2099-001-0001"}, "POST"),
    Row(
        "programmes:application-step",
        OWN + "，撤回 withdrawn",
        only("applicant", status=302),
        APPLICATION | {"step": "withdraw"},
        "POST",
    ),
    Row("programmes:application-step", "没有这一步 no such step", same(404), APPLICATION | {"step": "win"}, "POST"),
    Row("programmes:application-form", OWN, only("applicant"), APPLICATION),
    Row("programmes:application-form", MISSING, same(404), {"code": "TZ2099-001-0001"}),
    Row("programmes:application-upload", "没有文件 no file", only("applicant", status=422), APPLICATION, "POST"),
    Row("programmes:needs", "—", same(200)),
    Row("programmes:need-new", "—", only(*NEED_SEEN)),
    Row("programmes:need-new", "空白 nothing written", only(*NEED_SEEN, status=422), method="POST"),
    Row("programmes:need", "未发榜 not listed", only(*NEED_SEEN), NEED),
    Row("programmes:need", MISSING, same(404), {"code": "XQ2099-0001"}),
    Row(
        "programmes:need-step",
        "未写理由 without a reason",
        _answers(s422=("applicant", *RUNNERS)),
        NEED | {"step": "refuse"},
        "POST",
    ),
    Row("programmes:need-step", "没有这一步 no such step", same(404), NEED | {"step": "win"}, "POST"),
    Row("GET /api/v1/programmes/calls", "—", same(200)),
    Row("GET /api/v1/programmes/calls/{code}", PUBLISHED, same(200), CALL),
    Row("GET /api/v1/programmes/calls/{code}", DRAFT, only(*LEADS), CALL_DRAFT),
    Row("GET /api/v1/programmes/applications", "—", only("applicant")),
    Row("GET /api/v1/programmes/applications/{code}", OWN, only("applicant"), APPLICATION),
    Row("GET /api/v1/programmes/applications/{code}", MISSING, same(404), {"code": "TZ2099-001-0001"}),
    Row(
        "POST /api/v1/programmes/applications/{code}/draft",
        "不是 JSON no JSON",
        dict.fromkeys(ROLES, 400) | {"public": 401},
        APPLICATION,
        "POST",
    ),
    Row(
        "POST /api/v1/programmes/applications/{code}/submit",
        "未填 not written",
        _answers(s422=("applicant",), s401=("public",)),
        APPLICATION,
        "POST",
    ),
]
