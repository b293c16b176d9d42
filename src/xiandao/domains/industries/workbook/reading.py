"""Reading the workbook back into a content, with every fault by sheet, row and column."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from xiandao.domains.industries.content import (
    Content,
    ContentFault,
    Industry,
    Kind,
    Path,
    Product,
    Segment,
    Term,
    Trap,
)
from xiandao.domains.industries.workbook import layout
from xiandao.domains.shared.excel_in import Sheet

_LIMITS: Final = {
    "name": 200,
    "name_en": 200,
    "definition": 2000,
    "text": 60,
    "industry": 60,
    "segment": 60,
    "product": 60,
}
_KIND_SHEETS: Final[dict[Kind, str]] = {
    "industry": layout.INDUSTRIES,
    "segment": layout.SEGMENTS,
    "product": layout.PRODUCTS,
    "term": layout.TERMS,
    "trap": layout.TRAPS,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the workbook. `row` 0: the sheet as a whole; `column`: its heading."""

    sheet: str
    row: int
    column: str
    found: str
    message: str


@dataclass(slots=True)
class BookIn:
    """A workbook that was read: what it was made from, its content, the row of each record, its faults."""

    code: str = ""
    digest: str = ""
    content: Content = field(default_factory=Content)
    places: dict[tuple[Kind, Path], int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def located(self, faults: Iterable[ContentFault]) -> list[Fault]:
        """Return faults of the content as faults of the workbook."""
        return [
            Fault(
                _KIND_SHEETS[each.kind],
                self.places.get((each.kind, each.path), 0),
                _heading(_KIND_SHEETS[each.kind], each.field),
                each.path[-1],
                each.message,
            )
            for each in faults
        ]


def _heading(sheet: str, name: str) -> str:
    return next((column.heading for column in layout.SHEETS[sheet] if column.field == name), "")


Row = Mapping[str, str]
Taker = Callable[["_Reader", Row, int], None]


def read(sheets: Iterable[Sheet], *, known: Content, industries: set[str]) -> BookIn:
    """Read a workbook. `known` gives records that stay their order; `industries` are the codes of the table."""
    book = BookIn()
    reader = _Reader(book, known, industries)
    found = {sheet.name.strip(): sheet for sheet in sheets}
    about = {str(row[0]).strip(): str(row[1]).strip() for row in _rows(found.get(layout.ABOUT)) if len(row) > 1}
    book.code, book.digest = about.get("版本", ""), about.get("内容摘要", "")
    if about.get("格式") != layout.FORMAT:
        wrong = _("这不是从本平台导出的产品目录，或“版本”表被改过。请先导出，在导出的文件上改。")
        book.faults.append(Fault(layout.ABOUT, 1, "格式", about.get("格式", ""), wrong))
        return book
    for name in layout.SHEETS:
        if name not in found:
            book.faults.append(Fault(name, 0, "", "", _("缺少工作表“%(name)s”。") % {"name": name}))
            continue
        reader.sheet(found[name], name)
    _follow(book.content)
    return book


def _follow(content: Content) -> None:
    """Give synonyms the weight of their term, so that who changes a term in Excel need not change them one by one."""
    for path, term in content.terms.items():
        head = content.terms.get((*path[:2], term.of)) if term.of else None
        if head is not None and head.weight != term.weight:
            content.terms[path] = replace(term, weight=head.weight)


def _rows(sheet: Sheet | None) -> list[list[Any]]:
    return sheet.rows if sheet is not None else []


def _text(value: Any) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip() if value is not None else ""


class _Reader:
    """Puts rows into the content, sheet by sheet."""

    def __init__(self, book: BookIn, known: Content, industries: set[str]) -> None:
        self.book, self.known, self.industries = book, known, industries
        self.orders: dict[Kind, int] = {kind: known.next_order(kind) for kind in _KIND_SHEETS}

    def sheet(self, sheet: Sheet, name: str) -> None:
        """Read one sheet."""
        headings = [_text(cell) for cell in sheet.rows[0]] if sheet.rows else []
        places = {}
        for column in layout.SHEETS[name]:
            if not column.field:
                continue
            if column.heading not in headings:
                message = _("缺少列“%(name)s”，请不要改表头。") % {"name": column.heading}
                self.fault(name, 1, column.heading, "", message)
                return
            places[column.field] = headings.index(column.heading)
        for number, cells in enumerate(sheet.rows[1:], 2):
            row = {key: _text(cells[place]) if place < len(cells) else "" for key, place in places.items()}
            if any(row.values()) and self._fits(name, row, number):
                _TAKERS[name](self, row, number)

    def _fits(self, sheet: str, row: Row, number: int) -> bool:
        good = True
        for key, most in _LIMITS.items():
            if len(row.get(key, "")) > most:
                self.fault(sheet, number, _heading(sheet, key), row[key][:30], _("超过 %(most)s 字。") % {"most": most})
                good = False
        industry = row["industry"]
        if industry not in self.industries and not (sheet == layout.TRAPS and not industry):
            message = _("产业表里没有这个代码。可用：%(codes)s。") % {"codes": "、".join(sorted(self.industries))}
            self.fault(sheet, number, "产业代码", industry, message)
            good = False
        return good

    def put(self, sheet: str, kind: Kind, path: Path, part: Callable[[int], Any], number: int) -> None:
        """Put a record into the content; a second one of the same codes is a fault."""
        if not all(path) and kind != "trap":
            self.fault(sheet, number, "", "", _("代码或词是空的。"))
            return
        table = self.book.content.table(kind)
        if path in table:
            first = self.book.places[kind, path]
            message = _("与第 %(row)s 行重复。") % {"row": first}
            self.fault(sheet, number, _heading(sheet, "text") or _heading(sheet, kind), path[-1], message)
            return
        old = self.known.table(kind).get(path)
        if old is None:
            self.orders[kind] += 1
        table[path] = part(old.order if old is not None else self.orders[kind])
        self.book.places[kind, path] = number

    def fault(self, sheet: str, row: int, column: str, found: str, message: str) -> None:
        """Note a fault."""
        self.book.faults.append(Fault(sheet, row, column, found, message))

    def choice(self, sheet: str, number: int, row: Row, key: str, choices: Mapping[str, Any]) -> Any:
        """Return what a word stands for; an unknown one is a fault."""
        if row[key] not in choices:
            words = "、".join(word for word in choices if word)
            self.fault(sheet, number, _heading(sheet, key), row[key], _("须是：%(words)s。") % {"words": words})
            return None
        return choices[row[key]]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _codes(text: str) -> tuple[str, ...]:
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return tuple(code.strip() for code in text.split("、") if code.strip())


def _industry(reader: _Reader, row: Row, number: int) -> None:
    lists = _lines(row["includes"]), _lines(row["excludes"]), _lines(row["notes"])
    path = (row["industry"],)
    reader.put(layout.INDUSTRIES, "industry", path, lambda order: Industry(row["definition"], *lists, order), number)


def _segment(reader: _Reader, row: Row, number: int) -> None:
    stage = reader.choice(layout.SEGMENTS, number, row, "stage", layout.STAGES)
    links = _codes(row["gbt4754"]), _codes(row["strategic"]), _codes(row["ipc"])
    own = row["name"], row["name_en"], stage
    path = (row["industry"], row["segment"])
    if stage is not None:
        reader.put(layout.SEGMENTS, "segment", path, lambda order: Segment(*own, *links, order), number)


def _product(reader: _Reader, row: Row, number: int) -> None:
    activity = reader.choice(layout.PRODUCTS, number, row, "activity", layout.YES)
    own = row["segment"], row["name"], row["name_en"], row["definition"]
    lists = _lines(row["includes"]), _lines(row["excludes"])
    path = (row["industry"], row["product"])
    if activity is not None:
        reader.put(layout.PRODUCTS, "product", path, lambda order: Product(*own, *lists, activity, order), number)


def _term(reader: _Reader, row: Row, number: int) -> None:
    weight = reader.choice(layout.TERMS, number, row, "weight", layout.WEIGHTS)
    path = (row["industry"], row["product"], row["text"])
    if weight is not None:
        reader.put(layout.TERMS, "term", path, lambda order: Term(weight, row["of"], order), number)


def _trap(reader: _Reader, row: Row, number: int) -> None:
    reader.put(layout.TRAPS, "trap", (row["industry"], row["text"]), Trap, number)


_TAKERS: Final[dict[str, Taker]] = {
    layout.INDUSTRIES: _industry,
    layout.SEGMENTS: _segment,
    layout.PRODUCTS: _product,
    layout.TERMS: _term,
    layout.TRAPS: _trap,
}
