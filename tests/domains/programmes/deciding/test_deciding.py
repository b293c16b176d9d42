"""The outcome of a review recorded by hand, the decision row by row, its limits, and that nobody can tell."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domains.programmes.deciding.conftest import NO, NOW, YES, S, make_call
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes import registry
from xiandao.domains.programmes.actions import deciding, reviewing
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.life import told_state
from xiandao.domains.programmes.models import Application, DecisionList, DecisionRow

pytestmark = pytest.mark.django_db
HELD = dt.date(2026, 4, 10)


def record(office, call, *rows):
    return reviewing.record_reviews(office, call=call, panel="七人组", held_on=HELD, rows=rows, now=NOW)


def test_a_review_outside_needs_its_report(office, call, applied):
    one = applied(1, S.RECOMMENDED)
    with pytest.raises(Refused, match="先上传评审报告"):
        record(office, call, reviewing.Outcome(one.code, "approve"))


def test_a_review_enters_whole_or_not_at_all(office, call, applied, reported):
    one, two = applied(1, S.RECOMMENDED), applied(2, S.CHECKED)
    rows = [
        reviewing.Outcome(one.code, "approve", Decimal("88.5"), 1, row=2),
        reviewing.Outcome(two.code, "maybe", row=3),
        reviewing.Outcome("SB9", "approve", row=4),
    ]
    with pytest.raises(BadFields) as bad:
        record(office, call, *rows)
    assert [text for _field, text in bad.value.faults] == [
        "第 3 行 SB2026-001-0002：专家意见应是“入选”“储备”或“不入选”。",
        "第 3 行 SB2026-001-0002：现在是“形式审查通过”，不能登记评审结论。",
        "第 4 行 SB9：本申报通知没有这个申报编号，请核对。",
    ]
    assert Application.objects.for_system("tests").get(pk=one.pk).state == "recommended"
    assert record(office, call, rows[0]) == 1
    one.refresh_from_db()
    assert (one.state, one.review.score, one.review.place) == ("reviewed", Decimal("88.5"), 1)


def test_a_registered_desk_delivers_the_same(office, call, applied, monkeypatch):
    monkeypatch.setattr(registry, "_sources", {})
    one = applied(1, S.RECOMMENDED)
    rows = [reviewing.Outcome(one.code, "reserve", Decimal(70), 3)]
    with pytest.raises(LookupError):
        reviewing.deliver(office, source="desk", call=call, panel="组", held_on=HELD, rows=rows, now=NOW)
    registry.register_review(registry.ReviewSource("desk", "评审台"))
    reviewing.deliver(office, source="desk", call=call, panel="组", held_on=HELD, rows=rows, now=NOW)
    one.refresh_from_db()
    assert (one.review.origin, one.review.advice) == ("desk", "reserve")


def test_rows_stay_within_places_and_budget(office, call, reviewed, prepared):
    made = reviewed(("approve", 90), ("approve", 80), ("approve", 70))
    decision = prepared({made[0].code: replace(YES, amount=Decimal("2000000.01"))})
    with pytest.raises(BadFields, match=r"合计 3,000,000\.01 元，超过资金总额 3,000,000\.00 元"):
        deciding.set_row(office, pk=decision.pk, code=made[1].code, verdict=YES, now=NOW)
    deciding.set_row(
        office, pk=decision.pk, code=made[1].code, verdict=replace(YES, amount=Decimal("999999.99")), now=NOW
    )
    with pytest.raises(BadFields, match="拟支持数 2 个已满"):
        deciding.set_row(office, pk=decision.pk, code=made[2].code, verdict=replace(YES, amount=None), now=NOW)
    found = deciding.standing(decision)
    assert (found.counts["approve"], found.amount, found.places_left, found.budget_left, found.undecided) == (
        2,
        Decimal("3000000.00"),
        0,
        Decimal("0.00"),
        1,
    )


def test_going_against_the_experts_needs_reason_and_minute(office, call, reviewed, prepared):
    (one,) = reviewed(("refuse", 40))
    decision = prepared({}, minute="")
    with pytest.raises(BadFields) as bad:
        deciding.set_row(office, pk=decision.pk, code=one.code, verdict=YES, now=NOW)
    assert [field for field, _text in bad.value.faults] == ["deviation", "deviation"]
    deciding.amend(
        office, pk=decision.pk, title="名单", body="厅务会", met_on=dt.date(2026, 4, 13), minute="8号", now=NOW
    )
    row = deciding.set_row(
        office, pk=decision.pk, code=one.code, verdict=replace(YES, deviation="省重大任务急需（演示）"), now=NOW
    )
    assert (row.outcome, row.advised, row.deviation) == ("approve", "refuse", "省重大任务急需（演示）")


def test_levels_are_the_programmes_and_refusals_have_reasons(office, call, reviewed, prepared):
    (one,) = reviewed(("refuse", 40))
    decision = prepared({})
    with pytest.raises(BadFields, match="请写明理由，申报单位会收到"):
        deciding.set_row(office, pk=decision.pk, code=one.code, verdict=deciding.Verdict("refuse"), now=NOW)
    with pytest.raises(BadFields, match="请选择级别：综合性重大场景、行业集成场景、高价值小切口场景"):
        deciding.set_row(
            office,
            pk=decision.pk,
            code=one.code,
            verdict=deciding.Verdict("approve", "特级", deviation="x"),
            now=NOW,
        )


def test_following_the_advice_says_what_it_left_out(office, call, reviewed, prepared):
    made = reviewed(("refuse", 40), ("approve", 80))
    decision = prepared({})
    done, out = deciding.follow_advice(office, pk=decision.pk, now=NOW)
    assert done == 1
    assert out[0][0] == made[1].code
    assert out[0][1].startswith("请选择级别")


def test_a_row_is_taken_back(office, call, reviewed, prepared):
    (one,) = reviewed(("approve", 90))
    decision = prepared({one.code: YES})
    deciding.take_back(office, pk=decision.pk, code=one.code, now=NOW)
    one.refresh_from_db()
    assert one.state == "reviewed"
    assert not DecisionRow.objects.exists()


def test_nobody_outside_the_office_sees_a_decision_that_is_prepared(office, call, reviewed, prepared, people, own):
    one, two = reviewed(("approve", 90), ("refuse", 40), applicant=own)
    prepared({one.code: YES, two.code: NO})
    for account in ("applicant", "city", "city-head", "department-other", "expert"):
        assert not DecisionList.objects.visible_to(people(account)).exists(), account
    states = {told_state(each.state) for each in Application.objects.for_system("tests").all()}
    assert states == {"reviewed"}
    told = {event.what for each in (one, two) for event in each.events.filter(told=True)}
    assert told == {"评审完成"}


def test_one_decision_at_a_time_and_not_before_the_call_closes(office, call, prepared):
    prepared({})
    with pytest.raises(Conflict, match="已有一份决定"):
        prepared({})
    later = make_call(office, "SB2026-002", closes_at=NOW + dt.timedelta(days=1), state="published")
    with pytest.raises(Conflict, match="还没有截止"):
        deciding.prepare(office, call=later, title="名单", body="厅务会", now=NOW)


def test_only_the_organiser_decides(people, office, call, reviewed, prepared):
    (one,) = reviewed(("approve", 90))
    decision = prepared({})
    for account in ("city", "department-other", "coordinator", "applicant", "auditor"):
        with pytest.raises((Refused, DecisionList.DoesNotExist)):
            deciding.set_row(people(account), pk=decision.pk, code=one.code, verdict=YES, now=NOW)
