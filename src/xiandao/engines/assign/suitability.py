"""How well an expert suits a proposal: codes of the catalogue both name, and words both write. Explained per pair."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from xiandao.engines.assign.model import Bools, Floats
from xiandao.kernel import InvalidValue

PARTS: Final = ("industries", "segments", "products", "text")
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = {"industries": 0.2, "segments": 0.2, "products": 0.3, "text": 0.3}
"""Platform default, no rule of law: a pack may pass others."""
_LENGTHS: Final = (2, 3)
_SEPARATORS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a proposal is about, or what an expert knows. Codes are the catalogue's; empty is unknown, never zero."""

    key: str
    industries: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class PartOfPair:
    """What one part says of a pair: its value in [0, 1], its share of the sum, and what both have."""

    part: str
    value: float
    share: float
    common: tuple[str, ...]


@dataclass(frozen=True)
class Suitability:
    """`matrix`: (P, E) in [0, 1]; `known`: where at least one part could be compared, elsewhere the matrix holds 0."""

    matrix: Floats
    known: Bools
    proposals: tuple[Topic, ...]
    experts: tuple[Topic, ...]
    parts: Mapping[str, Floats]
    weights: Mapping[str, float]
    _words: tuple[sparse.csr_array, sparse.csr_array, tuple[str, ...]] = field(repr=False)

    def explain(self, row: int, column: int, *, words: int = 5) -> tuple[PartOfPair, ...]:
        """Return the parts known of a pair, whose value times share adds up to the matrix; at most so many words."""
        known = [part for part in PARTS if part in self.parts and not np.isnan(self.parts[part][row, column])]
        whole = sum(self.weights[part] for part in known)
        return tuple(
            PartOfPair(
                part,
                float(self.parts[part][row, column]),
                self.weights[part] / whole,
                self._common(part, row, column, words),
            )
            for part in known
        )

    def _common(self, part: str, row: int, column: int, words: int) -> tuple[str, ...]:
        if part != "text":
            return tuple(sorted(getattr(self.proposals[row], part) & getattr(self.experts[column], part)))
        mine, theirs, names = self._words
        shared = (mine[[row]] * theirs[[column]]).tocoo()
        gives = {names[place]: float(value) for place, value in zip(shared.coords[1], shared.data, strict=True)}
        found: dict[str, float] = {}
        for run in _runs(self.proposals[row].text):
            found |= _joined(run, gives)
        return tuple(sorted(found, key=lambda word: (-found[word], word))[:words])


def _joined(run: str, gives: Mapping[str, float]) -> dict[str, float]:
    """Return the longest stretches of a run whose every two neighbours both sides write, with what they give."""
    found, start = {}, 0
    for place in range(len(run)):
        if run[place : place + 2] not in gives:
            word = run[start : place + 1]
            if len(word) > 1:
                found[word] = sum(gives.get(piece, 0.0) for piece in _sequences(word))
            start = place + 1
    return found


def suitability(
    proposals: Sequence[Topic], experts: Sequence[Topic], *, weights: Mapping[str, float] = DEFAULT_WEIGHTS
) -> Suitability:
    """Return the suitability of each expert for each proposal.

    Codes: the share of the proposal's codes that the expert has. Text: cosine of TF-IDF vectors of character
    sequences of two and three (sublinear term frequency, smoothed inverse document frequency over all texts given;
    sequences never cross punctuation; source: Manning, Raghavan, Schütze, Introduction to Information Retrieval,
    2008, §6.4). The sum is weighted over the parts that both know, so that an expert who left a field empty is not
    taken for one without it. Raises `InvalidValue` for weights that are unknown, negative or all zero.
    """
    if not weights or set(weights) - set(PARTS) or min(weights.values()) < 0 or max(weights.values()) <= 0:
        raise InvalidValue(dict(weights), f"{'、'.join(PARTS)} 的非负权重，且不全为 0", "请核对", "匹配度权重")
    parts = {part: _overlap(proposals, experts, part) for part in PARTS[:-1] if weights.get(part, 0) > 0}
    mine, theirs, names = _vectors(proposals, experts)
    if weights.get("text", 0) > 0:
        cosine = (mine @ theirs.T).toarray()
        cosine[np.array([not each.text.strip() for each in proposals], bool)] = np.nan
        cosine[:, np.array([not each.text.strip() for each in experts], bool)] = np.nan
        parts["text"] = np.clip(cosine, 0, 1)
    total, weight = np.zeros((len(proposals), len(experts))), np.zeros((len(proposals), len(experts)))
    for part, table in parts.items():
        known = ~np.isnan(table)
        total += np.where(known, table, 0) * weights[part]
        weight += known * weights[part]
    matrix = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    return Suitability(
        np.clip(matrix, 0, 1), weight > 0, tuple(proposals), tuple(experts), parts, dict(weights), (mine, theirs, names)
    )


def _overlap(proposals: Sequence[Topic], experts: Sequence[Topic], part: str) -> Floats:
    """Return the share of each proposal's codes that each expert has; NaN where either names none."""
    asked = [sorted(getattr(each, part)) for each in proposals]
    known = [sorted(getattr(each, part)) for each in experts]
    codes = {code: place for place, code in enumerate(sorted({code for codes in (*asked, *known) for code in codes}))}
    table = np.asarray((_incidence(asked, codes) @ _incidence(known, codes).T).toarray(), dtype=float)
    sizes = np.array([len(each) for each in asked], dtype=float)
    table /= np.where(sizes > 0, sizes, np.nan)[:, None]
    table[:, [not each for each in known]] = np.nan
    return table


def _incidence(rows: Sequence[Sequence[str]], codes: Mapping[str, int]) -> sparse.csr_array:
    columns = [codes[code] for row in rows for code in row]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(rows), len(codes)))


def _sequences(text: str) -> list[str]:
    """Return the sequences of two and three characters of each run of letters, digits or Chinese characters."""
    runs = _runs(text)
    return [run[i : i + n] for run in runs for n in _LENGTHS for i in range(len(run) - n + 1)]


def _runs(text: str) -> list[str]:
    return _SEPARATORS.split(unicodedata.normalize("NFKC", text).casefold())


def _vectors(
    proposals: Sequence[Topic], experts: Sequence[Topic]
) -> tuple[sparse.csr_array, sparse.csr_array, tuple[str, ...]]:
    texts = [each.text for each in (*proposals, *experts)]
    if not any(_sequences(text) for text in texts):
        return sparse.csr_array((len(proposals), 1)), sparse.csr_array((len(experts), 1)), ("",)
    reader = TfidfVectorizer(analyzer=_sequences, sublinear_tf=True)
    table = sparse.csr_array(reader.fit_transform(texts))
    return table[: len(proposals)], table[len(proposals) :], tuple(reader.get_feature_names_out())
