"""What a task breakdown is made from (PlanSource) and what it consists of (Breakdown)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HEADERS: Final = ("序号", "行动", "任务", "目标", "牵头单位", "配合单位", "完成时限")
"""The columns an office expects, in its order."""

NOTHING: Final = "——"
"""What a cell shows where the plan says nothing; an empty cell would look like an omission of ours."""

QUALITATIVE: Final = "定性要求："
"""Stands above promises without a number in the column of targets."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A number the plan promises, as printed: `value`, or `low` and `high`, in `unit`; None is unknown, never zero.

    `quote` is the exact clause ("" where a person wrote the item); `sureness` (0 to 1) is the compiler's, None where
    a person wrote the item, and `doubts` its reasons in Chinese; `reviewed` says that a person compared it.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    year: int | None
    object: str
    kind: str
    quote: str
    sureness: float | None = None
    doubts: tuple[str, ...] = ()
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A measure: its duty, its numbers, its firm promises without a number, its printed deadline ("" if none)."""

    no: str
    title: str
    lead: tuple[str, ...]
    helping: tuple[str, ...]
    cities: bool
    promises: tuple[Promise, ...] = ()
    commitments: tuple[str, ...] = ()
    deadline: str = ""
    sureness: float | None = None
    doubts: tuple[str, ...] = ()
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """An action with its tasks; `implied` where the text has no such heading."""

    no: str
    title: str
    tasks: tuple[Task, ...]
    implied: bool = False


@dataclass(frozen=True, slots=True)
class PlanSource:
    """A plan, wherever it comes from: compiled text, a pack, or records. `issued_on` is an ISO date."""

    title: str
    number: str | None
    issuers: tuple[str, ...]
    issued_on: str | None
    period: tuple[int, int] | None
    sections: tuple[Section, ...]
    headline: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the texts of its cells before numbering, and why it should be looked at again.

    `qualitative` says that `targets` are promises without a number, shown because there is none with one.
    """

    no: int
    action: str
    task: str
    targets: tuple[str, ...]
    lead: tuple[str, ...]
    helping: tuple[str, ...]
    due: tuple[str, ...]
    qualitative: bool = False
    doubts: tuple[str, ...] = ()

    def cells(self) -> tuple[str, str, str, str, str, str, str]:
        """Return the texts of the seven cells (HEADERS); lines of one cell are parted by line feeds."""
        mark = "＊" if self.doubts else ""
        targets = numbered(self.targets)
        return (
            f"{self.no}{mark}",
            self.action,
            self.task,
            "\n".join((QUALITATIVE, *targets) if self.qualitative else targets),
            "、".join(self.lead) or NOTHING,
            "、".join(self.helping) or NOTHING,
            "\n".join(self.due),
        )


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A number with the place it stands in: the label of its task, or 总体目标."""

    no: int
    place: str
    promise: Promise
    due: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A task breakdown ready to print: `title` is that of the table; `headline` the targets outside measures."""

    title: str
    plan_title: str
    number: str | None
    issued_on: str | None
    rows: tuple[Row, ...]
    headline: tuple[tuple[str, str], ...]
    promises: tuple[PromiseLine, ...]
    notes: tuple[str, ...]

    def actions(self) -> tuple[tuple[str, int, int], ...]:
        """Return (action, first, last) with indices into `rows` for each stretch of rows under one action."""
        stretches: list[tuple[str, int, int]] = []
        for index, row in enumerate(self.rows):
            if stretches and stretches[-1][0] == row.action:
                stretches[-1] = (row.action, stretches[-1][1], index)
            else:
                stretches.append((row.action, index, index))
        return tuple(stretches)


def numbered(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines with 1. 2. 3. before them where there are several; NOTHING where there is none."""
    if len(lines) <= 1:
        return lines or (NOTHING,)
    return tuple(f"{number}. {line}" for number, line in enumerate(lines, start=1))
