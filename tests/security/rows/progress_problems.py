"""Problems and reminder letters: parties, the department that leads the measure, the coordinating office and auditors."""

import datetime as dt

from tests.security.matrix import MISSING, ROLES, Row, only, same
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress.actions import letters, problems
from xiandao.domains.progress.models import Assignment

OWN_CITY = "本市提出 raised by the city"
TO_CITY = "发给本市 addressed to the city"
DRAFT = "草稿 draft"
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
SEES = ("city", "city-head", "department", "department-head", "auditor", "coordinator")
NAMES = frozenset({"$problem", "$letter", "$draft"})


def things(people) -> dict[str, str]:
    """Return a problem the first city raised in a measure the demonstration department leads, and two letters to the city."""
    city, office = people("city"), people("coordinator")
    rows = Assignment.objects.for_system("tests")
    leads, others = (
        rows.filter(organisation=people(account).organisation_id, role="lead").values("measure_key")
        for account in ("department", "department-other")
    )
    own = rows.filter(organisation=city.organisation_id, measure_key__in=leads).exclude(measure_key__in=others)
    duty = own.order_by("measure_key").first()
    problem = problems.raise_problem(city, assignment=duty, new=problems.NewProblem("难", "点", "堵点"))
    body = Organisation.objects.get(pk=city.organisation_id)
    says = letters.LetterText("督办", "请办", "", dt.date(2099, 12, 31))
    sent, draft = (letters.draft_letter(office, to=body, says=says) for _ in range(2))
    letters.issue_letter(office, pk=sent.pk, mark="督")
    return {"$problem": problem.code, "$letter": str(sent.pk), "$draft": str(draft.pk)}


def _answers(**by_status: tuple[str, ...]) -> dict[str, int]:
    """Return the expectation: the roles named under s200, s409 …, everybody else 404."""
    found = dict.fromkeys(ROLES, 404)
    for status, roles in by_status.items():
        found |= dict.fromkeys(roles, int(status[1:]))
    return found


ONE = {"code": "$problem"}
LETTER = {"pk": "$letter"}
LETTER_READERS = (*WORKERS, "auditor")
ROWS = [
    Row("progress:problems", "—", only(*WORKERS, "auditor")),
    Row("progress:problems-waiting", "—", only(*WORKERS, "auditor")),
    Row("progress:problem-new", "—", only(*WORKERS)),
    Row("progress:problem-new", "空白 nothing written", only(*WORKERS, status=422), method="POST"),
    Row("progress:problem", OWN_CITY, only(*SEES), ONE),
    Row("progress:problem", MISSING, same(404), {"code": "W2099-0001"}),
    Row(
        "progress:problem-step",
        "未答复时确认 accepted before an answer",
        _answers(s409=("city", "city-head", "coordinator"), s422=("department", "department-head", "auditor")),
        ONE | {"step": "accept"},
        "POST",
    ),
    Row("progress:problem-step", "GET", same(405), ONE | {"step": "accept"}),
    Row("progress:letters", "—", only(*LETTER_READERS)),
    Row("progress:letter-new", "—", only("coordinator")),
    Row("progress:letter", TO_CITY, only("city", "city-head", "auditor", "coordinator"), LETTER),
    Row("progress:letter", DRAFT, only("auditor", "coordinator"), {"pk": "$draft"}),
    Row("progress:letter", MISSING, same(404), {"pk": "999999"}),
    Row("progress:letter-edit", DRAFT, only("coordinator"), {"pk": "$draft"}),
    Row(
        "progress:letter-download",
        TO_CITY,
        only("city", "city-head", "auditor", "coordinator"),
        LETTER | {"form": "docx"},
    ),
    Row(
        "progress:letter-step",
        "签收前回复 replied before its receipt",
        _answers(s409=("city", "city-head"), s422=("auditor", "coordinator")),
        LETTER | {"step": "reply"},
        "POST",
    ),
]
