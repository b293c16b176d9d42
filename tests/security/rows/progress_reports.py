"""Reporting: the reporting body writes, the leading body decides, the coordinator steers, others see what is theirs."""

import datetime as dt
import io
import tempfile

from django.test import override_settings

from tests.security.matrix import MISSING, ROLES, Row, only, same
from xiandao.domains.files.actions import attach
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions import hand_down, rounds
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.evidence import CLAIM
from xiandao.domains.progress.models import Assignment, Claim, Report, Result, Round

OWN = "本市的 the city's own"
COUNTY = "县里的 the county's"
WAITING = "待核实 submitted"
VERIFIED = "已核实 verified"
OPEN = "填报中 open"
WORKERS = (
    "county",
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "coordinator",
)
READERS = (*WORKERS, "auditor")
CITY = ("city", "city-head")
VERIFIERS = ("department-other", "department", "department-head", "coordinator", "city-other", *CITY)
SEES = (*CITY, "auditor", "coordinator")
NAMES = frozenset({
    "$round", "$duty", "$child", "$empty", "$waiting", "$verified", "$county", "$result",
})  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n"
SCENE = {
    "item": "场景",
    "name": "示例场景",
    "region": "320100",
    "happened_on": "2026-03-01",
    "quantity": "1",
    "unit": "个",
}


def things(people) -> dict[str, str]:
    """Return a round with reports of the first city in each state, one handed down to a county, and a result."""
    city, office, county = people("city"), people("coordinator"), people("county")
    now = dt.datetime(2026, 4, 10, 1, tzinfo=dt.UTC)
    plan = Plan.objects.for_system("tests").get(code="js-wlcy-2024-2026")
    # Only the city's reports: what the others would have to write is not looked at here.
    opened = Round.objects.create(
        plan=plan, period="2026Q1", period_end=dt.date(2026, 3, 31), due_on=dt.date(2099, 4, 24), opened_at=now
    )
    own = rounds.duties_in_scope(plan, "leads").filter(organisation=city.organisation_id)
    rounds.add_reports(opened, own)
    duty = Assignment.objects.for_system("tests").get(
        plan=plan, measure_key="M06", organisation=city.organisation_id, ended_at=None
    )
    body = Organisation.objects.select_related("region").get(pk=county.organisation_id)
    child = hand_down.hand_down(city, pk=duty.pk, to=body, now=now)
    rows = Report.objects.for_system("tests").filter(round=opened, assignment__organisation=city.organisation_id)
    # All of them under measures the coordinating body leads, so that nobody else decides or sees them.
    verified, waiting, empty = rows.order_by("assignment__measure_key")[:3]
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        for row in (verified, waiting):
            content = act.Content("on_track", "启用。", "", {"new-1": {**SCENE, "name": f"场景{row.pk}"}})
            act.save_draft(city, pk=row.pk, revision=0, content=content, now=now)
            claim = Claim.objects.for_system("tests").get(report=row)
            attach(city, holder_kind=CLAIM, holder_key=str(claim.pk), name="a.pdf", content=io.BytesIO(PDF), now=now)
            act.submit_report(city, pk=row.pk, revision=1, now=now)
    claim = Claim.objects.for_system("tests").get(report=verified)
    decision = {claim.pk: act.Decision(verified=True)}
    act.verify_report(office, pk=verified.pk, revision=1, decisions=decision, now=now)
    theirs = Report.objects.for_system("tests").get(round=opened, assignment=child)
    return {
        "$round": str(opened.pk),
        "$duty": str(duty.pk),
        "$child": str(child.pk),
        "$empty": str(empty.pk),
        "$waiting": str(waiting.pk),
        "$verified": str(verified.pk),
        "$county": str(theirs.pk),
        "$result": Result.objects.for_system("tests").get().code,
    }


def _answers(**by_status: tuple[str, ...]) -> dict[str, int]:
    """Return the expectation: the roles named under s200, s409 …, everybody else 404."""
    found = dict.fromkeys(ROLES, 404)
    for status, roles in by_status.items():
        found |= dict.fromkeys(roles, int(status[1:]))
    return found


def _api(**by_status: tuple[str, ...]) -> dict[str, int]:
    """The same for what asks who is there first: nobody gets 401."""
    return _answers(**by_status) | {"public": 401}


DUTY, CHILD, ROUND = {"pk": "$duty"}, {"pk": "$child"}, {"pk": "$round"}
EMPTY, SUBMITTED, DONE = {"pk": "$empty"}, {"pk": "$waiting"}, {"pk": "$verified"}
NOTHING = {"pk": "999999"}
RESULT = {"code": "$result"}
REASON = {"reason": "测试"}
ROWS = [
    Row("progress:duties", "—", only(*READERS)),
    Row("progress:duty", OWN, only(*SEES), DUTY),
    Row("progress:duty", COUNTY, only("county", *SEES), CHILD),
    Row("progress:duty", MISSING, same(404), NOTHING),
    Row("progress:duty-hand-down", "没有选单位 no body chosen", _answers(s422=SEES), DUTY, "POST"),
    Row("progress:duty-hand-down", "GET", same(405), DUTY),
    Row(
        "progress:duty-take-back",
        COUNTY,
        _answers(s302=CITY, s422=("county", "auditor", "coordinator")),
        CHILD,
        "POST",
        REASON,
    ),
    Row("progress:rounds", "—", only(*READERS)),
    Row("progress:round-new", "—", only("coordinator")),
    Row("progress:round-new", "空白 nothing chosen", only("coordinator", status=422), method="POST"),
    Row("progress:round", OPEN, only(*READERS), ROUND),
    Row("progress:round", MISSING, same(404), NOTHING),
    Row("progress:round-mine", OPEN, only(*WORKERS, status=302), ROUND),
    Row(
        "progress:round-step",
        "还有待核实 something waits",
        only("coordinator", status=409),
        ROUND | {"step": "close"},
        "POST",
    ),
    Row("progress:round-step", MISSING, same(404), ROUND | {"step": "nothing"}, "POST"),
    Row("progress:reports", "—", only(*READERS)),
    Row("progress:report", OWN, only(*SEES), EMPTY),
    Row("progress:report", VERIFIED, only(*SEES), DONE),
    Row("progress:report", COUNTY, only("county", *SEES), {"pk": "$county"}),
    Row("progress:report", MISSING, same(404), NOTHING),
    Row(
        "progress:report-save",
        OWN,
        _answers(s302=CITY, s422=("auditor", "coordinator")),
        EMPTY,
        "POST",
        {"revision": "0", "happened": "写了"},
    ),
    Row(
        "progress:report-save",
        COUNTY,
        _answers(s302=("county",), s422=SEES),
        {"pk": "$county"},
        "POST",
        {"revision": "0", "happened": "写了"},
    ),
    Row("progress:report-withdraw", WAITING, _answers(s302=CITY, s422=("auditor", "coordinator")), SUBMITTED, "POST"),
    Row(
        "progress:report-reopen",
        VERIFIED,
        _answers(s302=("coordinator",), s422=(*CITY, "auditor")),
        DONE,
        "POST",
        REASON,
    ),
    Row("progress:report-verify", WAITING, _answers(s200=("coordinator",), s302=CITY), SUBMITTED),
    Row("progress:report-verify", COUNTY, _answers(s302=("coordinator", *CITY)), {"pk": "$county"}),
    Row(
        "progress:report-verify",
        "没有决定 nothing decided",
        _answers(s422=(*CITY, "coordinator")),
        SUBMITTED,
        "POST",
        {"revision": "1"},
    ),
    Row(
        "progress:report-return",
        WAITING,
        _answers(s302=("coordinator",), s422=CITY),
        SUBMITTED,
        "POST",
        {"revision": "1", **REASON},
    ),
    Row("progress:verification", "—", only(*VERIFIERS)),
    Row("progress:verification-bulk", "没有勾选 nothing marked", only(*VERIFIERS, status=422), method="POST"),
    Row("progress:claims", "—", only(*READERS)),
    Row("progress:results", "—", only(*READERS)),
    Row("progress:result", OWN, only(*SEES), RESULT),
    Row("progress:result", MISSING, same(404), {"code": "R2099-000001"}),
    Row("progress:result-void", OWN, _answers(s302=("coordinator",), s422=(*CITY, "auditor")), RESULT, "POST", REASON),
    Row("GET /api/v1/progress/duties", "—", only(*READERS)),
    Row("GET /api/v1/progress/rounds", "—", only(*READERS)),
    Row("GET /api/v1/progress/reports", "—", only(*READERS)),
    Row("GET /api/v1/progress/reports/{pk}", OWN, only(*SEES), EMPTY),
    Row("GET /api/v1/progress/reports/{pk}", MISSING, same(404), NOTHING),
    Row(
        "POST /api/v1/progress/reports/{pk}/draft",
        "不是 JSON no JSON",
        dict.fromkeys(ROLES, 400) | {"public": 401},
        EMPTY,
        "POST",
    ),
    Row(
        "POST /api/v1/progress/reports/{pk}/submit",
        "未填 not written",
        _api(s409=CITY, s403=("auditor", "coordinator")),
        EMPTY,
        "POST",
        {"revision": "0"},
    ),
    Row("GET /api/v1/progress/claims", "—", only(*READERS)),
    Row("GET /api/v1/progress/results", "—", only(*READERS)),
    Row("GET /api/v1/progress/results/{code}", OWN, only(*SEES), RESULT),
    Row("GET /api/v1/progress/results/{code}", MISSING, same(404), {"code": "R2099-000001"}),
]
