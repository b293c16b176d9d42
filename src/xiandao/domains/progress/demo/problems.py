"""Invented problems and a reminder letter, made by the actions people use, in the names of demonstration people."""

import datetime as dt

from xiandao.domains.inbox.packvalues import value
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions import letters, problems
from xiandao.domains.progress.demo.wording import ANSWERS, MARK, PROBLEMS
from xiandao.domains.progress.models import Problem, Report, ReportState

_DAY = dt.timedelta(days=1)
_RAISERS = ("city", "city-other", "department", "city", "city-other")


def raise_problems(newest: list[Report], *, now: dt.datetime) -> int:
    """Raise problems in the newest round and bring each to another stage; return how many. None without the people."""
    people = {user.username: viewer_of(user) for user in User.objects.filter(is_demo=True, is_active=True)}
    office = people.get("coordinator")
    if office is None:
        return 0
    made = 0
    for stage, (account, words) in enumerate(zip(_RAISERS, PROBLEMS, strict=True)):
        actor = people.get(account)
        report = next((r for r in newest if actor and r.assignment.organisation_id == actor.organisation_id), None)
        if actor is None or report is None:
            continue
        title, text, request = words
        raised = problems.raise_problem(
            actor,
            assignment=report.assignment,
            new=problems.NewProblem(title + MARK, text, request),
            report=report,
            now=now - (30 - 6 * stage) * _DAY,
        )
        _bring_on(raised, stage, office, actor, people, now=now)
        made += 1
    return made


def _bring_on(
    problem: Problem, stage: int, office: Viewer, raiser: Viewer, people: dict[str, Viewer], *, now: dt.datetime
) -> None:
    """Take a problem as far as its stage says: closed, answered, assigned, or left waiting."""
    helper = people.get("department-other")
    if helper is None or stage >= len(ANSWERS) + 1:
        return
    start = now - (30 - 6 * stage) * _DAY
    body = Organisation.objects.get(code=helper.organisation_code)
    problems.assign_problem(office, code=problem.code, to=body, text="请会同有关单位研究办理。", now=start + 2 * _DAY)
    if stage < len(ANSWERS) - 1:
        problems.answer_problem(helper, code=problem.code, text=ANSWERS[stage], now=start + 6 * _DAY)
    if stage == 0:
        problems.accept_answer(raiser, code=problem.code, text="已解决，感谢支持。", now=start + 8 * _DAY)


def urge_a_late_body(newest: list[Report], *, now: dt.datetime) -> bool:
    """Issue a reminder letter to the demonstration city about what it has not reported; False where nothing is late."""
    users = {user.username: user for user in User.objects.filter(username__in=("coordinator", "city"), is_demo=True)}
    if len(users) < 2:  # noqa: PLR2004 — both are needed
        return False
    office, city = viewer_of(users["coordinator"]), viewer_of(users["city"])
    late = [
        report
        for report in newest
        if report.assignment.organisation_id == city.organisation_id
        and report.state in (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)
    ]
    if not late:
        return False
    says = letters.LetterText(
        f"关于限期填报未来产业行动方案进展的督办单{MARK}",
        f"经核查，贵单位有{len(late)}项进展超过填报截止日期仍未提交。",
        "请尽快填报并说明逾期原因，明确责任人。",
        (now + 10 * _DAY).date(),
    )
    body = Organisation.objects.get(code=city.organisation_code)
    draft = letters.draft_letter(office, to=body, says=says, reports=late, now=now - 2 * _DAY)
    letters.issue_letter(office, pk=draft.pk, mark=str(value("letter_mark")), now=now - 2 * _DAY)
    return True
