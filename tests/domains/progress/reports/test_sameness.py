"""One thing claimed twice counts once: certain by its number, asked by its name; and nobody learns what she may not see."""

import pytest

from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.models import Claim, Result, ResultCount, SamenessQuestion
from xiandao.domains.progress.queries import claims as queries

pytestmark = pytest.mark.django_db
TARGET = {"target_key": "T06-1"}
NAME = "南京长江智能航运示范场景有限公司"


@pytest.fixture
def neighbour(people):
    return people("city-other")


@pytest.fixture
def theirs(report, report_of):
    """The other city's report on the same measure."""
    return report_of("city-other", "M06")


def questions():
    rows = SamenessQuestion.objects.for_system("tests").select_related("claim", "other").order_by("pk")
    return [(row.claim.name, row.other.name, row.certainty, row.verdict) for row in rows]


def result_names():
    return [(row.name, row.other_names) for row in Result.objects.for_system("tests").order_by("code")]


def counted(key):
    return ResultCount.objects.filter(target_key=key, void_at=None).count()


def test_one_number_in_two_cities_counts_once_without_asking(report, theirs, submit, verify, neighbour):
    number = {**TARGET, "identifier_kind": "certificate", "identifier": "苏工信〔2026〕18号"}
    submit(report, {"new-1": number})
    submit(
        theirs,
        {"new-1": {**number, "name": "低空物流示范", "identifier": "苏工信[2026]18号", "region": "321300"}},
        who=neighbour,
    )
    assert questions() == [("低空物流示范", "示例低空物流场景", "certain", "same")]
    verify(report)
    verify(theirs)
    assert result_names() == [("示例低空物流场景", ["低空物流示范"])]
    assert (counted("T06-1"), counted("H4")) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        "南京长江智能航运示范场景有限责任公司",  # another legal form
        "南京长江智能航运示范场景股份有限公司",
        "南京市长江智能航运示范场景",  # the place written out, no form
        "南京 长江智能航运 示范场景（有限公司）",  # spaces and brackets
    ],
)
def test_one_name_spelled_differently_in_another_city_is_asked_and_counts_once(
    report, theirs, submit, verify, neighbour, other
):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    verify(report)
    submit(theirs, {"new-1": {**TARGET, "name": other, "region": "321300"}}, who=neighbour)
    (question,) = SamenessQuestion.objects.for_system("tests")
    assert (question.certainty, question.verdict) == ("ask", "open")
    with pytest.raises(Conflict, match="请先逐条判定"):
        verify(theirs)
    verify(theirs, judgements=[act.Judgement(question.pk, same=True, note="同一场景，两市共建")])
    assert result_names() == [(NAME, [other])]
    assert counted("T06-1") == 1


def test_what_was_decided_to_be_different_counts_apart(report, theirs, submit, verify, neighbour):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    verify(report)
    submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    (question,) = SamenessQuestion.objects.for_system("tests")
    verify(theirs, judgements=[act.Judgement(question.pk, same=False, note="两市各建一处")])
    assert counted("T06-1") == 2


def test_an_answer_needs_a_reason(report, theirs, submit, verify, neighbour):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    (question,) = SamenessQuestion.objects.for_system("tests")
    with pytest.raises(act.BadFields) as refused:
        verify(theirs, judgements=[act.Judgement(question.pk, same=True, note=" ")])
    assert [name for name, _text in refused.value.faults] == [f"judgements.{question.pk}"]


def test_the_newer_one_verified_first_becomes_the_result_and_the_older_joins_it(
    report, theirs, submit, verify, neighbour
):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    (question,) = SamenessQuestion.objects.for_system("tests")
    verify(theirs, judgements=[act.Judgement(question.pk, same=True, note="同一场景")])
    verify(report)
    assert Result.objects.for_system("tests").count() == 1
    assert counted("T06-1") == 1


def test_last_quarters_thing_claimed_again_is_asked(report, open_round, report_of, submit, verify, at):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    verify(report)
    open_round("2026Q2", due_on=at("2026-07-20").date())
    later = report_of("city", "M06")
    submit(later, {"new-1": {**TARGET, "name": NAME}}, when=at("2026-07-08"), happened="二季度持续运营。")
    (question,) = SamenessQuestion.objects.for_system("tests")
    verify(later, judgements=[act.Judgement(question.pk, same=True, note="上季度已认定")], when=at("2026-07-09"))
    assert counted("T06-1") == 1


def test_two_alike_in_one_report_are_asked(report, submit):
    submit(report, {"new-1": {**TARGET, "name": NAME}, "new-2": {**TARGET, "name": "长江智能航运示范场景"}})
    assert [row[2:] for row in questions()] == [("ask", "open")]


def test_two_departments_of_two_linked_plans_are_compared(report, submit, claim, verify, plan, mark):
    """H4 of the science department's plan is served by the same results as T06-1."""
    from xiandao.domains.plans.models import Plan
    from xiandao.domains.progress.models import Assignment, Report, Round

    other = Plan.objects.for_system("tests").get(code="js-sci-5x100")
    assignment = Assignment.objects.create(
        plan=other, measure_key="M1", organisation_id=report.assignment.organisation_id, region_id="320100",
        role="lead", origin="counterpart", started_at=report.assignment.started_at,
    )  # fmt: skip
    opened = Round.objects.create(
        plan=other, period="2026Q1", period_end="2026-03-31", due_on="2026-04-20", opened_at=assignment.started_at
    )
    there = Report.objects.create(round=opened, assignment=assignment, state="submitted")
    claim(there, name=NAME, target_key="H4", item="场景")
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    assert [row[2:] for row in questions()] == [("ask", "open")]


def test_one_holder_with_two_different_things_is_not_asked(report, submit):
    firm = {"holder": "示例航运科技有限公司"}
    submit(
        report,
        {
            "new-1": {**TARGET, **firm, "name": "智能船舶靠泊场景"},
            "new-2": {**TARGET, **firm, "name": "桥区净空监测场景"},
        },
    )
    assert questions() == []


def test_the_same_firm_for_two_targets_is_two_results(report, submit, verify):
    firm = {"identifier_kind": "other", "identifier": "A-2026-1"}
    submit(report, {"new-1": {**TARGET, **firm}, "new-2": {**firm, "target_key": "", "item": "领军企业"}})
    assert questions() == []


def test_a_question_that_no_longer_arises_is_dropped_when_the_claim_is_corrected(
    report, theirs, submit, save, again, neighbour, verifier
):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    _row, (claim,) = submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    act.return_report(verifier, pk=theirs.pk, revision=again(theirs).revision, reason="名称有误")
    save(theirs, {str(claim.pk): {**TARGET, "name": "骆马湖生态监测场景", "region": "321300"}}, who=neighbour)
    act.submit_report(neighbour, pk=theirs.pk, revision=again(theirs).revision)
    assert questions() == []


def test_what_is_the_same_as_two_results_counted_apart_is_refused_until_one_is_voided(
    report, theirs, open_round, report_of, submit, verify, neighbour, at
):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    verify(report)
    submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    (question,) = SamenessQuestion.objects.for_system("tests")
    verify(theirs, judgements=[act.Judgement(question.pk, same=False, note="误判")])
    open_round("2026Q2", due_on=at("2026-07-20").date())
    later = report_of("city", "M06")
    submit(later, {"new-1": {**TARGET, "name": NAME}}, when=at("2026-07-08"), happened="二季度。")
    both = SamenessQuestion.objects.for_system("tests").filter(claim__report=later)
    with pytest.raises(Conflict, match="R2026-000001、R2026-000002"):
        verify(later, judgements=[act.Judgement(row.pk, same=True, note="同一") for row in both], when=at("2026-07-09"))


def test_the_claimant_is_told_without_learning_whose_it_is(report, theirs, submit, people, neighbour):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    _row, (claim,) = submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    ((doubt,),) = queries.doubts(neighbour, [claim]).values()
    assert doubt.other is None
    assert "名称相同" in doubt.reasons
    ((seen,),) = queries.doubts(people("coordinator"), [claim]).values()
    assert seen.other.name == NAME


def test_one_who_decides_sees_what_she_has_to_compare(report, theirs, submit, people, neighbour):
    submit(report, {"new-1": {**TARGET, "name": NAME}})
    _row, (claim,) = submit(theirs, {"new-1": {**TARGET, "name": NAME, "region": "321300"}}, who=neighbour)
    ((doubt,),) = queries.doubts(neighbour, [claim], everything=True).values()
    assert doubt.other.name == NAME


def test_an_answer_by_number_can_be_overruled_with_a_reason(report, theirs, submit, verify, neighbour):
    number = {**TARGET, "identifier_kind": "certificate", "identifier": "苏工信〔2026〕18号"}
    submit(report, {"new-1": number})
    verify(report)
    submit(theirs, {"new-1": {**number, "name": "骆马湖生态监测场景", "region": "321300"}}, who=neighbour)
    (question,) = SamenessQuestion.objects.for_system("tests")
    verify(theirs, judgements=[act.Judgement(question.pk, same=False, note="文号抄错")])
    assert Result.objects.for_system("tests").count() == 2
    claim = Claim.objects.for_system("tests").get(report=theirs)
    assert claim.state == "verified"
