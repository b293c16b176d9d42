import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.sameness import identifier_key, normalise_name

PLACES = ["东海省", "临海市", "安平市", "望江县"]
FORMS = ["有限责任公司", "股份有限公司", "有限公司", "股份公司", "集团有限公司", "集团", "公司", "（集团）股份有限公司"]
stems = st.text(alphabet="量子智算未来先导创新材料甲乙丙abc123", min_size=3, max_size=14)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("东海省临海市先导科技（集团）股份有限公司", "先导科技"),
        ("临海先导科技有限公司", "先导科技"),
        ("先导科技（临海）有限公司", "先导科技"),
        ("先导　科技【临海市】有限责任公司", "先导科技"),
        ("先导(东海省临海)科技", "先导科技"),
        ("ＡＩ·Ｌａｂ Co., Ltd.", "ailab"),
        ("先导科技有限公司量子计算平台", "先导科技量子计算平台"),
        ("先导未来产业创新中心（二期）", "先导未来产业创新中心二期"),
        ("先导电子公司", "先导电子"),
        ("先导科技临海分公司", "先导科技临海分公司"),
        ("先导创业投资合伙企业（有限合伙）", "先导创业投资"),
    ],
)
def test_spellings_of_one_name(text, key):
    assert normalise_name(text, PLACES) == key


@pytest.mark.parametrize("text", ["项目", "平台", "中心", "研究院", "集团公司", "有限公司", "公司"])
def test_what_is_the_whole_name_stays(text):
    assert normalise_name(text, PLACES) == text


@pytest.mark.parametrize("name", ["临海大学", "安平银行", "临海市"])
def test_a_name_keeps_its_place_if_too_little_would_be_left(name):
    assert normalise_name(name, PLACES) == name


def test_the_city_in_front_is_not_cut_out_of_another_word():
    assert normalise_name("临海市场研究中心", PLACES) == normalise_name("临海市市场研究中心", PLACES) == "市场研究中心"


def test_without_places_none_is_taken_off():
    assert normalise_name("临海先导科技有限公司") == "临海先导科技"


@pytest.mark.parametrize("text", ["", "　", "（）", "——", "\u200b"])
def test_nothing_to_compare(text):
    assert normalise_name(text, PLACES) == ""


@given(stems, st.sampled_from(FORMS))
def test_an_added_legal_form_changes_nothing(stem, form):
    assert normalise_name(stem + form, PLACES) == normalise_name(stem, PLACES)


@given(stems, st.sampled_from(["东海省", "临海", "临海市", "东海省安平市", "望江县"]))
def test_a_place_in_front_changes_nothing(stem, place):
    assert normalise_name(place + stem, PLACES) == normalise_name(stem, PLACES)


@given(stems, st.lists(st.integers(0, 20), max_size=4), st.sampled_from([" ", "　", "\t", "·", "-", "、", "\u200b"]))
def test_white_space_and_punctuation_change_nothing(stem, positions, mark):
    spaced = stem
    for position in positions:
        spaced = spaced[:position] + mark + spaced[position:]
    assert normalise_name(spaced, PLACES) == normalise_name(stem, PLACES)


@given(stems)
def test_full_width_and_case_change_nothing(stem):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in stem.upper())
    assert normalise_name(wide, PLACES) == normalise_name(stem, PLACES)


@given(st.text(alphabet="先导科技公司集团有限临海市()（）甲1a ", max_size=16))
def test_a_key_is_its_own_key(text):
    key = normalise_name(text, ())
    assert normalise_name(key, ()) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("91350100M000100Y43", " 91350100m000100y43 "),
        ("91350100M000100Y43", "９１３５０１００-M000100Y-43"),
        ("GR202432000123", "gr 2024 3200 0123"),
        ("东工信〔2024〕12号", "东工信（2024）12号"),
        ("JS-2024-1-12", "JS 2024.1.12".replace(" ", "-")),
    ],
)
def test_spellings_of_one_identifier(one, other):
    assert identifier_key(one) == identifier_key(other) is not None


@pytest.mark.parametrize(("one", "other"), [("JS-2024-1-12", "JS-2024-11-2"), ("GR2024001", "GR2024002")])
def test_different_numbers_stay_apart(one, other):
    assert identifier_key(one) != identifier_key(other)


@pytest.mark.parametrize("text", ["", " ", "无", "/", "—", "000", "待核", "N/A"])
def test_placeholders_are_no_identifiers(text):
    assert identifier_key(text) is None


def test_type_is_the_kind_of_code_or_the_pattern_of_the_number():
    assert identifier_key("91350100M000100Y43")[0] == "CreditCode"
    assert identifier_key("GR2024001")[0] == identifier_key("GR99")[0] == "GR#"
