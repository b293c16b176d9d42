"""Texts beside the scope: the name, the product lines. Weak evidence, read only where the scope says nothing at all.

A name tells what a firm once meant to do, not what it does: such a result is never decided "in". Where the register
gives no scope somebody should look ("review"); where it gives one that names no term, the name is no more than a
mention ("out").
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiandao.engines.identify import text
from xiandao.engines.identify.catalogue import Catalogue, Weight
from xiandao.engines.identify.features import Vocabulary
from xiandao.engines.identify.hits import Found
from xiandao.engines.identify.model import DECISIONS, Model
from xiandao.engines.identify.result import EVIDENCE, coded
from xiandao.engines.identify.scan import Column

Ints = NDArray[np.int64]
Source = Literal["scope", "name", "product_lines"]
SOURCES: Final[tuple[Source, ...]] = ("scope", "name", "product_lines")
"""The texts in which terms are looked for; a row is told by the first of them in which any stands."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Core terms in a text beside the scope, a line for each term and product, ordered by row, industry and place.

    ``row`` numbers the batch; ``start``, ``end``: characters of the text ``said``; ``source``: which text.
    """

    source: Source
    row: Ints
    industry: Ints
    product: Ints
    word: Ints
    start: Ints
    end: Ints
    said: pa.StringArray

    def pairs(self) -> Ints:
        """Return where the lines of each enterprise and industry start, and one entry more."""
        fresh = (np.diff(self.row, prepend=-1) != 0) | (np.diff(self.industry, prepend=-1) != 0)
        return np.append(np.flatnonzero(fresh), len(self.row))

    def columns(self, bare: NDArray[np.bool_], model: Model, words: list[str], catalogue: Catalogue) -> list[pa.Array]:
        """Return the columns of a result after the industry, a row a pair. ``bare`` says which rows have no scope."""
        at, count = self.pairs(), len(self.row)
        unknown = bare[self.row[at[:-1]]]
        decisions = np.where(unknown, DECISIONS.index("review"), DECISIONS.index("out")).astype(np.int8)
        products = [catalogue.products[each] for each in self.product.tolist()]
        none = pa.nulls(count, pa.string())
        structs = pa.StructArray.from_arrays(
            [
                pa.array(words, pa.string()).take(pa.array(self.word)),
                pa.array([each.code for each in products], pa.string()),
                self.said,
                pa.array([[]] * count, pa.list_(pa.string())),
                pa.array(self.start, pa.int32()),
                pa.array(self.end, pa.int32()),
                none,
                none,
                pa.array([self.source] * count, pa.string()),
            ],
            fields=list(EVIDENCE),
        )
        return [
            pa.array([products[each].segment for each in at[:-1].tolist()], pa.string()),
            pa.array(["mention"] * len(unknown), pa.string()),
            pa.array(np.round(np.where(unknown, model.reject, model.calibration.floor), 6)),
            coded(DECISIONS, decisions),
            pa.ListArray.from_arrays(pa.array(at, pa.int32()), structs, type=pa.list_(EVIDENCE)),
        ]


def beside(
    source: Source,
    texts: Column,
    silent: NDArray[np.bool_],
    *,
    rows: Callable[[Column], Ints],
    find: Callable[[Column], Found],
    vocabulary: Vocabulary,
) -> Beside:
    """Return the core terms in a text column, in the rows that are ``silent``: those of which no text before tells.

    ``rows`` finds the rows with a term in a column, ``find`` the terms in a column.
    """
    known = rows(texts)
    known = known[silent[known]]
    some = text.take(texts, known)
    found = find(some)
    links = vocabulary.join(found.word)
    strong = (links.weight == Weight.CORE) & (found.trap[links.hit] < 0)
    hit, product, industry = links.hit[strong], links.product[strong], links.industry[strong]
    order = np.lexsort((product, found.start[hit], industry, found.row[hit]))
    hit, product, industry = hit[order], product[order], industry[order]
    local = found.row[hit]
    first = found.batch.starts[local]
    said = text.slices(some, some.offsets[local], some.offsets[local + 1])
    return Beside(
        source, known[local], industry, product, found.word[hit], found.start[hit] - first, found.end[hit] - first, said
    )
