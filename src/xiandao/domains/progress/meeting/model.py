"""What meeting papers say: sentences and tables whose numbers have a name, a footnote and a list of rows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self, TypeAlias

SCHEMA: Final = 1
"""Raised whenever the product words the papers otherwise: papers of another schema are compared number by number."""

_MANY_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A number: `key` names it for good, `value` is decimal text (None: unknown, never 0), `note` its footnote's key.

    `url` is the path of the list of the rows behind it, as of the moment of the papers; empty where there is none.
    """

    key: str
    value: str | None
    unit: str = ""
    note: str = ""
    url: str = ""


Words: TypeAlias = tuple[str | Number, ...]
"""A sentence or a cell: texts and numbers in a row."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph."""

    words: Words
    kind: str = "sentence"


@dataclass(frozen=True, slots=True)
class KeyNumbers:
    """A few numbers worth a first look, each with what it counts."""

    items: tuple[tuple[str, Number], ...]
    kind: str = "key"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `note` is the key of the footnote that holds for its numbers, `width` a share of the printed width.

    A line feed in `label` breaks it in print.
    """

    label: str
    note: str = ""
    align: str = "left"
    width: float = 0

    @property
    def name(self) -> str:
        """The label on one line."""
        return self.label.replace("\n", "")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Without rows it says `empty`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    empty: str = "无"
    kind: str = "table"

    @property
    def is_narrow(self) -> bool:
        """Whether its columns are too narrow for words: an unknown is a dash there, explained below the table."""
        return len(self.columns) >= _MANY_COLUMNS

    @property
    def cells(self) -> Iterator[list[tuple[Column, Words]]]:
        """The rows, each cell with its column."""
        return (list(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark in small type under a table."""

    text: str
    kind: str = "remark"


Block: TypeAlias = Sentence | KeyNumbers | Grid | Remark


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the papers, or an annex."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    def numbers(self) -> Iterator[Number]:
        """Yield the numbers of the section in the order they are read."""
        for block in self.blocks:
            yield from _numbers(block)


@dataclass(frozen=True, slots=True)
class MeetingContent:
    """All that is printed. `since` is the moment of the papers before these, None where there are none.

    `notes` are the footnotes: (key, sentence).
    """

    schema: int
    plan: str
    plan_name: str
    plan_version: int
    as_of: str
    since: str | None
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    annexes: tuple[Section, ...]
    notes: tuple[tuple[str, str], ...]

    def numbers(self) -> dict[str, Number]:
        """Return every number by its key."""
        parts = (*self.sections, *self.annexes)
        return {number.key: number for part in parts for number in part.numbers()}

    def note_of(self, key: str) -> str:
        """Return the sentence of a footnote; empty where there is none."""
        return dict(self.notes).get(key, "")

    def as_json(self) -> dict[str, Any]:
        """Return what JSON holds: dictionaries, lists, texts."""
        return json.loads(self.canonical())

    def canonical(self) -> str:
        """Return the one way to write the content as JSON: sorted keys, no blanks, Chinese as it is."""
        return canonical(asdict(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the content of stored JSON. Raises KeyError, TypeError for what is none."""
        given = {field.name: data[field.name] for field in fields(cls)}
        given["sections"] = tuple(map(_section, given["sections"]))
        given["annexes"] = tuple(map(_section, given["annexes"]))
        given["notes"] = tuple((key, text) for key, text in given["notes"])
        return cls(**given)


def canonical(data: Any) -> str:
    """Return the one way to write something as JSON."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(data: Any) -> str:
    """Return the SHA-256 of the canonical JSON of something, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def _numbers(block: Block) -> Iterator[Number]:
    if isinstance(block, KeyNumbers):
        yield from (number for _label, number in block.items)
    elif isinstance(block, Sentence):
        yield from (word for word in block.words if isinstance(word, Number))
    elif isinstance(block, Grid):
        for row in block.rows:
            for cell in row:
                yield from (word for word in cell if isinstance(word, Number))


def _section(data: Mapping[str, Any]) -> Section:
    return Section(data["key"], data["title"], tuple(map(_block, data["blocks"])))


def _block(data: Mapping[str, Any]) -> Block:
    kind = data["kind"]
    if kind == "sentence":
        return Sentence(_words(data["words"]))
    if kind == "key":
        return KeyNumbers(tuple((label, Number(**number)) for label, number in data["items"]))
    if kind == "table":
        columns = tuple(Column(**column) for column in data["columns"])
        rows = tuple(tuple(map(_words, row)) for row in data["rows"])
        return Grid(data["caption"], columns, rows, data["empty"])
    return Remark(data["text"])


def _words(data: list[Any]) -> Words:
    return tuple(word if isinstance(word, str) else Number(**word) for word in data)
