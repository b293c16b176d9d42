from datetime import date

import pytest

from xiandao.kernel import AmbiguousName, InvalidValue, Region, RegionCode, RegionLevel, RegionTable, ZoneCode


@pytest.fixture(scope="module")
def table():
    return RegionTable(
        [
            Region.of("320000", "江苏省", level="province"),
            Region.of("320100", "南京市", level="city", group="苏南"),
            Region.of("320106", "鼓楼区", level="county"),
            Region.of("320300", "徐州市", group="苏北"),
            Region.of("320302", "鼓楼区"),
            Region.of("320321", "丰县"),
            Region.of("320500", "苏州市", group="苏南"),
            Region.of("320583", "昆山市"),
            Region.of("320500-Z01", "苏州工业园区", aliases=["园区"]),
            Region.of("320600", "南通市", group="苏中"),
            Region.of("320684", "海门市", valid_to=date(2020, 6, 30), successor="320614"),
            Region.of("320614", "海门区", valid_from=date(2020, 7, 1)),
            Region.of("320800", "淮安市", group="苏北"),
            Region.of("320803", "淮安区"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("南京", "320100"),
        ("南京市", "320100"),
        ("南 京 市", "320100"),
        ("南京市鼓楼区", "320106"),
        ("江苏省南京市鼓楼区", "320106"),
        ("江苏徐州鼓楼", "320302"),
        ("320106", "320106"),
        ("３２０１０６", "320106"),
        ("320500-z01", "320500-Z01"),
        ("昆山", "320583"),
        ("江苏省昆山市", "320583"),
        ("苏州工业园区", "320500-Z01"),
        ("苏州园区", "320500-Z01"),
        ("淮安", "320800"),
        ("淮安区", "320803"),
        ("淮安市淮安区", "320803"),
        ("徐州丰县", "320321"),
        ("海门", "320614"),
        ("海门市", "320684"),
    ],
)
def test_find_understands_names_as_people_write_them(table, text, code):
    assert str(table.find(text).code) == code


@pytest.mark.parametrize("text", ["鼓楼区", "鼓楼", "江苏省鼓楼区"])
def test_a_name_borne_twice_lists_its_candidates_with_their_city(table, text):
    with pytest.raises(AmbiguousName, match="南京市鼓楼区（320106）、徐州市鼓楼区（320302）") as caught:
        table.find(text)
    assert len(caught.value.candidates) == 2


def test_the_parent_settles_an_ambiguous_name(table):
    assert table.find("鼓楼区", within="320300").code == RegionCode("320302")
    assert table.find("鼓楼", within=RegionCode("320100")).code == RegionCode("320106")


def test_a_whole_name_comes_before_a_short_one():
    table = RegionTable(
        [
            Region.of("320000", "江苏省"),
            Region.of("320100", "江北市"),
            Region.of("320100-Z01", "江北", aliases=["北新区"]),
        ]
    )
    assert table.find("江北").code == ZoneCode("320100-Z01")
    assert table.find("江北市").code == RegionCode("320100")


def test_unknown_names_suggest_the_nearest(table):
    with pytest.raises(InvalidValue, match="“昆山市”"):
        table.find("坤山市")
    with pytest.raises(InvalidValue, match="写全称"):
        table.find("　")
    with pytest.raises(InvalidValue, match="南京市内的"):
        table.find("昆山", within="320100")
    with pytest.raises(InvalidValue):
        table.find("南京市昆山市")
    with pytest.raises(InvalidValue):
        table.find(None)


def test_one_syllable_short_names_do_not_exist(table):
    with pytest.raises(InvalidValue):
        table.find("丰")


def test_history_is_answered_for_the_day_asked(table):
    assert table.find("海门", on=date(2019, 1, 1)).code == RegionCode("320684")
    assert table.find("海门", on=date(2021, 1, 1)).code == RegionCode("320614")
    with pytest.raises(InvalidValue):
        table.find("海门区", on=date(2019, 1, 1))
    assert table.current("320684").name == "海门区"
    assert [r.name for r in table.children("320600")] == ["海门区"]
    assert [r.name for r in table.children("320600", on=date(2019, 1, 1))] == ["海门市"]


def test_lookup_children_levels_and_full_names(table):
    assert table["320500"].group == "苏南"
    assert ZoneCode("320500-Z01") in table
    assert len(table) == 14
    assert [r.name for r in table.children("320500")] == ["苏州工业园区", "昆山市"]
    assert [r.name for r in table.at_level(RegionLevel.CITY)] == ["南京市", "徐州市", "苏州市", "南通市", "淮安市"]
    assert table.full_name("320106") == "南京市鼓楼区"
    assert table.full_name("320100") == "南京市"
    assert table.contains(RegionCode("320000"), ZoneCode("320500-Z01"))
    assert not table.contains(RegionCode("320100"), ZoneCode("320500-Z01"))
    with pytest.raises(InvalidValue, match="地区表中已有的代码"):
        table["330000"]


def test_every_row_is_found_by_its_full_name(table):
    for row in table:
        assert table.find(table.full_name(row.code)).code == row.code


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ({"code": "320100", "name": "南京市", "level": "county"}, "设区市级"),
        ({"code": "320100", "name": " "}, "名称"),
        ({"code": "320100", "name": "南京市", "valid_from": date(2020, 1, 1), "valid_to": date(2019, 1, 1)}, "停用日"),
        ({"code": "3201", "name": "南京市"}, "6位数字"),
    ],
)
def test_bad_rows_are_refused(row, hint):
    with pytest.raises(InvalidValue, match=hint):
        Region.of(**row)


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        ([Region.of("320000", "江苏省"), Region.of("320000", "江苏")], "不重复"),
        ([Region.of("320100", "南京市")], "上级"),
        ([Region.of("320000", "江苏省", successor="330000")], "后继"),
        (
            [Region.of("320000", "甲省", successor="330000"), Region.of("330000", "乙省", successor="320000")],
            "不回到自身",
        ),
    ],
)
def test_tables_with_broken_links_are_refused(rows, hint):
    with pytest.raises(InvalidValue, match=hint):
        RegionTable(rows)


def test_a_parent_may_differ_from_the_digits():
    table = RegionTable(
        [
            Region.of("320000", "江苏省"),
            Region.of("320700", "甲市"),
            Region.of("320800", "乙市"),
            Region.of("320723", "丙县", parent="320800"),
        ]
    )
    assert table.contains(RegionCode("320800"), RegionCode("320723"))
    assert not table.contains(RegionCode("320700"), RegionCode("320723"))
    assert table.full_name("320723") == "乙市丙县"
