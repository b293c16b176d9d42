"""What is wrong with the kinds of entries in ledger.yaml is reported with its place and the mend."""

import pytest

FAULTS = [
    ("code: fund,", "code: pilot-area,", "kinds[1].code", "代码 pilot-area 已在"),
    ("name: 产业基金", "name: 应用场景", "kinds[4].name", "名称 应用场景 已在"),
    ("printed_as: [fund]", "printed_as: [pilot area]", "kinds[1].printed_as[0]", "写法 pilot area 已在"),
    ("target: T03-2", "target: T03-9", "kinds[3].serves[0].target", "T03-9"),
    ("plan: js-wlcy-2024-2026", "plan: js-wlcy", "kinds[3].serves[0].plan", "js-wlcy"),
    ("release: platforms", "release: platform", "kinds[2].release", "platform"),
    ("people: true", "person: true", "kinds[8].person", "person"),
]


@pytest.mark.parametrize(("old", "new", "field", "found"), FAULTS)
def test_each_fault_is_named(spoil, old, new, field, found):
    faults = spoil("ledger.yaml", old, new)
    assert [(fault.file, fault.field) for fault in faults] == [("ledger.yaml", field)]
    assert found in faults[0].found


def test_two_targets_of_one_plan(spoil):
    twice = "serves: [{plan: js-wlcy-2024-2026, target: T03-2}, {plan: js-wlcy-2024-2026, target: T03-1}]"
    faults = spoil("ledger.yaml", "serves: [{plan: js-wlcy-2024-2026, target: T03-2}]", twice)
    assert [fault.field for fault in faults] == ["kinds[3].serves[1].plan"]


def test_the_kinds_of_the_pack(jiangsu):
    kinds = {kind.code: kind for kind in jiangsu.ledger.kinds}
    assert len(kinds) == 9
    assert kinds["park"].counting == ("listed", "rectifying")
    assert [kind.code for kind in kinds.values() if kind.people] == ["talent"]
    assert {kind.release for kind in kinds.values()} == {None, "platforms", "projects", "talent"}


def test_published_records_belong_to_the_version(jiangsu, pack_copy):
    from xiandao.packs import load_pack

    (pack_copy / "published.csv").write_text("type,name\n", encoding="utf-8")
    assert load_pack(pack_copy).version != jiangsu.version
