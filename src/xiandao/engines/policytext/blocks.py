"""Joins the lines of a text into logical paragraphs: a sentence broken over lines becomes whole again."""

import re
from dataclasses import dataclass

from xiandao.engines.policytext.bodies import looks_like_bodies
from xiandao.engines.policytext.duty import LABEL
from xiandao.engines.policytext.lines import LineKind, Sorted, sort_lines
from xiandao.engines.policytext.marks import Mark, Style, read_mark
from xiandao.engines.policytext.normalise import Run, squeeze
from xiandao.engines.policytext.normalise import join as join_runs
from xiandao.engines.policytext.tablerows import Table

_TERMINAL = re.compile(r"[。！？…：]$|[。！？][”’」）)】]$")
_DUTY_END = re.compile(r"[（【][^（）【】]{0,300}(?:单位|部门|负责|牵头|配合|落实|参与|参加)[^（）【】]{0,200}[）】]$")
_OPEN_END = re.compile(r"[，、（“《—\-~+]$")
_CLOSER_START = re.compile(r"^[，。；、：）】］”》！？%‰]")
_PROSE = re.compile(r"[，。；]")
_DATE_LINE = re.compile(r"^20\d{2}年\d{1,2}月\d{1,2}日$|^[二〇零一二三四五六七八九十]{4}年.{1,3}月.{1,3}日$")


_MANY = 60


@dataclass(frozen=True, slots=True)
class Block:
    """A logical paragraph: its kind, its squeezed words and, for a heading, its mark (length counted in `run`)."""

    kind: LineKind
    run: Run
    mark: Mark | None = None
    table: Table | None = None
    gap: bool = False
    own_line: bool = False
    lines: int = 1


@dataclass(slots=True)
class _Layout:
    """How this text breaks its lines: the full width if it is hard-wrapped, and which numbering runs into its text."""

    width: int
    inline: dict[Style, float]


def build_blocks(flat: str) -> list[Block]:
    """The logical paragraphs of a folded text, in order; blank lines are gone, everything else is kept."""
    lines = sort_lines(flat)
    layout = _layout(lines)
    blocks: list[Block] = []
    pending: list[Sorted] = []
    gap = paged = False
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.kind == "blank":
            # blank lines around a page number part no paragraphs
            gap = not paged
        elif line.kind == "furniture":
            gap, paged = False, True
            blocks.append(_block(flat, [line], gap=gap))
        elif line.kind == "table":
            _close(flat, blocks, pending)
            table = line.table
            assert table is not None  # noqa: S101 — a line of kind table carries its table
            blocks.append(
                Block("table", squeeze(flat, table.start, table.end), None, table, gap, lines=len(table.lines))
            )
            while i + 1 < len(lines) and lines[i + 1].line.start < table.end:
                i += 1
            gap = False
        else:
            if pending and not _joins(pending, line, layout, gap=gap):
                _close(flat, blocks, pending)
            pending.append(line)
            gap = paged = False
        i += 1
    _close(flat, blocks, pending)
    return sorted(blocks, key=lambda b: b.run.at[0] if b.run.at else 0)


def _close(flat: str, blocks: list[Block], pending: list[Sorted]) -> None:
    if pending:
        blocks.append(_block(flat, pending, gap=False))
        pending.clear()


def _block(flat: str, lines: list[Sorted], *, gap: bool) -> Block:
    run = join_runs(squeeze(flat, x.line.start, x.line.end) for x in lines)
    first = lines[0]
    mark = read_mark(run.text) if first.mark else None
    kind = first.kind if first.mark is None or mark else "text"
    return Block(kind, run, mark, None, gap, own_line="。" not in run.text, lines=len(lines))


def _layout(lines: list[Sorted]) -> _Layout:
    """Measures the text: lines broken in mid-sentence at one width, headings that run into their text."""
    broken: list[int] = []
    inline: dict[Style, list[bool]] = {}
    for here, after in zip(lines, lines[1:], strict=False):
        if here.mark:
            inline.setdefault(here.mark.style, []).append("。" in here.text or len(here.text) > 60)
        if here.kind in ("text", "mark", "bullet") and after.kind == "text" and not _TERMINAL.search(here.text):
            broken.append(len(here.text))
    width = 0
    if len(broken) >= 4:
        top = sorted(broken)[-max(1, len(broken) // 10)]
        near = sum(n >= top - 4 for n in broken)
        width = top if 15 <= top <= 120 and near >= 0.6 * len(broken) else 0
    return _Layout(width, {s: sum(v) / len(v) for s, v in inline.items()})


def _joins(pending: list[Sorted], line: Sorted, layout: _Layout, *, gap: bool) -> bool:
    """Whether a line goes on with the paragraph before it."""
    last = pending[-1]
    whole = "".join(x.text for x in (pending if len(pending) < _MANY else [pending[0], *pending[-_MANY:]]))
    if line.kind == "label" and re.search(r"[（【［][^）】］]{0,80}$", whole) and not whole.endswith("。"):
        return True
    if line.kind != "text" or pending[0].kind in ("meta", "closing", "box", "boxend", "annex"):
        return line.kind == "mark" and _broken_number(whole, line)
    unclosed = (
        whole.count("（") > whole.count("）")
        or whole.count("【") > whole.count("】")
        or whole.count("“") > whole.count("”")
        or whole.count("《") > whole.count("》")
    )
    if _CLOSER_START.match(line.text) or _OPEN_END.search(last.text) or (unclosed and len(whole) < 3000):
        return True
    if pending[0].kind == "label" and len(pending) == 1 and LABEL.fullmatch(last.text):
        return True
    if pending[0].kind == "label":
        return not gap and _continues_list(whole, line.text, layout, len(last.text))
    if _DUTY_END.search(whole[-400:]):
        return False
    if _TERMINAL.search(last.text):
        return (
            last.text[-1] != "："
            and layout.width > 0
            and len(last.text) >= layout.width - 1
            and not gap
            and not _opens(line.text)
        )
    if gap:
        return (
            bool(_PROSE.search(whole))
            and len(whole) > 20
            and not last.text.endswith("；")
            and bool(_PROSE.search(line.text))
        )
    return _joins_prose(pending, line, whole, layout)


def _continues_list(whole: str, text: str, layout: _Layout, width: int) -> bool:
    """Whether a line goes on with a labelled list of bodies, possibly in the middle of a name."""
    if looks_like_bodies(text.strip("。")) or (layout.width > 0 and width >= layout.width - 3):
        return True
    named = re.split(r"[：；]", whole)[-1]
    return (
        len(text) <= 60
        and not looks_like_bodies(re.split(r"[、，]", named)[-1])
        and looks_like_bodies(named + text.strip("。"))
    )


def _joins_prose(pending: list[Sorted], line: Sorted, whole: str, layout: _Layout) -> bool:
    last = pending[-1]
    full = layout.width > 0 and len(last.text) >= layout.width - 3
    if pending[0].mark and "。" not in whole:
        if full:
            return True
        running = layout.inline.get(pending[0].mark.style, 0) > 0.5
        stop = line.text.find("。")
        return running and 0 <= stop <= 14 and "，" not in line.text[:stop]
    if _DATE_LINE.match(line.text) or _DATE_LINE.match(last.text):
        return False
    if _PROSE.search(whole):
        return True
    return full and bool(_PROSE.search(line.text)) and not _TERMINAL.search(whole)


def _opens(text: str) -> bool:
    """Whether a line reads like the start of a paragraph of its own."""
    return bool(re.match(r"(?:为|现|到20|根据|各|一是|二是|三是|本)", text))


def _broken_number(whole: str, line: Sorted) -> bool:
    """A line that only seems numbered: the rest of a sentence cut before a numeral."""
    return bool(
        _OPEN_END.search(whole) and line.mark and line.mark.style in (Style.ARABIC, Style.DUN) and line.mark.number > 30
    )
