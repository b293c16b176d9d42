"""What is known of an enterprise and an industry: numbers computed from its hits, whatever their order."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.identify.catalogue import Weight
from xiandao.engines.identify.clauses import Source
from xiandao.engines.identify.hits import Bond, Discount, Hits

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_WEIGHTS: Final = ("related", "weak", "core")
_BONDS: Final = ("none", "sell", "serve", "make")
_LONG_GAP: Final = 5
_LONG_LIST: Final = 12
KINDS: Final[dict[str, str]] = {
    "name_trade": "商贸|贸易|经贸|销售|物资|商行|经营部|营业厅|门市|商场|超市|商店|批发|进出口",
    "name_maker": "科技|技术|制造|研究|实业|电子|生物|新材料|装备|器械|设备|机械|仪器|光电|能源|航空|通信|智能|机器人",
    "name_other": (
        "置业|餐饮|旅行|旅游|酒店|文化|传媒|人才|教育|投资|建设|建筑|劳务|物流|运输|保险|银行"
        "|房地产|装饰|农业|养殖|工程|咨询"
    ),
}
"""Words in a name that tell trading firms, makers and firms of other fields: weak evidence."""
NAMES: Final = (
    *(f"{weight}_{bond}" for weight in _WEIGHTS for bond in _BONDS),
    "unbound",
    "only_sold",
    "only_served",
    "only_related",
    "own",
    "before",
    "after",
    "after_comma",
    "host",
    "two_terms",
    "three_terms",
    "two_products",
    "gap",
    "wide_gap",
    "adjacent",
    "lead",
    "long_list",
    "distance",
    "list_size",
    "alone",
    "in_name",
    "excluded",
    "trap",
    "also_sold",
    "also_served",
    "activity",
    *KINDS,
)
"""The features, in the order of the columns."""
_AT: Final = {name: index for index, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Links:
    """Hits joined with the products they stand for: one line for each hit and product."""

    hit: Ints
    product: Ints
    industry: Ints
    weight: NDArray[np.int8]
    activity: NDArray[np.bool_]

    def bond(self, hits: Hits) -> NDArray[np.int8]:
        """Return the Bond of each link: an activity named without a verb, or itself sold, is served."""
        bond = hits.bond[self.hit]
        itself = (bond == Bond.NONE) | (hits.gap[self.hit] == 0)
        return np.where(self.activity & itself & (bond < Bond.SERVE), np.int8(Bond.SERVE), bond)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What each word of the scanner stands for: products, industries, weights, in compressed rows by word."""

    offsets: Ints
    product: Ints
    industry: Ints
    weight: NDArray[np.int8]
    activity: NDArray[np.bool_]

    def join(self, word: Ints) -> Links:
        """Return the links of hits with these words."""
        counts = (self.offsets[1:] - self.offsets[:-1])[word]
        hit = np.repeat(np.arange(len(word)), counts)
        within = np.arange(len(hit)) - np.repeat(np.cumsum(counts) - counts, counts)
        at = self.offsets[word[hit]] + within
        return Links(hit, self.product[at], self.industry[at], self.weight[at], self.activity[at])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Enterprise and industry: the row in the batch, the industry, the features, and the pair of each link."""

    row: Ints
    industry: Ints
    values: Floats
    of_link: Ints


def pairs(hits: Hits, links: Links, *, named: NDArray[np.bool_], kinds: NDArray[np.bool_], industries: int) -> Pairs:
    """Return a pair for every row and industry that has a hit, ordered by row and industry.

    ``named`` says for every row and industry (rows x industries) whether the name of the enterprise holds a term,
    ``kinds`` for every row (rows x KINDS) of what kind of enterprise the name speaks.
    """
    key = hits.row[links.hit] * industries + links.industry
    keys, of_link = np.unique(key, return_inverse=True)
    row, industry = keys // industries, keys % industries
    values = np.zeros((len(keys), len(NAMES)))
    counted = hits.discount[links.hit] == Discount.NONE
    hit, pair = links.hit[counted], of_link[counted]
    weight, bond = links.weight[counted].astype(np.int64), links.bond(hits)[counted].astype(np.int64)
    values[pair, weight * len(_BONDS) + bond] = 1.0
    _at_most(values)
    _strongest(values, pair, weight * len(_BONDS) + bond, hits, hit)
    _numbers(values, pair, hits.word[hit], ("two_terms", "three_terms"))
    _numbers(values, pair, links.product[counted], ("two_products",))
    values[named[row, industry], _AT["in_name"]] = 1.0
    values[:, [_AT[kind] for kind in KINDS]] = kinds[row]
    values[pair[links.activity[counted]], _AT["activity"]] = 1.0
    for reason, name in ((Discount.EXCLUDED, "excluded"), (Discount.TRAP, "trap")):
        values[of_link[hits.discount[links.hit] == reason], _AT[name]] = 1.0
    return Pairs(row, industry, values, of_link)


def _at_most(values: Floats) -> None:
    """Write what no hit of a pair goes beyond: no verb, selling, serving; no weight beyond related."""
    seen = values[:, : len(_WEIGHTS) * len(_BONDS)].reshape(-1, len(_WEIGHTS), len(_BONDS)) > 0
    strongest = np.where(seen.any(axis=1), np.arange(1, len(_BONDS) + 1), 0).max(axis=1, initial=0)
    for most, name in enumerate(("unbound", "only_sold", "only_served"), 1):
        values[strongest == most, _AT[name]] = 1.0
    values[seen[:, 0].any(axis=1) & ~seen[:, 1:].any(axis=(1, 2)), _AT["only_related"]] = 1.0


def _strongest(values: Floats, pair: Ints, rank: Ints, hits: Hits, hit: Ints) -> None:
    """Write how the strongest hits of each pair are bound: hits of equal rank speak together."""
    best = np.full(len(values), -1, np.int64)
    np.maximum.at(best, pair, rank)
    top = rank == best[pair]
    pair, hit = pair[top], hit[top]
    for name, source in (
        ("own", Source.OWN),
        ("before", Source.BEFORE),
        ("after", Source.AFTER),
        ("after_comma", Source.AFTER_COMMA),
        ("host", Source.HOST),
    ):
        values[pair[hits.source[hit] == source], _AT[name]] = 1.0
    least = np.full((len(values), 4), np.iinfo(np.int64).max)
    for column, measure in enumerate((hits.gap, hits.lead, hits.size, hits.distance)):
        np.minimum.at(least[:, column], pair, measure[hit])
    some = best >= 0
    values[some, _AT["gap"]] = np.minimum(np.log2(1 + least[some, 0]), 4) / 4
    values[some & (least[:, 0] >= _LONG_GAP), _AT["wide_gap"]] = 1.0
    values[some & (least[:, 0] == 0), _AT["adjacent"]] = 1.0
    values[some & (least[:, 1] >= _LONG_GAP), _AT["lead"]] = 1.0
    values[some & (least[:, 2] >= _LONG_LIST), _AT["long_list"]] = 1.0
    values[some & (least[:, 2] == 1), _AT["alone"]] = 1.0
    values[some, _AT["distance"]] = np.log2(1 + least[some, 3])
    values[some, _AT["list_size"]] = np.log2(least[some, 2]) / 4
    made = hits.bond[hit] == Bond.MAKE
    for bit, name in ((8, "also_sold"), (4, "also_served")):
        values[pair[made & ((hits.verbs[hit] & bit) != 0)], _AT[name]] = 1.0


def _numbers(values: Floats, pair: Ints, what: Ints, names: tuple[str, ...]) -> None:
    """Write whether a pair has two (three) different terms or products."""
    seen = np.unique(np.stack([pair, what]), axis=1)[0]
    count = np.bincount(seen, minlength=len(values))
    for number, name in enumerate(names, 2):
        values[count >= number, _AT[name]] = 1.0


def vocabulary(words: list[str], terms: list[tuple[str, int, int, Weight, bool]]) -> Vocabulary:
    """Return the vocabulary of words, given (text, product, industry, weight, activity) of every term."""
    index = {word: number for number, word in enumerate(words)}
    rows = sorted(
        {(index[text], product, industry, int(weight), activity) for text, product, industry, weight, activity in terms}
    )
    table = np.array(rows, np.int64).reshape(-1, 5)
    offsets = np.searchsorted(table[:, 0], np.arange(len(words) + 1))
    return Vocabulary(offsets, table[:, 1], table[:, 2], table[:, 3].astype(np.int8), table[:, 4] != 0)
