"""The words a printer adds itself, in Chinese and English: labels, heading numbers, dates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from xiandao.printing.official.model import Language
from xiandao.printing.word_numbers import chinese_number

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    annex: str
    """Before the number of an annex."""
    one_annex: str
    annexes: str
    """Before the title of the only annex and before the list of several."""
    copies: str
    printed: str
    """“{}” stands for the date of printing."""
    note: str
    empty: str
    colon: str
    comma: str
    stop: str
    brackets: str
    """“{}” stands for the number of a document below its title."""
    day: Callable[[date], str]
    heading: Callable[[Sequence[int]], str]
    """Gives the number before a heading from the counts of its level and those above."""


def _chinese_day(day: date) -> str:
    """Return a date in Arabic digits without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def _english_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _chinese_heading(counts: Sequence[int]) -> str:
    """Return 一、（一）1. （1）by level (GB/T 9704-2012, 7.3.3)."""
    number = counts[-1]
    return (f"{chinese_number(number)}、", f"（{chinese_number(number)}）", f"{number}. ", f"（{number}）")[
        len(counts) - 1
    ]


def _english_heading(counts: Sequence[int]) -> str:
    return ".".join(map(str, counts)) + (". " if len(counts) == 1 else " ")


WORDINGS: Final[Mapping[Language, Wording]] = MappingProxyType(
    {
        "zh": Wording(
            annex="附件",
            one_annex="附件：",
            annexes="附件：",
            copies="抄送：",
            printed="{}印发",
            note="注：",
            empty="本期无",
            colon="：",
            comma="，",
            stop="。",
            brackets="（{}）",
            day=_chinese_day,
            heading=_chinese_heading,
        ),
        "en": Wording(
            annex="Annex ",
            one_annex="Annex: ",
            annexes="Annexes: ",
            copies="Copies to: ",
            printed="Printed on {}",
            note="Note: ",
            empty="None in this period",
            colon=":",
            comma=", ",
            stop=".",
            brackets="({})",
            day=_english_day,
            heading=_english_heading,
        ),
    }
)


class HeadingNumbers:
    """Counts the headings of a body in the order they are asked for."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._counts: list[int] = []

    def next(self, level: int) -> str:
        """Return the number of the next heading of a level; a level that was skipped counts as 1."""
        above = self._counts[: level - 1]
        above += [1] * (level - 1 - len(above))
        number = self._counts[level - 1] + 1 if len(self._counts) >= level else 1
        self._counts = [*above, number]
        return self._wording.heading(self._counts)
