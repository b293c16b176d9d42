import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import CodeStatus, CreditCode, InvalidValue, LegacyRegistration, check_credit_codes, identify
from xiandao.kernel.credit_code import (
    ALPHABET,
    WEIGHTS,
    check_character,
    legacy_check_digit,
    organisation_check_character,
)

TRUE_CODES = ["91330100799655058B", "9144030071526726XG", "914403001922038216", "91110000802100433B"]
TRUE_LEGACY = "110108000000016"  # the worked example of GS 15-2006


@st.composite
def valid_codes(draw):
    head = draw(st.sampled_from("1359ANY")) + draw(st.sampled_from("1239"))
    region = draw(st.text("0123456789", min_size=6, max_size=6))
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    first17 = head + region + body + organisation_check_character(body)
    return first17 + check_character(first17)


@pytest.mark.parametrize("code", TRUE_CODES)
def test_true_codes_are_accepted(code):
    assert str(CreditCode.parse(code)) == code
    assert CreditCode.parse(code).organisation_check_ok


def test_parts_of_a_code():
    code = CreditCode.parse("9144030071526726XG")
    assert code.region_digits == "440300"
    assert code.organisation_code == "71526726X"


@pytest.mark.parametrize(
    "typed",
    [
        "９１３３０１００７９９６５５０５８Ｂ",
        " 91330100 79965505 8b ",
        "91330100-79965505-8B",
        "9133 0100 7996 5505 8b\t",
        "91330100\u200b799655058B\ufeff",
    ],
)
def test_full_width_spaces_hyphens_and_lower_case_are_put_right(typed):
    assert CreditCode.parse(typed).value == "91330100799655058B"


def test_weights_are_powers_of_three_modulo_31():
    assert [pow(3, i, 31) for i in range(17)] == list(WEIGHTS)


def test_wrong_check_digit_names_the_expected_one():
    with pytest.raises(InvalidValue, match=r"校验码（第18位）“B”，现为“C”.*抄错") as caught:
        CreditCode.parse("91330100799655058C")
    assert caught.value.value == "91330100799655058C"


def test_two_failing_checks_point_to_the_organisation_code():
    with pytest.raises(InvalidValue, match="错处多半在第9—16位"):
        CreditCode.parse("91330100799665058B")


def test_letter_misread_for_digit_is_named_and_the_code_suggested():
    with pytest.raises(InvalidValue, match=r"第5位不能是“O”.*应为 91330100799655058B"):
        CreditCode.parse("9133O100799655058B")


def test_letter_outside_the_alphabet_without_a_good_reading_is_only_named():
    with pytest.raises(InvalidValue, match=r"第18位不能是“V”.*请对照营业执照"):
        CreditCode.parse("91330100799655058V")


def test_letter_among_the_region_digits_is_named():
    with pytest.raises(InvalidValue, match="第6位不能是“A”"):
        CreditCode.parse("91330A00799655058B")


def _with_wrong_organisation_check():
    body = "79965505"
    wrong = next(c for c in "0123456789X" if c != organisation_check_character(body))
    first17 = "91330100" + body + wrong
    return first17 + check_character(first17)


def test_wrong_organisation_check_is_refused_when_typed_and_borne_from_the_register():
    code = _with_wrong_organisation_check()
    with pytest.raises(InvalidValue, match="第17位）“8”"):
        CreditCode.parse(code)
    assert not CreditCode.parse(code, registered=True).organisation_check_ok


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("110108000000016", "旧工商注册号"),
        ("1101080000016", "2007年以前"),
        ("79965505-8", "组织机构代码"),
        ("", "现为0位"),
        ("9133010079965505", "现为16位"),
    ],
)
def test_other_lengths_say_what_they_may_be(text, hint):
    with pytest.raises(InvalidValue, match=hint):
        CreditCode.parse(text)


@pytest.mark.parametrize("value", [None, 914403001922038216, 9.1e17])
def test_a_number_or_nothing_is_refused(value):
    with pytest.raises(InvalidValue, match="文字"):
        identify(value)


def test_legacy_number_is_recognised_with_its_check():
    found = identify("110108-000000016")
    assert found == LegacyRegistration(TRUE_LEGACY)
    assert found.check_ok
    assert found.region_digits == "110108"


def test_legacy_number_with_wrong_check_is_flagged_not_rejected():
    assert identify("110108000000017") == LegacyRegistration("110108000000017")
    assert not LegacyRegistration("110108000000017").check_ok


def test_legacy_number_must_be_fifteen_digits():
    with pytest.raises(InvalidValue, match="15位数字"):
        LegacyRegistration("11010800000001X")


@given(st.text("0123456789", min_size=14, max_size=14))
def test_legacy_check_digit_satisfies_iso_7064(first14):
    # Independent form: the recursion run over all fifteen digits ends in 1 modulo 10.
    product = 10
    for digit in first14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    assert (product + int(legacy_check_digit(first14))) % 10 == 1


@given(valid_codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_changing_one_character_is_always_detected(code, position, other):
    # 31 is prime and no weight is a multiple of it, so one change always moves the sum.
    changed = code[:position] + other + code[position + 1 :]
    if changed == code:
        assert CreditCode.parse(code).value == code
    else:
        with pytest.raises(InvalidValue):
            CreditCode.parse(changed, registered=True)


@given(valid_codes(), st.integers(0, 16))
def test_swapping_neighbours_is_always_detected(code, i):
    swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
    if swapped != code:
        with pytest.raises(InvalidValue):
            CreditCode.parse(swapped)


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_check_character_agrees_with_the_formula_of_the_standard(first17):
    total = sum(ALPHABET.index(c) * 3**i for i, c in enumerate(first17))
    check = (31 - total % 31) % 31
    assert check_character(first17) == ALPHABET[check]


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_organisation_check_agrees_with_the_formula_of_the_standard(first8):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    v = 11 - sum(digits.index(c) * w for c, w in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    assert organisation_check_character(first8) == {10: "X", 11: "0"}.get(v, str(v))


def test_column_check_names_each_fault():
    values = [
        "９１３３０１００７９９６５５０５８b",
        None,
        "  ",
        TRUE_LEGACY,
        "110108000000017",
        "123",
        "9133O100799655058B",
        "9133010A799655058B",
        "91330100799655058C",
        _with_wrong_organisation_check(),
        "先导先导先导先导先导先导先导先导先导",
        914403001922038216,
    ]
    expected = [
        CodeStatus.OK,
        CodeStatus.MISSING,
        CodeStatus.MISSING,
        CodeStatus.LEGACY,
        CodeStatus.LEGACY_BAD_CHECK,
        CodeStatus.BAD_LENGTH,
        CodeStatus.BAD_CHARACTER,
        CodeStatus.BAD_REGION,
        CodeStatus.BAD_CHECK,
        CodeStatus.BAD_ORGANISATION_CHECK,
        CodeStatus.BAD_CHARACTER,
        CodeStatus.BAD_LENGTH,
    ]
    result = check_credit_codes(values)
    assert result.dtype == np.int8
    assert [CodeStatus(s) for s in result] == expected
    assert all(CodeStatus(s).label for s in result)


def test_column_check_of_nothing_is_empty():
    assert check_credit_codes([]).shape == (0,)


@given(st.lists(st.one_of(st.none(), valid_codes(), st.text(ALPHABET + "OI -b文", min_size=0, max_size=19))))
def test_column_check_agrees_with_one_by_one(values):
    for value, status in zip(values, check_credit_codes(values), strict=True):
        try:
            good = isinstance(identify(value), CreditCode)
            legacy = not good
        except InvalidValue:
            good = legacy = False
        assert (status == CodeStatus.OK) == good
        assert (status in {CodeStatus.LEGACY, CodeStatus.LEGACY_BAD_CHECK}) == legacy
