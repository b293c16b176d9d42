"""Cuts a compiled plan's text into sentences and says which items each sentence carries."""

from dataclasses import dataclass

from xiandao.engines.policytext.blocks import build_blocks
from xiandao.engines.policytext.clauses import sentence_bounds
from xiandao.engines.policytext.model import Measure, PlanDocument, Span
from xiandao.engines.policytext.normalise import fold


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or heading, or table) of the text and the ids of the items that stand in it, the widest first."""

    span: Span
    paragraph: int
    kind: str
    items: tuple[str, ...]


def sentences(document: PlanDocument) -> tuple[Sentence, ...]:
    """Every sentence of the plan's text in order, paragraphs counted from 0.

    An action or measure is linked to each sentence within its span, a duty's measure to the sentence that names it
    wherever it stands, everything else to the sentences its quotes touch.
    """
    marks = sorted(_marks(document), key=lambda m: (m[0].start, -m[0].end))
    active: list[tuple[Span, str]] = []
    upcoming = 0
    out: list[Sentence] = []
    for paragraph, block in enumerate(build_blocks(fold(document.text))):
        run = block.run
        bounds = sentence_bounds(run.text) if block.kind not in ("table", "furniture", "meta") else [(0, len(run))]
        for start, end in bounds:
            if not run.text[start:end].strip():
                continue
            span = run.span(start, end)
            while upcoming < len(marks) and marks[upcoming][0].start < span.end:
                active.append(marks[upcoming])
                upcoming += 1
            active = [m for m in active if m[0].end > span.start]
            linked = dict.fromkeys(i for s, i in active if s.start < span.end)
            out.append(Sentence(span, paragraph, block.kind, tuple(linked)))
    return tuple(out)


def _marks(document: PlanDocument) -> list[tuple[Span, str]]:
    marks = [(c.span, t.id) for t in document.headline_targets for c in (t.quote, *t.also)]
    marks += [(c.quote.span, c.id) for c in document.headline_commitments]
    for action in document.actions:
        marks.append((action.span, action.id))
        for measure in action.measures:
            marks.extend(_of_measure(measure))
    return marks


def _of_measure(measure: Measure) -> list[tuple[Span, str]]:
    marks = [(measure.span, measure.id)]
    marks += [(s, measure.id) for s in measure.duty.spans]
    marks += [(c.span, t.id) for t in (*measure.targets, *measure.support) for c in (t.quote, *t.also)]
    marks += [(m.span, m.id) for m in measure.quotes]
    marks += [(c.quote.span, c.id) for c in measure.commitments]
    return marks
