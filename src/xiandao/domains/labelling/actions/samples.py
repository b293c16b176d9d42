"""Samples: drawn with a seed from the run in force, finished when everything is judged, or withdrawn."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.labelling import choosing, lake
from xiandao.domains.labelling.actions import tasks
from xiandao.domains.labelling.actions.labels import current_run, holding
from xiandao.domains.labelling.frame import Frame, frame
from xiandao.domains.labelling.kinds import SAMPLE
from xiandao.domains.labelling.models import Item, ItemReason, ItemState, Sample, SampleState
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.engines.estimation import Plan, allocate, draw

DRAWN = register("labelling.sample_drawn", gettext_lazy("复核批次：抽取"))
CLOSED = register("labelling.sample_closed", gettext_lazy("复核批次：完成"))
WITHDRAWN = register("labelling.sample_withdrawn", gettext_lazy("复核批次：撤销"))
MOST = 2_000
LARGEST_SEED = 2**63 - 1
READERS = (1, 2)
_WHY = "the action has checked who acts"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be drawn: how many of each kind, by how many readers each is judged, limits, and who is asked.

    `random` are drawn over the strata in which a term was found, `unseen` from those in which none was.
    """

    title: str
    seed: int
    random: int = 0
    unseen: int = 0
    uncertain: int = 0
    disagreeing: int = 0
    readers: int = 1
    industries: tuple[str, ...] = ()
    region: Region | None = None
    bodies: tuple[Organisation, ...] = ()

    @property
    def total(self) -> int:
        """How many items at most."""
        return self.random + self.unseen + self.uncertain + self.disagreeing


@dataclass(frozen=True, slots=True)
class Pick:
    """One enterprise drawn, and why."""

    key: str
    reason: ItemReason
    stratum: str = ""
    weight: float | None = None
    why: str = ""


def plan_of(found: Frame, asked: Asked) -> Plan:
    """Return how many are drawn from each stratum in which a term was found, and from the one in which none was."""
    plan = allocate([each.guess for each in found.found], asked.random)
    unseen = found.unseen
    return Plan({**plan.drawn, unseen.code: min(asked.unseen, len(unseen.keys))})


def picks(found: Frame, asked: Asked, scope: choosing.Scope) -> list[Pick]:
    """Return what is drawn, in the order it is judged in; the same seed and register give the same.

    What was drawn at random stays random: the others are chosen from the rest.
    """
    chosen: list[Pick] = []
    for code, n in plan_of(found, asked).drawn.items():
        keys = draw(found.strata[code].keys, n, seed=asked.seed, stratum=code)
        weight = len(found.strata[code].keys) / n if n else 0.0
        chosen += [Pick(key, ItemReason.RANDOM, code, weight) for key in keys]
    taken = {pick.key for pick in chosen}
    for key, why in choosing.disagreeing(scope, asked.disagreeing, without=taken):
        chosen.append(Pick(key, ItemReason.DISAGREEING, why=why))
        taken.add(key)
    chosen += [Pick(key, ItemReason.UNCERTAIN) for key in choosing.uncertain(scope, asked.uncertain, without=taken)]
    by_key = {pick.key: pick for pick in chosen}
    return [by_key[key] for key in draw(by_key, len(by_key), seed=asked.seed, stratum="order")]


@transaction.atomic
def draw_sample(actor: Viewer, *, asked: Asked, now: dt.datetime | None = None) -> Sample:
    """Draw a sample from the run in force and put it before the bodies asked.

    Enterprises whose label still holds count as judged. Raises Refused without the right or for a request that cannot
    be met, Conflict without a run in force.
    """
    moment = now or timezone.now()
    if not actor.can(Can.SETTLE_REVIEWS):
        raise Refused(_("您的岗位不能抽取复核批次。"))
    _check(asked)
    run = current_run()
    if run is None:
        raise Conflict(_("还没有现行的识别批次：先载入登记名录并完成识别，再抽取复核批次。"))
    found = frame(run, industries=asked.industries, region=asked.region)
    chosen = picks(found, asked, choosing.Scope(run, asked.industries, asked.region))
    if not chosen:
        raise Refused(_("按这些条件没有可抽的企业：放宽产业或地区，或改变数量。"))
    plan = plan_of(found, asked)
    sample = Sample.objects.create(
        run=run,
        title=asked.title.strip()[:200],
        seed=asked.seed,
        readers=asked.readers,
        industries=sorted(asked.industries),
        region=asked.region,
        strata={
            code: {"size": len(each.keys), "drawn": plan.drawn.get(code, 0), "share": round(each.share, 4)}
            for code, each in found.strata.items()
        },
        drawn_at=moment,
        drawn_by=actor.name,
        user_id=actor.user_id,
        is_demo=run.register.is_demo,
    )
    sample.bodies.set(asked.bodies)
    _place(sample, chosen, found, moment)
    tasks.open_sample(actor, sample, now=moment)
    audit.record(
        actor,
        DRAWN,
        kind=SAMPLE,
        key=str(sample.pk),
        label=sample.title,
        after={
            "run": run.number,
            "seed": sample.seed,
            "readers": sample.readers,
            "industries": sample.industries,
            "region": asked.region.code if asked.region else "",
            "strata": sample.strata,
            "items": len(chosen),
        },
    )
    return sample


def _check(asked: Asked) -> None:
    if not asked.title.strip():
        raise Refused(_("请填写批次名称。"))
    if min(asked.random, asked.unseen, asked.uncertain, asked.disagreeing) < 0 or not 1 <= asked.total <= MOST:
        raise Refused(_("一个批次抽 1 至 %(most)d 家：请改变数量。") % {"most": MOST})
    if asked.readers not in READERS:
        raise Refused(_("每家由 1 人或 2 人判断。"))
    if not 0 <= asked.seed <= LARGEST_SEED:
        raise Refused(_("随机种子是 0 至 %(most)d 的整数。") % {"most": LARGEST_SEED})
    if not asked.bodies:
        raise Refused(_("请选择由哪些单位判断。"))


def _place(sample: Sample, chosen: list[Pick], found: Frame, moment: dt.datetime) -> None:
    """Write the items; enterprises of the lake get a row, those whose label holds are settled from the start."""
    ids = dict(found.ids)
    missing = [pick.key for pick in chosen if pick.key not in ids]
    ids |= lake.known(missing)
    ids |= lake.take_up(sample.run.register, [key for key in missing if key not in ids])
    labels = {label.enterprise_id: label for label in holding(ids[pick.key] for pick in chosen) if not label.about}
    items = []
    for order, pick in enumerate(chosen, 1):
        item = Item(
            sample=sample,
            enterprise_id=ids[pick.key],
            reason=pick.reason,
            stratum=pick.stratum,
            weight=pick.weight,
            why=pick.why,
            order=order,
        )
        if label := labels.get(ids[pick.key]):
            item.state, item.outcome, item.settled_at = ItemState.SETTLED, label.labels, moment
        items.append(item)
    Item.objects.bulk_create(items, batch_size=500)


def locked(actor: Viewer, pk: int) -> Sample:
    """Return a sample locked until the transaction ends. Raises Sample.DoesNotExist where it may not be seen."""
    visible = Sample.objects.visible_to(actor).filter(pk=pk).values_list("pk", flat=True)
    found: Sample = Sample.objects.for_system(_WHY).select_for_update().get(pk__in=list(visible))
    return found


def left(sample: Sample, states: Iterable[ItemState] = (ItemState.OPEN, ItemState.DISPUTED)) -> int:
    """Return how many items of a sample are in one of some states."""
    return Item.objects.for_system(_WHY).filter(sample=sample, state__in=states).count()


@transaction.atomic
def close_sample(actor: Viewer, *, pk: int, reason: str = "", now: dt.datetime | None = None) -> Sample:
    """Finish a sample: from now on its random part enters the estimates.

    What nobody judged is left out, for which a reason is needed. Raises Refused without the right or reason, Conflict
    for a sample that is over or has disputes.
    """
    moment = now or timezone.now()
    sample = _ending(actor, pk)
    if disputed := left(sample, (ItemState.DISPUTED,)):
        raise Conflict(_("还有 %(n)d 家判断不一，先裁定再完成批次。") % {"n": disputed})
    open_ = left(sample)
    if open_ and not reason.strip():
        raise Refused(_("还有 %(n)d 家没有判断：提前完成的，请写明理由，这些企业不进入估计。") % {"n": open_})
    Item.objects.for_system(_WHY).filter(sample=sample, state=ItemState.OPEN).update(
        state=ItemState.SKIPPED, settled_at=moment
    )
    return _end(actor, sample, SampleState.CLOSED, moment, reason=reason, after={"left_out": open_})


@transaction.atomic
def withdraw_sample(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Sample:
    """Take a sample back. What was judged in it stays, but it never enters the estimates."""
    moment = now or timezone.now()
    sample = _ending(actor, pk)
    if not reason.strip():
        raise Refused(_("请写明撤销的理由。"))
    return _end(actor, sample, SampleState.WITHDRAWN, moment, reason=reason, after={"left_out": left(sample)})


def _ending(actor: Viewer, pk: int) -> Sample:
    if not actor.can(Can.SETTLE_REVIEWS):
        raise Refused(_("您的岗位不能完成或撤销复核批次。"))
    sample = locked(actor, pk)
    if sample.state != SampleState.OPEN:
        raise Conflict(_("该批次现在是“%(state)s”，不能再办理。") % {"state": sample.get_state_display()})
    return sample


def _end(
    actor: Viewer, sample: Sample, state: SampleState, moment: dt.datetime, *, reason: str, after: dict[str, int]
) -> Sample:
    sample.state, sample.closed_at = state, moment
    sample.save(update_fields=["state", "closed_at"])
    tasks.end_sample(actor, sample, now=moment, withdrawn=state == SampleState.WITHDRAWN)
    audit.record(
        actor,
        CLOSED if state == SampleState.CLOSED else WITHDRAWN,
        kind=SAMPLE,
        key=str(sample.pk),
        label=sample.title,
        before={"state": SampleState.OPEN.value},
        after={"state": state.value, **after},
        reason=reason.strip(),
    )
    return sample


def asked_bodies(codes: Collection[str]) -> tuple[Organisation, ...]:
    """Return the organisations with these codes, in their order."""
    return tuple(Organisation.objects.filter(code__in=codes, is_active=True))
