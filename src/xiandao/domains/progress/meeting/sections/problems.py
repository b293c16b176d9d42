"""三、难点堵点: who waits for whom and since when, the escalated first; the latest answer."""

from collections import defaultdict
from typing import Any

from xiandao.domains.progress.meeting.facts import SHOWN, OpenProblem
from xiandao.domains.progress.meeting.model import Block, Column, Grid, Number, Section, Sentence, Words
from xiandao.domains.progress.meeting.paths import rows_path
from xiandao.domains.progress.meeting.pen import UNKNOWN, Pen, short_day, shown
from xiandao.domains.progress.models import ProblemState

_LONGEST = 120
"""Characters of an answer that are printed; the whole is on the problem's page."""
_STATES = {
    ProblemState.RAISED: "待交办",
    ProblemState.ASSIGNED: "办理中",
    ProblemState.ANSWERED: "已答复，待确认",
}


def problems(pen: Pen) -> Section:
    """Return the section: how many are open, who waits for whom, each problem with its latest answer."""
    found = pen.facts.problems
    if not found:
        return Section("problems", "难点堵点", (Sentence(("没有未办结的难点堵点。",)),))
    ordered = sorted(found, key=lambda row: (row.escalated is None, row.escalated or row.raised_at, row.code))
    blocks: list[Block] = [_sentence(pen), _waits(pen), _list(pen, ordered[:SHOWN])]
    return Section("problems", "难点堵点", (*blocks, *shown(len(found), SHOWN, rows_path(pen.at, "problems"))))


def _sentence(pen: Pen) -> Sentence:
    found = pen.facts.problems
    words: list[str | Number] = [
        "未办结的难点堵点",
        pen.count("problems/open", len(found), "未办结的难点堵点", "problems", unit="件"),
    ]
    escalated = sum(1 for row in found if row.escalated)
    if escalated:
        what = "未办结且已升级至协调机制的难点堵点"
        number = pen.count("problems/escalated", escalated, what, "problems", unit="件", state="escalated")
        words += ["，其中已升级至协调机制", number]
    mark = "；"
    for state, label in _STATES.items():
        n = sum(1 for row in found if row.state_at == state)
        if n:
            what = f"状态为“{label}”的难点堵点"
            number = pen.count(f"problems/{state.value}", n, what, "problems", unit="件", state=state.value)
            words += [f"{mark}{label}", number]
            mark = "、"
    return Sentence((*words, "。"))


def _waits(pen: Pen) -> Grid:
    """Return who waits for whom: after an answer whoever answered waits for its acceptance."""
    pairs: dict[tuple[Any, Any], list[OpenProblem]] = defaultdict(list)
    for row in pen.facts.problems:
        pairs[row.waiting, row.holder].append(row)
    bodies = pen.facts.bodies
    ordered = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), min(row.code for row in pair[1])))
    columns = (
        Column("等待单位"),
        Column("在等"),
        pen.column("waits", "件数", "未办结的难点堵点，按等待和办理的单位归集", "problems", by="organisation"),
        Column("最早自", align="center"),
    )

    def line(waiting: Any, holder: Any, rows: list[OpenProblem]) -> tuple[Words, ...]:
        codes = {name: bodies[pk].code for name, pk in (("waiting", waiting), ("organisation", holder)) if pk in bodies}
        key = f"{codes.get('waiting', '')}>{codes.get('organisation', '')}"
        return (
            (pen.facts.body_name(waiting),),
            (pen.facts.body_name(holder),),
            pen.cell("waits", key, len(rows), "problems", **codes),
            (short_day(min(row.since for row in rows)),),
        )

    return Grid("谁在等谁", columns, tuple(line(*pair, rows) for pair, rows in ordered))


def _list(pen: Pen, found: list[OpenProblem]) -> Grid:
    names = (("编号", 15), ("难点堵点", 26), ("提出单位", 13), ("现在等谁", 17), ("自", 14), ("最近答复", 15))
    rows = tuple(
        (
            (f"{row.code}{'（已升级）' if row.escalated else ''}",),
            (f"{row.title}",),
            (pen.facts.body_name(row.raised_by),),
            (f"{pen.facts.body_name(row.holder)}（{_STATES[ProblemState(row.state_at)]}）",),
            (short_day(row.since),),
            (shortened(row.answer) or UNKNOWN,),
        )
        for row in found
    )
    return Grid("未办结的难点堵点", tuple(Column(name, width=width) for name, width in names), rows)


def shortened(text: str) -> str:
    """Return a text on one line, cut where it is long, with a sign that it was."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}……"
