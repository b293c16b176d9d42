"""Compiles the text of a plan: the one way from characters to actions, measures, duties and targets."""

import re
from dataclasses import dataclass, field

from xiandao.engines.policytext.blocks import Block, build_blocks
from xiandao.engines.policytext.confidence import weigh
from xiandao.engines.policytext.coverage import unplaced
from xiandao.engines.policytext.duty import Found, read_duty, read_standing
from xiandao.engines.policytext.head import TITLE, read_head
from xiandao.engines.policytext.headline import boxes_of, read_headline, read_indicator_table
from xiandao.engines.policytext.intake import check, check_structure, judge
from xiandao.engines.policytext.measures import Draft, build_measure, match_rows
from xiandao.engines.policytext.mentions import read_commitments
from xiandao.engines.policytext.model import (
    Action,
    Confidence,
    Head,
    Measure,
    Passage,
    PassedOver,
    PlanDocument,
    Span,
)
from xiandao.engines.policytext.normalise import Run, cite, fold
from xiandao.engines.policytext.outline import Node, Part, build_parts
from xiandao.engines.policytext.roles import Roles, assign_roles
from xiandao.engines.policytext.targets import Harvest, Scene, settle
from xiandao.engines.policytext.taskrows import Row, is_indicator_table, read_indicators, read_rows

_CLOSING = re.compile(
    r"^(?:本|该)[^，。]{1,14}(?:自|由|从|印发|有效|执行)|^(?:此前|以往|原)[^。]{0,30}(?:不一致|废止)|"
    r"^以上(?:政策|措施)[^。]{0,30}(?:解释|施行)"
)
_SIGNATURE = re.compile(r"^[^。；，：]{2,60}$")
_DATE = re.compile(r"20\d{2}年\d{1,2}月\d{1,2}日$")


@dataclass(slots=True)
class _Work:
    """Everything known half-way."""

    text: str
    flat: str
    blocks: list[Block]
    part: Part
    roles: Roles
    head: Head
    scene: Scene
    rows: list[Row] = field(default_factory=list)
    extra: Harvest = field(default_factory=lambda: Harvest([], [], []))
    standing: list[Found] = field(default_factory=list)
    placed: list[Passage] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)


def compile_text(text: str, *, name: str = "") -> PlanDocument:
    """Compiles a Chinese government plan given as plain text.

    Args:
        text: the whole text, as published; up to 300,000 characters.
        name: how the caller calls it (a file name); kept, not interpreted.

    Returns:
        The plan: actions, measures, duties, targets, support standards, mentions and commitments, each with its
        span in `text`; and passages placed and unplaced that together cover every non-blank character.

    Raises:
        NotAPlan: the text is empty, binary, too long, not Chinese, has no numbered measures, or is no plan.
    """
    check(text)
    work = _prepare(text)
    actions = _actions(work)
    fronts = _preamble(work)
    headline = read_headline(text, work.flat, work.part, work.roles, scene=work.scene, fronts=fronts)
    headline.targets += work.extra.targets
    headline.targets.sort(key=lambda t: t.number.start)
    targets = settle(headline.targets, "H.T")
    work.passed += headline.passed + work.extra.passed
    judge(
        text,
        title=work.head.title,
        number=work.head.number,
        duties=sum(bool(m.duty.lead or m.duty.cities) for a in actions for m in a.measures),
        targets=len(targets) + sum(len(m.targets) for a in actions for m in a.measures),
        measures=sum(len(a.measures) for a in actions),
    )
    taken = [(t.quote.span.start, t.quote.span.end) for t in targets]
    aims = [r for n in [*work.roles.aims, *work.roles.others] for r in n.paragraphs()]
    _place(work, actions, fronts)
    return PlanDocument(
        name=name,
        text=text,
        head=work.head,
        actions=tuple(actions),
        headline_targets=targets,
        headline_commitments=read_commitments(text, aims, taken, "H.C"),
        placed=tuple(sorted(work.placed, key=lambda p: (p.span.start, -p.span.end))),
        unplaced=tuple(unplaced(text, work.blocks, work.placed, work.part.roots[0].start if work.part.roots else 0)),
        passed_over=tuple(sorted(work.passed, key=lambda p: p.span)),
        confidence=_overall(actions),
    )


def _prepare(text: str) -> _Work:
    flat = fold(text)
    check_structure(flat)
    blocks = build_blocks(flat)
    parts = build_parts(blocks)
    read = [(p, assign_roles(p)) for p in parts]
    part, roles = max(read, key=lambda pr: len(pr[1].measures))
    first = part.roots[0].start if part.roots else None
    head = read_head(text, flat, blocks, first)
    years = [int(head.issued_on[:4])] if head.issued_on else []
    years += [head.period[0]] if head.period else []
    work = _Work(text, flat, blocks, part, roles, head, Scene(base_year=min(years) if years else None))
    _split_end(work)
    _read_tables(work, parts)
    _read_standing(work)
    return work


def _split_end(work: _Work) -> None:
    """Takes the closing lines (施行日期, signature, date) away from the last measure they happen to follow."""
    for root in work.part.roots[-1:]:
        last = root.walk()[-1]
        while last.body:
            run = last.body[-1]
            inline = run.at[0] <= last.block.run.at[-1]
            words = run.text
            signed = _DATE.search(words) and len(words) <= 60
            if inline or not (
                _CLOSING.match(words)
                or signed
                or (_SIGNATURE.match(words) and TITLE.match(words) is None and _office(words))
            ):
                break
            last.body.pop()
            work.placed.append(Passage(run.span(), "closing", "施行、署名与日期"))


def _office(words: str) -> bool:
    return bool(re.search(r"(?:政府|办公[厅室]|委员会|委|厅|局|部|院|行|会|署)$", words)) and len(words) <= 60


def _read_tables(work: _Work, parts: list[Part]) -> None:
    boxed = {id(t) for p in parts for b in boxes_of(p) for t in b.tables}
    for block in work.blocks:
        if block.table is None or id(block) in boxed:
            continue
        if is_indicator_table(block.table):
            figures = read_indicators(work.flat, block.table)
            got = read_indicator_table(work.text, figures, work.scene)
            work.extra.targets += got.targets
            work.extra.passed += got.passed
            if got.targets:
                work.placed.append(Passage(block.run.span(), "indicators", "指标表"))
        else:
            work.rows += read_rows(work.flat, block.table)


def _read_standing(work: _Work) -> None:
    seen: set[tuple[int, int]] = set()
    for block in work.blocks:
        if block.kind in ("text", "mark", "note", "bullet", "label"):
            rule = read_standing(block.run)
            if rule is not None and (rule.spans[0].start, rule.spans[0].end) not in seen:
                seen.add((rule.spans[0].start, rule.spans[0].end))
                work.standing.append(rule)
                work.placed.append(Passage(rule.spans[0], "standing", "统一适用的责任规定"))


def _actions(work: _Work) -> list[Action]:
    grouped: list[tuple[Node | None, list[Draft]]] = []
    for node, measures in work.roles.actions:
        above = read_duty([node.title, *node.body])[0] if node else Found()
        grouped.append((node, [Draft(m.mark.label, m.title, m, above=above) for m in measures]))
    drafts = [d for _, ds in grouped for d in ds]
    left = match_rows(drafts, work.rows) if drafts else work.rows
    if not drafts:
        return _row_actions(work)
    _place_rows(work, [r for r in work.rows if r not in left])
    out: list[Action] = []
    number = 0
    for node, own in grouped:
        built: list[Measure] = []
        for draft in own:
            number += 1
            measure, passed = build_measure(work.text, draft, number, work.scene, work.standing)
            built.append(measure)
            work.passed += passed
        out.append(_action(work, node, built, len(out) + 1))
    return out


def _action(work: _Work, node: Node | None, measures: list[Measure], number: int) -> Action:
    if node is None:
        span = Span(measures[0].span.start, measures[-1].span.end)
        title_span = work.head.title_span or Span(span.start, span.start)
        return Action(f"A{number}", "", work.head.title, title_span, span, tuple(measures), True, weigh("implied"))
    span = Span(node.start, max([node.span_end(), *(m.span.end for m in measures if m.span.start >= node.start)]))
    title = cite(work.text, node.title).text.strip("。：:")
    return Action(
        f"A{number}",
        node.mark.label,
        title,
        node.title.span() if node.title.text else span,
        span,
        tuple(measures),
        False,
        weigh(),
    )


def _row_actions(work: _Work) -> list[Action]:
    """A plan that is nothing but a table: section rows are actions, rows are measures."""
    out: list[Action] = []
    groups: list[tuple[Run | None, list[Row]]] = []
    for row in work.rows:
        if row.title is None or row.run is None:
            continue
        if groups and (row.section.text if row.section else "") == (groups[-1][0].text if groups[-1][0] else ""):
            groups[-1][1].append(row)
        else:
            groups.append((row.section, [row]))
    number = 0
    for section, rows in groups:
        built: list[Measure] = []
        for row in rows:
            number += 1
            assert row.title is not None  # noqa: S101 — rows without a title were left out above
            draft = Draft(str(row.number or number), row.title, None, rows=[row])
            measure, passed = build_measure(work.text, draft, number, work.scene, work.standing)
            built.append(measure)
            work.passed += passed
        span = Span(built[0].span.start, built[-1].span.end)
        if section is not None:
            title, at, implied = section.text, section.span(), False
        else:
            title, at, implied = work.head.title, work.head.title_span or span, True
        out.append(Action(f"A{len(out) + 1}", "", title, at, span, tuple(built), implied, weigh("row")))
    _place_rows(work, work.rows)
    return out


def _place_rows(work: _Work, rows: list[Row]) -> None:
    for row in rows:
        if row.run is not None:
            work.placed.append(Passage(row.run.span(), "task_row", "任务表行"))
        if row.section is not None:
            work.placed.append(Passage(row.section.span(), "task_section", "任务表分组"))


def _preamble(work: _Work) -> list[Run]:
    """The prose between title and first heading, without salutation and the notice's own sentences."""
    title_end = work.head.title_span.end if work.head.title_span else 0
    out = []
    for block in work.part.front:
        words = block.run.text
        if block.kind not in ("text", "bullet") or len(words) < 12 or words.endswith("："):
            continue
        if block.run.at[0] < title_end and work.head.title_span and block.run.at[-1] < work.head.title_span.start:
            continue
        if block.run.at[0] < title_end or re.search(r"印发给你们|现(?:转发|发布)|请(?:认真|遵照|结合)", words):
            continue
        if TITLE.match(words):
            continue
        out.append(block.run)
    return out


def _place(work: _Work, actions: list[Action], fronts: list[Run]) -> None:
    head = work.head
    for span, role, label in (
        (head.title_span, "title", "标题"),
        (head.number_span, "number", "文号"),
        (head.issued_span, "date", "日期"),
    ):
        if span is not None:
            work.placed.append(Passage(span, role, label))
    work.placed += [Passage(b.span, "issuer", "发文机关") for b in head.issuers]
    work.placed += [Passage(r.span(), "preamble", "引言") for r in fronts]
    for node in [*work.roles.aims, *work.roles.others]:
        work.placed.append(Passage(Span(node.start, node.span_end()), "goals", "目标与其他部分"))
    for action, _ in work.roles.actions:
        if action is not None:
            work.placed.append(Passage(action.block.run.span(), "action", "行动标题"))
            work.placed += [Passage(r.span(), "action", "行动引言") for r in action.body]
    for box in boxes_of(work.part):
        work.placed += [Passage(r.span(), "box", "专栏") for r in [box.title, *box.body, *(t.run for t in box.tables)]]
    for action_item in actions:
        work.placed += [Passage(m.span, "measure", "任务") for m in action_item.measures]
    # headings between an umbrella and its actions (二、重点任务)
    for root in work.part.roots:
        work.placed.append(Passage(root.block.run.span(), "heading", "标题"))


def _overall(actions: list[Action]) -> Confidence:
    """The plan's confidence: the mean over its measures and their targets, with the commonest reasons."""
    parts: list[Confidence] = []
    for measure in (m for a in actions for m in a.measures):
        parts += [measure.confidence, measure.duty.confidence]
        parts += [t.confidence for t in (*measure.targets, *measure.support)]
    if not parts:
        return Confidence(0.0)
    reasons = [r for p in parts for r in p.reasons]
    common = tuple(sorted(set(reasons), key=lambda r: (-reasons.count(r), r))[:3])
    return Confidence(round(sum(p.value for p in parts) / len(parts), 3), common)
