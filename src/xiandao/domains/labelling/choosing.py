"""Which enterprises teach most: those the model is unsure of, and those of which different things are said."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.figures.counting import alive
from xiandao.domains.enterprises.models import Classification, Decision, EnterpriseRole, Run, RunState
from xiandao.domains.labelling.frame import in_region
from xiandao.domains.labelling.models import Item, ItemState, Label, Objection, ObjectionState
from xiandao.domains.orgs.models import Region

_WHY = "choosing what to review, checked by the action"
WORDS: dict[str, str | Promise] = {
    "objection": _("企业提出了异议"),
    "text": _("认定之后名称或经营范围有变更"),
    "readers": _("两人判断曾不一致，且拿不准"),
    "run": _("与上一批识别的结论不同"),
    "name": _("名称里有该产业的用语，但结论是不计"),
}
"""Why an enterprise is among those of which different things are said, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sample is limited to."""

    run: Run
    industries: Collection[str]
    region: Region | None

    def results(self) -> QuerySet[Classification]:
        """Return the results of the run within the limits."""
        rows = Classification.objects.for_system(_WHY).filter(
            in_region(self.region, "enterprise__"), alive(self.run.register.as_of), run=self.run
        )
        return rows.filter(industry__in=self.industries) if self.industries else rows


def uncertain(scope: Scope, n: int, *, without: Collection[str]) -> list[str]:
    """Return the keys of n enterprises whose score lies nearest to a threshold, nearest first, then by key."""
    edges = [float(edge) for edge in (scope.run.accept, scope.run.reject) if edge is not None]
    if not n or not edges:
        return []
    nearest: dict[str, float] = {}
    rows = scope.results().filter(settled="model", score__isnull=False)
    for key, score in rows.values_list("enterprise__key", "score").order_by():
        gap = min(abs((score or 0.0) - edge) for edge in edges)
        if key not in without and gap < nearest.get(key, 2.0):
            nearest[key] = gap
    return sorted(nearest, key=lambda key: (nearest[key], key))[:n]


def disagreeing(scope: Scope, n: int, *, without: Collection[str]) -> list[tuple[str, str]]:
    """Return (key, why) of n enterprises of which different things are said, the weightiest reason first."""
    chosen: dict[str, str] = {}
    for why, keys in _reasons(scope):
        for key in sorted(set(keys) - set(without) - chosen.keys()):
            if len(chosen) >= n:
                return list(chosen.items())
            chosen[key] = why
    return list(chosen.items())


def _reasons(scope: Scope) -> Iterator[tuple[str, Collection[str]]]:
    mine = in_region(scope.region, "enterprise__")
    objections = Objection.objects.for_system(_WHY).filter(mine, state=ObjectionState.RAISED)
    if scope.industries:
        objections = objections.filter(industry__in=scope.industries)
    yield "objection", objections.values_list("enterprise__key", flat=True)
    changed = (
        Label.objects.for_system(_WHY)
        .filter(mine, current=True, enterprise__gone_in=None, enterprise__same_as=None)
        .exclude(name=F("enterprise__name"), scope=F("enterprise__scope"))
    )
    yield "text", changed.values_list("enterprise__key", flat=True)
    items = (
        Item.objects.for_system(_WHY)
        .filter(mine, state=ItemState.SETTLED, opinions__settles=True)
        .annotate(doubts=Count("opinions", filter=Q(opinions__doubtful=True)))
        .filter(doubts__gt=0)
    )
    yield "readers", items.values_list("enterprise__key", flat=True)
    yield "run", _changed_since(scope)
    open_ = scope.results().filter(settled="model", decision=Decision.OUT)
    yield "name", _named(open_)


def _changed_since(scope: Scope) -> list[str]:
    """Return the keys of those the run before counted and this one does not, or the other way round."""
    before = (
        Run.objects.for_system(_WHY)
        .filter(state=RunState.SUPERSEDED, number__lt=scope.run.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return []
    counted = Q(model_decision=Decision.IN, model_role__in=(EnterpriseRole.CORE, EnterpriseRole.SERVICE))
    pairs = []
    for run in (scope.run, before):
        rows = Scope(run, scope.industries, scope.region).results().filter(counted)
        pairs.append(set(rows.values_list("enterprise__key", "industry")))
    settled = set(scope.results().exclude(settled="model").values_list("enterprise__key", flat=True))
    return sorted({key for key, _industry in pairs[0] ^ pairs[1]} - settled)


def _named(rows: QuerySet[Classification]) -> list[str]:
    """Return the keys of those in whose name a term stands that was found in the scope."""
    found = rows.values_list("enterprise__key", "enterprise__name", "evidence").order_by()
    return [
        key
        for key, name, evidence in found.iterator(chunk_size=2000)
        if any(each.get("term") and each["term"] in name for each in evidence)
    ]
