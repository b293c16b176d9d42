"""What a written text means: numbers, money with 万 and 亿, dates as people write them, yes and no, codes of lists."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

_NUMBER: Final = re.compile(r"^[+-]?[0-9]+(\.[0-9]+)?$")
_DATE: Final = re.compile(r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$")
_COMPACT_DATE: Final = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})$")
_UNITS: Final = {"亿元": 100_000_000, "亿": 100_000_000, "万元": 10_000, "万": 10_000, "元": 1}
_YES: Final = frozenset({"yes", "是", "有", "true", "1", "y"})
_NO: Final = frozenset({"no", "否", "无", "false", "0", "n"})
_PLACES: Final = 2
_MOST_DIGITS: Final = 18


class Unclear(Exception):  # noqa: N818 — read as a sentence: what was written is unclear
    """A text that cannot be read as what is asked for; the message says what is expected."""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("，", "")


def number(text: str) -> Decimal:
    """Return a number. Raises Unclear."""
    plain = _plain(text)
    if not _NUMBER.match(plain) or len(plain) > _MOST_DIGITS:
        raise Unclear(_("“%(text)s”不是数字：请只写数字，如 1200 或 12.5。") % {"text": text[:40]})
    return Decimal(plain)


def whole(text: str) -> int:
    """Return a whole number. Raises Unclear."""
    found = number(text)
    if found != found.to_integral_value():
        raise Unclear(_("“%(text)s”不是整数。") % {"text": text[:40]})
    return int(found)


def money(text: str) -> Decimal:
    """Return yuan; 万, 万元, 亿 and 亿元 are understood. Raises Unclear, also for more than two decimals."""
    plain = _plain(text)
    factor = 1
    for unit, size in _UNITS.items():
        if plain.endswith(unit):
            plain, factor = plain.removesuffix(unit), size
            break
    try:
        found = number(plain) * factor
    except (Unclear, InvalidOperation):
        raise Unclear(_("“%(text)s”不是金额：请写元数，如 1200000，或写 120万元。") % {"text": text[:40]}) from None
    if found != round(found, _PLACES):
        raise Unclear(_("“%(text)s”：金额至多两位小数。") % {"text": text[:40]})
    return round(found, _PLACES)


def percent(text: str) -> Decimal:
    """Return a number of percent, with or without the sign. Raises Unclear."""
    return number(unicodedata.normalize("NFKC", text).removesuffix("%"))


def day(text: str) -> dt.date:
    """Return a date. Raises Unclear."""
    plain = _plain(text)
    match = _DATE.match(plain) or _COMPACT_DATE.match(plain)
    try:
        if match:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise Unclear(_("“%(text)s”不是日期：请写成 2026-03-31 的形式。") % {"text": text[:40]})


def yes_no(text: str) -> bool:
    """Return whether it says yes. Raises Unclear."""
    plain = _plain(text).lower()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise Unclear(_("“%(text)s”：请选“是”或“否”。") % {"text": text[:40]})


def one_of(text: str, options: Collection[str]) -> str:
    """Return a text that is among the options. Raises Unclear."""
    if text not in options:
        raise Unclear(_("“%(text)s”不在可选项中。") % {"text": text[:40]})
    return text


def coded(text: str, names: Mapping[str, str]) -> str:
    """Return the code of a list's item, written as its code or its name. Raises Unclear."""
    if text in names:
        return text
    found = [code for code, name in names.items() if text in (name, name.split(" ")[-1])]
    if len(found) != 1:
        raise Unclear(_("“%(text)s”不在列表中。") % {"text": text[:40]})
    return found[0]
