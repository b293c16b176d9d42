"""Cells of a register as people type them: money, days, numbers, codes of activities. What is unreadable says why."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

from xiandao.kernel.money import UNITS

_AMOUNT: Final = re.compile(r"(?P<before>\D*?)(?P<number>-?\d[\d,]*(?:\.\d+)?)(?P<after>.*)")
_UNIT_WORDS: Final = tuple(sorted((*UNITS, "亿", "万", "千万", "百万"), key=len, reverse=True))
_YUAN_WORDS: Final = ("人民币", "rmb", "cny", "￥", "¥", "元", "圆", "整")
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ t]\d{1,2}:.*)?\Z")
_DIGITS_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_ACTIVITY: Final = re.compile(r"([A-Ta-t]?\d{2,4}|[A-Ta-t])(?!\d)")
_EARLIEST: Final = 1800
_LARGEST: Final = Decimal(10) ** 17
_EXCEL_ZERO: Final = dt.date(1899, 12, 30)
_EXCEL_FROM, _EXCEL_TO = 10_000, 60_000


class Read(NamedTuple):
    """A cell read: its value (None: unknown), and where it could not be read why."""

    value: str | None
    why: str = ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def capital(text: str, *, unit: str = "", currency: str = "") -> Read:
    """Return an amount of money as yuan with two decimals: 500万元人民币, 1,000, 人民币贰佰万元整 is not read.

    ``unit`` is what the heading prints for numbers without one, "" for yuan; ``currency`` what a column of its own
    says. Money of another country stays unknown: it is not converted.
    """
    plain = _plain(text)
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return Read(None, "不是金额")
    words = found["before"] + found["after"]
    power = next((word for word in _UNIT_WORDS if found["after"].startswith(word)), "")
    rest = words.replace(power, "", 1) if power else words
    for word in _YUAN_WORDS:
        rest = rest.replace(word, "")
    foreign = rest.strip("()（）.") or _foreign(currency)
    if foreign:
        return Read(None, "不是人民币，未折算")
    exponent = UNITS[power if power.endswith("元") or not power else power + "元"] if power else UNITS[unit or "元"]
    value = Decimal(found["number"].replace(",", "")).scaleb(exponent)
    if value < 0 or value >= _LARGEST:
        return Read(None, "金额超出范围")
    return Read(str(value.quantize(Decimal("0.01"))))


def has_unit(text: str) -> bool:
    """Whether an amount names its own unit or currency."""
    return any(word in _plain(text) for word in ("元", "万", "亿", "圆", "rmb", "cny", "¥", "￥"))


def _foreign(currency: str) -> str:
    plain = _plain(currency)
    return "" if plain in {"", "人民币", "人民币元", "rmb", "cny", "156"} else plain


def day(text: str) -> Read:
    """Return a day as YYYY-MM-DD: 2020-01-02, 2020/1/2, 2020年1月2日, 20200102, also with a time, Excel's number."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    found = _DAY.match(plain) or _DIGITS_DAY.match(plain)
    if found is not None:
        year, month, number = (int(part) for part in found.groups())
        try:
            read = dt.date(year, month, number)
        except ValueError:
            return Read(None, "没有这一天")
        return Read(read.isoformat()) if read.year >= _EARLIEST else Read(None, "年份过早")
    if re.fullmatch(r"\d{5}(?:\.0+)?", plain) and _EXCEL_FROM <= float(plain) <= _EXCEL_TO:
        return Read((_EXCEL_ZERO + dt.timedelta(days=int(float(plain)))).isoformat())
    return Read(None, "不是日期")


def count(text: str) -> Read:
    """Return a number of things as digits: 12, 12.0, 1,200, 12件."""
    found = re.fullmatch(r"(\d[\d,]*)(?:\.0+)?[件项个]?", _plain(text))
    if found is None:
        return Read(None, "不是个数")
    value = int(found[1].replace(",", ""))
    return Read(str(value)) if value < 2**31 else Read(None, "个数过大")


def activity(text: str) -> Read:
    """Return the code of an activity (GB/T 4754) at the beginning of a cell: 3841, C3841, C3841 锂离子电池制造."""
    found = _ACTIVITY.match(_plain(text))
    return Read(found[1].upper()) if found else Read(None, "没有行业代码")
