"""Numerals, units, comparators: what stands in a stretch of text before anyone asks what it means."""

from decimal import Decimal

import pytest

from xiandao.engines.policytext.normalise import fold
from xiandao.engines.policytext.numerals import arabic, chinese_to_int, ordinal, split_scale
from xiandao.engines.policytext.quantities import find_quantities, mask


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百五十", 150),
        ("三千", 3000),
        ("两万五千", 25000),
        ("一亿二千万", 120000000),
        ("二〇二七", 2027),
        ("万", 10000),
        ("百万", 1000000),
        ("万亿", 10**12),
        ("三三两十", None),
        ("家", None),
        ("", None),
    ],
)
def test_chinese_numerals(words, value):
    assert chinese_to_int(words) == value


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("三千", (Decimal(3000), "")),
        ("五万", (Decimal(5), "万")),
        ("万亿", (Decimal(1), "万亿")),
        ("千亿", (Decimal(1000), "亿")),
        ("五千万", (Decimal(5000), "万")),
        ("一万五千", (Decimal(15000), "")),
    ],
)
def test_the_scale_word_stays_with_the_unit(words, parts):
    assert split_scale(words) == parts


def test_arabic_numbers_with_scale_words():
    assert arabic("1,200", "") == (Decimal(1200), "")
    assert arabic("3", "千万") == (Decimal(3000), "万")
    assert arabic("1.5", "万亿") == (Decimal("1.5"), "万亿")
    assert ordinal("12") == 12
    assert ordinal("十二") == 12


def read(text):
    return [
        (
            f"{q.low}-{q.high}" if q.value is None else f"{q.value:f}",
            q.unit,
            q.comparator,
        )
        for q in find_quantities(fold(text))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3000亿元", [("3000", "亿元", "=")]),
        ("万亿元", [("1", "万亿元", "=")]),
        ("4万人次", [("4", "万人次", "=")]),
        ("百家", [("100", "家", "=")]),
        ("三千名", [("3000", "名", "=")]),
        ("翻一番", [("100", "%", "=")]),
        ("翻两番", [("300", "%", "=")]),
        ("6个百分点", [("6", "个百分点", "=")]),
        ("百分之二十以上", [("20", "%", "≥")]),
        ("三分之一", [("33.3", "%", "=")]),
        ("四分之三左右", [("75.0", "%", "≈")]),
        ("七成半以上", [("75", "%", "≥")]),
        ("4—7家", [("4-7", "家", "=")]),
        ("5-8家", [("5-8", "家", "=")]),
        ("5～8家", [("5-8", "家", "=")]),
        ("6至9个", [("6-9", "个", "=")]),
        ("20%—25%", [("20-25", "%", "=")]),
        ("5家至8家", [("5-8", "家", "=")]),
        ("三至五家", [("3-5", "家", "=")]),
        ("50万元至200万元", [("50-200", "万元", "=")]),
        ("前十位", [("10", "位", "≤")]),
        ("第4位", [("4", "位", "=")]),
        ("100家以上", [("100", "家", "≥")]),
        ("不少于100家", [("100", "家", "≥")]),
        ("超100家", [("100", "家", "≥")]),
        ("突破100家", [("100", "家", "≥")]),
        ("不低于18%", [("18", "%", "≥")]),
        ("不超过150万元", [("150", "万元", "≤")]),
        ("最高给予90万元", [("90", "万元", "≤")]),
        ("5个工作日以内", [("5", "个工作日", "≤")]),
        ("15个左右", [("15", "个", "≈")]),
        ("约15个", [("15", "个", "≈")]),
        ("近500名", [("500", "名", "≈")]),
        ("20余项", [("20", "项", "=")]),
        ("突破百项关键技术", [("100", "项", "=")]),
        ("节约100万吨标准煤", [("100", "万吨标准煤", "=")]),
        ("100名（个）", [("100", "名（个）", "=")]),
        ("60台（套）", [("60", "台（套）", "=")]),
        ("360台/万人", [("360", "台/万人", "=")]),
        ("160瓦时/千克以上", [("160", "瓦时/千克", "≥")]),
        ("2500P以上", [("2500", "P", "≥")]),
        ("20EFLOPS", [("20", "EFLOPS", "=")]),
        ("50MW", [("50", "MW", "=")]),
        ("1,200家", [("1200", "家", "=")]),
        ("一次建成20具，", [("1", "次", "="), ("20", "具", "=")]),
        ("充电桩5000桩，", [("5000", "桩", "=")]),
        ("PUE降至1.25以下", [("1.25", "", "≤")]),
        ("达到2.3:1", [("2.3", "", "=")]),
        (
            "分别完成120万、150万、180万平方米",
            [("120", "万平方米", "="), ("150", "万平方米", "="), ("180", "万平方米", "=")],
        ),
    ],
)
def test_quantities(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2024年2月27日",
        "到2027年底",
        "2025—2027年",
        "苏发改高技发〔2024〕229号",
        "第38次常务会议",
        "“10+X”产业体系",
        "10+X",
        "U35",
        "G60科创走廊",
        "5G专网",
        "4K/8K",
        "《三年行动方案》",
        "“三个区分开来”",
        "七部门",
        "0510-12345678",
        "千亿级产业",
        "十五五规划",
    ],
)
def test_names_dates_and_numbers_of_documents_are_no_quantities(text):
    assert read(text) == []


def test_masking_keeps_the_length():
    text = "到2027年，落实《方案》“10+X”要求，建成50家。"
    assert len(mask(text)) == len(text)
    assert "2027" not in mask(text)
