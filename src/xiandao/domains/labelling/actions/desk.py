"""The desk: taking the next item, judging it, taking one's judgement back, leaving one out; and settling disputes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling import roles
from xiandao.domains.labelling.actions import tasks
from xiandao.domains.labelling.actions.labels import Finding, give_label, take_label_back
from xiandao.domains.labelling.kinds import ITEM
from xiandao.domains.labelling.models import Item, ItemState, LabelSource, Opinion, Sample, SampleState
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

JUDGED = register("labelling.judged", gettext_lazy("企业复核：判断"))
TAKEN_BACK = register("labelling.judgement_taken_back", gettext_lazy("企业复核：撤回判断"))
SKIPPED = register("labelling.skipped", gettext_lazy("企业复核：略过"))
RULED = register("labelling.dispute_settled", gettext_lazy("企业复核：裁定分歧"))
HOLD = dt.timedelta(minutes=10)
"""How long an item stays with whoever has it on the screen."""
_WHY = "the action has checked who acts"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says of an enterprise."""

    roles: Mapping[str, str]
    doubtful: bool = False
    note: str = ""


def open_items(actor: Viewer, sample: Sample) -> QuerySet[Item]:
    """Return the items of a sample that a reviewer sees, has not judged, and that still need a reader."""
    mine = Opinion.objects.filter(user=actor.user_id, settles=False).values("item")
    return (
        Item.objects.visible_to(actor)
        .filter(sample=sample, state=ItemState.OPEN)
        .exclude(pk__in=mine)
        .annotate(read=Count("opinions", filter=Q(opinions__settles=False)))
        .filter(read__lt=sample.readers)
        .select_related("sample")
        .order_by("order")
    )


def take_next(actor: Viewer, *, sample: Sample, now: dt.datetime | None = None) -> Item | None:
    """Return the next item for a reviewer, held for them for a while; None where nothing is left."""
    moment = now or timezone.now()
    if not actor.can(Can.REVIEW_ENTERPRISES):
        raise Refused(_("您的岗位不能复核企业识别。"))
    if sample.state != SampleState.OPEN:
        return None
    waiting = open_items(actor, sample)
    own = waiting.filter(holder=actor.user_id, held_until__gte=moment).first()
    if own is not None:
        return own
    # Others may take the first ones meanwhile; after so many somebody else is clearing the queue.
    free = waiting.filter(_free(actor, moment) | Q(read__lt=sample.readers - 1))[:20]
    return next((item for item in free if _held(actor, item, moment)), None)


def take(actor: Viewer, *, item: Item, now: dt.datetime | None = None) -> bool:
    """Hold an item a reviewer came to by its address; False where it is somebody else's, judged, or over."""
    if item.sample.state != SampleState.OPEN or not actor.can(Can.REVIEW_ENTERPRISES):
        return False
    found = open_items(actor, item.sample).filter(pk=item.pk).first()
    return found is not None and _held(actor, found, now or timezone.now())


def _free(actor: Viewer, moment: dt.datetime) -> Q:
    return Q(holder=None) | Q(holder=actor.user_id) | Q(held_until__lt=moment)


def _held(actor: Viewer, item: Item, moment: dt.datetime) -> bool:
    """Hold an item of which one reading is missing; of which two are, two people may have it on the screen."""
    read: int = getattr(item, "read")  # noqa: B009 — counted by the query
    if read < item.sample.readers - 1:
        return True
    # Whoever's update meets a free row has it: two people asking at once get two items.
    rows = Item.objects.for_system(_WHY).filter(_free(actor, moment), pk=item.pk, state=ItemState.OPEN)
    return bool(rows.update(holder=actor.user_id, held_until=moment + HOLD))


def _locked(actor: Viewer, pk: int) -> Item:
    """Return an item with its sample, locked. Raises Item.DoesNotExist where it may not be seen."""
    visible = Item.objects.visible_to(actor).filter(pk=pk).values_list("pk", flat=True)
    rows = Item.objects.for_system(_WHY).select_related("sample", "enterprise")
    item: Item = rows.select_for_update(of=("self",)).get(pk__in=list(visible))
    return item


def _running(item: Item) -> None:
    if item.sample.state != SampleState.OPEN:
        raise Conflict(_("该批次已经结束，判断不再改动。"))


def found_in(item: Item) -> list[str]:
    """Return the industries of which the run found a term in the enterprise of an item, in order."""
    rows = item.enterprise.classifications.for_system(_WHY).filter(run=item.sample.run)
    rows = rows.exclude(model_decision="")
    if item.sample.industries:
        rows = rows.filter(industry__in=item.sample.industries)
    return list(rows.order_by("industry__order").values_list("industry", flat=True))


def _said(item: Item, judgement: Judgement) -> dict[str, str]:
    industries = set(item.sample.industries or Industry.objects.values_list("code", flat=True))
    return roles.checked(judgement.roles, industries, required=found_in(item))


@transaction.atomic
def judge(actor: Viewer, *, pk: int, judgement: Judgement, now: dt.datetime | None = None) -> Item:
    """Record what a reviewer says of an item; with the last reader it is settled, or disputed where two differ.

    The same again changes nothing. Raises Refused without the right or with an industry left out, Conflict where the
    sample is over, somebody else was faster, or both readers have spoken.
    """
    moment = now or timezone.now()
    if not actor.can(Can.REVIEW_ENTERPRISES) or actor.user_id is None:
        raise Refused(_("您的岗位不能复核企业识别。"))
    item = _locked(actor, pk)
    _running(item)
    said = _said(item, judgement)
    read = list(item.opinions.filter(settles=False).select_for_update())
    own = next((each for each in read if each.user_id == actor.user_id), None)
    note = judgement.note.strip()[:500]
    if own is not None and (own.labels, own.doubtful, own.note) == (said, judgement.doubtful, note):
        return item
    _may_judge(item, read, own, moment, actor)
    before = _shown(own) if own else None
    opinion = own or Opinion(item=item, user_id=actor.user_id)
    opinion.by, opinion.organisation_id = actor.name, actor.organisation_id
    opinion.labels, opinion.doubtful, opinion.note, opinion.at = said, judgement.doubtful, note, moment
    opinion.save()
    _record(actor, JUDGED, item, before=before, after=_shown(opinion), reason=note)
    _conclude(actor, item, [*(each for each in read if each is not own), opinion], moment)
    tasks.judged(actor, item.sample, now=moment)
    return item


def _may_judge(item: Item, read: list[Opinion], own: Opinion | None, moment: dt.datetime, actor: Viewer) -> None:
    if item.state == ItemState.SKIPPED:
        raise Conflict(_("这家企业已被略过。"))
    if item.sample.readers > 1 and item.state != ItemState.OPEN:
        raise Conflict(_("两人都已判断，不能再改；判断不一的由裁定人处理。"))
    if own is None and (item.state != ItemState.OPEN or len(read) >= item.sample.readers):
        raise Conflict(_("已由他人判断，请看下一家。"))
    last = len(read) >= item.sample.readers - 1
    held = item.holder_id not in {None, actor.user_id} and item.held_until and item.held_until >= moment
    if own is None and last and held:
        raise Conflict(_("这家企业正由他人判断，请看下一家。"))


def _conclude(actor: Viewer, item: Item, read: list[Opinion], moment: dt.datetime) -> None:
    """Settle an item all readers have judged, or mark it as disputed."""
    item.holder_id = item.held_until = None
    if len(read) >= item.sample.readers:
        first, *others = read
        if all(roles.alike(first.labels, other.labels) for other in others):
            merged = {code: role for each in read for code, role in each.labels.items()}
            merged |= {code: role for each in read for code, role in each.labels.items() if role != "mention"}
            _settle(actor, item, merged, doubtful=any(each.doubtful for each in read), moment=moment)
        else:
            item.state = ItemState.DISPUTED
    item.save()


def _settle(
    actor: Viewer,
    item: Item,
    said: Mapping[str, str],
    *,
    doubtful: bool,
    moment: dt.datetime,
    source: LabelSource = LabelSource.REVIEW,
    reason: str = "",
) -> None:
    item.state, item.outcome, item.settled_at = ItemState.SETTLED, dict(said), moment
    finding = Finding(said, source, doubtful=doubtful, about=tuple(item.sample.industries), item=item, reason=reason)
    give_label(actor, item.enterprise, finding, moment=moment)


@transaction.atomic
def undo(actor: Viewer, *, sample: Sample, now: dt.datetime | None = None) -> Item:
    """Take back one's last judgement in a sample. Raises Conflict where there is none or the other reader spoke."""
    moment = now or timezone.now()
    last = (
        Opinion.objects.filter(user=actor.user_id, settles=False, item__sample=sample).order_by("-at", "-id").first()
        if actor.user_id is not None
        else None
    )
    if last is None:
        raise Conflict(_("没有可以撤回的判断。"))
    item = _locked(actor, last.item_id)
    _running(item)
    if item.sample.readers > 1 and item.state != ItemState.OPEN:
        raise Conflict(_("另一人也已判断，不能再撤回。"))
    if item.state == ItemState.SETTLED:
        take_label_back(actor, item)
    before = _shown(last)
    last.delete()
    item.state, item.outcome, item.settled_at = ItemState.OPEN, None, None
    item.holder_id, item.held_until = actor.user_id, moment + HOLD
    item.save()
    _record(actor, TAKEN_BACK, item, before=before, after=None)
    tasks.judged(actor, item.sample, now=moment)
    return item


@transaction.atomic
def skip(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Item:
    """Leave out an item that cannot be judged, with the reason; it counts as not looked at."""
    moment = now or timezone.now()
    if not actor.can(Can.REVIEW_ENTERPRISES):
        raise Refused(_("您的岗位不能复核企业识别。"))
    item = _locked(actor, pk)
    _running(item)
    if item.state != ItemState.OPEN:
        raise Conflict(_("这家企业现在是“%(state)s”，不能略过。") % {"state": item.get_state_display()})
    if not reason.strip():
        raise Refused(_("请在说明里写明为什么无法判断。"))
    item.state, item.settled_at, item.holder_id, item.held_until = ItemState.SKIPPED, moment, None, None
    item.save()
    _record(actor, SKIPPED, item, before={"state": ItemState.OPEN.value}, after={"state": item.state}, reason=reason)
    tasks.judged(actor, item.sample, now=moment)
    return item


@transaction.atomic
def settle_dispute(actor: Viewer, *, pk: int, judgement: Judgement, now: dt.datetime | None = None) -> Item:
    """Decide where two readers differ. Raises Refused without the right, to a reader of the item, without a reason."""
    moment = now or timezone.now()
    if not actor.can(Can.SETTLE_REVIEWS) or actor.user_id is None:
        raise Refused(_("您的岗位不能裁定复核分歧。"))
    item = _locked(actor, pk)
    _running(item)
    if item.state != ItemState.DISPUTED:
        raise Conflict(_("这家企业现在是“%(state)s”，没有要裁定的分歧。") % {"state": item.get_state_display()})
    read = list(item.opinions.filter(settles=False))
    if actor.user_id in {each.user_id for each in read}:
        raise Refused(_("您是判断人之一，不能裁定自己的分歧：请由另一位有裁定权的人办理。"))
    reason = judgement.note.strip()
    if not reason:
        raise Refused(_("请写明裁定的理由。"))
    said = _said(item, judgement)
    opinion = Opinion.objects.create(
        item=item,
        user_id=actor.user_id,
        by=actor.name,
        organisation_id=actor.organisation_id,
        labels=said,
        doubtful=judgement.doubtful,
        note=reason[:500],
        at=moment,
        settles=True,
    )
    before = {each.by: each.labels for each in read}
    _record(actor, RULED, item, before=before, after=_shown(opinion), reason=reason)
    _settle(actor, item, said, doubtful=judgement.doubtful, moment=moment, source=LabelSource.SETTLED, reason=reason)
    item.save()
    tasks.judged(actor, item.sample, now=moment)
    return item


def _shown(opinion: Opinion) -> dict[str, object]:
    return {"labels": dict(opinion.labels), "doubtful": opinion.doubtful, "note": opinion.note}


def _record(actor: Viewer, action: RegisteredAction, item: Item, **content: object) -> None:
    reason = str(content.pop("reason", ""))
    label = f"{item.sample.title} {item.enterprise.name}"
    audit.record(actor, action, kind=ITEM, key=str(item.pk), label=label, reason=reason, **content)
