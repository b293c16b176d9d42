"""Writes numbers with their footnotes: what rows, filtered how, as of when, and where the list is."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from xiandao.domains.progress.meeting.facts import Facts
from xiandao.domains.progress.meeting.model import Column, Number, Remark, Words
from xiandao.domains.progress.meeting.paths import figure_path, plan_path, rows_path
from xiandao.domains.shared.format import number
from xiandao.kernel import Figure

UNREPORTED = "—（尚无核实报告）"
UNKNOWN = "—"
UNKNOWN_REMARK = "“—”为尚无核实报告（申报数、进展状态为尚无提交的报告），数未知，不等于零。"
_ROW = {"organisation": "organisation=本行单位", "region": "region=本行地区", "target": "target=本行目标"}


def day_text(day: dt.date) -> str:
    """Return a day as official documents write it (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: dt.datetime) -> str:
    """Return a moment of local time, to the minute."""
    local = timezone.localtime(moment)
    return f"{day_text(local.date())}{local.hour}时{local.minute:02}分"


def short_day(moment: dt.date | dt.datetime | None) -> str:
    """Return a day for a table."""
    if moment is None:
        return UNKNOWN
    day = timezone.localtime(moment).date() if isinstance(moment, dt.datetime) else moment
    return day.isoformat()


def text_of(value: Decimal | int | None) -> str | None:
    """Return a number as decimal text without trailing zeros; None stays None."""
    return None if value is None else number(value).replace(",", "")


class Pen:
    """Writes the numbers of one set of papers and keeps their footnotes in the order of their first use."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.at = facts.at
        self.stamp = moment_text(facts.at.as_of)
        self._notes: dict[str, str] = {}

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._notes.items())

    def count(self, key: str, value: int | None, what: str, kind: str, *, unit: str = "", **filters: str) -> Number:
        """Return a number of rows with a footnote of its own. `what` says which rows; `kind`, `filters` their list."""
        url = rows_path(self.at, kind, **filters)
        self._note(key, what, url)
        return Number(key, text_of(value), unit, key, url)

    def fact(self, key: str, value: int | None, what: str, url: str, *, unit: str = "") -> Number:
        """Return a number that is no count of a list of progress, such as how many measures the plan has."""
        self._note(key, what, url)
        return Number(key, text_of(value), unit, key, url)

    def figure(self, key: str, figure: Figure, what: str) -> Number:
        """Return a figure of a target with the footnote of its column."""
        return Number(key, text_of(figure.value), "", what, figure_path(figure))

    def column(
        self, name: str, label: str, what: str, kind: str, *, by: str, width: float = 0, **filters: str
    ) -> Column:
        """Return a column of counts: its footnote says which rows and that each line takes those of its own `by`."""
        url = rows_path(self.at, kind, **filters)
        self._notes[name] = f"{what}，按行分列；截至{self.stamp}；明细：{url}&{_ROW[by]}"
        return Column(label, name, "center", width)

    def told(self, name: str, label: str, sentence: str, *, width: float = 0) -> Column:
        """Return a column whose footnote is a sentence of its own, the moment added."""
        self._notes[name] = f"{sentence}；截至{self.stamp}。"
        return Column(label, name, "center", width)

    def cell(self, column: str, line: str, value: int | None, kind: str, **filters: str) -> Words:
        """Return a number under a column; its footnote is the column's."""
        return (Number(f"{column}/{line}", text_of(value), "", column, rows_path(self.at, kind, **filters)),)

    def plain(self, column: str, line: str, value: int | None) -> Words:
        """Return a number under a column that has no list of its own."""
        return (Number(f"{column}/{line}", text_of(value), "", column, plan_path(self.at)),)

    def _note(self, key: str, what: str, url: str) -> None:
        self._notes[key] = f"{what}；截至{self.stamp}；明细：{url}"


def shown(of: int, printed: int, where: str) -> tuple[Remark, ...]:
    """Return what is said where a list is longer than what is printed of it."""
    if of <= printed:
        return ()
    return (Remark(f"共{of}项，此处列前{printed}项，其余见 {where}"),)
