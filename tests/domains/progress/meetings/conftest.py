"""What the tests of meeting papers share: a plan that has run since the beginning of 2026, and a story with numbers known by hand."""

import datetime as dt
from types import SimpleNamespace

import pytest

from tests.domains.progress.conftest import moment
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.models import PlanVersion
from xiandao.domains.progress.actions import letters, problems
from xiandao.domains.progress.models import Assignment, Baseline, BaselineKind, ReportState
from xiandao.domains.progress.queries import meetings as queries


@pytest.fixture
def running(plan):
    """The plan, in force and with its duties since 1 January 2026."""
    begin = moment("2026-01-01")
    PlanVersion.objects.for_system("tests").update(published_at=begin)
    Assignment.objects.for_system("tests").update(started_at=begin)
    return plan


@pytest.fixture
def body(people):
    """Return a function that gives the organisation of an account."""
    return lambda account: Organisation.objects.get(pk=people(account).organisation_id)


@pytest.fixture
def story(running, people, body, duty, report_of, open_round, mark, claim, count, targets_of):
    """A quarter's work with known numbers.

    Round 2026Q1 opened on 1 April, due on 20 April, from leads only. By 30 April: the department's report verified with
    one result of 3 counted (on 22 April) and one of 2 voided (on 28 April); the city's report submitted and blocked,
    with one claim of 5; everybody else late. Two problems, one escalated; a letter late, another one closed.
    """
    opened = open_round(opened_at=moment("2026-04-01"))
    led = Assignment.objects.for_system("tests").filter(organisation=body("department"), role="lead", plan=running)
    measure, key = next(
        (row.measure_key, k) for row in led.order_by("measure_key") for k in targets_of(row.measure_key)
    )
    lead = duty("department", measure)
    report = report_of("department", measure)
    city = report_of("city")
    mark(report, ReportState.SUBMITTED, when=moment("2026-04-10"))
    good = claim(
        report, "甲中心", target_key=key, quantity=3, claimed_at=moment("2026-04-10"), region=city.assignment.region
    )
    wrong = claim(
        report, "乙中心", target_key=key, quantity=2, claimed_at=moment("2026-04-10"), region=city.assignment.region
    )
    mark(report, ReportState.VERIFIED, when=moment("2026-04-22"))
    counted = count(good, when=moment("2026-04-22"))
    voided = count(wrong, when=moment("2026-04-22"))
    voided.counts.update(void_at=moment("2026-04-28"))
    mark(city, ReportState.SUBMITTED, when=moment("2026-04-15"), standing="blocked", happened="用地指标没有落实。")
    claim(city, "丙平台", target_key=key, quantity=5, claimed_at=moment("2026-04-15"))
    Baseline.objects.create(
        plan=running, target_key=key, kind=BaselineKind.FROM_ZERO, as_of=dt.date(2024, 1, 1), source="方案",
        recorded_at=moment("2026-02-01"), recorded_by="测试",
    )  # fmt: skip
    made = SimpleNamespace(opened=opened, key=key, report=report, city=city, counted=counted, voided=voided, lead=lead)
    made.problem, made.second = _problems(people, body, city)
    made.letter, made.closed = _letters(people, body)
    return made


def _problems(people, body, city):
    office, new = people("coordinator"), problems.NewProblem
    first = problems.raise_problem(
        people("city"), assignment=city.assignment, new=new("用地", "没有指标", "请给指标"), now=moment("2026-03-02")
    )
    problems.assign_problem(office, code=first.code, to=body("department"), now=moment("2026-03-03"))
    problems.answer_problem(people("department"), code=first.code, text="正在协调。", now=moment("2026-03-05"))
    problems.reject_answer(people("city"), code=first.code, text="没有解决", now=moment("2026-03-06"))
    problems.escalate_due(system("tests"), today=dt.date(2026, 4, 2), now=moment("2026-04-02"))
    second = problems.raise_problem(
        people("city"), assignment=city.assignment, new=new("人才", "没有编制", "请给编制"), now=moment("2026-04-16")
    )
    return first, second


def _letters(people, body):
    office = people("coordinator")
    says = letters.LetterText("关于限期填报的督办单", "请填报。", "", dt.date(2026, 4, 24))
    made = []
    for _each in range(2):
        draft = letters.draft_letter(office, to=body("city"), says=says, now=moment("2026-04-17"))
        made.append(letters.issue_letter(office, pk=draft.pk, mark="某督", now=moment("2026-04-17")))
        letters.receive_letter(people("city"), pk=draft.pk, now=moment("2026-04-18"))
    late, closed = made
    letters.reply_letter(people("city"), pk=closed.pk, text="已报。", now=moment("2026-04-19"))
    letters.close_letter(office, pk=closed.pk, now=moment("2026-04-21"))
    return late, closed


@pytest.fixture
def numbers(people, running):
    """Return a function that gives the numbers of papers as of a day, by key: the value as text, None if unknown."""
    from xiandao.domains.progress.meeting import content

    def find(text):
        return {
            key: number.value for key, number in content(people("coordinator"), running, moment(text)).numbers().items()
        }

    return find


@pytest.fixture
def rows_of(people):
    """Return a function that counts the rows the list behind a number shows to the coordinator."""
    from dataclasses import replace
    from urllib.parse import parse_qsl, urlsplit

    from xiandao.domains.plans.models import Plan
    from xiandao.domains.progress.meeting import moment_of

    known = {}

    def moment_at(code, text):
        if (code, text) not in known:
            chosen = Plan.objects.for_system("tests").get(code=code)
            known[code, text] = moment_of(chosen, dt.datetime.fromisoformat(text))
        return known[code, text]

    def count_rows(number):
        path = urlsplit(number.url)
        given = dict(parse_qsl(path.query))
        kind = path.path.rstrip("/").split("/")[-1]
        since = given.pop("since", None)
        at = replace(
            moment_at(given.pop("plan"), given.pop("as_of")),
            since=dt.datetime.fromisoformat(since) if since else None,
        )
        return queries.rows_behind(people("coordinator"), at, kind, given).count()

    return count_rows
