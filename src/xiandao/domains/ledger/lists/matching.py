"""Whom the rows of a list name: certain by credit code or name, asked where a name is like one known, else unknown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import ChangeKind, Enterprise, EnterpriseChange
from xiandao.domains.ledger.actions.entering import key_of
from xiandao.domains.ledger.lists.reading import ReadRow
from xiandao.domains.ledger.models import RowMatch
from xiandao.domains.orgs.models import Organisation, OrganisationAlias, Region
from xiandao.engines.sameness import Candidate, find_pairs

_WHY: Final = "whoever reads a list in has been checked"
_MOST: Final = 5
_NEAR: Final = 200
_STEM: Final = 4
_SIMILAR: Final = 0.7
_ANYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody known: "o" an organisation or "e" an enterprise, with primary key, name and credit code."""

    sort: str
    pk: int
    name: str
    code: str

    @property
    def key(self) -> str:
        """The choice that stands for it on the page."""
        return f"{self.sort}{self.pk}"


@dataclass(slots=True)
class Matched:
    """What was found for a row: whom it certainly is, or who it may be with how like and why."""

    match: str
    who: Who | None = None
    candidates: list[dict[str, object]] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    by_code: dict[str, list[Who]]
    by_name: dict[str, list[Who]]
    by_key: dict[str, list[Who]]
    by_former: dict[str, list[Who]]


def match_all(rows: Sequence[ReadRow]) -> list[Matched]:
    """Return what was found for each row, in order: the same few queries, and one more for each name nobody has."""
    names = {row.unit or row.name for row in rows}
    known = _look_up(names, {row.code.upper() for row in rows if row.code})
    places = tuple(Region.objects.values_list("name", flat=True))
    return [_match(row, known, places) for row in rows]


def _firm(row: tuple[int, str, str]) -> Who:
    return Who("e", *row)


def _look_up(names: set[str], codes: set[str]) -> _Known:
    keys = {key_of(name) for name in names} - {""}
    found = _Known(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
    live = Enterprise.objects.for_system(_WHY).filter(same_as=None)
    for pk, name, code, key in [
        *live.filter(name_key__in=keys).values_list("pk", "name", "uscc", "name_key"),
        *live.filter(uscc__in=codes).values_list("pk", "name", "uscc", "name_key"),
    ]:
        _add(found, Who("e", pk, name, code), name, key)
    bodies = {
        pk: Who("o", pk, name, code) for pk, name, code in Organisation.objects.values_list("pk", "name", "credit_code")
    }
    for body in bodies.values():
        _add(found, body, body.name, key_of(body.name))
    for pk, name in OrganisationAlias.objects.values_list("organisation", "name"):
        _add(found, bodies[pk], name, key_of(name))
    before = EnterpriseChange.objects.filter(kind=ChangeKind.RENAMED, before__in=names, enterprise__same_as=None)
    for pk, name, code, former in before.values_list("enterprise", "enterprise__name", "enterprise__uscc", "before"):
        found.by_former[former].append(Who("e", pk, name, code))
    return found


def _add(found: _Known, who: Who, name: str, key: str) -> None:
    for table, at in ((found.by_code, who.code), (found.by_name, name), (found.by_key, key)):
        if at and who not in table[at]:
            table[at].append(who)


def _match(row: ReadRow, known: _Known, places: tuple[str, ...]) -> Matched:
    name, code = row.unit or row.name, row.code.upper()
    if code and (who := _one(known.by_code.get(code, []))):
        return Matched(RowMatch.CERTAIN, who)
    exact = known.by_name.get(name, [])
    if (who := _one(exact)) and not (code and who.code and code != who.code):
        return Matched(RowMatch.CERTAIN, who)
    asked = [
        *[_candidate(who, 1.0, _("同名")) for who in exact],
        *[_candidate(who, 1.0, _("曾用名相同")) for who in known.by_former.get(name, [])],
        *[_candidate(who, 0.99, _("去掉括号、公司形式后相同")) for who in known.by_key.get(key_of(name), [])],
    ]
    if not asked:
        asked = _similar(name, places)
    first: dict[object, dict[str, object]] = {}
    for each in asked:
        first.setdefault(each["key"], each)
    if not first:
        return Matched(RowMatch.UNKNOWN)
    return Matched(RowMatch.ASKED, None, list(first.values())[:_MOST])


def _one(found: Iterable[Who]) -> Who | None:
    """Return the one; an organisation that is an enterprise of the same code stands for both."""
    rows = list(found)
    if len(rows) > 1 and len({row.code for row in rows}) == 1 and rows[0].code:
        return next((row for row in rows if row.sort == "e"), rows[0])
    return rows[0] if len(rows) == 1 else None


def _candidate(who: Who, likeness: float, why: str) -> dict[str, object]:
    return {"key": who.key, "name": who.name, "code": who.code, "likeness": round(likeness, 2), "why": why}


def _similar(name: str, places: tuple[str, ...]) -> list[dict[str, object]]:
    """Return enterprises whose names begin alike and are similar."""
    stem = key_of(name)[:_STEM]
    if len(stem) < _STEM:
        return []
    rows = Enterprise.objects.for_system(_WHY).filter(same_as=None, name_key__startswith=stem).order_by("pk")[:_NEAR]
    near = [_firm(row) for row in rows.values_list("pk", "name", "uscc")]
    by_key = {who.key: who for who in near}
    pairs = find_pairs(
        [Candidate("row", name, place=_ANYWHERE)],  # a list says not where: the name alone is compared
        [Candidate(who.key, who.name, place=_ANYWHERE) for who in near],
        places=places,
        similar_from=_SIMILAR,
    )
    return [_candidate(by_key[pair.known], pair.score, _("名称相近")) for pair in pairs]
