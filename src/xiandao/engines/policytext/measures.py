"""Makes a measure of a heading and its text, with the task-table rows that name it."""

import re
from dataclasses import dataclass, field, replace

from xiandao.engines.policytext.confidence import weigh
from xiandao.engines.policytext.duty import Found, read_duty
from xiandao.engines.policytext.mentions import read_commitments, read_mentions
from xiandao.engines.policytext.model import Confidence, Duty, Measure, PassedOver, Span
from xiandao.engines.policytext.normalise import Run, cite
from xiandao.engines.policytext.outline import Node
from xiandao.engines.policytext.reading import gather
from xiandao.engines.policytext.targets import Harvest, Scene, alike, settle
from xiandao.engines.policytext.taskrows import Row


@dataclass(slots=True, eq=False)
class Draft:
    """A measure before its id is known: heading node (or none), rows, and the duty of the action above."""

    no: str
    title: Run
    node: Node | None
    rows: list[Row] = field(default_factory=list)
    above: Found = field(default_factory=Found)


def plain_title(words: str) -> str:
    """A title without numbering, blanks, brackets' content or end marks, for comparing."""
    bare = re.sub(r"^(?:（?[一二三四五六七八九十\d]+[）、.．]\s*|第[一二三四五六七八九十\d]+[条节项])", "", words)
    return re.sub(r"[\s。；，、：:.“”\"]|（[^）]*）", "", bare)


def match_rows(drafts: list[Draft], rows: list[Row]) -> list[Row]:
    """Hands each row to the measure it names, by title, else by number; returns rows that name none."""
    left: list[Row] = []
    by_title = {plain_title(d.title.text): d for d in reversed(drafts)}
    numbered = {int(m.group()): d for d in reversed(drafts) if (m := re.search(r"\d+", _arabic_no(d)))}
    one_to_one = len([r for r in rows if r.number is not None]) == len(drafts)
    for i, row in enumerate(rows):
        found = _by_title(row, by_title)
        if found is None and row.number is not None and (one_to_one or _agrees(row, numbered.get(row.number))):
            found = numbered.get(row.number) or (drafts[i] if one_to_one and i < len(drafts) else None)
        if found is None and one_to_one and i < len(drafts):
            found = drafts[i]
        if found is None:
            left.append(row)
        else:
            found.rows.append(row)
    return left


def _arabic_no(draft: Draft) -> str:
    return str(draft.node.mark.number) if draft.node else draft.no


def _agrees(row: Row, draft: Draft | None) -> bool:
    """Whether a row and a measure of the same number share words, in title or text."""
    if draft is None or row.title is None:
        return draft is not None and row.title is None
    words = plain_title(row.title.text)
    body = "".join(r.text for r in draft.node.paragraphs()) if draft.node else ""
    pairs = {words[i : i + 2] for i in range(len(words) - 1)}
    shared = sum(p in draft.title.text or p in body for p in pairs)
    return bool(pairs) and shared >= 0.5 * len(pairs)


def _by_title(row: Row, by_title: dict[str, Draft]) -> Draft | None:
    if row.title is None:
        return None
    words = plain_title(row.title.text)
    if words in by_title:
        return by_title[words]
    inside = [t for t in by_title if len(t) >= 4 and len(words) >= 4 and (t in words or words in t)]
    if inside:
        return by_title[max(inside, key=len)]
    near = [t for t in by_title if alike(t, words)]
    return by_title[near[0]] if near else None


def build_measure(
    source: str, draft: Draft, number: int, scene: Scene, standing: list[Found]
) -> tuple[Measure, list[PassedOver]]:
    """The measure of a draft, and the numbers in it that are no targets."""
    ident = f"M{number:02d}"
    paragraphs = [draft.title, *draft.node.paragraphs()] if draft.node else []
    found, zones = read_duty(paragraphs)
    # the heading's own year (2025年重点任务) leads its text
    year = re.match(r"(?:到)?(20\d{2})年", draft.title.text)
    text_scene = replace(scene, lead_year=int(year.group(1)) if year else scene.lead_year)
    deadline = re.search(r"20\d{2}", found.deadline)
    text_scene = replace(text_scene, fallback_year=int(deadline.group()) if deadline else None)
    got = gather(source, paragraphs, text_scene, zones)
    for row in draft.rows:
        found.add(row.duty)
        got.add(_row_harvest(source, row, draft, scene))
    if not found and draft.above:
        found.add(draft.above)
    duty = with_standing(found, standing)
    targets = settle(got.targets, f"{ident}.T")
    support = settle(got.support, f"{ident}.S")
    taken = [(c.span.start, c.span.end) for t in (*targets, *support) for c in (t.quote, *t.also)]
    bodies = [r for r, z in zip(paragraphs[1:], zones[1:], strict=True) if sum(b - a for a, b in z) < len(r) - 2]
    measure = Measure(
        id=ident,
        no=draft.no,
        title=cite(source, draft.title).text.strip("。") if draft.title.text else "",
        title_span=draft.title.span() if draft.title.text else Span(0, 0),
        span=_span(draft),
        duty=duty,
        targets=targets,
        support=support,
        quotes=read_mentions(source, paragraphs, f"{ident}.Q"),
        commitments=read_commitments(source, bodies, taken, f"{ident}.C"),
        deadline=found.deadline or next((r.deadline for r in draft.rows if r.deadline), ""),
        confidence=_confidence(draft),
    )
    return measure, got.passed


def _row_harvest(source: str, row: Row, draft: Draft, scene: Scene) -> Harvest:
    total = Harvest([], [], [])
    cells: list[tuple[Run, int | None]] = list(row.goals)
    if (row.title is not None and draft.node is not None and not _same_title(row.title, draft.title)) or (
        row.title is not None and draft.node is None
    ):
        cells.insert(0, (row.title, None))
    for run, year in cells:
        cell_scene = replace(scene, cell=True, lead_year=year, fallback_year=row.year if year is None else year)
        total.add(gather(source, [run], cell_scene))
    return total


def _same_title(a: Run, b: Run) -> bool:
    return plain_title(a.text) == plain_title(b.text)


def _span(draft: Draft) -> Span:
    if draft.node is not None:
        return Span(draft.node.start, draft.node.span_end())
    runs = [r.run for r in draft.rows if r.run is not None]
    return Span(min(r.at[0] for r in runs), max(r.at[-1] + 1 for r in runs))


def _confidence(draft: Draft) -> Confidence:
    weak = []
    if draft.node is None:
        weak.append("row")
    elif not draft.node.titled:
        weak.append("title_long")
    elif not draft.node.paragraphs():
        weak.append("no_text")
    return weigh(*weak)


def with_standing(found: Found, standing: list[Found]) -> Duty:
    """The measure's duty with the rules stated once for all measures added (schema section 5)."""
    duty = found.duty()
    for rule in standing:
        names = {b.name for b in (*duty.lead, *duty.with_)}
        ruled = rule.duty()
        new = [b for b in (*rule.lead, *rule.plain, *rule.helping) if b.name not in names]
        if not duty.lead and not rule.helping:
            duty = replace(duty, lead=ruled.lead, with_=(*duty.with_, *ruled.with_))
        else:
            duty = replace(duty, with_=(*duty.with_, *new))
        duty = replace(duty, cities=duty.cities or rule.cities, standing=True, spans=(*duty.spans, *rule.spans))
        if duty.lead or duty.cities:
            duty = replace(duty, confidence=weigh() if not found else duty.confidence)
    return duty
