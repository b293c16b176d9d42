"""What surrounds one quantity: its clause, its sentence, the quantities beside it, the words left and right of it."""

import re
from dataclasses import dataclass
from functools import cached_property

from xiandao.engines.policytext.clauses import (
    YearMark,
    clause_bounds,
    sentence_bounds,
    split_coordinates,
    year_marks,
)
from xiandao.engines.policytext.lexicon import ADVERB, BUILD
from xiandao.engines.policytext.quantities import FILL, Quantity, find_quantities, mask

_ADVERB_TAIL = re.compile(rf"(?:{ADVERB}|{FILL}+，?)$")
_BUILD_TAIL = re.compile(rf"(?:{BUILD})(?:了|好|出|成)?$")
_BUILD_HEAD = re.compile(rf"[^，。；、]{{0,8}}?(?:{BUILD})")


@dataclass(frozen=True)
class Context:
    """One quantity in its paragraph. Offsets are those of the paragraph's text.

    `clause` is the part of `bounds` (the clause between commas) that states this quantity alone; `opening` is the first
    quantity in `bounds`. `group` holds the quantities of one bare list (80%、70%、50%) this one belongs to; `peers` all quantities of the
    clause; `cell` is true for a table cell, where a bare noun and number is a full statement.
    """

    text: str
    hidden: str
    sentence: tuple[int, int]
    bounds: tuple[int, int]
    clause: tuple[int, int]
    opening: Quantity
    quantity: Quantity
    group: tuple[Quantity, ...]
    peers: tuple[Quantity, ...]
    marks: tuple[YearMark, ...]
    base_year: int | None
    lead_year: int | None
    cell: bool

    @cached_property
    def left(self) -> str:
        """Words of the clause before the quantity's list, comparators left out; masked words stay masked."""
        return self.hidden[self.clause[0] : self.group[0].left]

    @cached_property
    def right(self) -> str:
        """Words of the clause after the quantity's list."""
        return self.text[self.group[-1].right : self.clause[1]]

    @cached_property
    def own_right(self) -> str:
        """Words of the clause right after this very quantity."""
        return self.text[self.quantity.right : self.clause[1]]

    @cached_property
    def words(self) -> str:
        """The clause."""
        return self.text[self.clause[0] : self.clause[1]]

    @cached_property
    def said(self) -> str:
        """The sentence."""
        return self.text[self.sentence[0] : self.sentence[1]]

    @cached_property
    def before(self) -> str:
        """The sentence up to this quantity."""
        return self.text[self.sentence[0] : self.quantity.left]

    @cached_property
    def stem(self) -> str:
        """`left` without the adverbs that may stand between a verb and its number."""
        return strip_adverbs(self.left)

    @cached_property
    def verb(self) -> str:
        """The verb of making or reaching directly before the number, "" if there is none."""
        return _tail_verb(self.left)

    @cached_property
    def carried(self) -> bool:
        """Whether this number stands right after 、or 和 in a list whose first number has a verb or a comparator."""
        first = self.peers[0] if self.peers else self.quantity
        if self.bounds[0] == self.clause[0] and first.start == self.quantity.start:
            return False
        opening = self.hidden[self.bounds[0] : self.opening.left]
        return self.opening.marked or bool(_tail_verb(opening)) or bool(_BUILD_HEAD.match(opening))

    @cached_property
    def prenominal(self) -> bool:
        """Whether the counted noun follows the number (建设100个场景) instead of coming before it (场景100个)."""
        return bool(re.match(r"的?[\u4e00-\u9fffA-Za-z“（\d]", self.right)) and not re.match(
            r"(?:落地|开工|投产|竣工|建成|完工|投入使用|投用|投运|纳入|通过|获评|入选|上线|达产|签约|挂牌|上市|获批"
            r"|和|及|与|以及|并|且|的?(?:水平|目标|规模)|（|至|到|之[内间]|于|用于|以)",
            self.right,
        )


def _tail_verb(words: str) -> str:
    """The verb words end with once adverbs are taken off one by one; some verbs (突破, 达到) are adverbs too."""
    while True:
        found = _BUILD_TAIL.search(words)
        if found:
            return found.group()
        shorter = _ADVERB_TAIL.sub("", words.rstrip("，、 "))
        if shorter == words:
            return ""
        words = shorter


def strip_adverbs(words: str) -> str:
    """Words with trailing adverbs and dates taken off."""
    while True:
        shorter = _ADVERB_TAIL.sub("", words.rstrip("，、 "))
        if shorter == words:
            return words
        words = shorter


def contexts(
    text: str, *, base_year: int | None = None, lead_year: int | None = None, cell: bool = False
) -> list[Context]:
    """A context for each quantity of a paragraph, in order.

    `base_year` is the year before which everything is past; `lead_year` governs when the sentence names no year.
    """
    hidden = mask(text)
    quantities = find_quantities(text, hidden)
    if not quantities:
        return []
    marks = tuple(year_marks(text))
    out: list[Context] = []
    for sentence in sentence_bounds(text):
        inside = [q for q in quantities if sentence[0] <= q.start < sentence[1]]
        if not inside:
            continue
        for bounds in clause_bounds(text, *sentence):
            peers = [q for q in inside if bounds[0] <= q.start < bounds[1]]
            for piece in split_coordinates(text, bounds[0], bounds[1], peers) if peers else []:
                own = tuple(q for q in peers if piece[0] <= q.start < piece[1])
                for group in _groups(text, own):
                    out.extend(
                        Context(
                            text=text,
                            hidden=hidden,
                            sentence=sentence,
                            bounds=bounds,
                            clause=piece,
                            opening=peers[0],
                            quantity=q,
                            group=group,
                            peers=own,
                            marks=marks,
                            base_year=base_year,
                            lead_year=lead_year,
                            cell=cell,
                        )
                        for q in group
                    )
    return out


def _same_unit(a: Quantity, b: Quantity) -> bool:
    return a.unit_class == b.unit_class and a.unit.lstrip("万亿") == b.unit.lstrip("万亿")


def _groups(text: str, peers: tuple[Quantity, ...]) -> list[tuple[Quantity, ...]]:
    """Peers gathered into bare lists: nothing but 、和或 between two of one list."""
    groups: list[list[Quantity]] = []
    for quantity in peers:
        if (
            groups
            and _same_unit(groups[-1][-1], quantity)
            and not text[groups[-1][-1].right : quantity.left].strip("、和及或以与/，")
        ):
            groups[-1].append(quantity)
        else:
            groups.append([quantity])
    return [tuple(g) for g in groups]
