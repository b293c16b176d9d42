"""Collects faults of cross-file checks and finds the line of each."""

import difflib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from xiandao.packs.faults import Fault
from xiandao.packs.reader import Document, Path, field_path


class Findings:
    """The faults found so far; knows the documents read, to name the line of a path."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Start empty over ``documents`` (file name to document)."""
        self.documents = documents
        self.faults: list[Fault] = []

    def report(self, file: str, path: Path, found: str, expected: str, mend: str) -> None:
        """Add one fault at ``path`` of ``file``."""
        document = self.documents.get(file)
        line = document.line_of(path) if document else 0
        self.faults.append(Fault(file, line, field_path(path), found, expected, mend))

    def unknown(self, file: str, path: Path, value: str, known: Iterable[str], where: str) -> None:
        """Add the fault of a reference ``value`` that is not among ``known`` names of ``where``."""
        near = difflib.get_close_matches(value, list(known), n=1, cutoff=0.5)
        mend = f"改成 {near[0]}？或在 {where} 中补上" if near else f"在 {where} 中补上，或改正此处"
        self.report(file, path, f"“{value}”", f"{where} 中已有的名称或代码", mend)

    def duplicates(self, file: str, values: Iterable[tuple[Path, Hashable]], what: str) -> None:
        """Add a fault for each value that stood before; ``what`` names the kind of value (代码、名称)."""
        first: dict[Hashable, Path] = {}
        for path, value in values:
            if value in first:
                before = field_path(first[value])
                self.report(file, path, f"{what} {value} 已在 {before} 使用", f"{what}不重复", "改用另一个，或删去一处")
            else:
                first[value] = path


def walk(record: object, path: Path = ()) -> Iterator[tuple[Path, BaseModel]]:
    """Yield every record inside ``record`` with its path in the file (aliases as written there)."""
    if isinstance(record, BaseModel):
        yield path, record
        for name, info in type(record).model_fields.items():
            value: Any = getattr(record, name)
            if isinstance(value, BaseModel | tuple | dict):
                yield from walk(value, (*path, info.alias or name))
    elif isinstance(record, tuple):
        for index, item in enumerate(record):
            if isinstance(item, BaseModel):
                yield from walk(item, (*path, index))
    elif isinstance(record, dict):
        for key, item in record.items():
            yield from walk(item, (*path, key))
