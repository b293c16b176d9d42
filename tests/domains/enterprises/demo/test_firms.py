"""The invented register: the same seed, the same firms; well formed codes; marked names; two versions that differ."""

import datetime as dt

import pytest

from xiandao.domains.enterprises.demo.firms import SCHEMA, credit_code, firms, table
from xiandao.domains.enterprises.demo.world import Good, Place, World, places_of
from xiandao.kernel import CreditCode

GOODS = (
    Good("hydrogen", "storage", ("储氢瓶", "储氢罐"), ("液氢",), ("氢气球",), ("3332",)),
    Good("quantum", "compute", ("量子计算机", "量子芯片"), (), (), ()),
)
PLACES = (Place("990101", "东区", "甲市"), Place("990201", "西县", "乙市"), Place("990200", "乙市", "乙市"))


def _world(**changes):
    given = {"older": dt.date(2025, 12, 31), "newer": dt.date(2026, 10, 31), "size": 300, "seed": 7}
    return World(places=PLACES, goods=GOODS, **(given | changes))


def test_same_seed_same_register_and_another_seed_another():
    assert firms(_world(), "newer") == firms(_world(), "newer")
    assert firms(_world(), "newer") != firms(_world(seed=8), "newer")


def test_codes_are_well_formed_and_stand_where_no_province_is():
    codes = [firm.uscc for firm in firms(_world(), "newer") if firm.uscc]
    assert len(codes) == len(set(codes)) > 280
    assert all(str(CreditCode.parse(code)) == code and code[2:4] == "99" for code in codes)
    assert credit_code("990101", 1)[:16] == "91990101DM000001"


def test_every_name_says_that_it_is_invented():
    assert all(firm.name.endswith("（演示）") for version in ("older", "newer") for firm in firms(_world(), version))


def test_versions_differ_as_registers_do():
    older = {firm.rid: firm for firm in firms(_world(), "older")}
    newer = {firm.rid: firm for firm in firms(_world(), "newer")}
    both = older.keys() & newer.keys()
    assert newer.keys() - older.keys()
    assert older.keys() - newer.keys()
    for field in ("name", "place", "scope", "capital", "status"):
        assert any(getattr(older[rid], field) != getattr(newer[rid], field) for rid in both), field
    assert all(firm.registered_on <= dt.date(2025, 12, 31) for firm in older.values())
    assert all(dt.date(1990, 1, 1) <= firm.registered_on <= dt.date(2026, 10, 31) for firm in newer.values())
    assert all(firm.ended_on is None or firm.status == "注销" for firm in newer.values())


def test_known_firms_stand_in_both_versions_and_make_what_their_name_says():
    world = _world(known=("示例储氢科技有限公司（演示）",))
    for version in ("older", "newer"):
        first = firms(world, version)[0]
        assert first.name == "示例储氢科技有限公司（演示）"
        assert first.scope.startswith("储氢瓶、储氢罐的研发、生产、销售")
        assert (first.city, first.county, first.place) == ("甲市", "东区", "甲市东区")


def test_table_has_the_columns_of_a_register():
    whole = table(_world(), "newer")
    assert whole.schema == SCHEMA
    assert whole.num_rows == len(firms(_world(), "newer"))


def test_places_are_counties_and_cities_without_counties():
    rows = [
        ("990000", "某省", None),
        ("990100", "甲市", "990000"),
        ("990101", "东区", "990100"),
        ("990200", "乙市", "990000"),
    ]
    assert places_of(rows) == (Place("990101", "东区", "甲市"), Place("990200", "乙市", "乙市"))
    assert places_of(rows)[0].printed == "甲市东区"
    assert places_of(rows)[1].printed == "乙市"


def test_a_world_without_places_makes_nothing():
    with pytest.raises(ValueError, match="没有地区或产品"):
        firms(World(places=(), goods=GOODS, older=dt.date(2025, 1, 1), newer=dt.date(2026, 1, 1)), "newer")
