"""Reads the grammar of business scopes: items, lists, the verbs that bind them, and what is excluded.

研发、生产、销售：甲、乙 — verbs before a list bind all of it; 甲、乙的研发、销售 — verbs after it do; 甲销售，乙研发
— each its own.
Everything is computed for a whole batch at once on arrays of items; no loop over rows.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.identify.lexicon import (
    EXCLUSIONS,
    HEADING_ENDS,
    JOINED,
    MARKS,
    TOKENS,
    VERB_BITS,
    Exclusion,
    Mark,
    Verb,
)
from xiandao.engines.identify.text import Flat

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Masks = NDArray[np.int16]
_CHAIN = 8
"""So many verbs in a row are joined into one list (研发、设计、生产、加工、组装、销售、安装、维修)."""


class Source(IntEnum):
    """Where the verbs of an item come from."""

    NONE = 0
    OWN = 1
    BEFORE = 2
    """Verbs that stand before a list."""
    AFTER = 3
    """Verbs that stand after a list."""
    AFTER_COMMA = 4
    """As AFTER, with a comma between: the weakest tie."""
    HOST = 5
    """The item stands in a bracket, the verbs outside."""


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a batch: what stands between two marks of punctuation, in flattened text.

    ``starts``, ``ends``: positions; ``clause``: number of its clause; ``verbs``, ``source``: what binds it;
    ``size``: how many items that are not empty its clause has; ``tail``: where the verbs start that the item ends
    with (else its end);
    ``distance``: how many items lie between it and the verbs that bind it.
    """

    starts: Ints
    ends: Ints
    clause: Ints
    verbs: Masks
    source: NDArray[np.int8]
    size: Ints
    tail: Ints
    distance: Ints

    def of(self, positions: Ints) -> Ints:
        """Return the item in which each position stands."""
        return np.searchsorted(self.starts, positions, side="right") - 1


@dataclass(frozen=True, slots=True)
class _Tokens:
    start: Ints
    end: Ints
    value: Masks


@dataclass(frozen=True, slots=True)
class _Chains:
    """Of each item: the verbs it starts with (``head``), those it ends with (``tail``), its verbs if it has nothing
    else (``pure``), where its tail starts, and the development of 技术研发 alone (``technical``).

    ``pure`` is negative where the item starts with a noun of no field (技术服务) or points back (以上产品的租赁):
    verbs of another thing.
    """

    head: Masks
    tail: Masks
    pure: Masks
    tail_at: Ints
    technical: Masks


def items(flat: Flat) -> Items:
    """Return the items of a batch with the verbs that bind them."""
    marks = MARKS[flat.codes].astype(np.int8)
    marks[(marks == Mark.OPEN) | (marks == Mark.CLOSE)] = Mark.CLAUSE  # brackets that are none divide
    for left, right in JOINED:  # 软、硬件 is one thing
        at = np.flatnonzero((flat.codes[:-2] == ord(left)) & (flat.codes[2:] == ord(right))) + 1
        marks[at[flat.text_of(at - 1) == flat.text_of(at + 1)]] = Mark.NONE
    starts, ends, before = _cut(flat, marks)
    clause = np.cumsum(before == Mark.CLAUSE)
    said = _chains(_tokens(flat), starts, ends)
    verbs, source, distance = _bind(clause, before, said)
    _from_hosts(flat, starts, verbs, source)
    size = np.bincount(clause, weights=ends > starts)[clause].astype(np.int64) if len(clause) else clause
    return Items(starts, ends, clause, verbs, source, size, said.tail_at, distance)


def _cut(flat: Flat, marks: NDArray[np.int8]) -> tuple[Ints, Ints, NDArray[np.int8]]:
    """Return start and end of every item, and the mark before it (CLAUSE at the start of a text)."""
    size = len(flat.codes)
    at = np.flatnonzero(marks)
    before = np.zeros(size + 1, np.int8)
    before[at + 1] = marks[at]
    gap = before != 0
    before[flat.starts[:-1]] = Mark.CLAUSE
    starts = np.flatnonzero(before[:-1])
    following = np.append(starts[1:], size)
    return starts, following - gap[following], before[starts]


def _tokens(flat: Flat) -> _Tokens:
    """Return verbs and fillers in order, none overlapping: of two that overlap the first stands."""
    codes = flat.codes
    single, pair = TOKENS.at(codes, flat.starts)
    at = np.flatnonzero(pair)
    if len(at):
        fresh = np.append(True, np.diff(at) > 1)
        first = np.maximum.accumulate(np.where(fresh, np.arange(len(at)), 0))
        at = at[(np.arange(len(at)) - first) % 2 == 0]
    covered = np.zeros(len(codes) + 1, np.bool_)
    covered[at] = True
    covered[at + 1] = True
    ones = np.flatnonzero((single != 0) & ~covered[:-1])
    start = np.concatenate([at, ones])
    order = np.argsort(start, kind="stable")
    end = np.concatenate([at + 2, ones + 1])[order]
    value = np.concatenate([pair[at], single[ones]])[order]
    follower = codes[np.minimum(end, len(codes) - 1)] if len(codes) else codes
    within = ~np.isin(end, flat.starts)
    heading = within & ((value & Verb.HEADING) != 0) & np.isin(follower, [ord(char) for char in HEADING_ENDS])
    value[heading] = Verb.FILLER  # 经营范围、经营项目 are headings
    return _Tokens(start[order], end, value)


def _chains(tokens: _Tokens, starts: Ints, ends: Ints) -> _Chains:
    """Return what each item says of itself."""
    count = len(starts)
    none = np.zeros(count, np.int16)
    tail_at = ends.copy()
    if not len(tokens.start):
        return _Chains(none, none.copy(), none.copy(), tail_at, none.copy())
    item = np.searchsorted(starts, tokens.start, side="right") - 1
    inside = tokens.end <= ends[item]
    start, end, value, item = tokens.start[inside], tokens.end[inside], tokens.value[inside], item[inside]
    first = np.append(True, item[1:] != item[:-1])
    last = np.append(first[1:], True)
    from_left = start == np.where(first, starts[item], np.append(0, end[:-1]))
    to_right = end == np.where(last, ends[item], np.append(start[1:], 0))
    noun = (value & Verb.GENERIC) != 0
    head = _unbroken(from_left, first)
    tail = _unbroken(to_right[::-1], last[::-1])[::-1]
    qualified = np.append(False, ((value[:-1] & (VERB_BITS | Verb.OF)) != 0) & (end[:-1] == start[1:])) & ~first
    thing_ = noun & qualified  # 检测设备 is a thing; 设备检测 an act, and 研发及产品销售 are two
    acting = tail & _unbroken(~thing_[::-1], last[::-1])[::-1]
    heads, tails, pure = none, none.copy(), none.copy()
    bits = value & VERB_BITS
    opening = head & _unbroken((value & Verb.NOUN) == 0, first)
    np.bitwise_or.at(heads, item[opening], bits[opening])
    np.bitwise_or.at(tails, item[acting], bits[acting])
    np.minimum.at(tail_at, item[tail], start[tail])
    whole = np.zeros(count, np.bool_)
    whole[item[last & head & to_right]] = True
    generic, owned, back, technical = np.zeros((4, count), np.bool_)
    generic[item[first & noun]] = True
    owned[item[(value & Verb.OF) != 0]] = True
    back[item[(value & Verb.BACK) != 0]] = True
    technical[item[first & ((value & Verb.TECHNICAL) != 0)]] = True
    thing = whole & generic & owned & ~back  # 网络技术的研发 ends a list like any other thing
    heads[thing] = 0
    whole &= ~thing
    pure[whole] = np.where((generic | back)[whole], -tails[whole], tails[whole])
    goes_on = np.where(whole & technical & ~back, tails & int(Verb.DEVELOP), 0).astype(np.int16)
    heads[whole] = 0
    tails[whole | back] = 0
    return _Chains(heads, tails, pure, tail_at, goes_on)


def _unbroken(joined: Bools, first: Bools) -> Bools:
    """Return where every element since the last ``first`` is joined to the one before it."""
    breaks = np.cumsum(~joined)
    at = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    return breaks == (breaks[at] - ~joined[at])


def _bind(clause: Ints, before: NDArray[np.int8], said: _Chains) -> tuple[Masks, NDArray[np.int8], Ints]:
    """Return the verbs that bind each item, where they come from, and how many items away they stand."""
    head, tail, pure = said.head, said.tail, said.pure
    count = len(clause)
    chain = np.maximum(pure, 0)
    following, preceding = chain.copy(), chain.copy()
    same = np.append(clause[1:] == clause[:-1], False) if count else np.zeros(0, np.bool_)
    colon = before == Mark.COLON
    onward = same & ~np.append(colon[1:], False) if count else same
    for _ in range(_CHAIN):  # verbs of neighbouring items that are nothing but verbs run together
        following[:-1] |= np.where(onward[:-1] & (chain[1:] > 0), following[1:] * (chain[:-1] > 0), 0)
        preceding[1:] |= np.where(same[:-1] & (chain[:-1] > 0), preceding[:-1] * (chain[1:] > 0), 0)
    goes_on = said.technical * (before == Mark.LIST)
    after = np.append(np.where(onward[:-1], following[1:] | goes_on[1:], 0), 0).astype(np.int16) if count else chain
    ahead = np.append(0, np.where(same[:-1], preceding[:-1], 0)).astype(np.int16) if count else chain
    noun = pure == 0
    leads = noun & ((head != 0) | (colon & (ahead != 0)))
    lead = np.where(leads, head | ahead, 0).astype(np.int16)
    trails = (noun & (tail != 0)) | (chain > 0)
    trail = np.where(noun, tail | np.where(tail != 0, after, 0), following).astype(np.int16)
    verbs = np.where(noun & (tail != 0), trail, 0).astype(np.int16)
    source = np.where(verbs != 0, Source.OWN, Source.NONE).astype(np.int8)
    own_head = (verbs == 0) & noun & leads
    verbs[own_head], source[own_head] = lead[own_head], Source.OWN
    verbs[chain > 0], source[chain > 0] = chain[chain > 0], Source.OWN
    open_ = np.flatnonzero(noun & (verbs == 0))
    distance = _inherit(open_, (clause, before), (leads, lead, trails, trail), (verbs, source))
    return verbs, source, distance


def _inherit(
    open_: Ints,
    context: tuple[Ints, NDArray[np.int8]],
    carriers: tuple[Bools, Masks, Bools, Masks],
    bound: tuple[Masks, NDArray[np.int8]],
) -> Ints:
    """Give items without verbs those of the list they stand in, and return for each item how far away these stand.

    ``carriers``: items with verbs before a list, these verbs, items with verbs after a list, these verbs.
    ``bound``: verbs and source of every item, written to.
    """
    clause, before = context
    leads, lead, trails, trail = carriers
    verbs, source = bound
    count = len(clause)
    index = np.arange(count)
    previous = np.maximum.accumulate(np.where(leads | (trails & ~leads), index, -1)) if count else index
    later = np.where(leads | trails, index, count)
    following = np.minimum.accumulate(later[::-1])[::-1] if count else index
    commas = np.cumsum(before == Mark.COMMA)
    here = previous[open_]
    led = (here >= 0) & (clause[here] == clause[open_]) & leads[here]
    there = np.minimum(following[open_], count - 1)
    closed = (following[open_] < count) & (clause[there] == clause[open_]) & trails[there] & ~leads[there]
    near = closed & (commas[there] == commas[open_])
    led &= ~(near & (commas[open_] > commas[here]))
    verbs[open_[led]], source[open_[led]] = lead[here[led]], Source.BEFORE
    rest = closed & ~led
    verbs[open_[rest]] = trail[there[rest]]
    source[open_[rest]] = np.where(near[rest], Source.AFTER, Source.AFTER_COMMA)
    distance = np.zeros(count, np.int64)
    distance[open_] = np.where(led, open_ - here, np.where(rest, there - open_, 0))
    return distance


def _from_hosts(flat: Flat, starts: Ints, verbs: Masks, source: NDArray[np.int8]) -> None:
    """Give items in brackets without verbs those of the item before the bracket, outer brackets first."""
    for _ in range(2):
        bare = np.flatnonzero(source == Source.NONE)
        host = flat.host[flat.text_of(starts[bare])]
        bare, host = bare[host >= 0], host[host >= 0]
        outer = np.searchsorted(starts, host, side="right") - 1
        bound = verbs[outer] != 0
        verbs[bare[bound]], source[bare[bound]] = verbs[outer[bound]], Source.HOST


def excluded(flat: Flat, positions: Ints) -> Bools:
    """Return for each position whether what stands there is excluded: 不含…, …除外, 除…外, in a bracket or a clause."""
    marks = MARKS[flat.codes]
    dividing = (marks == Mark.CLAUSE) | (marks == Mark.OPEN) | (marks == Mark.CLOSE)
    commas = np.flatnonzero(marks == Mark.COMMA)
    dividing[commas[~flat.bracketed[flat.text_of(commas)]]] = True
    cuts = np.sort(np.concatenate([flat.starts[:-1], np.flatnonzero(dividing)]))
    words = _exclusions(flat, marks)
    out = _in_scope(flat, words, cuts, positions)
    # what stands in a bracket whose host is excluded is excluded with it
    for _ in range(2):
        host = flat.host[flat.text_of(positions)]
        positions = np.where(host >= 0, host, positions)
        out |= (host >= 0) & _in_scope(flat, words, cuts, positions)
    return out


def _exclusions(flat: Flat, marks: NDArray[np.uint8]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return where words stand that exclude what follows, what precedes, and where 除 and 外 do."""
    single, pair = EXCLUSIONS.at(flat.codes, flat.starts)
    bounds = np.zeros(len(flat.codes) + 1, np.bool_)
    bounds[flat.starts] = True
    bounds[:-1] |= marks != 0
    opens = np.append(True, bounds[:-2]) | bounds[:-1] if len(flat.codes) else bounds[:-1]
    return (
        np.flatnonzero(pair == Exclusion.AFTER),
        np.flatnonzero(pair == Exclusion.BEFORE),
        np.flatnonzero((single == Exclusion.EXCEPT) & opens),
        np.flatnonzero((single == Exclusion.BESIDES) & bounds[1:]),
    )


def _in_scope(flat: Flat, words: tuple[Ints, Ints, Ints, Ints], cuts: Ints, positions: Ints) -> Bools:
    """Return for each position whether an excluding word of its own bracket or clause reaches it."""
    after, before, except_, besides = words
    scope = np.searchsorted(cuts, positions, side="right")

    def last(places: Ints) -> Bools:
        index = np.searchsorted(places, positions) - 1
        found = places[np.maximum(index, 0)] if len(places) else np.zeros(len(positions), np.int64)
        return np.asarray((index >= 0) & (np.searchsorted(cuts, found, side="right") == scope))

    def next_(places: Ints) -> Bools:
        index = np.searchsorted(places, positions)
        if not len(places):
            return np.zeros(len(positions), np.bool_)
        found = places[np.minimum(index, len(places) - 1)]
        return np.asarray((index < len(places)) & (np.searchsorted(cuts, found, side="right") == scope))

    alone = flat.bracketed[flat.text_of(positions)]
    return last(after) | next_(before) | (last(except_) & (next_(besides) | alone))
