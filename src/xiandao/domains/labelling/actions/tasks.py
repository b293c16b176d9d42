"""The inbox of the review desk: kept in line with how many items wait, in the transaction that changes it."""

import datetime as dt

from django.db.models import Count
from django.utils.translation import gettext as _

from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_task, open_tasks, renew_tasks, withdraw_tasks
from xiandao.domains.labelling import kinds
from xiandao.domains.labelling.models import Item, ItemState, Sample
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer

_WHY = "the action has checked who acts"


def coordinator() -> Organisation:
    """Return the body that settles."""
    found: Organisation = Organisation.objects.get(is_coordinator=True)
    return found


def _judging(sample: Sample, body: Organisation, count: int) -> NewTask:
    words = {"title": sample.title, "n": count}
    return NewTask(
        kinds.JUDGE,
        body.pk,
        kinds.SAMPLE,
        kinds.sample_key(sample.pk, body.pk),
        _("%(title)s：待判断 %(n)d 家") % words,
        subject_en=f"{sample.title}: {count} to judge",
    )


def _waiting(sample: Sample) -> list[tuple[Organisation, int]]:
    """Return of every body asked how many open items of a sample its people see."""
    rows = Item.objects.for_system(_WHY).filter(sample=sample, state=ItemState.OPEN).order_by()
    places = list(rows.values_list("enterprise__region", "enterprise__region__parent").annotate(n=Count("pk")))
    found = []
    for body in sample.bodies.select_related("region"):
        whole = body.region.parent_id is None
        found.append((body, sum(n for here, above, n in places if whole or body.region_id in {here, above})))
    return found


def open_sample(actor: Viewer, sample: Sample, *, now: dt.datetime) -> None:
    """Put a new sample into the inboxes of the bodies asked that see any of it; or ask for its end right away."""
    open_tasks(actor, [_judging(sample, body, n) for body, n in _waiting(sample) if n], now=now)
    _ask_for_the_end(actor, sample, now=now)


def judged(actor: Viewer, sample: Sample, *, now: dt.datetime) -> None:
    """Bring the tasks of a sample in line after an item was judged, taken back, left out or settled."""
    waiting = _waiting(sample)
    new = [_judging(sample, body, n) for body, n in waiting if n]
    open_tasks(actor, new, now=now)
    renew_tasks(new)
    done = [kinds.sample_key(sample.pk, body.pk) for body, n in waiting if not n]
    clear_tasks(actor, kind=kinds.JUDGE, object_keys=done, now=now)
    _keep_disputes(actor, sample, now=now)
    _ask_for_the_end(actor, sample, now=now)


def _keep_disputes(actor: Viewer, sample: Sample, *, now: dt.datetime) -> None:
    disputed = Item.objects.for_system(_WHY).filter(sample=sample, state=ItemState.DISPUTED).count()
    if not disputed:
        clear_tasks(actor, kind=kinds.SETTLE, object_keys=[str(sample.pk)], now=now)
        return
    words = {"title": sample.title, "n": disputed}
    task = NewTask(
        kinds.SETTLE,
        coordinator().pk,
        kinds.SAMPLE,
        str(sample.pk),
        _("%(title)s：判断不一 %(n)d 家") % words,
        subject_en=f"{sample.title}: {disputed} disputed",
    )
    open_task(actor, task, now=now)
    renew_tasks([task])


def _ask_for_the_end(actor: Viewer, sample: Sample, *, now: dt.datetime) -> None:
    left = Item.objects.for_system(_WHY).filter(sample=sample, state__in=(ItemState.OPEN, ItemState.DISPUTED))
    if left.exists():
        withdraw_tasks(actor, kind=kinds.FINISH, object_keys=[str(sample.pk)], now=now)
        return
    task = NewTask(kinds.FINISH, coordinator().pk, kinds.SAMPLE, str(sample.pk), sample.title)
    open_task(actor, task, now=now)


def end_sample(actor: Viewer, sample: Sample, *, now: dt.datetime, withdrawn: bool) -> None:
    """Close what waits for a sample that is over."""
    keys = [kinds.sample_key(sample.pk, body.pk) for body in sample.bodies.all()]
    withdraw_tasks(actor, kind=kinds.JUDGE, object_keys=keys, now=now)
    withdraw_tasks(actor, kind=kinds.SETTLE, object_keys=[str(sample.pk)], now=now)
    end = withdraw_tasks if withdrawn else clear_tasks
    end(actor, kind=kinds.FINISH, object_keys=[str(sample.pk)], now=now)
