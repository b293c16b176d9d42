"""Accounts for every character: passages that were placed, and passages that were not, with what they seem to be."""

from bisect import bisect_right
from itertools import accumulate

from xiandao.engines.policytext.blocks import Block
from xiandao.engines.policytext.lines import LineKind
from xiandao.engines.policytext.model import Passage, Span

_LABELS: dict[LineKind, tuple[str, str]] = {
    "furniture": ("furniture", "网页或版式内容"),
    "meta": ("header", "公开目录字段"),
    "closing": ("closing", "公开说明、抄送等"),
    "annex": ("annex", "附件标题或说明"),
    "note": ("note", "表注或说明"),
    "table": ("table", "未归入任何任务的表格"),
}


_NOTICE = ("notice", "通知、称谓等文头文字")


def unplaced(text: str, blocks: list[Block], placed: list[Passage], first: int) -> list[Passage]:
    """What is left of the text: every stretch outside the placed passages that holds a non-blank character.

    `first` is where the numbered text begins; prose above it belongs to the notice that sends the plan out.
    """
    taken = _merge([(p.span.start, p.span.end) for p in placed])
    known = [b for b in blocks if b.run.at]
    ends = list(accumulate((b.run.at[-1] + 1 for b in known), max))
    out: list[Passage] = []
    here = 0
    for start, end in [*taken, (len(text), len(text))]:
        if start > here:
            out.extend(_pieces(text, here, start, known[bisect_right(ends, here) :], first))
        here = max(here, end)
    return out


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, start: int, end: int, blocks: list[Block], first_heading: int) -> list[Passage]:
    """The gap cut along the blocks in it, so that each piece can say what it is."""
    out: list[Passage] = []
    here = start
    for block in blocks:
        if block.run.at[0] >= end:
            break
        first, last = max(block.run.at[0], here), min(block.run.at[-1] + 1, end)
        if first > here:
            out.extend(_trimmed(text, here, first, "other", "其他"))
        role, label = _LABELS.get(block.kind, _NOTICE if block.run.at[0] < first_heading else ("text", "未归类文字"))
        if last > max(first, here):
            out.extend(_trimmed(text, max(first, here), last, role, label))
        here = max(here, last)
    out.extend(_trimmed(text, here, end, "other", "其他"))
    return out


def _trimmed(text: str, start: int, end: int, role: str, label: str) -> list[Passage]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [Passage(Span(start, end), role, label)] if end > start else []
