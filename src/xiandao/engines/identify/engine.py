"""From a batch of a register to enterprises, industries, scores and evidence."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from xiandao.engines.identify import text
from xiandao.engines.identify.beside import Source, beside
from xiandao.engines.identify.catalogue import Catalogue
from xiandao.engines.identify.features import KINDS, Links, Pairs, Vocabulary, pairs, vocabulary
from xiandao.engines.identify.hits import Discount, Found, Hits, find, read
from xiandao.engines.identify.lexicon import Verb
from xiandao.engines.identify.model import DECISIONS, ROLES, Model
from xiandao.engines.identify.patterns import Edges, Patterns, patterns, shortest, words
from xiandao.engines.identify.result import EVIDENCE, RESULT, coded
from xiandao.engines.identify.scan import Column, Engine, Scanner, column, rows_of, scanner

Ints = NDArray[np.int64]

_NOTHING: Final = 6
"""Bytes of a scope that says nothing: empty, 无, 暂无, a dash."""
_VERB_NAMES: Final = ((Verb.DEVELOP, "develop"), (Verb.MAKE, "make"), (Verb.SERVE, "serve"), (Verb.SELL, "sell"))
_VERB_LISTS: Final = [[name for bit, name in _VERB_NAMES if mask & bit] for mask in range(16)]


@dataclass(frozen=True)
class Features:
    """What was computed of a batch before scoring: rows with hits, hits, links, pairs; for fitting and looking."""

    rows: Ints
    hits: Hits
    links: Links
    pairs: Pairs
    scopes: Column
    codes: text.Codes


@dataclass(frozen=True)
class _Compiled:
    """What is made of a catalogue once: words (terms, then traps), their patterns, what they stand for, the
    scanners.
    """

    words: list[str]
    terms: int
    patterns: Patterns
    vocabulary: Vocabulary
    edges: Edges
    rough: Scanner
    fine: Scanner

    def clone(self) -> "_Compiled":
        """Return the same for another thread: only the scanners are its own."""
        return replace(self, rough=self.rough.clone(), fine=self.fine.clone())


def _compile(catalogue: Catalogue, engine: Engine) -> _Compiled:
    terms, traps = words(catalogue)
    table = patterns([*terms, *traps])
    industry = {code: number for number, code in enumerate(catalogue.industries)}
    number = {each.code: place for place, each in enumerate(catalogue.products)}
    known = catalogue.product
    links = [
        (term.text, number[term.product], industry[product.industry], term.weight, product.activity)
        for term in catalogue.terms
        for product in [known[term.product]]
    ]
    rough = shortest(each for each, group in zip(table.texts, table.group, strict=True) if group < len(terms))
    return _Compiled(
        words=[*terms, *traps],
        terms=len(terms),
        patterns=table,
        vocabulary=vocabulary([*terms, *traps], links),
        edges=Edges(rough),
        rough=scanner(rough, engine=engine),
        fine=scanner(table.texts, engine="automaton"),
    )


class Identifier:
    """Identifies enterprises of the industries of a catalogue. One object serves one thread; ``clone`` for others."""

    def __init__(
        self,
        catalogue: Catalogue,
        model: Model | None,
        *,
        industries: tuple[str, ...] = (),
        engine: Engine = "auto",
        compiled: _Compiled | None = None,
    ) -> None:
        """Compile the patterns, or take ``compiled`` from another.

        ``industries`` limits the answer (codes; empty for all); ``engine`` chooses the scanner. Without a model only
        ``features`` works. Raises KeyError for an unknown industry.
        """
        self.catalogue = catalogue.of(industries) if industries else catalogue
        self.model = model
        self._industries = np.array(catalogue.industries)
        self._compiled = compiled or _compile(self.catalogue, engine)

    def clone(self) -> "Identifier":
        """Return an identifier for another thread, which shares all that is compiled."""
        return Identifier(self.catalogue, self.model, compiled=self._compiled.clone())

    @property
    def all_industries(self) -> tuple[str, ...]:
        """The codes of all industries of the catalogue, in its order, whichever the answer is limited to."""
        return tuple(self._industries.tolist())

    def industries(self, numbers: Ints) -> NDArray[np.str_]:
        """Return the codes of industries given by number, as in ``Features``."""
        return self._industries[numbers]

    def rows(self, scopes: Column) -> Ints:
        """Return the rows of a column in which any term of the catalogue stands: the fast scan."""
        found, row = rows_of(self._compiled.rough.scan(scopes.data), scopes.offsets)
        return np.unique(row[self._compiled.edges.free(found, row, scopes)])

    def features(self, names: pa.Array, scopes: pa.Array) -> Features:
        """Return rows with hits and what is known of them. ``names`` and ``scopes`` are string arrays of equal
        length.
        """
        whole = column(scopes)
        rows = self.rows(whole)
        some = text.take(whole, rows)
        found_terms = self._find(some)
        hits = read(found_terms)
        links = self._compiled.vocabulary.join(hits.word)
        some_names = text.take(column(names), rows)
        found = pairs(
            hits, links, named=self._named(some_names), kinds=_kinds(some_names), industries=len(self._industries)
        )
        return Features(rows, hits, links, found, some, found_terms.batch)

    def _find(self, texts: Column) -> Found:
        mine = self._compiled
        return find(texts, mine.fine, mine.patterns, mine.terms)

    def _named(self, names: Column) -> NDArray[np.bool_]:
        found = self._find(names)
        true = found.trap < 0
        links = self._compiled.vocabulary.join(found.word[true])
        named = np.zeros((names.rows, len(self._industries)), np.bool_)
        named[found.row[true][links.hit], links.industry] = True
        return named

    def identify(
        self, batch: pa.RecordBatch, *, name: str, scope: str, keys: tuple[str, ...], product_lines: str = ""
    ) -> pa.RecordBatch:
        """Return a row for every enterprise and industry of which a term was found, in the order of the register.

        ``name`` and ``scope`` are the columns to read, ``keys`` those to keep, ``product_lines`` a further text where
        the register has one. Where the scope holds no term the name and the product lines are read (``beside``).
        Raises KeyError for a missing column.
        """
        model = self.model
        if model is None:
            raise ValueError("没有模型")
        names, scopes = _strings(batch.column(name)), _strings(batch.column(scope))
        found = self.features(names, scopes)
        probabilities = model.probabilities(found.pairs.values, self._industries[found.pairs.industry])
        scores = np.round(model.scores(probabilities), 6)
        decisions = model.decisions(scores)
        roles = model.roles(probabilities, decisions)
        columns = [self._segments(found), coded(ROLES, roles), pa.array(scores), coded(DECISIONS, decisions)]
        kept, row, industry = batch.select(list(keys)), found.rows[found.pairs.row], found.pairs.industry
        parts = [self._part(kept, row, industry, [*columns, self._evidence(found)])]
        silent = np.ones(batch.num_rows, np.bool_)
        silent[found.rows] = False
        bare = column(scopes).lengths() <= _NOTHING
        further: list[tuple[Source, pa.Array]] = [("name", names)]
        if product_lines:
            further.append(("product_lines", _strings(batch.column(product_lines))))
        mine = self._compiled
        for source, texts in further:
            told = beside(source, column(texts), silent, rows=self.rows, find=self._find, vocabulary=mine.vocabulary)
            silent[told.row] = False
            if len(told.row):
                at = told.pairs()[:-1]
                columns = told.columns(bare, model, mine.words, self.catalogue)
                parts.append(self._part(kept, told.row[at], told.industry[at], columns))
                row, industry = np.append(row, told.row[at]), np.append(industry, told.industry[at])
        return parts[0] if len(parts) == 1 else pa.concat_batches(parts).take(pa.array(np.lexsort((industry, row))))

    def _part(self, kept: pa.RecordBatch, row: Ints, industry: Ints, columns: list[pa.Array]) -> pa.RecordBatch:
        """Return rows of the result: keys, industry, and the columns after it."""
        keys = kept.take(pa.array(row))
        codes = pa.array(self._industries[industry].tolist(), pa.string())
        return pa.RecordBatch.from_arrays([*keys.columns, codes, *columns], schema=pa.schema([*keys.schema, *RESULT]))

    def _segments(self, found: Features) -> pa.Array:
        """Return for each pair the segment of its strongest hit: counted, of most weight, best bound, then first."""
        hits, links = found.hits, found.links
        rank = (hits.discount[links.hit] == Discount.NONE) * 100 + links.weight * 10 + links.bond(hits)
        order = np.lexsort((links.product, -rank, found.pairs.of_link))
        pair = found.pairs.of_link[order]
        first = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
        product = links.product[order[first]]
        return pa.array([each.segment for each in self.catalogue.products], pa.string()).take(pa.array(product))

    def _evidence(self, found: Features) -> pa.Array:
        hits, links, codes = found.hits, found.links, found.codes
        order = np.lexsort((links.product, links.hit, found.pairs.of_link))
        hit, product = links.hit[order], links.product[order]
        byte_of = np.flatnonzero(np.diff(codes.at_byte, prepend=-1))
        clause = text.slices(found.scopes, byte_of[hits.first], byte_of[hits.last])
        row_start = codes.starts[hits.row]
        vocabulary_ = pa.array(self._compiled.words, pa.string())
        discount = pa.array([None, "excluded", "trap"], pa.string())
        trap = pa.array(np.where(hits.trap < 0, 0, hits.trap), mask=hits.trap < 0)
        lists = pa.array(_VERB_LISTS, pa.list_(pa.string()))
        index = pa.array(hit)
        structs = pa.StructArray.from_arrays(
            [
                vocabulary_.take(pa.array(hits.word[hit])),
                pa.array([each.code for each in self.catalogue.products], pa.string()).take(pa.array(product)),
                clause.take(index),
                lists.take(pa.array((hits.verbs & 15)[hit])),
                pa.array((hits.start - row_start)[hit], pa.int32()),
                pa.array((hits.end - row_start)[hit], pa.int32()),
                discount.take(pa.array(hits.discount[hit])),
                vocabulary_.take(trap).take(index),
                pa.array(["scope"] * len(hit), pa.string()),
            ],
            fields=list(EVIDENCE),
        )
        offsets = np.searchsorted(found.pairs.of_link[order], np.arange(len(found.pairs.row) + 1)).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), structs, type=pa.list_(EVIDENCE))


def _kinds(names: Column) -> NDArray[np.bool_]:
    """Return for each name (names x KINDS) of what kind of enterprise it speaks."""
    texts = text.slices(names, names.offsets[:-1], names.offsets[1:])
    return np.stack(
        [pc.match_substring_regex(texts, words_).to_numpy(zero_copy_only=False) for words_ in KINDS.values()], axis=1
    )


def _strings(array: pa.Array) -> pa.Array:
    """Return a column as a string array; other types are cast. Arrow's own string columns are not copied."""
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return array
    return pc.cast(array, pa.large_string())


def identify(
    batches: Iterable[pa.RecordBatch],
    identifier: Identifier,
    *,
    name: str,
    scope: str,
    keys: tuple[str, ...],
    product_lines: str = "",
    threads: int = 1,
) -> Iterator[pa.RecordBatch]:
    """Yield the result of each batch in order, several batches at work at once; the output does not depend on
    ``threads``.

    At most two batches per thread are held in memory. Raises ValueError for fewer than one thread.
    """
    if threads < 1:
        raise ValueError("线程数至少为 1")
    if threads == 1:
        for batch in batches:
            yield identifier.identify(batch, name=name, scope=scope, keys=keys, product_lines=product_lines)
        return
    free = [identifier, *(identifier.clone() for _ in range(threads - 1))]

    def work(batch: pa.RecordBatch) -> pa.RecordBatch:
        mine = free.pop()
        try:
            return mine.identify(batch, name=name, scope=scope, keys=keys, product_lines=product_lines)
        finally:
            free.append(mine)

    with ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[pa.RecordBatch]] = []
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) >= 2 * threads:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
