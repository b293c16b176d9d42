"""Cells as people type them: money, days, numbers, codes; what cannot be read says why."""

import pytest

from xiandao.domains.industries.registers import cells
from xiandao.domains.industries.registers.columns import find_columns


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("500万元人民币", "5000000.00"),
        ("500万人民币", "5000000.00"),
        ("500万", "5000000.00"),
        ("人民币500万元", "5000000.00"),
        ("1000", "1000.00"),
        ("1,000.50", "1000.50"),
        ("１０００万元", "10000000.00"),
        ("1.2亿元", "120000000.00"),
        ("1.2亿", "120000000.00"),
        ("￥300000", "300000.00"),
        ("50 万元", "500000.00"),
        ("500.000000万人民币元", "5000000.00"),
        ("10万元整", "100000.00"),
        ("0", "0.00"),
    ],
)
def test_capital_in_yuan(text, yuan):
    assert cells.capital(text) == (yuan, "")


@pytest.mark.parametrize("text", ["100万美元", "100万港币", "USD 100", "500万欧元", "100万(美元)"])
def test_money_of_another_country_is_not_converted(text):
    assert cells.capital(text) == (None, "不是人民币，未折算")


@pytest.mark.parametrize("text", ["—", "无", "不详", "-5万元", "1e5"])
def test_no_amount_is_unknown(text):
    assert cells.capital(text).value is None


def test_the_heading_says_the_unit_where_the_cell_does_not():
    assert cells.capital("500", unit="万元").value == "5000000.00"
    assert cells.capital("500元", unit="万元").value == "500.00"
    assert cells.capital("500", currency="美元") == (None, "不是人民币，未折算")
    assert cells.capital("500", currency="人民币").value == "500.00"
    assert find_columns(["企业名称", "经营范围", "注册资本（万元）"]).unit == "万元"
    assert find_columns(["企业名称", "经营范围", "注册资金(单位:万元)"]).unit == "万元"
    assert find_columns(["企业名称", "经营范围", "注册资本"]).unit == ""
    assert not cells.has_unit("1000")
    assert cells.has_unit("1000万")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-01-02", "2020-01-02"),
        ("2020/1/2", "2020-01-02"),
        ("2020.1.2", "2020-01-02"),
        ("2020年1月2日", "2020-01-02"),
        ("20200102", "2020-01-02"),
        ("2020-01-02 00:00:00", "2020-01-02"),
        ("2020-01-02T08:00:00", "2020-01-02"),
        ("43832", "2020-01-02"),
        ("43832.0", "2020-01-02"),
    ],
)
def test_days(text, day):
    assert cells.day(text) == (day, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [("2020-02-30", "没有这一天"), ("长期", "不是日期"), ("0001-01-01", "年份过早"), ("12", "不是日期")],
)
def test_no_day(text, why):
    assert cells.day(text) == (None, why)


def test_numbers_and_codes():
    assert [cells.count(text).value for text in ("12", "12.0", "1,200", "12件", "０")] == [
        "12",
        "12",
        "1200",
        "12",
        "0",
    ]
    assert [cells.count(text).value for text in ("若干", "-1", "1.5", "99999999999")] == [None] * 4
    codes = ("3841", "C3841", "c3841 锂离子电池制造", "C", "38")
    assert [cells.activity(text).value for text in codes] == ["3841", "C3841", "C3841", "C", "38"]
    assert cells.activity("锂离子电池制造") == (None, "没有行业代码")


def test_columns_under_the_names_offices_give_them():
    found = find_columns(
        ["统一社会信用代码", "企业名称", "经营范围", "成立日期", "注册资本", "住所", "行业代码", "备注"]
    )
    assert found.extra == {
        "registered_on": "成立日期",
        "capital": "注册资本",
        "activity": "行业代码",
        "place": "住所",
    }
    assert found.wanted == ["统一社会信用代码", "企业名称", "经营范围"]
    assert found.all == ["统一社会信用代码", "企业名称", "经营范围", "成立日期", "注册资本", "行业代码", "住所"]
