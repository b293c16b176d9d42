"""Verifying: a claim with evidence becomes a result and counts, one without does not; all of a report or nothing."""

import io
from decimal import Decimal

import pytest

from tests.domains.progress.reports.conftest import PDF
from xiandao.domains.files.actions import attach
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.actions import results
from xiandao.domains.progress.evidence import CLAIM
from xiandao.domains.progress.models import Claim, Result, ResultCount

pytestmark = pytest.mark.django_db
TARGET = {"target_key": "T06-1"}


def counts(**conditions):
    rows = ResultCount.objects.filter(**conditions).select_related("plan")
    return sorted((row.plan.code, row.target_key, row.result.code) for row in rows)


def test_a_verified_claim_becomes_a_result_and_counts_towards_its_target_in_every_plan(report, submit, verify, now):
    submit(report, {"new-1": TARGET})
    verify(report)
    result = Result.objects.for_system("tests").get()
    assert (result.code, result.name, result.quantity, result.counted_at) == (
        "R2026-000001",
        "示例低空物流场景",
        1,
        now,
    )
    # 未来技术应用场景100个 is H4 of the science department's 5×100, by the same results.
    assert counts() == [("js-sci-5x100", "H4", "R2026-000001"), ("js-wlcy-2024-2026", "T06-1", "R2026-000001")]
    claim = Claim.objects.for_system("tests").get()
    assert (claim.state, claim.result_id, claim.decided_at) == ("verified", result.pk, now)


def test_a_claim_for_no_target_is_a_result_that_counts_nowhere(report, submit, verify):
    submit(report, {"new-1": {}})
    verify(report)
    assert Result.objects.for_system("tests").count() == 1
    assert counts() == []


def test_a_claim_without_evidence_cannot_be_verified_and_nothing_of_the_report_is(report, submit, verify, again):
    _row, (first, second) = submit(report, {"new-1": TARGET, "new-2": {**TARGET, "name": "另一场景"}}, evidence=False)
    act.withdraw_report(report_viewer(report), pk=report.pk)
    attach(report_viewer(report), holder_kind=CLAIM, holder_key=str(first.pk), name="a.pdf", content=io.BytesIO(PDF))
    act.submit_report(report_viewer(report), pk=report.pk, revision=again(report).revision)
    with pytest.raises(act.BadFields) as refused:
        verify(report)
    assert [name for name, _text in refused.value.faults] == [f"claims.{second.pk}.verified"]
    assert again(report).state == "submitted"
    assert not Result.objects.for_system("tests").exists()


def report_viewer(report):
    from xiandao.domains.orgs.models import User
    from xiandao.domains.orgs.queries import viewer_of

    return viewer_of(User.objects.get(username="city"))


def test_evidence_stays_as_it_was_submitted(report, submit, people):
    _row, (claim,) = submit(report, {"new-1": {}})
    with pytest.raises(Refused, match="已经提交"):
        attach(people("city"), holder_kind=CLAIM, holder_key=str(claim.pk), name="b.txt", content=io.BytesIO(b"abc"))


def test_evidence_is_seen_with_the_claim_and_by_nobody_else(report, submit, people):
    from xiandao.domains.files import queries

    _row, (claim,) = submit(report, {"new-1": {}})
    for account, seen in (
        ("city", 1),
        ("coordinator", 1),
        ("auditor", 1),
        ("city-other", 0),
        ("department", 0),
        ("county", 0),
    ):
        found = queries.attachments(people(account), CLAIM, [str(claim.pk)])
        assert sum(map(len, found.values())) == seen, account


def test_every_claim_needs_a_decision(report, submit, verifier, again):
    _row, (first, second) = submit(report, {"new-1": {}, "new-2": {"name": "另一场景"}})
    with pytest.raises(act.BadFields) as refused:
        act.verify_report(
            verifier, pk=report.pk, revision=again(report).revision, decisions={first.pk: act.Decision(verified=True)}
        )
    assert [name for name, _text in refused.value.faults] == [f"claims.{second.pk}.verified"]


def test_a_rejected_claim_needs_a_reason_and_counts_nowhere(report, submit, verify, now):
    _row, (claim,) = submit(report, {"new-1": TARGET}, evidence=False)
    with pytest.raises(act.BadFields):
        verify(report, verified=False)
    verify(report, verified=False, note="不属于应用场景")
    claim.refresh_from_db()
    assert (claim.state, claim.decision_note, claim.decided_at, claim.result) == (
        "rejected",
        "不属于应用场景",
        now,
        None,
    )
    assert not Result.objects.for_system("tests").exists()


def test_numbers_of_results_have_no_gaps_and_begin_anew_each_year(
    report, open_round, report_of, submit, verify, people, at
):
    submit(report, {f"new-{n}": {"name": f"场景{name}"} for n, name in enumerate(("甲乙", "丙丁", "戊己"))})
    verify(report)
    open_round("2026Q4", due_on=at("2027-01-20").date())
    later = report_of("city", "M06")
    submit(later, {"new-1": {"name": "庚辛场景"}}, when=at("2027-01-08"))
    verify(later, when=at("2027-01-09"))
    codes = [row.code for row in Result.objects.for_system("tests").order_by("code")]
    assert codes == ["R2026-000001", "R2026-000002", "R2026-000003", "R2027-000001"]


def test_reports_without_claims_are_verified_together_or_not_at_all(
    report, open_round, report_of, submit, verifier, again
):
    other = report_of("city-other", "M06")
    submit(report)
    from xiandao.domains.orgs.models import User
    from xiandao.domains.orgs.queries import viewer_of

    neighbour = viewer_of(User.objects.get(username="city-other"))
    submit(other, {"new-1": {"region": "321300"}}, who=neighbour)
    revisions = {row.pk: again(row).revision for row in (report, other)}
    with pytest.raises(Conflict, match="申报了成果"):
        act.verify_many(verifier, revisions=revisions)
    assert again(report).state == "submitted"
    act.verify_many(verifier, revisions={report.pk: revisions[report.pk]})
    assert again(report).state == "verified"


def test_a_claim_decided_stays_decided_when_its_report_is_opened_again(report, submit, verify, save, people, again):
    _row, (claim,) = submit(report, {"new-1": TARGET})
    verify(report)
    act.reopen_report(people("coordinator"), pk=report.pk, reason="补充说明")
    save(report, {"new-9": {"name": "新增场景", **TARGET}}, happened="补充后的进展。")
    claim.refresh_from_db()
    assert claim.state == "verified"
    assert [row.state for row in Claim.objects.for_system("tests").filter(report=report).order_by("number")] == [
        "verified",
        "draft",
    ]


@pytest.fixture
def result(report, submit, verify):
    submit(report, {"new-1": TARGET})
    verify(report)
    return Result.objects.for_system("tests").get()


def test_a_voided_result_counts_no_more_and_still_counts_on_days_past(result, people, at):
    results.void_result(people("coordinator"), code=result.code, reason="佐证系伪造", now=at("2026-05-01"))
    result.refresh_from_db()
    assert (result.void_at, result.void_reason) == (at("2026-05-01"), "佐证系伪造")
    assert counts(void_at=None) == []
    assert len(counts(counted_at__lte=at("2026-04-30"), void_at__gt=at("2026-04-30"))) == 2


@pytest.mark.parametrize("account", ["city", "auditor"])
def test_who_reports_or_audits_cannot_void(result, people, account):
    with pytest.raises(Refused):
        results.void_result(people(account), code=result.code, reason="x")


@pytest.mark.parametrize("account", ["city-other", "applicant", "department"])
def test_a_result_one_does_not_see_is_not_there(result, people, account):
    with pytest.raises(Result.DoesNotExist):
        results.void_result(people(account), code=result.code, reason="x")


def test_a_result_is_voided_once_and_with_a_reason(result, people):
    with pytest.raises(act.BadFields):
        results.void_result(people("coordinator"), code=result.code, reason="  ")
    results.void_result(people("coordinator"), code=result.code, reason="误认定")
    with pytest.raises(Conflict):
        results.void_result(people("coordinator"), code=result.code, reason="再撤")


def test_the_same_thing_claimed_after_a_void_becomes_a_new_result(
    result, people, open_round, report_of, submit, verify, at
):
    results.void_result(people("coordinator"), code=result.code, reason="佐证不足", now=at("2026-05-01"))
    open_round("2026Q2", due_on=at("2026-07-20").date())
    later = report_of("city", "M06")
    _row, (claim,) = submit(later, {"new-1": TARGET}, when=at("2026-07-08"))
    question = claim.questions.for_system("tests").get()
    verify(later, judgements=[act.Judgement(question.pk, same=True, note="补充佐证后重报")], when=at("2026-07-09"))
    claim.refresh_from_db()
    assert claim.result.code == "R2026-000002"
    assert [code for _plan, key, code in counts(void_at=None) if key == "T06-1"] == ["R2026-000002"]


def test_a_quantity_counts_as_it_was_claimed(report, submit, verify):
    submit(report, {"new-1": {**TARGET, "quantity": "12"}})
    verify(report)
    assert Result.objects.for_system("tests").get().quantity == Decimal(12)
