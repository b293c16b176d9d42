"""What an invented register is made of: places, the products of a catalogue with their words, days. Needs no Django."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from xiandao.engines.identify import Catalogue, Weight

SEED: Final = 20260101
_SPREAD: Final = 0.9
_THIN: Final = 0.12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a firm is registered: a county with its city, or a city itself (`city` equal to `name`)."""

    code: str
    name: str
    city: str

    @property
    def printed(self) -> str:
        """The place as a register prints it."""
        return self.name if self.name.startswith(self.city.removesuffix("市")) else f"{self.city}{self.name}"


@dataclass(frozen=True, slots=True)
class Good:
    """A product of the catalogue as firms write of it: words that name it, words also used elsewhere, traps."""

    industry: str
    segment: str
    words: tuple[str, ...]
    vague: tuple[str, ...]
    traps: tuple[str, ...]
    activities: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """All a register is drawn from. `older` and `newer` are the days of its two versions, `size` firms in the newer."""

    places: tuple[Place, ...]
    goods: tuple[Good, ...]
    older: dt.date
    newer: dt.date
    size: int = 1500
    seed: int = SEED
    known: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict, compare=False)

    def dice(self, *words: object) -> random.Random:
        """Return a source of chance that is the same for the same seed and words."""
        return random.Random(f"{self.seed}:{':'.join(map(str, words))}")  # noqa: S311 — invented rows

    def weight_of(self, city: str, rank: int) -> float:
        """Return how many firms a city has beside the others: few large ones, many small ones, in no known order."""
        return self.weights.get(city) or self.dice("city", city).lognormvariate(0, 0.6) / (1 + rank / 6)

    def taste(self, city: str, industry: str) -> float:
        """Return how much a city favours an industry over what its size would say."""
        return self.dice("taste", city, industry).lognormvariate(0, _SPREAD)

    def favour(self, good: Good) -> float:
        """Return how common a product is; one in eight segments has hardly a firm: there the chain is thin."""
        segment = self.dice("segment", good.industry, good.segment)
        thin = 0.01 if segment.random() < _THIN else 1.0
        return thin * segment.lognormvariate(0, 0.5)


def goods_of(
    catalogue: Catalogue, *, activities: Mapping[tuple[str, str], tuple[str, ...]], traps: Mapping[str, tuple[str, ...]]
) -> tuple[Good, ...]:
    """Return the products of a catalogue that have a word of their own.

    `activities`: codes of GB/T 4754 by industry and segment; `traps`: misleading phrases by industry, "" for all.
    """
    own: dict[str, list[str]] = {each.code: [] for each in catalogue.products}
    vague: dict[str, list[str]] = {each.code: [] for each in catalogue.products}
    for term in catalogue.terms:
        if _plain(term.text):
            (own if term.weight is Weight.CORE else vague)[term.product].append(term.text)
    return tuple(
        Good(
            each.industry,
            each.segment,
            tuple(own[each.code]),
            tuple(vague[each.code]),
            tuple(word for word in traps.get(each.industry, ()) if _plain(word)),
            activities.get((each.industry, each.segment), ()),
        )
        for each in catalogue.products
        if own[each.code]
    )


def _plain(word: str) -> bool:
    """Whether a word can stand in a list of things without changing it: no signs, no verb at its end."""
    return word.isalnum() and not word.endswith(("服务", "销售", "制造", "生产", "研发"))


def places_of(rows: Iterable[tuple[str, str, str | None]]) -> tuple[Place, ...]:
    """Return the places of a province from its regions (code, name, code of the one above).

    Counties stand for themselves; a city without counties stands too. The province, which has no parent, does not.
    """
    regions = list(rows)
    names = {code: name for code, name, _above in regions}
    above = {code: parent for code, _name, parent in regions}
    divided = {parent for _code, _name, parent in regions if parent}
    return tuple(
        Place(code, name, names[_city(code, above)])
        for code, name, parent in sorted(regions)
        if parent and code not in divided
    )


def _city(code: str, above: Mapping[str, str | None]) -> str:
    """Return the city a region is in: the one whose parent has none."""
    parent = above.get(code)
    return code if parent is None or above.get(parent) is None else _city(parent, above)
