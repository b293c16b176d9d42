"""Places: by code, by province, city and county, by address; other provinces told from what is not known."""

import pytest

from xiandao.domains.industries.registers.places import Places
from xiandao.kernel.region_table import Region, RegionTable

TABLE = RegionTable(
    [
        Region.of("320000", "江苏省", aliases=["江苏"]),
        Region.of("320100", "南京市"),
        Region.of("320106", "鼓楼区"),
        Region.of("320300", "徐州市"),
        Region.of("320302", "鼓楼区"),
        Region.of("320500", "苏州市"),
        Region.of("320506", "吴中区"),
        Region.of("320583", "昆山市"),
        Region.of("320503", "平江区", successor="320506"),
    ]
)


def read(region="", province="", city="", county="", address=""):
    return tuple(Places(TABLE).read(region, province, city, county, address))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"region": "320506"}, "320506"),
        ({"region": "320506000000"}, "320506"),
        ({"region": "320506.0"}, "320506"),
        ({"region": "320503"}, "320506"),
        ({"region": "江苏省苏州市吴中区"}, "320506"),
        ({"province": "江苏", "city": "苏州"}, "320500"),
        ({"province": "江苏省", "city": "苏州市", "county": "吴中区"}, "320506"),
        ({"city": "徐州", "county": "鼓楼区"}, "320302"),
        ({"county": "昆山市"}, "320583"),
        ({"address": "江苏省苏州市吴中区示例路1号"}, "320506"),
        ({"address": "苏州市昆山市示例镇"}, "320583"),
        ({"address": "南京市鼓楼区示例街道"}, "320106"),
        ({"province": "江苏", "city": "苏州", "address": "别处"}, "320500"),
    ],
)
def test_places_that_are_known(cells, code):
    assert read(**cells) == (code, False, "")


@pytest.mark.parametrize(
    "cells",
    [
        {"region": "330100"},
        {"province": "浙江", "city": "杭州"},
        {"province": "内蒙古自治区", "city": "包头"},
        {"address": "浙江省杭州市示例路"},
        {"address": "上海市浦东新区示例路"},
        {"region": "北京市"},
    ],
)
def test_other_provinces(cells):
    assert read(**cells)[:2] == ("", True)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({}, "没有写地区"),
        ({"province": "江苏"}, "没有写设区市"),
        ({"province": "江苏", "city": "某市"}, "没有地区“某市”"),
        ({"province": "某省", "city": "苏州"}, "没有省份“某省”"),
        ({"region": "999999"}, "没有地区代码 999999"),
        ({"county": "鼓楼区"}, "没有地区“鼓楼区”"),
    ],
)
def test_what_is_not_known_stays_unknown(cells, why):
    assert read(**cells) == ("", False, why)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"city": "苏州", "county": "某区"}, "没有地区“苏州某区”，按所属设区市计"),
        ({"region": "320599"}, "没有地区代码 320599，按所属设区市计"),
    ],
)
def test_known_in_part_counts_for_the_city(cells, why):
    assert read(**cells) == ("320500", False, why)
