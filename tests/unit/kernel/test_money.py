from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import InvalidValue, Money

amounts = st.decimals(-(10**15), 10**15, places=2, allow_nan=False, allow_infinity=False).map(Money)


def test_units_are_exact():
    assert Money.of("1.2", "亿元") == Money(Decimal(120_000_000))
    assert Money.of(3000, "万元").yuan == 30_000_000
    assert Money.of(Decimal("0.5"), "万亿元").yuan == 500_000_000_000
    assert Money.of("120000000").in_unit("万元") == Decimal(12000)
    assert Money.of("0.1").in_unit("亿元") == Decimal("1E-9")


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), True, None, "abc", "NaN", "Infinity", Decimal("NaN"), ""])
def test_floats_and_what_is_no_number_are_refused(value):
    with pytest.raises(InvalidValue, match="金额"):
        Money.of(value)


def test_unknown_units_are_refused():
    with pytest.raises(InvalidValue, match="金额单位“美元”"):
        Money.of(1, "美元")
    with pytest.raises(InvalidValue, match="金额单位"):
        Money.parse("3吨")


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1.2亿元", "120000000"),
        ("3,000万元", "30000000"),
        ("５００ 元", "500"),
        ("500", "500"),
        ("2亿", "200000000"),
        ("-3万元", "-30000"),
        ("1000万元", "10000000"),
    ],
)
def test_printed_amounts_are_read(text, yuan):
    assert Money.parse(text).yuan == Decimal(yuan)


@pytest.mark.parametrize("text", ["", "万元", "1.2.3元", "一百元", None])
def test_unreadable_amounts_are_refused(text):
    with pytest.raises(InvalidValue):
        Money.parse(text)


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("0", "0元"),
        ("999.50", "999.5元"),
        ("9999.99", "9999.99元"),
        ("10000", "1万元"),
        ("30000000", "3000万元"),
        ("120000000", "1.2亿元"),
        ("123456789.01", "1.2345678901亿元"),
        ("-120000000", "-1.2亿元"),
        ("500000000000", "5000亿元"),
        ("100", "100元"),
    ],
)
def test_print_chooses_the_unit_and_strips_zeros(yuan, text):
    assert str(Money.of(yuan)) == text


@pytest.mark.parametrize(
    ("yuan", "places", "text"),
    [
        ("123456789", 2, "1.23亿元"),
        ("99999999.5", 2, "1亿元"),
        ("9999.996", 2, "1万元"),
        ("0.125", 2, "0.13元"),
        ("-0.001", 2, "0元"),
        ("12345", 0, "1万元"),
    ],
)
def test_rounding_for_print_is_half_up_and_moves_to_the_next_unit(yuan, places, text):
    assert Money.of(yuan).text(places=places) == text


def test_print_in_a_given_unit():
    assert Money.of("1.2", "亿元").text("万元") == "12000万元"
    assert Money.of("1234.5").text("万元", 2) == "0.12万元"


def test_arithmetic():
    a, b = Money.of("1.10"), Money.of("2.05")
    assert a + b == Money.of("3.15")
    assert b - a == Money.of("0.95")
    assert -a == Money.of("-1.1")
    assert abs(-a) == a
    assert a * 3 == 3 * a == Money.of("3.3")
    assert Money.of(500) * Decimal("0.35") == Money.of(175)
    assert Money.of(1) / 4 == Money.of("0.25")
    assert Money.of(1) / Money.of(4) == Decimal("0.25")
    assert sum([a, b], start=Money.of(0)) == sum([a, b]) == Money.of("3.15")
    assert a < b
    assert Money.of("1.10") == Money.of("1.1")
    assert hash(Money.of("1.10")) == hash(Money.of("1.1"))
    assert Money.of("0.125").to_fen() == Money.of("0.13")
    assert Money.of("-0.125").to_fen() == Money.of("-0.13")


@pytest.mark.parametrize("wrong", [lambda m: m + 1, lambda m: m - 1, lambda m: 1 + m])
def test_bare_numbers_are_not_added_to_money(wrong):
    with pytest.raises(TypeError):
        wrong(Money.of(1))


@pytest.mark.parametrize("wrong", [lambda m: m * 0.5, lambda m: m / 0.5, lambda m: m * m, lambda m: m / 0])
def test_floats_and_zero_divisors_are_refused(wrong):
    with pytest.raises(InvalidValue):
        wrong(Money.of(1))


def test_split_by_hand():
    assert Money.of("100").split([1, 1, 1]) == (Money.of("33.34"), Money.of("33.33"), Money.of("33.33"))
    assert Money.of("-0.05").split([1, 1]) == (Money.of("-0.03"), Money.of("-0.02"))
    assert Money.of("10").split([Decimal("0.7"), 0, Decimal("0.3")]) == (Money.of(7), Money.of(0), Money.of(3))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_split_needs_weights_that_weigh(weights):
    with pytest.raises(InvalidValue, match="权重"):
        Money.of(1).split(weights)


def test_split_needs_whole_fen():
    with pytest.raises(InvalidValue, match="to_fen"):
        Money.of("0.001").split([1])


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_split_adds_up_and_stays_within_a_fen_of_the_exact_share(amount, weights):
    shares = amount.split(weights)
    assert sum(shares, start=Money.of(0)) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.yuan - amount.yuan * weight / sum(weights)) < Decimal("0.01") + Decimal("1E-9")
        assert weight or not share.yuan


@given(amounts, st.sampled_from(["元", "万元", "亿元", "万亿元"]))
def test_a_unit_and_back_is_the_same_amount(amount, unit):
    assert Money.of(amount.in_unit(unit), unit) == amount


@given(amounts)
def test_printed_text_reads_back_exactly(amount):
    assert Money.parse(amount.text()) == amount


@pytest.mark.parametrize(
    ("yuan", "upper"),
    [
        # The first five are the examples of 正确填写票据和结算凭证的基本规定.
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100", "壹佰元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("-12", "负壹拾贰元整"),
        ("100000000", "壹亿元整"),
        ("1000000005", "壹拾亿零伍元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1000000000000", "壹万亿元整"),
        ("20000000", "贰仟万元整"),
        ("100010001", "壹亿零壹万零壹元整"),
    ],
)
def test_capital_numerals(yuan, upper):
    assert Money.of(yuan).upper() == upper


def test_capital_numerals_have_an_end():
    with pytest.raises(InvalidValue, match="一亿亿"):
        Money.of(10**16).upper()


def _read_capitals(text):
    """Read capital numerals of whole yuan back: the independent check of `upper`."""
    total = section = digit = 0
    for c in text.removesuffix("元整"):
        if c in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(c)
        elif c in "拾佰仟":
            section, digit = section + digit * 10 ** (" 拾佰仟".index(c)), 0
        elif c == "万":
            section, digit = (section + digit) * 10**4, 0
            total, section = total + section, 0
        elif c == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit


@given(st.integers(1, 10**16 - 1))
def test_capital_numerals_read_back(yuan):
    assert _read_capitals(Money.of(yuan).upper()) == yuan
