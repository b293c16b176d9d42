import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import InvalidValue, RegionCode, RegionLevel, ZoneCode, parse_region
from xiandao.kernel.region import PROVINCES

codes = st.builds(
    "{}{}{}".format,
    st.sampled_from(sorted(PROVINCES)),
    st.integers(1, 99).map("{:02}".format),
    st.integers(0, 99).map("{:02}".format),
).map(RegionCode)


@pytest.mark.parametrize(
    ("code", "level", "city", "parent"),
    [
        ("320000", RegionLevel.PROVINCE, None, None),
        ("320100", RegionLevel.CITY, "320100", "320000"),
        ("320106", RegionLevel.COUNTY, "320100", "320100"),
        ("429004", RegionLevel.COUNTY, None, "420000"),  # 仙桃, governed by its province directly
    ],
)
def test_level_city_and_parent_follow_from_the_digits(code, level, city, parent):
    region = RegionCode(code)
    assert region.level is level
    assert region.province == RegionCode(code[:2] + "0000")
    assert (str(region.city) if region.city else None) == city
    assert (str(region.parent) if region.parent else None) == parent


@pytest.mark.parametrize("bad", ["32010", "3201060", "32010A", "990000", "320006", "", None, 320106, "３２０１０６"])
def test_anything_else_is_no_region_code(bad):
    with pytest.raises(InvalidValue, match="行政区划代码"):
        RegionCode(bad)


def test_zone_is_its_own_kind_under_a_parent():
    zone = parse_region(" 320500-z01 ")
    assert zone == ZoneCode("320500-Z01")
    assert zone.level is RegionLevel.ZONE
    assert (str(zone.parent), str(zone.city), str(zone.province)) == ("320500", "320500", "320000")
    assert zone.level.label == "开发区（功能区）"


@pytest.mark.parametrize("bad", ["320500-Z1", "320500Z01", "320500-01", "990000-Z01", "320500-Z0001"])
def test_bad_zone_codes_are_refused(bad):
    with pytest.raises(InvalidValue, match="代码"):
        ZoneCode(bad)


def test_parse_takes_full_width_and_refuses_numbers():
    assert parse_region("３２０１０６") == RegionCode("320106")
    with pytest.raises(InvalidValue, match="文本格式"):
        parse_region(320106)


def test_province_contains_city_county_and_zone():
    province, city = RegionCode("320000"), RegionCode("320500")
    zone = ZoneCode("320500-Z01")
    assert province.contains(city)
    assert province.contains(RegionCode("320583"))
    assert province.contains(zone)
    assert city.contains(zone)
    assert not RegionCode("320100").contains(zone)
    assert not city.contains(province)
    assert zone.contains(zone)
    assert not zone.contains(city)


@given(codes)
def test_a_parent_contains_its_child_and_not_the_reverse(code):
    parent = code.parent
    assert parent is not None
    assert parent.contains(code)
    assert code.contains(code)
    assert not code.contains(parent)
    assert code.province.contains(code)
