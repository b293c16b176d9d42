"""Published records (published.csv): read and checked row by row. What is odd in a cell is reported, never guessed.

Columns: type, name, city, industry, date, source_url, source_quality, and note if there is one. Facts others published;
they enter the ledger with their source and grade and never count.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from xiandao.domains.ledger.places import Industries, Places, plain

COLUMNS: Final = ("type", "name", "city", "industry", "date", "source_url", "source_quality")
_NOTE: Final = "note"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_PART: Final = re.compile(r"\d{4}(?:-\d{2})?\Z")
_UNSURE: Final = "(to be confirmed)"
_ACROSS: Final = ("cross-industry", "跨产业")
_GRADES: Final = ("A", "B", "C", "D")
_SIZE: Final = re.compile(r"(?:总投资)?\d+(?:\.\d+)?亿元\Z")
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Odd:
    """Something in a row that could not be taken as it stands: line, column, what it says, what was done."""

    line: int
    column: str
    found: str
    done: str

    def __str__(self) -> str:
        return f"第 {self.line} 行 {self.column}：“{self.found}”，{self.done}"


@dataclass(slots=True)
class Record:
    """One published record, ready to enter."""

    line: int
    kind: str
    kind_name: str
    name: str
    regions: list[str] = field(default_factory=list)
    industries: list[str] = field(default_factory=list)
    decided_on: dt.date | None = None
    source: str = ""
    grade: str = ""
    notes: list[str] = field(default_factory=list)


class Unreadable(ValueError):  # noqa: N818 — says what was found
    """The file is no list of published records: what was found and what was expected (Chinese)."""


def read(text: str, *, kinds: dict[str, tuple[str, str]]) -> tuple[list[Record], list[Odd]]:
    """Return the records of a file and what is odd in it. `kinds`: (code, name) by how the file calls a kind.

    A row without a name or of an unknown type is left out and reported. Raises Unreadable where columns are missing.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        raise Unreadable(f"缺少列 {'、'.join(missing)}；第一行应是 {','.join(COLUMNS)}")
    reader = _Reader(kinds, Places.known(), Industries.known())
    return [record for row in _lines(rows) if (record := reader.record(*row))], reader.odd


def _lines(rows: "csv.DictReader[str]") -> Iterable[tuple[int, dict[str, str]]]:
    for row in rows:
        yield rows.line_num, {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}


@dataclass(slots=True)
class _Reader:
    kinds: dict[str, tuple[str, str]]
    places: Places
    fields: Industries
    odd: list[Odd] = field(default_factory=list)

    def say(self, line: int, column: str, found: str, done: str) -> None:
        self.odd.append(Odd(line, column, found, done))

    def record(self, line: int, row: dict[str, str]) -> Record | None:
        kind = self.kinds.get(row["type"])
        if kind is None:
            self.say(line, "type", row["type"], f"不是已知的类别（{'、'.join(self.kinds)}），整行没有载入")
            return None
        name, _dash, remark = row["name"].partition(" — ")
        if not name.strip() or len(name) > _LONGEST:
            self.say(line, "name", row["name"][:40], "名称为空或超过 300 字，整行没有载入")
            return None
        found = Record(line, kind[0], kind[1], name.strip())
        found.source = row["source_url"][:500]
        if not found.source:
            found.notes.append("原表没有来源网址")
            self.say(line, "source_url", "", "没有来源网址，按来源未知登记")
        self.remark(found, remark.strip())
        self.place(found, row["city"])
        self.industry(found, row["industry"])
        self.date(found, row["date"])
        self.grade(found, row["source_quality"])
        if row.get(_NOTE):
            found.notes.append(row[_NOTE])
        return found

    def remark(self, found: Record, text: str) -> None:
        """What stands after the name: a size is kept as a note, anything else is reported."""
        if _SIZE.match(text):
            found.notes.append(f"规模：{text}")
        elif text:
            self.say(found.line, "name", text, "名称后的文字不是单一数额，没有采用")

    def place(self, found: Record, text: str) -> None:
        code = self.places.read(text)
        if code is None and text:
            city = self.places.read(plain(text).partition("(")[0])
            self.say(found.line, "city", text, "括号里的地方认不出，登记到市" if city else "认不出的地区，按未知登记")
            code = city
        found.regions = [code] if code else []

    def industry(self, found: Record, text: str) -> None:
        if plain(text).startswith("—"):
            if rest := plain(text).lstrip("—").strip("()"):
                found.notes.append(f"原表产业：{rest}（不在产业表内）")
            return
        if text in _ACROSS:
            found.notes.append("跨产业")
            return
        if _UNSURE in plain(text):
            self.say(found.line, "industry", text, "原表标明待确认，产业按未知登记")
            return
        found.industries, odd = self.fields.read(text)
        for word in odd:
            self.say(found.line, "industry", word, "认不出的产业，没有采用")

    def date(self, found: Record, text: str) -> None:
        if _DAY.match(text):
            try:
                found.decided_on = dt.date.fromisoformat(text)
            except ValueError:
                self.say(found.line, "date", text, "不是日期，按未知登记")
        elif _PART.match(text):
            found.notes.append(f"原表日期：{text}")
        elif text:
            self.say(found.line, "date", text, "日期里夹有文字，公布日期按未知登记")

    def grade(self, found: Record, text: str) -> None:
        mark, _blank, rest = text.partition(" ")
        if mark in _GRADES:
            found.grade = mark
            if rest:
                found.notes.append(f"来源说明：{rest.strip('()（）')}")
        elif text:
            self.say(found.line, "source_quality", text, f"来源等级应是 {'、'.join(_GRADES)}，按未知登记")
