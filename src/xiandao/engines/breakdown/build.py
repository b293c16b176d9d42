"""Builds the task breakdown from a plan: rows, target lines, notes that say how far it can be relied on."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from xiandao.engines.breakdown.model import NOTHING, Breakdown, PlanSource, Promise, PromiseLine, Row, Section, Task
from xiandao.engines.breakdown.wording import (
    NOT_STATED,
    due_lines,
    labelled,
    plan_end,
    promise_due,
    squash,
    table_title,
    target_lines,
)

EVERYWHERE: Final = "各地区（按职责分工）"
HEADLINE: Final = "总体目标"
DOUBTFUL_BELOW: Final = 0.8
"""Rows with an unreviewed item less sure than this are marked; one serious weakness of the compiler's goes below."""
MOST_COMMITMENTS: Final = 3
LONGEST_COMMITMENT: Final = 80
"""Promises without a number are shown as a reminder, not in full: the plan itself is at hand."""


def build(plan: PlanSource) -> Breakdown:
    """Return the breakdown of a plan: one row per measure in the order of the text.

    A measure without a numeric target shows up to three of its firm promises, marked 定性要求, or "——". Deadlines
    that the text does not print are the end of the plan, marked as such; lower governments that answer for a
    measure are named collectively among those who help, or lead where nobody else is named.
    """
    numbers, lines = count(1), count(1)
    rows: list[Row] = []
    promises = [
        PromiseLine(next(lines), HEADLINE, promise, promise_due(promise, plan.period)) for promise in plan.headline
    ]
    for section in plan.sections:
        for task in section.tasks:
            row = _row(next(numbers), section, task, plan.period)
            rows.append(row)
            promises += [
                PromiseLine(next(lines), row.task, promise, promise_due(promise, plan.period))
                for promise in task.promises
            ]
    return Breakdown(
        title=table_title(plan.title),
        plan_title=plan.title,
        number=plan.number,
        issued_on=plan.issued_on,
        rows=tuple(rows),
        headline=tuple(target_lines(plan.headline, plan.period)),
        promises=tuple(promises),
        notes=_notes(plan, rows),
    )


def _row(number: int, section: Section, task: Task, period: tuple[int, int] | None) -> Row:
    lines = target_lines(task.promises, period)
    promised = () if lines else _commitments(task)
    lead, helping = list(task.lead), list(task.helping)
    if task.cities:
        (helping if lead else lead).append(EVERYWHERE)
    if not lead:
        lead = [NOT_STATED]
    return Row(
        no=number,
        action=NOTHING if section.implied else labelled(section.no, section.title),
        task=squash(task.title) if task.no.strip() == str(number) else labelled(task.no, task.title),
        targets=tuple(text for text, _ in lines) or promised,
        lead=tuple(lead),
        helping=tuple(helping),
        due=due_lines(task.deadline, [due for _, due in lines], period),
        qualitative=bool(promised),
        doubts=_doubts(task),
    )


def _commitments(task: Task) -> tuple[str, ...]:
    """Return the first firm promises short enough for a cell."""
    short = (text for text in map(squash, task.commitments) if len(text) <= LONGEST_COMMITMENT)
    return tuple(dict.fromkeys(short))[:MOST_COMMITMENTS]


def _doubts(task: Task) -> tuple[str, ...]:
    """Return why the row should be looked at again; () when it was reviewed or the compiler was sure."""
    items: list[tuple[Task | Promise, str]] = [(task, "")]
    items += [(promise, f"{squash(promise.object)}：") for promise in task.promises]
    return tuple(
        f"{prefix}{'，'.join(item.doubts) or '把握较低'}"
        for item, prefix in items
        if not item.reviewed and item.sureness is not None and item.sureness < DOUBTFUL_BELOW
    )


def _notes(plan: PlanSource, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return what the reader of the table has to know, most important first."""
    notes = [_review_note(plan)]
    marked = sum(bool(row.doubts) for row in rows)
    if marked:
        notes.append(f"序号后标“＊”的 {marked} 项任务提取把握较低，请重点核对。")
    tasks = [task for section in plan.sections for task in section.tasks]
    if any(row.qualitative for row in rows):
        notes.append("没有量化目标的任务，摘列原文的定性要求。")
    if plan.period and any(plan_end(plan.period) in line for row in rows for line in row.due):
        notes.append("原文未载明完成时限的，按方案期末标注。")
    if any(task.cities for task in tasks):
        notes.append("“各地区”指原文规定由市、县（市、区）或园区落实。")
    return tuple(notes)


def _review_note(plan: PlanSource) -> str:
    flags = list(_flags(plan))
    done = sum(flags)
    if done == len(flags) and flags:
        return "本表由程序从方案文本提取，已逐项经人工核对。"
    if not done:
        return "本表由程序从方案文本自动提取，未经人工核对，使用前请对照印发文本。"
    return f"本表由程序从方案文本提取，{done} 项已经人工核对，{len(flags) - done} 项尚未核对。"


def _flags(plan: PlanSource) -> Iterator[bool]:
    """Yield for each task and each number whether a person reviewed it."""
    yield from (promise.reviewed for promise in plan.headline)
    for section in plan.sections:
        for task in section.tasks:
            yield task.reviewed
            yield from (promise.reviewed for promise in task.promises)
