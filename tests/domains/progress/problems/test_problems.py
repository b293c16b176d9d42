"""Problems: every step by whom it is for, in the state it is for, with its task, its event and its audit record."""

import datetime as dt

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.progress.actions import problems as act
from xiandao.domains.progress.models import Problem, ProblemEvent
from xiandao.domains.progress.queries import problems as queries

pytestmark = pytest.mark.django_db
NEW = act.NewProblem("用地指标不足", "示范项目已备案，用地指标尚缺30亩。", "请协调今年用地计划。")


@pytest.fixture
def raised(people, duty, now):
    """A problem the first city has raised."""
    return act.raise_problem(people("city"), assignment=duty("city"), new=NEW, now=now)


@pytest.fixture
def helper(people):
    """The organisation that only helps, which will have to answer."""
    return Organisation.objects.get(pk=people("department-other").organisation_id)


@pytest.fixture
def assigned(people, raised, helper, at):
    return act.assign_problem(people("coordinator"), code=raised.code, to=helper, now=at("2026-04-13 10:00"))


@pytest.fixture
def answered(people, assigned, at):
    return act.answer_problem(
        people("department-other"), code=assigned.code, text="已追加30亩。", now=at("2026-04-20 10:00")
    )


def open_tasks():
    rows = Task.objects.for_system("tests").filter(state="open", object_kind="problem")
    return {(task.kind, task.organisation.code, task.due_on) for task in rows.select_related("organisation")}


def test_a_problem_raised_waits_three_working_days_for_the_coordinator(raised):
    # 10 April 2026 is a Friday: three working days end on Wednesday 15, twenty on 12 May (Labour Day, 1–5 May, left out).
    assert raised.code == "W2026-0001"
    assert raised.state == "raised"
    assert raised.due_on == dt.date(2026, 4, 15)
    assert raised.escalates_on == dt.date(2026, 5, 12)
    assert open_tasks() == {("problem.assign", "js-drc", dt.date(2026, 4, 15))}
    assert AuditRecord.objects.filter(action="progress.problem_raised", object_key=raised.code).count() == 1


def test_numbers_of_problems_have_no_gap(people, duty, raised, now):
    with pytest.raises(Refused):
        act.raise_problem(people("city"), assignment=duty("city"), new=act.NewProblem("", "a", "b"), now=now)
    assert act.raise_problem(people("city"), assignment=duty("city"), new=NEW, now=now).code == "W2026-0002"


@pytest.mark.parametrize("field", ["title", "text", "request"])
def test_a_problem_without_words_is_refused_and_leaves_nothing(people, duty, now, field):
    words = {"title": "a", "text": "b", "request": "c", field: "  "}
    with pytest.raises(Refused):
        act.raise_problem(people("city"), assignment=duty("city"), new=act.NewProblem(**words), now=now)
    assert not Problem.objects.for_system("tests").exists()
    assert not open_tasks()


@pytest.mark.parametrize("account", ["city-other", "auditor", "applicant", "expert", "fund", "system"])
def test_nobody_raises_a_problem_of_another_organisations_duty(people, duty, now, account):
    with pytest.raises(Refused):
        act.raise_problem(people(account), assignment=duty("city"), new=NEW, now=now)


def test_assigning_starts_ten_working_days_for_the_answer(assigned, helper):
    # From Monday 13 April ten working days end on Monday 27.
    assert assigned.state == "assigned"
    assert assigned.due_on == dt.date(2026, 4, 27)
    assert open_tasks() == {("problem.answer", helper.code, dt.date(2026, 4, 27))}


@pytest.mark.parametrize("account", ["city", "department", "department-other"])
def test_only_the_coordinator_assigns(people, raised, helper, account):
    with pytest.raises((Refused, Problem.DoesNotExist)):
        act.assign_problem(people(account), code=raised.code, to=helper)
    assert Problem.objects.for_system("tests").get().state == "raised"


def test_a_problem_is_not_assigned_to_whoever_raised_it(people, raised):
    with pytest.raises(Refused, match="自己"):
        act.assign_problem(people("coordinator"), code=raised.code, to=raised.raised_by)


def test_reassigning_moves_the_task(people, assigned, at):
    other = Organisation.objects.get(pk=people("department").organisation_id)
    moved = act.assign_problem(people("coordinator"), code=assigned.code, to=other, now=at("2026-04-14 10:00"))
    assert moved.assigned_to == other
    assert open_tasks() == {("problem.answer", other.code, dt.date(2026, 4, 28))}
    with pytest.raises(Conflict):
        act.assign_problem(people("coordinator"), code=assigned.code, to=other)


def test_an_answer_waits_five_working_days_for_acceptance(answered):
    assert answered.state == "answered"
    assert open_tasks() == {("problem.accept", answered.raised_by.code, dt.date(2026, 4, 27))}


@pytest.mark.parametrize("account", ["coordinator", "city", "department"])
def test_only_the_body_it_was_given_to_answers(people, assigned, account):
    with pytest.raises((Refused, Problem.DoesNotExist)):
        act.answer_problem(people(account), code=assigned.code, text="好")


def test_accepting_closes_it_and_leaves_no_task(people, answered, at):
    closed = act.accept_answer(people("city"), code=answered.code, now=at("2026-04-21 09:00"))
    assert (closed.state, closed.closed_at, closed.due_on) == ("closed", at("2026-04-21 09:00"), None)
    assert not open_tasks()
    kinds = list(ProblemEvent.objects.filter(problem=closed).values_list("kind", "state"))
    assert kinds == [("raised", "raised"), ("assigned", "assigned"), ("answered", "answered"), ("accepted", "closed")]


def test_an_answer_not_accepted_goes_back_with_its_reason(people, answered, at, helper):
    with pytest.raises(Refused):
        act.reject_answer(people("city"), code=answered.code, text="")
    back = act.reject_answer(people("city"), code=answered.code, text="指标未下达到县。", now=at("2026-04-21 09:00"))
    assert back.state == "assigned"
    # Ten working days from Tuesday 21 April, the five days of Labour Day left out.
    assert open_tasks() == {("problem.answer", helper.code, dt.date(2026, 5, 8))}


def test_silence_is_acceptance_and_only_the_platform_says_so(people, answered, at):
    with pytest.raises(Refused):
        act.accept_by_silence(people("coordinator"), code=answered.code)
    closed = act.accept_by_silence(system("clocks"), code=answered.code, now=at("2026-04-28 01:00"))
    assert closed.state == "closed"
    assert ProblemEvent.objects.filter(problem=closed).last().text == "期满未表示意见，视为认可答复。"
    assert act.accept_by_silence(system("clocks"), code=answered.code) is None


def test_a_problem_older_than_twenty_working_days_is_escalated_once(people, assigned, at):
    worker = system("clocks")
    assert act.escalate_due(worker, today=dt.date(2026, 5, 12), now=at("2026-05-12 01:00")) == 0
    assert act.escalate_due(worker, today=dt.date(2026, 5, 13), now=at("2026-05-13 01:00")) == 1
    assert act.escalate_due(worker, today=dt.date(2026, 5, 14), now=at("2026-05-14 01:00")) == 0
    found = queries.problem_by_code(people("coordinator"), assigned.code)
    assert found.escalated_at == at("2026-05-13 01:00")
    assert found.state == "assigned"
    assert ("problem.escalated", "js-drc", None) in open_tasks()


def test_withdrawing_needs_a_reason_and_the_one_who_raised_it(people, raised):
    with pytest.raises(Refused):
        act.withdraw_problem(people("city"), code=raised.code, text=" ")
    with pytest.raises(Refused):
        act.withdraw_problem(people("coordinator"), code=raised.code, text="不用了")
    assert act.withdraw_problem(people("city"), code=raised.code, text="已自行解决").state == "withdrawn"
    assert not open_tasks()
    with pytest.raises(Conflict):
        act.withdraw_problem(people("city"), code=raised.code, text="再撤一次")


def test_another_city_does_not_see_it(people, raised, client_of):
    assert not queries.problems(people("city-other")).exists()
    stranger = client_of("city-other")
    assert stranger.get(f"/progress/problems/{raised.code}/").status_code == 404
    assert stranger.get("/progress/problems/W2026-9999/").status_code == 404


def test_who_waits_for_whom(people, raised, assigned):
    (wait,) = queries.waits(people("coordinator"), today=dt.date(2026, 4, 28))
    assert (wait.waiting, wait.holder, wait.count, wait.late) == (raised.raised_by, assigned.assigned_to, 1, 1)


def test_the_pages_take_every_step_and_keep_what_was_typed(client_of, duty, helper):
    city, office, body = client_of("city"), client_of("coordinator"), client_of("department-other")
    given = {"assignment": duty("city").pk, "title": "人才公寓不足", "text": "缺200套。", "request": ""}
    refused = city.post("/progress/problems/new/", given)
    assert refused.status_code == 422
    assert "缺200套。" in refused.content.decode()
    made = city.post("/progress/problems/new/", given | {"request": "请协调房源。"})
    code = Problem.objects.for_system("tests").get().code
    assert made.url == f"/progress/problems/{code}/"
    assert office.post(f"{made.url}assign/", {"to": ""}).status_code == 422
    assert office.post(f"{made.url}assign/", {"to": helper.code, "text": "请办"}).status_code == 302
    assert city.post(f"{made.url}answer/", {"text": "我来答"}).status_code == 422
    assert body.post(f"{made.url}answer/", {"text": "已落实。"}).status_code == 302
    assert city.post(f"{made.url}accept/", {}).status_code == 302
    assert city.post(f"{made.url}accept/", {}).status_code == 409
    assert city.post(f"{made.url}dance/", {}).status_code == 404
    # A closed problem has no day left to be late for.
    assert code in office.get("/progress/problems/").content.decode()
    assert office.get("/progress/problems/?export=xlsx").status_code == 200
    assert office.get("/progress/problems/waiting/").status_code == 200
    page = city.get(made.url).content.decode()
    assert "已办结" in page
    assert "已落实。" in page
