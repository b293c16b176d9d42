"""Evidence of a result put back into the text it was found in: pieces of the scope with the terms that stand there."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.enterprises.models import Classification, Decision, EnterpriseRole, SettledBy
from xiandao.domains.enterprises.tables import chance

VERBS: Final[dict[str, str | Promise]] = {
    "develop": gettext_lazy("研发"),
    "make": gettext_lazy("生产制造"),
    "serve": gettext_lazy("服务"),
    "sell": gettext_lazy("销售"),
}
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COLOURS: Final = 6
"""How many colours the style sheet has; the letter beside a mark tells industries apart beyond them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One term found: its number on the page, where it stands, what it stands for, and why it does not count."""

    number: int
    letter: str
    colour: int
    industry: str
    term: str
    product: str
    code: str
    verbs: str
    clause: str
    start: int
    end: int
    discount: str
    why: str

    @property
    def path(self) -> tuple[str, str]:
        """The codes of industry and product, as the catalogue's pages take them."""
        industry, _stroke, product = self.code.partition("/")
        return industry, product

    @property
    def placed(self) -> bool:
        """Whether it can be shown in the text."""
        return self.end > self.start >= 0


@dataclass(slots=True)
class Piece:
    """A stretch of the text and the hits it belongs to; none for plain text. `firsts` begin here."""

    text: str
    hits: list[Hit] = field(default_factory=list)
    firsts: list[Hit] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether any hit here counts."""
        return any(not hit.discount for hit in self.hits)

    @property
    def colour(self) -> int:
        """The colour of the first hit that counts, else of the first."""
        return next((hit.colour for hit in self.hits if not hit.discount), self.hits[0].colour)


@dataclass(frozen=True, slots=True)
class Reading:
    """A result as the page shows it: its letter and colour, a sentence why, its hits."""

    result: Classification
    letter: str
    colour: int
    sentence: str
    hits: list[Hit]

    @property
    def counts(self) -> bool:
        """Whether the enterprise counts for this industry."""
        role = self.result.role in {EnterpriseRole.CORE, EnterpriseRole.SERVICE}
        return role and self.result.decision == Decision.IN


def read(
    results: Iterable[Classification],
    text: str,
    *,
    products: Mapping[str, str],
    segments: Mapping[tuple[str, str], str],
    accept: float | None,
    reject: float | None,
    lines_at: int = 0,
) -> list[Reading]:
    """Return results with their evidence numbered, placed in a text and explained.

    `lines_at`: where in the text the main products begin; evidence from them counts its places from there.
    Evidence that does not stand in the text any more (it was rewritten since) keeps its words and loses its place.
    """
    readings, number = [], 0
    for order, result in enumerate(results):
        hits = []
        for each in result.evidence:
            number += 1
            hits.append(_hit(result, each, number=number, order=order, text=text, products=products, lines_at=lines_at))
        sentence = explain(
            result, hits, segment=segments.get((result.industry_id, result.segment), ""), accept=accept, reject=reject
        )
        readings.append(Reading(result, _letter(order), order % COLOURS + 1, sentence, hits))
    return readings


def pieces(text: str, hits: Iterable[Hit]) -> list[Piece]:
    """Return the text cut where a hit begins or ends, each stretch with the hits over it."""
    placed = [hit for hit in hits if hit.placed]
    cuts = sorted({0, len(text), *(hit.start for hit in placed), *(hit.end for hit in placed)})
    found = []
    for start, end in pairwise(cuts):
        over = [hit for hit in placed if hit.start <= start and end <= hit.end]
        found.append(Piece(text[start:end], over, [hit for hit in over if hit.start == start]))
    return found


def explain(
    result: Classification, hits: list[Hit], *, segment: str, accept: float | None, reject: float | None
) -> str:
    """Return in plain words why a result is what it is."""
    counting = list(dict.fromkeys(hit.term for hit in hits if not hit.discount))
    verbs = list(dict.fromkeys(hit.verbs for hit in hits if not hit.discount and hit.verbs))
    dropped = [hit for hit in hits if hit.discount]
    parts = []
    if counting:
        words = "、".join(f"“{term}”" for term in counting[:3])
        told = {"industry": result.industry.label, "words": words, "n": len(counting)}
        many = len(counting) > 3  # noqa: PLR2004 — three are named
        first = (
            _("经营范围中写有%(words)s等 %(n)s 个%(industry)s词条")
            if many
            else _("经营范围中写有%(industry)s词条%(words)s")
        )
        parts.append(first % told)
        parts.append(
            _("支配它的动词是%(verbs)s") % {"verbs": "、".join(verbs)} if verbs else _("前后没有说明做什么的动词")
        )
    reasons = "、".join(dict.fromkeys(hit.why for hit in dropped))
    if not counting:
        told = {"industry": result.industry.label, "n": len(dropped), "reasons": reasons}
        parts.append(_("找到的 %(n)s 处%(industry)s词条都不计（%(reasons)s）") % told)
    elif dropped:
        parts.append(_("另有 %(n)s 处不计（%(reasons)s）") % {"n": len(dropped), "reasons": reasons})
    return "，".join(parts) + "。" + _verdict(result, segment=segment, accept=accept, reject=reject)


def _verdict(result: Classification, *, segment: str, accept: float | None, reject: float | None) -> str:
    """Return the last part of the explanation: who decided what, on which ground."""
    role, decision = result.get_role_display(), result.get_decision_display()
    at = _("，环节为%(segment)s") % {"segment": segment} if segment else ""
    if result.settled != SettledBy.MODEL:
        return _("经%(who)s认定：%(decision)s，角色为%(role)s%(at)s；模型原判概率 %(score)s。") % {
            "who": result.get_settled_display(),
            "decision": decision,
            "role": role,
            "at": at,
            "score": chance(result.score),
        }
    line = ""
    if result.decision == Decision.IN and accept is not None:
        line = _("，不低于采纳线 %(line)s") % {"line": f"{accept:.0%}"}
    elif result.decision == Decision.OUT and reject is not None:
        line = _("，低于排除线 %(line)s") % {"line": f"{reject:.0%}"}
    elif accept is not None and reject is not None:
        line = _("，在排除线 %(low)s 与采纳线 %(high)s 之间") % {"low": f"{reject:.0%}", "high": f"{accept:.0%}"}
    return _("模型判断其为核心或服务企业的概率是 %(score)s%(line)s，结论为%(decision)s，角色为%(role)s%(at)s。") % {
        "score": chance(result.score),
        "line": line,
        "decision": decision,
        "role": role,
        "at": at,
    }


def _hit(
    result: Classification,
    each: dict[str, Any],
    *,
    number: int,
    order: int,
    text: str,
    products: Mapping[str, str],
    lines_at: int,
) -> Hit:
    shift = lines_at if each.get("source") == "product_lines" else 0
    start, end = int(each.get("start", -1)) + shift, int(each.get("end", -1)) + shift
    if not _stands(text, start, end, each["term"]):
        start = end = -1
    discount = each.get("discount") or ""
    return Hit(
        number=number,
        letter=_letter(order),
        colour=order % COLOURS + 1,
        industry=result.industry.label,
        term=each["term"],
        product=products.get(each["product"], each["product"]),
        code=each["product"],
        verbs="、".join(str(VERBS.get(verb, verb)) for verb in each.get("verbs") or []),
        clause=each.get("clause", ""),
        start=start,
        end=end,
        discount=discount,
        why=_why(discount, each.get("trap")),
    )


def _why(discount: str, trap: str | None) -> str:
    """Return in words why a hit does not count."""
    if discount == "trap":
        return _("易误认用语“%(trap)s”") % {"trap": trap or ""}
    return _("排除语") if discount else ""


def _stands(text: str, start: int, end: int, term: str) -> bool:
    """Whether a term stands at a place of a text: width, case and brackets inside apart."""
    if not 0 <= start < end <= len(text):
        return False
    found, wanted = _plain(text[start:end]), _plain(term)
    return wanted in found or (found[:1] == wanted[:1] and found[-1:] == wanted[-1:])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


def _letter(order: int) -> str:
    return _LETTERS[order] if order < len(_LETTERS) else str(order + 1)
