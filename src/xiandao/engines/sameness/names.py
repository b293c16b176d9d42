"""Canonical forms of names and identifiers: what two clerks write differently for one thing comes out equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from xiandao.kernel import CreditCode, InvalidValue, LegacyRegistration, identify

_OPENING, _CLOSING = "[{<〔【〖「『《〈﹝", "]}>〕】〗」』》〉﹞"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_BRACKETED = re.compile(r"\(([^()]*)\)")
_NO_WORD = re.compile(r"[\W_]+")
_LEGAL_FORM = re.compile(r"(?:集团)?(?:股份有限公司|有限责任公司|股份公司|有限公司)")
_LAST_FORM = re.compile(
    r"(?:集团总公司|集团公司|总公司|集团|(?<![分限])公司|(?:特殊普通|普通|有限)合伙|合伙企业|coltd)\Z"
)
_LEAST_WITHOUT_PLACE = 3
"""A name keeps its place if less than this would be left: 某某大学 and 某某银行 are named after it."""
_SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class NameKey:
    """A name in canonical form: `key` for comparing, `full` with the places left in, `places` those taken off."""

    key: str
    full: str
    places: frozenset[str]


def normalise_name(text: str, places: Iterable[str] = ()) -> str:
    """Return the canonical key of a name; "" if nothing of it can be compared.

    NFKC and case folding; white space, punctuation and brackets dropped; legal forms dropped wherever they stand
    (有限责任公司, 有限公司, 股份有限公司, 股份公司) or at the end (集团, 公司, 合伙企业 …), but never the whole
    name, and 分公司 stays; places at the beginning or alone in brackets dropped, as long as three characters are
    left. Everything else, such as 项目, 平台, 中心, stays.

    `places`: names of provinces, cities, counties; 省 or 市 at their ends may be missing in the text.
    Source: 公司法 (2023) 第七条 for the legal forms; 企业名称登记管理规定 (国务院令第734号) 第六条 for the parts.
    """
    return name_key(text, tuple(places)).key


@lru_cache(maxsize=1 << 14)
def name_key(text: str, places: tuple[str, ...]) -> NameKey:
    """Return the canonical form of a name (see `normalise_name`) with what was taken off it."""
    pattern = _place_pattern(places)
    plain = _fold(text).translate(_BRACKETS)
    found: list[str] = []

    def bracketed(match: re.Match[str]) -> str:
        rest, named = _without_places(_NO_WORD.sub("", match[1]), pattern, least=0)
        if rest:
            return match[0]
        found.extend(named)
        return ""

    # 南京 and 南京市 at the beginning are one place, so that the name with its place is one name too.
    rest, written = _without_places(_without_forms(_NO_WORD.sub("", plain)), pattern, least=_LEAST_WITHOUT_PLACE)
    full = "".join(written) + rest
    unbracketed = _without_forms(_NO_WORD.sub("", _BRACKETED.sub(bracketed, plain)))
    if not unbracketed:
        return NameKey(full, full, frozenset())
    key, named = _without_places(unbracketed, pattern, least=_LEAST_WITHOUT_PLACE)
    return NameKey(key, full, frozenset([*found, *named]))


@lru_cache(maxsize=1 << 14)
def identifier_key(text: str) -> tuple[str, str] | None:
    """Return (type, canonical form) of an identifier; None for blanks and for placeholders such as 无, —, 000.

    Credit codes and old registration numbers as the kernel reads them (also those the register itself has wrong). Other
    numbers: NFKC, capitals, white space dropped; punctuation is dropped too, save between two digits, where it becomes
    “-”: 2024-1-12 and 2024-11-2 are different numbers. Their type is their pattern with every run of digits written #,
    so that numbers of different series never speak against each other.
    """
    code = _code(text)
    if code is not None:
        return type(code).__name__, code.value
    plain = re.sub(r"\s+", "", _fold(text)).upper()
    number = re.sub(r"(?<=\d)[\W_]+(?=\d)", "-", plain)
    number = re.sub(r"[^\w-]+|_+|(?<!\d)-+|-+(?!\d)", "", number)
    if not re.search(r"[1-9]", number):
        return None
    return re.sub(r"\d+", "#", number), number


def numbers_in(key: str) -> tuple[str, ...]:
    """Return the numbers in a canonical name, in order: what tells a first phase from a second one."""
    return tuple(re.findall(r"\d+|[一二三四五六七八九十百]+(?=[期号批届标段])|(?<=第)[一二三四五六七八九十百]+", key))


def _code(text: str) -> CreditCode | LegacyRegistration | None:
    """Return the code in `text`, also one whose only fault is the check inside its organisation code."""
    try:
        return identify(text)
    except InvalidValue as fault:
        refused = fault.value
    try:
        return CreditCode(refused) if isinstance(refused, str) else None
    except InvalidValue:
        return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _without_forms(name: str) -> str:
    """Return `name` without legal forms; a form that is the whole name stays."""
    while True:
        shorter = _LEGAL_FORM.sub("", name) or name
        shorter = _LAST_FORM.sub("", shorter) or shorter
        if shorter == name:
            return name
        name = shorter


def _without_places(name: str, pattern: re.Pattern[str] | None, *, least: int) -> tuple[str, list[str]]:
    """Return `name` without the places it begins with, as long as `least` characters are left, and their stems."""
    found: list[str] = []
    while pattern is not None and (match := pattern.match(name)) and len(name) - match.end() >= least:
        found.append(match[1])
        name = name[match.end() :]
    return name, found


@lru_cache(maxsize=16)
def _place_pattern(places: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern that matches any place, longest first, with or without 省 or 市; group 1 is its stem."""
    stems = {_stem(_NO_WORD.sub("", _fold(place))) for place in places} - {""}
    if not stems:
        return None
    words = "|".join(map(re.escape, sorted(stems, key=lambda stem: (-len(stem), stem))))
    return re.compile(rf"({words})(?:省|市(?![场政民]))?")


def _stem(place: str) -> str:
    return place[:-1] if place[-1:] in {"省", "市"} and len(place) > _SHORTEST_STEM else place
