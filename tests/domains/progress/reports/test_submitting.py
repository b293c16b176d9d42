"""Submitting: whatever is missing is named with its field and what is expected; what is complete is claimed."""

import pytest

from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.models import Claim, Report

pytestmark = pytest.mark.django_db
RIGHT = "91320100MA1NABCD7B"


@pytest.fixture
def lacks(report, save, me, again, now):
    """Return a function that saves a report and gives what its submission lacks, claims by their number."""

    def run(claims=None, **words):
        save(report, claims, **words)
        with pytest.raises(act.BadFields) as refused:
            act.submit_report(me, pk=report.pk, revision=again(report).revision, now=now)
        numbers = {str(row.pk): row.number for row in Claim.objects.for_system("tests").filter(report=report)}
        assert again(report).state == "draft"
        return [
            (".".join([str(numbers[path.split(".")[1]]), path.split(".")[2]]) if path.startswith("claims") else path)
            for path, _text in refused.value.faults
        ]

    return run


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"standing": ""}, ["standing"]),
        ({"happened": ""}, ["happened"]),
        ({"standing": "at_risk"}, ["next_step"]),
        ({"standing": "blocked"}, ["next_step"]),
        ({"standing": "", "happened": "", "next_step": "x"}, ["standing", "happened"]),
    ],
)
def test_words_that_are_missing_are_named(lacks, words, expected):
    assert lacks(**words) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"item": ""}, ["1.item"]),
        ({"name": ""}, ["1.name"]),
        ({"region": ""}, ["1.region"]),
        ({"happened_on": ""}, ["1.happened_on"]),
        ({"happened_on": "2026-04-11"}, ["1.happened_on"]),  # tomorrow
        ({"happened_on": "2023-12-31"}, ["1.happened_on"]),  # before the plan's first year
        ({"unit": ""}, ["1.unit"]),
        ({"identifier": "2026-1"}, ["1.identifier_kind"]),
        ({"identifier_kind": "certificate"}, ["1.identifier"]),
        ({"identifier_kind": "credit_code", "identifier": "91320100MA1XXXXX0A"}, ["1.identifier"]),
        ({"holder_code": "913201000000000000"}, ["1.holder_code"]),
        ({"target_key": "T06-1", "unit": "家"}, ["1.unit"]),
        ({"target_key": "T06-1", "quantity": "1.5"}, ["1.quantity"]),
    ],
)
def test_a_claim_that_lacks_something_is_named_with_the_field(lacks, fields, expected):
    assert lacks({"new-1": fields}) == expected


def test_today_is_not_the_future_and_a_right_credit_code_is_right(report, submit):
    # An invented code whose two check characters are right, typed in lower case.
    row, (claim,) = submit(report, {"new-1": {"happened_on": "2026-04-10", "holder_code": RIGHT.lower()}})
    assert (row.state, claim.state, claim.holder_code) == ("submitted", "claimed", RIGHT)


def test_words_left_as_last_quarter_had_them_are_refused(report, save, again, people, now):
    Report.objects.for_system("tests").filter(pk=report.pk).update(based_on=report, happened="场景建成启用。")
    save(report, standing="done")
    with pytest.raises(act.BadFields) as refused:
        act.submit_report(people("city"), pk=report.pk, revision=again(report).revision, now=now)
    assert [name for name, _text in refused.value.faults] == ["happened"]


def test_submitting_claims_everything_now_and_keeps_the_first_day_a_claim_was_made(report, submit, people, again, at):
    _row, (claim,) = submit(report, {"new-1": {}}, when=at("2026-04-11"))
    assert claim.claimed_at == at("2026-04-11")
    act.withdraw_report(people("city"), pk=report.pk, now=at("2026-04-12"))
    act.submit_report(people("city"), pk=report.pk, revision=again(report).revision, now=at("2026-04-13"))
    claim.refresh_from_db()
    assert (claim.claimed_at, again(report).submitted_at) == (at("2026-04-11"), at("2026-04-13"))


def test_submitting_something_else_than_was_saved_last_is_refused(report, save, people):
    save(report)
    with pytest.raises(Conflict, match="刚被"):
        act.submit_report(people("city"), pk=report.pk, revision=0)


def tasks(kind):
    rows = Task.objects.for_system("tests").filter(kind=kind, state="open")
    return {task.organisation.code for task in rows.select_related("organisation")}


def test_tasks_follow_the_work(report, submit, people, again, verifier):
    submit(report, {"new-1": {}})
    assert tasks("report.verify") == {"js-drc"}
    act.return_report(verifier, pk=report.pk, revision=again(report).revision, reason="缺文件")
    assert tasks("report.verify") == set()
    assert tasks("report.correct") == {people("city").organisation_code}
    act.submit_report(people("city"), pk=report.pk, revision=again(report).revision)
    assert tasks("report.correct") == set()
    assert tasks("report.verify") == {"js-drc"}
