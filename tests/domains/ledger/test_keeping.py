"""What happens to an entry: each step of the table, the count that follows, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.domains.ledger.conftest import MAIN, NOW, SCIENCE
from tests.domains.ledger.test_entering import counts
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.ledger.actions import correct, evaluate, expire_due, move, set_validity
from xiandao.domains.ledger.models import Entry, EntryState
from xiandao.domains.ledger.rules import MOVES
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.figures.sums import counted_figures, facts_of
from xiandao.domains.progress.models import Result

LATER = NOW + dt.timedelta(days=1)
DAY = dt.date(2026, 4, 10)
IN, OUT = [(SCIENCE, "H3"), (MAIN, "T03-2")], []


def counted(public, as_of):
    target = [t for t in targets_in_force(public) if t.key == "T03-2"]
    return next(iter(counted_figures(facts_of(target), as_of).values())).value


def test_removal_ends_the_count_from_now_and_leaves_the_past(entered, people, public):
    entry = entered()
    gone = move(
        people("department"),
        code=entry.code,
        step="remove",
        reason="复核不合格",
        term=dt.date(2028, 4, 10),
        now=LATER,
    )
    assert (gone.state, gone.reapply_from) == ("removed", dt.date(2028, 4, 10))
    assert counts(gone) == OUT
    assert counted(public, NOW) == 1
    assert counted(public, LATER) is None  # nobody looked: unknown, not zero
    assert gone.result.void_reason == "复核不合格"
    assert AuditRecord.objects.filter(object_kind="ledger.entry", object_label=entry.name).count() == 2
    assert [event.what for event in gone.events.all()] == ["登记", "移出"]


def test_the_bar_keeps_it_out_until_its_day(entered, people):
    entry = entered()
    move(people("department"), code=entry.code, step="remove", reason="弄虚作假", term=dt.date(2028, 4, 10), now=LATER)
    with pytest.raises(Refused, match="2028-04-10"):
        entered(decided_on=dt.date(2027, 1, 1))
    assert entered(decided_on=dt.date(2028, 4, 10)).state == "listed"


@pytest.mark.parametrize(
    ("step", "term", "state", "served"),
    [
        ("rectify", dt.date(2026, 10, 1), "rectifying", IN),
        ("downgrade", None, "downgraded", OUT),
        ("upgrade", None, "upgraded", OUT),
        ("withdraw", None, "withdrawn", OUT),
        ("remove", None, "removed", OUT),
    ],
)
def test_each_step_and_its_count(entered, people, step, term, state, served):
    entry = entered()
    moved = move(people("department"), code=entry.code, step=step, reason="会议决定", term=term, now=LATER)
    assert moved.state == state
    assert counts(moved) == served


def test_back_in_the_count_it_is_a_new_result(entered, people, public):
    entry = entered()
    first = entry.result_id
    move(people("department"), code=entry.code, step="downgrade", reason="评价不合格", now=LATER)
    back = move(
        people("department"), code=entry.code, step="restore", reason="整改合格", now=LATER + dt.timedelta(days=1)
    )
    assert back.state == "listed"
    assert back.result_id != first
    assert counts(back) == IN
    assert counted(public, LATER) is None
    assert counted(public, LATER + dt.timedelta(days=1)) == 1
    assert Result.objects.for_system("tests").filter(void_at=None).count() == 1


def test_every_step_refuses_every_other_state(entered, people):
    entry = entered()
    rows = Entry.objects.for_system("tests").filter(pk=entry.pk)
    for found in MOVES.values():
        for state in EntryState:
            if state in found.sources and not found.by_clock:
                continue
            rows.update(state=state)
            with pytest.raises(Conflict, match="不能"):
                move(people("department"), code=entry.code, step=found.code, reason="理由", now=LATER)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"reason": " "}, "理由"),
        ({"on": dt.date(2027, 1, 1)}, "今天以后"),
        ({"term": dt.date(2026, 1, 1)}, "不能早于"),
        ({"step": "rectify", "term": None}, "整改期限"),
    ],
)
def test_a_bad_step_changes_nothing(entered, people, given, told):
    entry = entered()
    before = AuditRecord.objects.count()
    asked = {"step": "remove", "reason": "理由", "term": None, "on": DAY} | given
    with pytest.raises(BadFields, match=told):
        move(people("department"), code=entry.code, now=LATER, **asked)
    assert Entry.objects.for_system("tests").get().state == "listed"
    assert AuditRecord.objects.count() == before


def test_another_department_and_a_stale_page_are_refused(entered, people):
    entry = entered()
    with pytest.raises(Refused, match="公布机关"):
        move(people("department-other"), code=entry.code, step="remove", reason="理由", now=LATER)
    with pytest.raises(Conflict, match="刚被别人改过"):
        move(people("department"), code=entry.code, step="remove", reason="理由", revision=7, now=LATER)
    assert move(people("coordinator"), code=entry.code, step="remove", reason="理由", now=LATER).state == "removed"


def test_a_rename_keeps_the_former_name_and_the_count(entered, people):
    entry = entered()
    result = entry.result_id
    new = correct(
        people("department"), code=entry.code, reason="单位更名", fields={"name": "示范新园（演示）"}, now=LATER
    )
    assert (new.name, new.former_names) == ("示范新园（演示）", ["示范园一（演示）"])
    row = Result.objects.for_system("tests").get(pk=result)
    assert (row.name, row.other_names) == ("示范新园（演示）", ["示范园一（演示）"])
    assert counts(new) == IN


def test_other_targets_count_from_now_on(entered, people, public):
    entry = entered()
    new = correct(
        people("department"), code=entry.code, reason="类别有误", fields={}, serves=[(MAIN, "T03-1")], now=LATER
    )
    assert counts(new) == [(MAIN, "T03-1")]
    assert counted(public, NOW) == 1
    assert counted(public, LATER) is None


def test_a_correction_without_a_change_or_a_reason_is_refused(entered, people):
    entry = entered()
    with pytest.raises(BadFields, match="没有改动"):
        correct(people("department"), code=entry.code, reason="看看", fields={"name": entry.name}, now=LATER)
    with pytest.raises(BadFields, match="理由"):
        correct(people("department"), code=entry.code, reason="", fields={"name": "别名"}, now=LATER)
    with pytest.raises(BadFields, match="300"):
        correct(people("department"), code=entry.code, reason="改", fields={"name": ""}, now=LATER)


def test_one_evaluation_a_period_by_the_scale_of_the_kind(entered, people):
    entry = entered()
    office = people("department")
    row = evaluate(office, code=entry.code, period="2026", grade="良好", score=Decimal("81.5"), on=DAY, now=LATER)
    assert (row.grade, row.score) == ("良好", Decimal("81.5"))
    with pytest.raises(Conflict, match="2026"):
        evaluate(office, code=entry.code, period="2026", grade="良好", on=DAY, now=LATER)
    with pytest.raises(BadFields, match="优秀、良好、合格、不合格"):
        evaluate(office, code=entry.code, period="2027", grade="很好", on=DAY, now=LATER)


def test_it_expires_the_day_after_its_last_day_and_only_once(entered, people):
    entry = entered(valid_from=dt.date(2026, 1, 1), valid_to=DAY)
    clock = system("clocks")
    assert expire_due(clock, today=DAY, now=NOW) == 0
    assert expire_due(clock, today=dt.date(2026, 4, 11), now=LATER) == 1
    assert expire_due(clock, today=dt.date(2026, 4, 11), now=LATER) == 0
    gone = Entry.objects.for_system("tests").get()
    assert gone.state == "expired"
    assert counts(gone) == OUT
    back = move(
        people("department"), code=entry.code, step="renew", reason="续期", term=dt.date(2029, 4, 10), now=LATER
    )
    assert (back.state, back.valid_to) == ("listed", dt.date(2029, 4, 10))


def test_validity_is_set_with_its_reason(entered, people):
    entry = entered()
    given = {"valid_from": DAY, "valid_to": dt.date(2029, 4, 9), "evaluate_on": None}
    set_validity(people("department"), code=entry.code, reason="文件第三条", now=LATER, **given)
    assert Entry.objects.for_system("tests").get().valid_to == dt.date(2029, 4, 9)
    with pytest.raises(BadFields, match="不能早于"):
        set_validity(
            people("department"),
            code=entry.code,
            reason="文件",
            valid_from=DAY,
            valid_to=dt.date(2026, 1, 1),
            evaluate_on=None,
        )
