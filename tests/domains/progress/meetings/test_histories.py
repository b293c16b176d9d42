"""Whatever happens later, papers as of a moment stay what they were: random histories, told again from their end."""

import contextlib
import datetime as dt
import random

import pytest
from django.core.exceptions import ObjectDoesNotExist

from tests.domains.progress.conftest import moment
from tests.domains.progress.meetings.filled import fill
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.progress.actions import letters, meetings, problems, rounds
from xiandao.domains.progress.meeting import content
from xiandao.domains.progress.models import (
    Assignment,
    Baseline,
    Claim,
    Letter,
    Path,
    Problem,
    Report,
    ReportState,
    ReportVersion,
    ResultCount,
    Round,
)

pytestmark = pytest.mark.django_db
LATER = {
    "submitted": ["returned", "withdrawn", "verified"],
    "returned": ["submitted"],
    "withdrawn": ["submitted"],
    "verified": ["reopened"],
    "reopened": ["submitted"],
}


class History:
    """A plan's work step by step, each at a moment after the last; a step that is not possible is left out."""

    def __init__(self, seed, plan, people, body, duty, open_round, claim, count, keys):
        self.dice = random.Random(seed)  # noqa: S311 — the same history every time
        self.now = moment("2026-03-01")
        self.plan, self.people, self.body = plan, people, body
        self.keys, self.claim, self.count = keys, claim, count
        self.duty = duty("city")
        self.opened = open_round(opened_at=self.now)
        accounts = ("city", "city-other", "department", "coordinator")
        self.reports = [
            Report.objects.for_system("tests").filter(round=self.opened, assignment=duty(account)).first()
            for account in accounts
        ]
        self.reports = [report for report in self.reports if report is not None]

    def step(self):
        self.now += dt.timedelta(hours=self.dice.randint(5, 40))
        steps = [self.report, self.report, self.claimed, self.verified, self.voided, self.problem, self.letter]
        kind = self.dice.choice([*steps, self.round, self.planned, self.duty_ends, self.papers])
        with contextlib.suppress(Refused, ObjectDoesNotExist):
            kind()

    def report(self):
        report = self.dice.choice(self.reports)
        last = ReportVersion.objects.filter(report=report).order_by("-number").first()
        event = self.dice.choice(LATER[last.event]) if last else "submitted"
        said = self.dice.choice(["on_track", "at_risk", "blocked", "done"])
        ReportVersion.objects.create(
            report=report,
            number=last.number + 1 if last else 1,
            event=event,
            at=self.now,
            by="测试",
            standing=said,
            happened=f"第{self.dice.random()}",
        )
        state = {"withdrawn": "draft", "reopened": "returned"}.get(event, event)
        Report.objects.for_system("tests").filter(pk=report.pk).update(state=ReportState(state), standing=said)

    def claimed(self):
        number = self.dice.randint(1, 9)
        key = self.dice.choice(self.keys)
        report = self.dice.choice(self.reports)
        self.claim(report, f"成果{self.dice.random()}", quantity=number, target_key=key, claimed_at=self.now)

    def verified(self):
        waiting = list(Claim.objects.for_system("tests").filter(state="claimed").select_related("report__assignment"))
        if waiting:
            self.count(self.dice.choice(waiting), when=self.now)

    def voided(self):
        rows = list(ResultCount.objects.filter(void_at=None))
        if rows:
            ResultCount.objects.filter(pk=self.dice.choice(rows).pk).update(void_at=self.now)

    def problem(self):
        office, city, department = (self.people(name) for name in ("coordinator", "city", "department"))
        found = list(Problem.objects.for_system("tests"))
        chosen = self.dice.choice(found) if found else None
        new = problems.NewProblem("难", "点", "请协调")
        steps = [lambda: problems.raise_problem(city, assignment=self.duty, new=new, now=self.now)]
        if chosen:
            code = chosen.code
            to = self.body(self.dice.choice(["department", "department-other"]))
            steps += [
                lambda: problems.assign_problem(office, code=code, to=to, now=self.now),
                lambda: problems.answer_problem(department, code=code, text="答", now=self.now),
                lambda: problems.reject_answer(city, code=code, text="不", now=self.now),
                lambda: problems.accept_answer(city, code=code, now=self.now),
                lambda: problems.remark(city, code=code, text="补充", now=self.now),
                lambda: problems.escalate_due(system("tests"), today=self.now.date(), now=self.now),
            ]
        self.dice.choice(steps)()

    def letter(self):
        office, city = self.people("coordinator"), self.people("city")
        found = list(Letter.objects.for_system("tests"))
        if not found or self.dice.random() < 0.3:
            day = self.now.date() + dt.timedelta(days=self.dice.randint(2, 12))
            says = letters.LetterText("督办", "请办", "", day)
            made = letters.draft_letter(office, to=self.body("city"), says=says, now=self.now)
            letters.issue_letter(office, pk=made.pk, mark="督", now=self.now)
            return
        pk = self.dice.choice(found).pk
        self.dice.choice(
            [
                lambda: letters.receive_letter(city, pk=pk, now=self.now),
                lambda: letters.reply_letter(city, pk=pk, text="办了", now=self.now),
                lambda: letters.reject_reply(office, pk=pk, text="没有", now=self.now),
                lambda: letters.close_letter(office, pk=pk, now=self.now),
                lambda: letters.withdraw_letter(office, pk=pk, text="撤", now=self.now),
            ]
        )()

    def round(self):
        office, pk = self.people("coordinator"), self.opened.pk
        day = self.now.date() + dt.timedelta(days=self.dice.randint(1, 20))
        if Round.objects.for_system("tests").get(pk=pk).state == "closed":
            rounds.reopen_round(office, pk=pk, due_on=day, reason="补报", now=self.now)
        elif self.dice.random() < 0.7:
            rounds.move_deadline(office, pk=pk, due_on=day, reason="延期", now=self.now)
        else:
            rounds.close_round(office, pk=pk, force=True, reason="结束", now=self.now)

    def planned(self):
        given = {"plan": self.plan, "target_key": self.dice.choice(self.keys)}
        model = self.dice.choice([Baseline, Path])
        model.objects.for_system("tests").filter(**given, superseded_at=None).update(superseded_at=self.now)
        said = {"recorded_at": self.now, "recorded_by": "测试", "source": "方案"}
        if model is Baseline:
            Baseline.objects.create(**given, **said, kind="from_zero", as_of=dt.date(2024, 1, 1))
        else:
            Path.objects.create(**given, **said, points=[["2026-06-30", str(self.dice.randint(1, 20))]])

    def duty_ends(self):
        live = list(Assignment.objects.for_system("tests").filter(plan=self.plan, ended_at=None)[:50])
        Assignment.objects.for_system("tests").filter(pk=self.dice.choice(live).pk).update(ended_at=self.now)

    def papers(self):
        earlier = self.now - dt.timedelta(days=self.dice.choice([0, 0, 9]))
        meetings.make_meeting_pack(self.people("coordinator"), plan=self.plan, as_of=earlier, now=self.now)


@pytest.mark.parametrize("seed", range(2))
def test_papers_of_a_moment_are_the_same_before_and_after_what_comes_later(
    seed, running, people, body, duty, open_round, claim, count, targets_of
):
    measures = ("M01", "M02", "M03", "M04", "M05", "M06", "M07")
    keys = [key for measure in measures for key in targets_of(measure)]
    history = History(seed, running, people, body, duty, open_round, claim, count, keys)
    office, seen = people("coordinator"), []
    for _part in range(4):
        for _step in range(14):
            history.step()
        seen.append((history.now, content(office, running, history.now)))
    fill(running, ["2026Q1", "2026Q2"][1:], 40, seed=seed)
    assert len({made.canonical() for _when, made in seen}) == 4
    for when, made in seen:
        again = content(office, running, when)
        assert again.numbers() == made.numbers()
        assert again == made
