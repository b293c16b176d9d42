"""Faults of a policy pack: where, what was found, what was expected, how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault in one file of a pack.

    ``file`` is the path inside the pack, ``line`` counts from 1 (0 when the file as a whole is
    meant), ``field`` is a path such as ``actions[0].measures[2].title`` ("" for the whole file).
    The three texts are Chinese and meant for the person who edits the pack.
    """

    file: str
    line: int
    field: str
    found: str
    expected: str
    mend: str

    def __str__(self) -> str:
        """Return the fault as one line: file, line, field, found, expected, mend."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}" if self.field else ""
        return f"{place}{field}：发现{self.found}；应为{self.expected}；处理：{self.mend}"


class PackError(Exception):
    """A policy pack that cannot be used, with every fault found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, ordered by file and line, as ``faults``."""
        self.faults: list[Fault] = sorted(faults)
        super().__init__("\n".join([f"政策包有 {len(self.faults)} 处错误：", *map(str, self.faults)]))
