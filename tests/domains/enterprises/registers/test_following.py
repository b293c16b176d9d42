"""Enterprises over versions: renamed, moved, recoded, gone, back; what changed is kept and counted."""

import datetime as dt
import io

import pytest

from tests.domains.enterprises.registers.conftest import BATTERY, FIRST, HYDROGEN, as_csv, code, row
from xiandao.domains.enterprises.actions import registers as act
from xiandao.domains.enterprises.actions.registers import About
from xiandao.domains.enterprises.models import Enterprise, EnterpriseChange, RegisterState
from xiandao.domains.enterprises.queries import registers as queries
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db

SECOND = [
    row(1, "甲示例氢能科技有限公司", HYDROGEN + "、销售", **{"注册资本（万元）": "800"}),
    row(2, "乙示例电池有限公司", BATTERY, 设区市="苏州", 县区="吴中区"),
    row(4, "丁示例氢能有限公司"),
    row(6, "己示例氢能有限公司"),
    row(5, "戊示例氢能有限公司", 省份="浙江", 设区市="杭州", 县区=""),
]


def changes(version):
    rows = EnterpriseChange.objects.filter(register=version).order_by("enterprise__name", "kind")
    return [(each.enterprise.name, str(each.kind), each.before, each.after) for each in rows]


def test_firms_are_followed_by_their_code_and_record_number(load, firm):
    load(FIRST)
    before = {each.name: each.pk for each in Enterprise.objects.for_system("tests")}
    second = load(SECOND)
    assert changes(second) == [
        ("丁示例氢能有限公司", "recoded", "rid:R4", code(4)),
        ("乙示例电池有限公司", "moved", "江宁区", "吴中区"),
        ("己示例氢能有限公司", "new", "", "己示例氢能有限公司"),
        ("甲示例氢能科技有限公司", "capital", "5000000.00", "8000000.00"),
        ("甲示例氢能科技有限公司", "renamed", "甲示例氢能有限公司", "甲示例氢能科技有限公司"),
        ("甲示例氢能科技有限公司", "scope", HYDROGEN, HYDROGEN + "、销售"),
    ]
    assert firm("甲示例氢能科技有限公司").pk == before["甲示例氢能有限公司"]
    assert firm("丁示例氢能有限公司").pk == before["丁示例氢能有限公司"]
    assert firm("丁示例氢能有限公司").key == code(4)


def test_the_preview_counts_all_rows_by_city(load, people):
    load(FIRST)
    about = About("第二版", dt.date(2026, 7, 31))
    version = act.start_register(people("coordinator"), name="b.csv", content=io.BytesIO(as_csv(SECOND)), about=about)
    assert version.preview["totals"] == {
        "new": 1,
        "gone": 1,
        "recoded": 1,
        "renamed": 1,
        "moved": 1,
        "scope": 1,
        "capital": 1,
        "status": 0,
    }
    lines = {line.label: line.counts for line in queries.cities_of(version)}
    assert lines["苏州市"] == {"new": 1, "gone": 1, "recoded": 1, "renamed": 1, "moved": 1, "scope": 1, "capital": 1}
    assert version.preview["examples"]["gone"] == [["丙示例家具店", code(3), "丙示例家具店", ""]]
    assert version.preview["examples"]["renamed"] == [
        ["甲示例氢能科技有限公司", code(1), "甲示例氢能有限公司", "甲示例氢能科技有限公司"]
    ]


def test_gone_and_back(load, firm):
    load(FIRST)
    second = load([row(2, "乙示例电池有限公司", BATTERY)])
    assert firm("甲示例氢能有限公司").gone_in == second
    third = load([row(1, "甲示例氢能有限公司"), row(2, "乙示例电池有限公司", BATTERY)])
    assert firm("甲示例氢能有限公司").gone_in is None
    assert ("甲示例氢能有限公司", "back", "", "甲示例氢能有限公司") in changes(third)


def test_moved_to_another_province_it_is_gone(load, firm):
    load(FIRST)
    second = load([row(1, "甲示例氢能有限公司", 省份="浙江", 设区市="杭州", 县区="")])
    assert ("甲示例氢能有限公司", "moved", "江苏苏州吴中区", "浙江杭州") in changes(second)
    assert firm("甲示例氢能有限公司").gone_in == second


def test_a_record_number_used_for_another_firm_links_nothing(load, firm):
    load([row(4, "丁示例氢能有限公司", 统一社会信用代码="")])
    load([row(9, "别的示例氢能有限公司", 记录编号="R4", 成立日期="2001-01-01")])
    assert firm("丁示例氢能有限公司").gone_in is not None
    assert firm("别的示例氢能有限公司").key == code(9)


def test_what_only_one_version_says_is_no_change(load):
    load([row(1, "甲示例氢能有限公司", 登记状态="", 设区市="", 县区="", **{"注册资本（万元）": ""})])
    second = load([row(1, "甲示例氢能有限公司")])
    assert changes(second) == []


def test_white_space_and_brackets_change_nothing(load):
    load([row(1, "甲示例（苏州）氢能有限公司")])
    assert changes(load([row(1, "甲示例(苏州)氢能 有限公司", "储氢瓶的研发、 生产")])) == []


def test_a_former_version_comes_back_as_a_new_one(load, people, firm):
    first = load(FIRST)
    load(SECOND)
    coordinator = people("coordinator")
    version = act.reinstate_register(coordinator, pk=first.pk)
    assert (version.number, version.title, version.rows, version.state) == (3, "示例名录", 5, RegisterState.READY)
    assert act.confirm_register(coordinator, pk=version.pk).state == RegisterState.CURRENT
    assert firm("甲示例氢能有限公司").gone_in is None
    with pytest.raises(Conflict):
        act.reinstate_register(coordinator, pk=version.pk)


def test_another_version_loaded_meanwhile_asks_to_look_again(load, people, monkeypatch):
    load(FIRST)
    coordinator = people("coordinator")
    version = act.start_register(
        coordinator, name="b.csv", content=io.BytesIO(as_csv(SECOND)), about=About("第二版", dt.date(2026, 7, 31))
    )
    monkeypatch.setattr(act, "OPEN", ())
    load([row(1, "甲示例氢能有限公司")], actor=system("other"))
    version = act.confirm_register(coordinator, pk=version.pk)
    assert version.state == RegisterState.READY
    assert "另有一版名录已经载入" in version.reason
    assert version.follows.number == 3
    assert version.preview["totals"]["new"] == 4
