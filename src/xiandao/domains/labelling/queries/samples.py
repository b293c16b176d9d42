"""Reading samples: the list, how far one has come, who read what, and how far readers agree."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

from django.db.models import Count, Prefetch, Q, QuerySet

from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling import roles
from xiandao.domains.labelling.models import Item, ItemState, Opinion, Sample
from xiandao.domains.orgs.viewer import Viewer
from xiandao.engines.estimation import Kappa, kappa

_USUAL = 30
_LONGEST = 300
"""Seconds an item takes at first, and at most: who was away for longer was not reading."""


def samples(viewer: Viewer) -> QuerySet[Sample]:
    """Return the samples a viewer sees, newest first, each with how many items it has in which state."""
    states = {
        name: Count("items", filter=Q(items__state=state))
        for name, state in (
            ("open_items", ItemState.OPEN),
            ("disputed_items", ItemState.DISPUTED),
            ("settled_items", ItemState.SETTLED),
        )
    }
    rows = Sample.objects.visible_to(viewer).select_related("run", "region")
    return rows.annotate(all_items=Count("items"), **states).order_by("-drawn_at", "-id")


def sample_by_pk(viewer: Viewer, pk: int) -> Sample:
    """Return one sample with its counts. Raises Sample.DoesNotExist."""
    found: Sample = samples(viewer).get(pk=pk)
    return found


def industry_names() -> dict[str, str]:
    """Return what industries are called, by code, in order."""
    return {each.code: each.label for each in Industry.objects.order_by("order")}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reviewer has come with what they see of a sample, and about how many minutes are left."""

    done: int
    total: int
    minutes: int

    @property
    def percent(self) -> int:
        """The share that is done, in whole per cent."""
        return self.done * 100 // self.total if self.total else 100


def progress(viewer: Viewer, sample: Sample, left: int) -> Progress:
    """Return a reviewer's progress; the pace is the middle one of their last twenty judgements."""
    total = Item.objects.visible_to(viewer).filter(sample=sample).count()
    times = list(
        Opinion.objects.filter(user=viewer.user_id, item__sample=sample, settles=False)
        .order_by("-at")
        .values_list("at", flat=True)[:20]
    )
    return Progress(total - left, total, max(1, round(left * _pace(times) / 60)) if left else 0)


def _pace(times: list[dt.datetime]) -> float:
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(times)]
    real = sorted(gap for gap in gaps if 0 < gap <= _LONGEST)
    return real[len(real) // 2] if real else float(_USUAL)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readers agree: on belonging and roles over all, on belonging by industry; where they differ."""

    readers: tuple[str, str]
    items: int
    belonging: Kappa
    roles: Kappa
    by_industry: list[tuple[str, Kappa]]
    differing: list[tuple[Item, Opinion, Opinion, list[str]]]


def agreements(sample: Sample) -> list[Agreement]:
    """Return the agreement of every pair of readers of a sample, in the order of their names.

    What is compared are pairs of enterprise and industry of which the model found a term or one of the two said
    something: that both find nothing in all other industries is no agreement worth counting.
    """
    items = list(
        Item.objects.for_system("whoever sees the sample sees how its readers agree; items are filtered by the page")
        .filter(sample=sample)
        .select_related("enterprise")
        .prefetch_related(Prefetch("opinions", Opinion.objects.filter(settles=False).order_by("user")))
        .order_by("order")
    )
    found = _found(sample, items)
    pairs: dict[tuple[int, int], list[tuple[Item, Opinion, Opinion]]] = {}
    for item in items:
        for one, other in combinations(item.opinions.all(), 2):
            pairs.setdefault((one.user_id, other.user_id), []).append((item, one, other))
    return sorted((_agreement(rows, found) for rows in pairs.values()), key=lambda each: each.readers)


def _found(sample: Sample, items: Iterable[Item]) -> dict[int, list[str]]:
    from xiandao.domains.enterprises.models import Classification

    rows = (
        Classification.objects.for_system("which industries were asked about")
        .filter(run=sample.run_id, enterprise__in=[item.enterprise_id for item in items])
        .exclude(model_decision="")
        .values_list("enterprise", "industry")
    )
    made: dict[int, list[str]] = {}
    for enterprise, industry in rows.order_by():
        made.setdefault(enterprise, []).append(industry)
    return made


def _agreement(rows: list[tuple[Item, Opinion, Opinion]], found: dict[int, list[str]]) -> Agreement:
    said: list[tuple[str, str, str]] = []
    differing = []
    for item, one, other in rows:
        asked = {*found.get(item.enterprise_id, ()), *one.labels, *other.labels}
        if item.sample.industries:
            asked &= set(item.sample.industries)
        said += [(code, one.labels.get(code, roles.NONE), other.labels.get(code, roles.NONE)) for code in sorted(asked)]
        if apart := roles.differing(one.labels, other.labels):
            differing.append((item, one, other, apart))
    industries = sorted({code for code, _one, _other in said})
    return Agreement(
        readers=(rows[0][1].by, rows[0][2].by),
        items=len(rows),
        belonging=_belonging(said),
        roles=kappa([one for _c, one, _o in said], [other for _c, _o, other in said], categories=roles.CATEGORIES),
        by_industry=[(code, _belonging([each for each in said if each[0] == code])) for code in industries],
        differing=differing,
    )


def _belonging(said: list[tuple[str, str, str]]) -> Kappa:
    return kappa(
        [roles.counts(one) for _code, one, _other in said],
        [roles.counts(other) for _code, _one, other in said],
        categories=(True, False),
    )
