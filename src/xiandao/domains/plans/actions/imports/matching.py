"""Which item of a new version is which of the old one: the same words first, then the nearest. Pure.

From it come the comparison shown before publishing and the keys that items keep from version to version.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

from xiandao.domains.plans.actions.imports.places import squeeze
from xiandao.packs import PlanDoc
from xiandao.packs.schema import plan as schema

ItemT = TypeVar("ItemT", bound=schema.Item)
NEAR = 0.6
"""Share of common characters from which two wordings may be the same item."""

MOST_COMPARED = 40_000
"""Pairs compared by wording at most; beyond it what is not the same word for word counts as new."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Pairs (old, new) by kind; None stands where there is no counterpart. Measures name their parts' pairs."""

    actions: list[tuple[schema.Action | None, schema.Action | None]]
    measures: list[tuple[schema.Measure | None, schema.Measure | None]]
    targets: list[tuple[schema.Target | None, schema.Target | None]]
    support: list[tuple[schema.Target | None, schema.Target | None]]
    mechanisms: list[tuple[schema.Mechanism | None, schema.Mechanism | None]]
    commitments: list[tuple[schema.Commitment | None, schema.Commitment | None]]
    where: dict[int, schema.Measure] = field(default_factory=dict)
    """The measure an item stands in, by the item's id(); headline items have none."""


def match(old: PlanDoc, new: PlanDoc) -> Matched:
    """Return which items of two documents correspond."""
    where = {id(part): m for d in (old, new) for m in d.measures() for part in _parts(m)}
    actions = pair(old.actions, new.actions, (lambda a: squeeze(a.title),), lambda a, b: _alike(a.title, b.title))
    measures = pair(
        list(old.measures()),
        list(new.measures()),
        (lambda m: (m.no, squeeze(m.title)), lambda m: squeeze(m.title)),
        lambda a, b: _alike(a.title, b.title),
    )
    same = {id(b): id(a) for a, b in measures if a and b}
    home = {key: id(m) for key, m in where.items()}
    # A part's place is its measure in the old version, so that parts of matched measures are compared first.
    place: Callable[[Any], Any] = lambda item: same.get(home.get(id(item), 0), home.get(id(item), 0))  # noqa: E731

    def quantities(a: Iterable[schema.Target], b: Iterable[schema.Target]) -> list[Any]:
        exact = (
            lambda t: (place(t), squeeze(t.object), t.kind, t.year, t.unit),
            lambda t: (place(t), squeeze(t.object), t.year),
            lambda t: (place(t), squeeze(t.object), t.unit),
            lambda t: (squeeze(t.object), t.kind, t.year),
        )
        return pair(list(a), list(b), exact, lambda x, y: _alike_quantities(x, y, same_place=place(x) == place(y)))

    return Matched(
        actions,
        measures,
        quantities(old.targets(), new.targets()),
        quantities((t for m in old.measures() for t in m.support), (t for m in new.measures() for t in m.support)),
        pair(
            [q for m in old.measures() for q in m.mechanisms],
            [q for m in new.measures() for q in m.mechanisms],
            (lambda q: (place(q), q.name), lambda q: q.name),
            lambda _a, _b: 0.0,
        ),
        pair(
            [c for m in old.measures() for c in m.commitments],
            [c for m in new.measures() for c in m.commitments],
            (lambda c: (place(c), squeeze(c.quote)), lambda c: squeeze(c.quote)),
            lambda a, b: _alike(a.quote, b.quote),
        ),
        where,
    )


def _parts(measure: schema.Measure) -> tuple[schema.Item, ...]:
    return (*measure.targets, *measure.support, *measure.mechanisms, *measure.commitments)


def pair(
    old: Sequence[ItemT],
    new: Sequence[ItemT],
    exact: Sequence[Callable[[ItemT], Any]],
    likeness: Callable[[ItemT, ItemT], float],
) -> list[tuple[ItemT | None, ItemT | None]]:
    """Pair two lists: by each exact key in turn, then greedily by likeness from NEAR up; in the order of the new.

    Every item stands in exactly one pair.
    """
    found: dict[int, int] = {}
    used: set[int] = set()
    left, right = list(range(len(old))), list(range(len(new)))
    for key in exact:
        waiting: dict[Any, list[int]] = {}
        for a in left:
            waiting.setdefault(key(old[a]), []).append(a)
        for b in right:
            same = waiting.get(key(new[b]))
            if same:
                found[b] = same.pop(0)
                used.add(found[b])
        left = [a for a in left if a not in used]
        right = [b for b in right if b not in found]
    if len(left) * len(right) <= MOST_COMPARED:
        scores = [(likeness(old[a], new[b]), -b, -a) for a in left for b in right]
        for score, b, a in sorted(scores, reverse=True):
            if score >= NEAR and -b not in found and -a not in used:
                found[-b] = -a
                used.add(-a)
    pairs: list[tuple[ItemT | None, ItemT | None]] = [
        (old[found[b]] if b in found else None, item) for b, item in enumerate(new)
    ]
    return pairs + [(item, None) for a, item in enumerate(old) if a not in used]


def _alike(a: str, b: str) -> float:
    """Return the share of common characters, 0 to 1."""
    matcher = SequenceMatcher(None, squeeze(a), squeeze(b), autojunk=False)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    return matcher.ratio()


def _alike_quantities(a: schema.Target, b: schema.Target, *, same_place: bool) -> float:
    """Return how likely two quantities are the same promise: by what is counted and, in the same measure, by quote."""
    by_object = _alike(a.object, b.object)
    if not same_place or not a.quote or not b.quote:
        return by_object
    return max(by_object, _alike(a.quote, b.quote))
