"""What a report says, as the strings of a form: read from the rows, merged with what somebody else saved meanwhile."""

from dataclasses import dataclass, field, replace
from typing import Self

from xiandao.domains.audit import plain
from xiandao.domains.progress.models import Claim, ClaimState, Report
from xiandao.domains.shared.format import number

TEXT_FIELDS = ("standing", "happened", "next_step")
CLAIM_FIELDS = (
    "target_key",
    "item",
    "name",
    "identifier_kind",
    "identifier",
    "holder",
    "holder_code",
    "region",
    "industry",
    "happened_on",
    "quantity",
    "unit",
    "note",
)
EDITABLE = (ClaimState.DRAFT, ClaimState.CLAIMED)
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """The words of a report and its claims. A claim's key is its id as text, or anything else for a new one."""

    standing: str = ""
    happened: str = ""
    next_step: str = ""
    claims: dict[str, Fields] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report) -> Self:
        """Return what a report says now, without claims that are decided or taken back."""
        rows = Claim.objects.for_system("the report has been checked").filter(report=report, state__in=EDITABLE)
        return cls(report.standing, report.happened, report.next_step, {str(row.pk): fields_of(row) for row in rows})

    def tidy(self) -> Self:
        """Return the same with one kind of line break, no blanks around, and without new claims that say nothing."""
        claims = {
            key: {name: _tidy(fields.get(name, "")) for name in CLAIM_FIELDS} for key, fields in self.claims.items()
        }
        kept = {key: fields for key, fields in claims.items() if key.isdecimal() or said(fields)}
        return replace(
            self,
            standing=_tidy(self.standing),
            happened=_tidy(self.happened),
            next_step=_tidy(self.next_step),
            claims=kept,
        )


@dataclass(frozen=True, slots=True)
class Clash:
    """A field both have written since. `path` is (field,) or ("claims", key) or ("claims", key, field).

    `mine` and `theirs` are the two texts; None stands for a claim that one of them has removed.
    """

    path: tuple[str, ...]
    mine: str | None
    theirs: str | None

    @property
    def name(self) -> str:
        """The path as a form names it."""
        return ".".join(self.path)


def fields_of(claim: Claim) -> Fields:
    """Return a claim as the strings of a form."""
    return {
        "target_key": claim.target_key,
        "item": claim.item,
        "name": claim.name,
        "identifier_kind": claim.identifier_kind,
        "identifier": claim.identifier,
        "holder": claim.holder,
        "holder_code": claim.holder_code,
        "region": claim.region_id or "",
        "industry": claim.industry_id or "",
        "happened_on": claim.happened_on.isoformat() if claim.happened_on else "",
        "quantity": number(claim.quantity).replace(",", ""),
        "unit": claim.unit,
        "note": claim.note,
    }


def said(fields: Fields) -> bool:
    """Return whether a new claim says anything but what the form filled in by itself."""
    return any(fields.get(name) for name in ("item", "name", "identifier", "holder", "holder_code", "note"))


def merge(base: Content, mine: Content, theirs: Content) -> tuple[Content, list[Clash]]:
    """Merge two changes of one content, field by field; where both wrote, keep mine and name the clash.

    `base` is what both started from. A new claim of mine that stands in theirs already, word for word, is the same one:
    it was saved and the answer did not arrive.
    """
    clashes: list[Clash] = []
    texts = {
        name: _pick((name,), getattr(base, name), getattr(mine, name), getattr(theirs, name), clashes)
        for name in TEXT_FIELDS
    }
    claims: dict[str, Fields] = {}
    for key in dict.fromkeys([*theirs.claims, *mine.claims]):
        merged = _merge_claim(key, base, mine, theirs, clashes)
        if merged is not None:
            claims[key] = merged
    known = [fields for key, fields in theirs.claims.items() if key not in base.claims]
    for key in [key for key in claims if not key.isdecimal()]:
        if claims[key] in known:
            del claims[key]
    return Content(**texts, claims=claims), clashes


def _merge_claim(key: str, base: Content, mine: Content, theirs: Content, clashes: list[Clash]) -> Fields | None:
    """Return one claim merged, None where it is gone."""
    was, own, other = base.claims.get(key), mine.claims.get(key), theirs.claims.get(key)
    if other in (own, was):
        return own
    if was == own:
        return other
    if own is None or other is None:
        clashes.append(Clash(("claims", key), _named(own), _named(other)))
        return own
    before = was or {}
    return {
        name: _pick(("claims", key, name), before.get(name, ""), own[name], other[name], clashes)
        for name in CLAIM_FIELDS
    }


def _named(claim: Fields | None) -> str | None:
    return None if claim is None else claim["name"] or claim["item"]


def _pick(path: tuple[str, ...], base: str, mine: str, theirs: str, clashes: list[Clash]) -> str:
    """Return the text of whoever changed it; mine, with a clash, where both did and differ."""
    if theirs in (mine, base):
        return mine
    if base == mine:
        return theirs
    clashes.append(Clash(path, mine, theirs))
    return mine


def choose(content: Content, theirs: Content, names: set[str]) -> Content:
    """Return the content with the fields in `names` (see `Clash.name`) as the other wrote them."""
    texts = {name: getattr(theirs if name in names else content, name) for name in TEXT_FIELDS}
    claims = {key: dict(fields) for key, fields in content.claims.items()}
    for name in names:
        kind, _dot, rest = name.partition(".")
        if kind != "claims":
            continue
        key, _dot, part = rest.partition(".")
        if not part:
            if key in theirs.claims:
                claims[key] = dict(theirs.claims[key])
            else:
                claims.pop(key, None)
        elif key in claims and key in theirs.claims and part in CLAIM_FIELDS:
            claims[key][part] = theirs.claims[key][part]
    return Content(**texts, claims=claims)


def _tidy(text: str) -> str:
    return plain.text(text).replace("\r\n", "\n").replace("\r", "\n").strip()
