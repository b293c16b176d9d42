"""Saving a draft: what can be read is saved, what cannot is named, nobody's words are overwritten unseen."""

from decimal import Decimal

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.models import Claim, Report

pytestmark = pytest.mark.django_db


def claims(report, *states):
    rows = Claim.objects.for_system("tests").filter(report=report).order_by("number")
    return [(row.number, row.name, row.quantity, row.state) for row in rows if not states or row.state in states]


def faults(refused):
    return [name for name, _text in refused.value.faults]


def test_a_draft_keeps_words_and_claims_and_who_saved_it(report, save, again, me, now):
    saved = save(report, {"new-1": {"quantity": "2.5", "happened_on": "2026年3月5日"}})
    row = again(report)
    assert (row.state, row.standing, row.happened, row.revision) == ("draft", "on_track", "场景建成启用。", 1)
    assert (row.saved_by, row.saved_at) == (me.name, now)
    claim = Claim.objects.for_system("tests").get(pk=saved.ids["new-1"])
    assert (claim.quantity, str(claim.happened_on), claim.state, claim.claimed_at) == (
        Decimal("2.5"),
        "2026-03-05",
        "draft",
        None,
    )
    assert claim.name_key == "示例低空物流场景"


def test_saving_without_a_change_changes_nothing(report, save, again):
    save(report, {"new-1": {}})
    before = AuditRecord.objects.count()
    held = act.Content.of(again(report))
    saved = save(report, held.claims)
    assert not saved.changed
    assert (again(report).revision, AuditRecord.objects.count()) == (1, before)


def test_a_report_only_looked_at_stays_unwritten(report, me, again):
    fresh = again(report)
    act.save_draft(me, pk=report.pk, revision=0, content=act.Content.of(fresh), base=act.Content.of(fresh))
    assert again(report).state == "empty"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("happened_on", "三月"),
        ("happened_on", "2026-02-30"),
        ("quantity", "许多"),
        ("quantity", "-1"),
        ("quantity", "0"),
        ("quantity", "NaN"),
        ("quantity", "1e400"),
        ("region", "110000"),
        ("region", "321300"),
        ("industry", "没有的产业"),
        ("target_key", "T99-9"),
        ("identifier_kind", "passport"),
        ("name", "长" * 301),
        ("unit", "长" * 41),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_nothing_is_saved(report, save, again, field, text):
    with pytest.raises(act.BadFields) as refused:
        save(report, {"new-1": {field: text}, "new-2": {}}, happened="不该留下")
    assert faults(refused) == [f"claims.new-1.{field}"]
    assert (again(report).happened, claims(report)) == ("", [])


def test_a_standing_that_is_none_is_named(report, save):
    with pytest.raises(act.BadFields) as refused:
        save(report, standing="excellent")
    assert faults(refused) == ["standing"]


def test_a_blank_new_claim_is_no_claim(report, save):
    save(report, {"new-1": {"item": "", "name": ""}})
    assert claims(report) == []


def test_a_claim_left_out_is_taken_back_and_stays_on_record(report, save):
    save(report, {"new-1": {}, "new-2": {"name": "第二项"}})
    first = Claim.objects.for_system("tests").get(report=report, number=1)
    save(report, {str(first.pk): {}})
    assert claims(report) == [(1, "示例低空物流场景", 1, "draft"), (2, "第二项", 1, "withdrawn")]


def test_two_who_save_one_report_come_together_where_they_wrote_different_things(report, people, me, again, now):
    base = act.Content.of(again(report))
    other = people("city-head")
    act.save_draft(
        other, pk=report.pk, revision=0, base=base, content=act.Content(happened="甲写的", next_step="甲的下一步")
    )
    saved = act.save_draft(me, pk=report.pk, revision=0, base=base, content=act.Content(standing="on_track"))
    assert saved.merged_from == other.name
    row = again(report)
    assert (row.standing, row.happened, row.next_step, row.revision) == ("on_track", "甲写的", "甲的下一步", 2)


def test_where_both_wrote_the_second_sees_both_and_nothing_is_saved_until_she_chooses(report, people, me, again):
    base = act.Content.of(again(report))
    act.save_draft(people("city-head"), pk=report.pk, revision=0, base=base, content=act.Content(happened="甲写的"))
    mine = act.Content(happened="乙写的", next_step="乙的下一步")
    with pytest.raises(act.Changed) as told:
        act.save_draft(me, pk=report.pk, revision=0, base=base, content=mine)
    assert [(clash.name, clash.mine, clash.theirs) for clash in told.value.clashes] == [
        ("happened", "乙写的", "甲写的")
    ]
    assert told.value.who == people("city-head").name
    assert again(report).happened == "甲写的"
    # She keeps hers: what she saw becomes what she started from.
    act.save_draft(me, pk=report.pk, revision=told.value.revision, base=told.value.theirs, content=told.value.merged)
    row = again(report)
    assert (row.happened, row.next_step) == ("乙写的", "乙的下一步")


def test_without_what_she_started_from_every_difference_is_asked(report, people, me, again):
    act.save_draft(people("city-head"), pk=report.pk, revision=0, content=act.Content(happened="甲写的"))
    with pytest.raises(act.Changed) as told:
        act.save_draft(me, pk=report.pk, revision=0, content=act.Content(happened="乙写的"))
    assert [clash.name for clash in told.value.clashes] == ["happened"]


def test_what_was_claimed_stays_for_past_days_when_a_returned_claim_is_corrected(
    report, submit, save, again, people, at
):
    _row, (claim,) = submit(report, {"new-1": {"quantity": "5"}}, when=at("2026-04-11"))
    act.return_report(people("coordinator"), pk=report.pk, revision=1, reason="数量有误", now=at("2026-04-12"))
    save(report, {str(claim.pk): {"quantity": "3"}}, when=at("2026-04-13"))
    assert claims(report) == [(1, "示例低空物流场景", 3, "draft"), (2, "示例低空物流场景", 5, "withdrawn")]
    old = Claim.objects.for_system("tests").get(report=report, number=2)
    assert (old.claimed_at, old.decided_at) == (at("2026-04-11"), at("2026-04-13"))
    # The claim that goes on keeps its id and with it its evidence; it is claimed anew when submitted.
    act.submit_report(people("city"), pk=report.pk, revision=again(report).revision, now=at("2026-04-14"))
    claim.refresh_from_db()
    assert (claim.state, claim.claimed_at, claim.quantity) == ("claimed", at("2026-04-14"), 3)


def test_a_spelling_corrected_in_a_returned_claim_leaves_the_claim_as_it_was_claimed(report, submit, save, people, at):
    _row, (claim,) = submit(report, {"new-1": {}}, when=at("2026-04-11"))
    act.return_report(people("coordinator"), pk=report.pk, revision=1, reason="名称有误", now=at("2026-04-12"))
    save(report, {str(claim.pk): {"name": "示例低空物流示范场景"}}, when=at("2026-04-13"))
    claim.refresh_from_db()
    assert (claim.state, claim.claimed_at, claim.name) == ("claimed", at("2026-04-11"), "示例低空物流示范场景")
    assert len(claims(report)) == 1


def test_the_record_says_what_changed_and_only_that(report, save):
    save(report, {"new-1": {}})
    key = str(Claim.objects.for_system("tests").get(report=report).pk)
    save(report, {key: {"name": "改名"}}, happened="改写")
    last = AuditRecord.objects.order_by("-number").first()
    assert last.action == "progress.report_saved"
    assert last.before == {"happened": "场景建成启用。", "claims": {key: {"name": "示例低空物流场景"}}}
    assert last.after == {"happened": "改写", "claims": {key: {"name": "改名"}}}


def test_another_citys_report_is_not_there(report, people):
    with pytest.raises(Report.DoesNotExist):
        act.save_draft(people("city-other"), pk=report.pk, revision=0, content=act.Content(happened="乱写"))
