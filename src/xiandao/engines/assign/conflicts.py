"""Who may not judge what (回避): computed from identifiers and relations over time, each with its rule and evidence.

Identifiers alone are compared: credit codes of organisations, ids of persons. Names, addresses and e-mail never are,
and an unknown identifier ("") is nobody's. The rules and their windows are the pack's; handbook §7 has the defaults.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xiandao.kernel import InvalidValue


class Kind(StrEnum):
    """What makes a conflict; the code of its rule."""

    SAME_UNIT = "same_unit"  # 与申报单位或其成员同一单位
    POSITION = "position"  # 在申报单位任职、任顾问
    SHARES = "shares"  # 持有申报单位股份
    RELATIVE = "relative"  # 近亲属
    TEACHER = "teacher"  # 师生
    PROJECT = "project"  # 合作项目
    PAPER = "paper"  # 合作论文
    PATENT = "patent"  # 共同发明
    COMPETITOR = "competitor"  # 所在单位是同一批的竞争申报单位
    AVOID = "avoid"  # 申报单位指名回避
    MEMBER = "member"  # 本人是项目成员
    REPEATED = "repeated"  # 一年内评审同一申报单位过多
    DECLARED = "declared"  # 本人声明


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the pack. `years`: how long it holds after the relation ended; 0 only while it lasts, None for ever.

    `words`: its name in Chinese; `source`: document and article. `most`: for REPEATED, how many are still allowed.
    """

    years: int | None
    words: str
    source: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """A person at an organisation from `start` to `end` (None: unknown, or still). `kind`: SAME_UNIT (employed),
    POSITION or SHARES. `record`: the id of what proves it.
    """

    person: str
    organisation: str
    kind: Kind
    start: date | None = None
    end: date | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two persons tied: RELATIVE, TEACHER, PROJECT, PAPER or PATENT; a paper or patent has its day as start and end."""

    one: str
    other: str
    kind: Kind
    start: date | None = None
    end: date | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A proposal: who applies (credit codes), who works on it (persons), whom the applicant named to be avoided, and
    organisations that compete with it in the same call.
    """

    key: str
    organisations: frozenset[str]
    people: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    competitors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Review:
    """That an expert judged an organisation on a day."""

    expert: str
    organisation: str
    on: date
    record: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a conflict rests on: the record, the identifier both sides share, and when it held."""

    record: str
    shared: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an expert may not judge a proposal: the rule's code, its evidence, and one Chinese sentence."""

    proposal: str
    expert: str
    code: Kind
    evidence: tuple[Evidence, ...]
    words: str


_OF_PERSONS = frozenset({Kind.RELATIVE, Kind.TEACHER, Kind.PROJECT, Kind.PAPER, Kind.PATENT})
_OF_ORGANISATIONS = frozenset({Kind.SAME_UNIT, Kind.POSITION, Kind.SHARES})
Found = dict[tuple[str, str, Kind], list[Evidence]]


def conflicts(
    experts: Sequence[str],
    spells: Iterable[Spell],
    ties: Iterable[Tie],
    proposals: Sequence[Subject],
    *,
    rules: Mapping[Kind, Rule],
    as_of: date,
    reviews: Iterable[Review] = (),
    declared: Iterable[tuple[str, str, str]] = (),
) -> tuple[Conflict, ...]:
    """Return every conflict on day `as_of`, in the order of proposals, experts and `Kind`; only `rules` given apply.

    `spells` of experts and of the people of proposals; `declared`: (expert, proposal, record). A relation counts if it
    had begun by `as_of` and ended no longer ago than its rule's years (to the day; 29 February counts as the 28th); an
    unknown start has begun, an unknown end still lasts: what is not known is not taken for over.
    SAME_UNIT: expert and applicant share a unit, or expert and a person of the proposal shared one within the window.
    Raises `InvalidValue` for spells or ties of a kind that is not theirs, or that end before they start.
    """
    known = _known(spells, ties, rules, as_of)
    found: Found = defaultdict(list)
    for expert in filter(None, experts):
        for proposal in proposals:
            for kind, evidence in (*known.with_units(expert, proposal), *known.with_people(expert, proposal)):
                if kind in rules:
                    found[proposal.key, expert, kind].append(evidence)
    _add_repeated(found, proposals, list(reviews), rules.get(Kind.REPEATED), as_of)
    if Kind.DECLARED in rules:
        for expert, key, record in declared:
            found[key, expert, Kind.DECLARED].append(Evidence(record, expert, None, None))
    return _ordered(found, experts, proposals, rules)


@dataclass(frozen=True)
class _Known:
    """The relations that count on a day, by person."""

    spells: Mapping[str, list[Spell]]
    ties: Mapping[str, list[tuple[str, Tie]]]
    as_of: date

    def with_units(self, expert: str, proposal: Subject) -> Iterator[tuple[Kind, Evidence]]:
        """Yield what ties an expert to the organisations of a proposal, or its members' other units."""
        units = {spell.organisation for spell in self.spells.get(expert, ()) if spell.kind is Kind.SAME_UNIT}
        for spell in self.spells.get(expert, ()):
            if spell.organisation in proposal.organisations:
                yield spell.kind, _evidence(spell, spell.organisation)
            elif (
                spell.kind is Kind.SAME_UNIT
                and spell.organisation in proposal.competitors
                and _lasts(spell, self.as_of)
            ):
                yield Kind.COMPETITOR, _evidence(spell, spell.organisation)
        for person in sorted(proposal.people - {expert}):
            for spell in self.spells.get(person, ()):
                if spell.kind is Kind.SAME_UNIT and spell.organisation in units - proposal.organisations:
                    yield Kind.SAME_UNIT, _evidence(spell, spell.organisation)

    def with_people(self, expert: str, proposal: Subject) -> Iterator[tuple[Kind, Evidence]]:
        """Yield what ties an expert to the people of a proposal."""
        for other, tie in self.ties.get(expert, ()):
            if other in proposal.people:
                yield tie.kind, _evidence(tie, other)
        if expert in proposal.people:
            yield Kind.MEMBER, Evidence("", expert, None, None)
        if expert in proposal.avoid:
            yield Kind.AVOID, Evidence("", expert, None, None)


def _competes(spell: Spell, proposal: Subject) -> bool:
    return spell.kind is Kind.SAME_UNIT and spell.organisation in proposal.competitors


def _known(spells: Iterable[Spell], ties: Iterable[Tie], rules: Mapping[Kind, Rule], as_of: date) -> _Known:
    """Return the relations that count; those without identifiers on both sides never do."""
    by_person: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        _checked(spell, _OF_ORGANISATIONS)
        if spell.person and spell.organisation and _holds(spell, rules.get(spell.kind), as_of):
            by_person[spell.person].append(spell)
    tied: dict[str, list[tuple[str, Tie]]] = defaultdict(list)
    for tie in ties:
        _checked(tie, _OF_PERSONS)
        if tie.one and tie.other and _holds(tie, rules.get(tie.kind), as_of):
            tied[tie.one].append((tie.other, tie))
            tied[tie.other].append((tie.one, tie))
    return _Known(by_person, tied, as_of)


def _add_repeated(
    found: Found, proposals: Sequence[Subject], reviews: Sequence[Review], rule: Rule | None, as_of: date
) -> None:
    """Add experts who would judge one organisation more often within the rule's years than it allows."""
    if rule is None:
        return
    since = _years_before(as_of, rule.years or 0)
    past: dict[tuple[str, str], list[Review]] = defaultdict(list)
    for review in reviews:
        if review.organisation and since < review.on <= as_of:
            past[review.expert, review.organisation].append(review)
    for (expert, organisation), mine in past.items():
        for proposal in proposals:
            if organisation in proposal.organisations and len(mine) >= rule.most:
                evidence = [Evidence(each.record, organisation, each.on, each.on) for each in mine]
                found[proposal.key, expert, Kind.REPEATED].extend(evidence)


def _ordered(
    found: Found, experts: Sequence[str], proposals: Sequence[Subject], rules: Mapping[Kind, Rule]
) -> tuple[Conflict, ...]:
    row = {proposal.key: place for place, proposal in enumerate(proposals)}
    column = {expert: place for place, expert in enumerate(experts)}
    order = list(Kind)
    keys = sorted(
        (key for key in found if key[0] in row and key[1] in column),
        key=lambda key: (row[key[0]], column[key[1]], order.index(key[2])),
    )
    return tuple(Conflict(*key, tuple(found[key]), _words(key[0], key[1], found[key], rules[key[2]])) for key in keys)


def _words(proposal: str, expert: str, evidence: Sequence[Evidence], rule: Rule) -> str:
    shown = "；".join(f"{each.shared}{_when(each)}" for each in evidence[:3] if each.shared != expert)
    source = f"（{rule.source}）" if rule.source else ""
    return f"专家 {expert} 不能评审 {proposal}：{rule.words}" + (f"，依据 {shown}" if shown else "") + f"{source}。"


def _when(evidence: Evidence) -> str:
    if evidence.start is None and evidence.end is None:
        return ""
    if evidence.start == evidence.end:
        return f"（{evidence.start}）"
    return f"（{evidence.start or '？'}—{evidence.end or '今'}）"


def _evidence(relation: Spell | Tie, shared: str) -> Evidence:
    return Evidence(relation.record, shared, relation.start, relation.end)


def _holds(relation: Spell | Tie, rule: Rule | None, as_of: date) -> bool:
    """Return whether a relation counts on a day under its rule."""
    if rule is None or (relation.start is not None and relation.start > as_of):
        return False
    if relation.end is None or rule.years is None or _lasts(relation, as_of):
        return True
    return relation.end >= _years_before(as_of, rule.years) and rule.years > 0


def _lasts(relation: Spell | Tie, as_of: date) -> bool:
    return relation.end is None or relation.end >= as_of


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _checked(relation: Spell | Tie, kinds: frozenset[Kind]) -> None:
    if relation.kind not in kinds:
        raise InvalidValue(relation.kind, f"{'、'.join(sorted(kinds))} 之一", "请核对关系的种类", "关系")
    if relation.start is not None and relation.end is not None and relation.end < relation.start:
        raise InvalidValue(
            f"{relation.start}—{relation.end}", "终止不早于起始", f"请核对记录 {relation.record}", "关系"
        )
