"""Builds the tree of numbered headings and hangs every paragraph, box and table on it."""

import re
from dataclasses import dataclass, field

from xiandao.engines.policytext.blocks import Block
from xiandao.engines.policytext.duty import duty_zones
from xiandao.engines.policytext.marks import Mark, Style
from xiandao.engines.policytext.normalise import EMPTY, Run

TITLE_MAX = 80


@dataclass(slots=True, eq=False)
class Node:
    """A numbered heading: its title, the paragraphs under it, its boxes and the headings below it.

    `titled` is true when the heading has a short title of its own, apart from its text.
    """

    mark: Mark
    block: Block
    title: Run
    titled: bool
    body: list[Run] = field(default_factory=list)
    boxes: list["Box"] = field(default_factory=list)
    tables: list[Block] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def start(self) -> int:
        """First character of the heading."""
        return self.block.run.at[0]

    def walk(self) -> list["Node"]:
        """The node and all below it, in order."""
        return [self, *(n for child in self.children for n in child.walk())]

    def paragraphs(self) -> list[Run]:
        """The paragraphs under this heading and under the lower ones, whose titles are paragraphs too."""
        out = list(self.body)
        for lower in self.walk()[1:]:
            out.append(lower.title)
            out.extend(lower.body)
        return [r for r in out if r.text]

    def span_end(self) -> int:
        """One past the last character of this heading's text, lower headings, boxes and tables included."""
        end = self.block.run.at[-1] + 1
        for node in self.walk():
            runs = [node.block.run, *node.body, *(t.run for t in node.tables)]
            for box in node.boxes:
                runs.extend([box.title, *box.body, *(t.run for t in box.tables)])
            end = max([end, *(r.at[-1] + 1 for r in runs if r.at)])
        return end


@dataclass(slots=True, eq=False)
class Box:
    """A 专栏: its heading and its paragraphs."""

    title: Run
    body: list[Run] = field(default_factory=list)
    tables: list[Block] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Part:
    """The text between two annex headings: what stands before the first heading, then the tree."""

    front: list[Block] = field(default_factory=list)
    roots: list[Node] = field(default_factory=list)
    tables: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    annex: Block | None = None


def build_parts(blocks: list[Block]) -> list[Part]:
    """The tree of each part of the document; the text's own numbering decides what is under what."""
    parts = [Part()]
    builder = _Builder(parts[0])
    for i, block in enumerate(blocks):
        builder.ahead = blocks[i + 1 : i + 80]
        restarts = block.kind == "mark" and block.mark is not None and builder.restarts(block.mark)
        if block.kind == "annex" or restarts:
            parts.append(Part(annex=block if block.kind == "annex" else None))
            if restarts and builder.tail:
                parts[-1].front = builder.release_tail()
            builder = _Builder(parts[-1])
            if block.kind == "annex":
                continue
        builder.take(block)
    return parts


def _title_of(block: Block) -> tuple[Run, Run, bool]:
    """The title and the rest of a heading's own paragraph: cut at the first 。 outside brackets, or at its end."""
    assert block.mark is not None  # noqa: S101 — only headings are asked
    run = block.run
    stop = _title_stop(run.text, block.mark.length)
    title = run.cut(block.mark.length, stop)
    rest = run.cut(min(stop + 1, len(run)), None) if stop < len(run) else EMPTY
    for start, end in duty_zones(title):
        if end >= len(title) - 1 and start > 0:
            rest = Run(title.text[start:] + rest.text, title.at[start:] + rest.at)
            title = title.cut(0, start)
            break
    if not title.text:
        title = run
    titled = len(title) <= TITLE_MAX // 2 and not re.search(r"[；：]", title.text)
    return title, rest, titled


def _title_stop(text: str, start: int) -> int:
    depth = 0
    for i in range(start, len(text)):
        if text[i] in "（“《":
            depth += 1
        elif text[i] in "）”》":
            depth = max(0, depth - 1)
        elif text[i] == "。" and depth == 0:
            return i
    stop = text.find("。", start)
    return len(text) if stop < 0 or depth == 0 else stop


class _Builder:
    """Takes the blocks of one part in order."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.stack: list[Node] = []
        self.box: Box | None = None
        self.box_marks: dict[Style, int] = {}
        self.last: dict[Style, int] = {}
        self.tail: list[Block] = []
        self.articles_low = False
        self.ahead: list[Block] = []

    def restarts(self, mark: Mark) -> bool:
        """Whether a top-level heading numbered one begins a second text (a notice followed by its plan)."""
        top = self.part.roots[0].mark.style if self.part.roots else None
        return (
            mark.style == top
            and mark.number == 1
            and self.box is None
            and self.part.roots[-1].mark.number >= 1
            and bool(self.tail)
            and any(
                re.search(r"(?:方案|计划|意见|措施|规划|办法|要点|政策|纲要)(?:（.*）)?$", b.run.text)
                for b in self.tail
            )
        )

    def release_tail(self) -> list[Block]:
        """The short lines gathered since the last heading: title and signature of the next text."""
        tail = self.tail
        self.tail = []
        return tail

    def take(self, block: Block) -> None:
        if block.kind == "mark" and block.mark is not None and self._take_mark(block):
            return
        if block.kind == "box":
            self.box = Box(block.run)
            self.box_marks = {}
            (self.stack[-1].boxes if self.stack else self.part.boxes).append(self.box)
        elif block.kind == "boxend":
            self.box = None
        elif block.kind == "table":
            self._take_table(block)
        elif block.kind in ("text", "bullet", "label", "mark", "note"):
            self._take_text(block)
        elif not self.part.roots:
            self.part.front.append(block)

    def _take_table(self, block: Block) -> None:
        if self.box is not None:
            self.box.tables.append(block)
        elif self.stack:
            self.stack[-1].tables.append(block)
        else:
            self.part.tables.append(block)

    def _take_text(self, block: Block) -> None:
        if self.box is not None and not self._ends_box(block):
            self.box.body.append(block.run)
            return
        self.box = None
        if not self.stack:
            self.part.front.append(block)
            return
        node = self.stack[-1]
        self.tail = [*self.tail, block] if len(block.run) < 120 else []
        if block.kind == "label" and block.gap and len(self.stack) > 1 and not node.body:
            node = self.stack[-1]
        node.body.append(block.run)

    def _ends_box(self, block: Block) -> bool:
        """A line about responsibility belongs to the measure around the box."""
        assert self.box is not None  # noqa: S101 — asked only inside a box
        zones = duty_zones(block.run)
        covered = sum(b - a for a, b in zones)
        return bool(self.stack) and covered >= len(block.run) - 1

    def _take_mark(self, block: Block) -> bool:
        mark = block.mark
        assert mark is not None  # noqa: S101 — the caller looked
        if self.box is not None:
            if self._in_box(mark):
                self.box_marks[mark.style] = mark.number
                self.box.body.append(block.run)
                return True
            self.box = None
        if not self._plausible(block):
            return False
        if mark.style is Style.ARTICLE and not any(
            n.mark.style is Style.ARTICLE for r in self.part.roots for n in r.walk()
        ):
            # articles straight under （一） headings without text number the measures below them
            top = self.stack[-1] if self.stack else None
            self.articles_low = bool(top and top.mark.style is Style.PAREN and not top.body)
        while self.stack and not self._above(self.stack[-1].mark.style, mark):
            self.stack.pop()
        title, rest, titled = _title_of(block)
        node = Node(mark, block, title, titled)
        if rest.text:
            node.body.append(rest)
        (self.stack[-1].children if self.stack else self.part.roots).append(node)
        self.stack.append(node)
        self.last[mark.style] = mark.number
        for style in list(self.last):
            if style > mark.style and mark.style <= Style.PAREN and style > Style.ARABIC:
                del self.last[style]
        self.tail = []
        return True

    def _above(self, style: Style, mark: Mark) -> bool:
        return self._rank(style) < self._rank(mark.style)

    def _rank(self, style: Style) -> float:
        return Style.PAREN + 0.5 if style is Style.ARTICLE and self.articles_low else float(style)

    def _in_box(self, mark: Mark) -> bool:
        """Whether a numbered line inside a box is the box's own item and not the next heading of the text."""
        known = {n.mark.style for n in self.stack} | set(self.last)
        if mark.style not in known:
            return any(n.mark.style < mark.style for n in self.stack) or not self.stack
        expected = self.last.get(mark.style, 0) + 1
        own = self.box_marks.get(mark.style)
        if own is not None and mark.number == own + 1:
            return mark.number != expected or self._comes_again(mark)
        if mark.number == expected:
            return False
        if (
            mark.number == 1
            and not any(n.mark.style > mark.style for n in self.stack)
            and self.stack[-1].mark.style > mark.style
        ):
            return False
        return mark.number == 1 and own is None and mark.style >= Style.PAREN

    def _comes_again(self, mark: Mark) -> bool:
        """Whether the same number stands once more before the next higher heading: then this one is the box's own."""
        for block in self.ahead:
            if block.mark is not None and block.kind == "mark":
                if block.mark.style < mark.style:
                    return False
                if block.mark.style == mark.style and block.mark.number == mark.number:
                    return True
        return False

    def _plausible(self, block: Block) -> bool:
        """Whether a number continues, starts or at least does not contradict the sequence it would join."""
        mark = block.mark
        assert mark is not None  # noqa: S101 — the caller looked
        if mark.style in (Style.CHAPTER, Style.SECTION, Style.ARTICLE):
            return True
        previous = self._previous(mark.style)
        running = self.last.get(mark.style, 0)
        if mark.number in (1, previous + 1, running + 1):
            return True
        if mark.number in (previous + 2, running + 2, previous):
            return True
        # far out of sequence: only a heading with a title of its own is believed
        return len(block.run) <= 40 and not re.search(r"[，；。]", block.run.text) and mark.number <= running + 5

    def _previous(self, style: Style) -> int:
        """The number of the last heading of a style at the level where the next one would stand; 0 if there is none."""
        level = next((n.children for n in reversed(self.stack) if n.mark.style < style), self.part.roots)
        return next((n.mark.number for n in reversed(level) if n.mark.style == style), 0)
