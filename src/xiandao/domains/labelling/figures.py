"""Estimates from the random part of finished samples: how many truly belong, and how good the model is.

Samples drawn from one run within the same limits are pooled: what two simple random samples of a stratum hold together
is one again. An item counts as it was settled; what was left out counts as not looked at.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.enterprises.models import Classification, Decision, Run
from xiandao.domains.labelling.frame import UNSEEN
from xiandao.domains.labelling.models import Item, ItemReason, ItemState, Sample, SampleState
from xiandao.domains.labelling.roles import counts
from xiandao.domains.orgs.models import Region
from xiandao.engines.estimation import (
    Bin,
    Estimate,
    Interval,
    Ratio,
    Stratum,
    clopper_pearson,
    ratio,
    reliability,
    sample_size,
    total,
)
from xiandao.kernel import Figure, FigureKind, RowsRef

FEWEST = 10
"""So many of those the model counts, or of those that belong, must have been looked at before a share is shown."""
HALF_WIDTH = 0.1
"""The half-width of precision that is worth aiming at; how many more to draw is said for this."""
METHOD = gettext_lazy(
    "分层随机复核估计：各层按抽中企业的人工认定推算，区间由各层 Wilson 区间合成（MOVER），含有限总体校正"
)
_WHY = "estimates of the register as a whole"


@dataclass(frozen=True)
class Looked:
    """One enterprise looked at: its stratum, role by industry as settled, and the model's results by industry."""

    stratum: str
    outcome: dict[str, str]
    results: dict[str, tuple[str, str, float | None]]

    def belongs(self, industry: str) -> int:
        """1 where people say it is one of the industry (of any, for "")."""
        if industry:
            return int(counts(self.outcome.get(industry, "")))
        return int(any(counts(role) for role in self.outcome.values()))

    def counted(self, industry: str) -> int:
        """1 where the model counts it into the industry (into any, for "")."""
        chosen = [self.results[industry]] if industry in self.results else []
        rows = chosen if industry else list(self.results.values())
        return int(any(decision == Decision.IN and counts(role) for decision, role, _score in rows))


@dataclass(frozen=True)
class Evidence:
    """All that was looked at within one run and the same limits: the base of every estimate."""

    run: Run
    region: Region | None
    industries: tuple[str, ...]
    sizes: dict[str, int]
    looked: tuple[Looked, ...]
    samples: int
    left_out: int
    closed_at: dt.datetime

    def about(self, industry: str) -> bool:
        """Whether the samples asked about an industry."""
        return not self.industries or industry in self.industries


@dataclass(frozen=True)
class Quality:
    """What can be said of one industry (of any, for ""). Shares and counts are None where too few were looked at."""

    industry: str
    estimate: Estimate | None
    unseen: Interval | None
    unseen_looked: int
    unseen_hits: int
    counted: int
    precision: Ratio
    recall: Ratio
    looked: int
    more: int

    @property
    def enough(self) -> bool:
        """Whether enough were looked at to publish numbers."""
        return self.estimate is not None


def evidence(run: Run, region: Region | None, *, industry: str = "") -> Evidence | None:
    """Return what was looked at of a run's register in a region; None where no sample of it is finished.

    Of samples with different limits on industries those without any count, else the newest that asked about `industry`.
    """
    rows = Sample.objects.for_system(_WHY).filter(run=run, state=SampleState.CLOSED, items__reason=ItemReason.RANDOM)
    # The whole province may be asked for as None or by its own code.
    limited = region is not None and region.parent_id is not None
    rows = rows.filter(region=region) if limited else rows.filter(region=None)
    samples = list(rows.distinct().order_by("-closed_at", "-pk"))
    whole = [sample for sample in samples if not sample.industries]
    partial = [sample for sample in samples if industry and industry in sample.industries]
    chosen = whole or [sample for sample in partial if sample.industries == partial[0].industries]
    if not chosen:
        return None
    return _gathered(run, region if limited else None, chosen)


def _gathered(run: Run, region: Region | None, samples: Sequence[Sample]) -> Evidence:
    items = list(
        Item.objects.for_system(_WHY)
        .filter(sample__in=samples, reason=ItemReason.RANDOM)
        .values_list("enterprise", "stratum", "state", "outcome")
        .order_by("settled_at", "pk")
    )
    # The same enterprise in two samples was looked at once; what was settled last holds.
    settled = {pk: (stratum, outcome or {}) for pk, stratum, state, outcome in items if state == ItemState.SETTLED}
    results: dict[int, dict[str, tuple[str, str, float | None]]] = {}
    rows = Classification.objects.for_system(_WHY).filter(run=run, enterprise__in=_items(samples))
    rows = rows.exclude(model_decision="")
    for pk, industry, decision, role, score in rows.values_list(
        "enterprise", "industry", "model_decision", "model_role", "score"
    ).order_by():
        results.setdefault(pk, {})[industry] = (decision, role, score)
    # The newest sample's sizes hold: enterprises found to be one since the older was drawn are counted once.
    sizes = {code: each["size"] for code, each in samples[0].strata.items()}
    return Evidence(
        run=run,
        region=region,
        industries=tuple(samples[0].industries),
        sizes=sizes,
        looked=tuple(
            Looked(stratum, outcome, results.get(pk, {}))
            for pk, (stratum, outcome) in settled.items()
            if stratum in sizes
        ),
        samples=len(samples),
        left_out=len({pk for pk, *_rest in items} - settled.keys()),
        closed_at=max(sample.closed_at for sample in samples if sample.closed_at),
    )


def _items(samples: Sequence[Sample]) -> object:
    return Item.objects.for_system(_WHY).filter(sample__in=samples, reason=ItemReason.RANDOM).values("enterprise")


def strata_of(found: Evidence, industry: str, *, unseen: bool) -> list[Stratum]:
    """Return the strata with what was seen of an industry in each; with or without that in which no term was found.

    Strata of other industries, in which few belong to this one as well, share an interval; over all industries those
    of one decision do.
    """
    hits: dict[str, list[int]] = {code: [] for code in found.sizes}
    for each in found.looked:
        hits[each.stratum].append(each.belongs(industry))
    return [
        Stratum(code, max(size, len(hits[code])), hits[code], _group(code, industry))
        for code, size in found.sizes.items()
        if unseen or code != UNSEEN
    ]


def _group(code: str, industry: str) -> str:
    own, _colon, decision = code.partition(":")
    if code == UNSEEN or own == industry:
        return ""
    return "rest" if industry else decision


def quality(found: Evidence, industry: str, *, counted: int) -> Quality:
    """Return what can be said of an industry. `counted`: how many the run counts into it."""
    codes = list(found.sizes)
    stratum = [codes.index(each.stratum) for each in found.looked]
    sizes = list(found.sizes.values())
    truth = [each.belongs(industry) for each in found.looked]
    model = [each.counted(industry) for each in found.looked]
    precision, recall = ratio(sizes, stratum, model, truth), ratio(sizes, stratum, truth, model)
    blind = [each for each in found.looked if each.stratum == UNSEEN]
    blind_hits = sum(each.belongs(industry) for each in blind)
    unseen_size = found.sizes.get(UNSEEN, 0)
    enough = sum(model) >= min(FEWEST, counted) and sum(model) + sum(truth) > 0
    estimate = total(strata_of(found, industry, unseen=blind_hits > 0)) if enough else None
    bound = clopper_pearson(blind_hits, len(blind))
    wanted = sample_size(HALF_WIDTH, share=_guess(precision), size=counted)
    return Quality(
        industry=industry,
        estimate=estimate,
        unseen=Interval(bound.low * unseen_size, bound.high * unseen_size) if blind else None,
        unseen_looked=len(blind),
        unseen_hits=blind_hits,
        counted=counted,
        precision=precision,
        recall=recall,
        looked=sum(model),
        more=max(0, max(wanted, min(FEWEST, counted)) - sum(model)),
    )


def _guess(found: Ratio) -> float:
    """Return the share to plan with: what was seen, but never as if it were certain."""
    return 0.8 if found.value is None else min(0.95, max(0.05, found.value))


def calibration(found: Evidence) -> tuple[list[Bin], float | None]:
    """Return how often the model's scores came true, in bins, over all pairs of enterprise and industry looked at."""
    drawn: dict[str, int] = {}
    for each in found.looked:
        drawn[each.stratum] = drawn.get(each.stratum, 0) + 1
    scores, hits, weights = [], [], []
    for each in found.looked:
        for industry, (_decision, _role, score) in each.results.items():
            if score is not None and found.about(industry):
                scores.append(score)
                hits.append(each.belongs(industry))
                weights.append(found.sizes[each.stratum] / drawn[each.stratum])
    return reliability(scores, hits, weights)


def figure(found: Evidence, industry: str, name: str, *, counted: int) -> Figure | None:
    """Return the number of enterprises that belong to an industry as an estimate with its interval, or None."""
    made = quality(found, industry, counted=counted)
    if made.estimate is None:
        return None
    low, high = round(made.estimate.interval.low), round(made.estimate.interval.high)
    value = min(max(round(made.estimate.value), low), high)
    return Figure(
        name=name,
        value=Decimal(value),
        unit=str(_("家")),
        period=None,
        kind=FigureKind.ESTIMATED,
        as_of=found.closed_at.date(),
        rows=RowsRef("labelling.quality", {"industry": industry}, len(found.looked)),
        wording=worded(value, low, high),
        method=method(found, made),
        interval=(Decimal(low), Decimal(high)),
    )


def worded(value: int, low: int, high: int) -> str:
    """Return an estimate as it is published."""
    words = {"value": f"{value:,}", "low": f"{low:,}", "high": f"{high:,}"}
    return str(_("约 %(value)s 家（95%% 区间 %(low)s–%(high)s）") % words)


def method(found: Evidence, made: Quality) -> str:
    """Return how an estimate was made: method, how many were looked at and when, what the blind part may hide."""
    day = found.closed_at.date()
    parts = [str(METHOD), str(_("看了 %(n)s 家，%(day)s 完成") % {"n": f"{len(found.looked):,}", "day": day})]
    if made.unseen is not None and not made.unseen_hits:
        words = {"n": f"{made.unseen_looked:,}", "most": f"{round(made.unseen.high):,}"}
        parts.append(str(_("未找到目录用语的企业中抽看 %(n)s 家，未发现遗漏，其中至多另有 %(most)s 家") % words))
    elif made.unseen is None and found.sizes.get(UNSEEN):
        parts.append(str(_("未找到目录用语的企业没有抽看，不在估计之内")))
    return "；".join(parts) + "。"
