"""A city hands a duty down to a body of one of its counties, and takes it back."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, RegionKind
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.actions.rounds import add_reports
from xiandao.domains.progress.faults import BadFields, needed_reason
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentRole,
    Round,
    RoundScope,
    RoundState,
)

HANDED_DOWN = register("progress.duty_handed_down", gettext_lazy("责任项下达到县（市、区）"))
TAKEN_BACK = register("progress.duty_taken_back", gettext_lazy("收回下达的责任项"))
KIND = "progress.duty"
_WHY = "the actor's own duty was checked"


def may_hand_down(viewer: Viewer, duty: Assignment) -> Answer:
    """Whether the viewer may hand a duty down: a city's body its own."""
    if not viewer.can(Can.HAND_DOWN):
        return refuse(_("您的岗位不能下达责任项。"))
    if duty.organisation_id != viewer.organisation_id:
        return refuse(_("只能下达本单位承办的责任项。"))
    if duty.region.kind != RegionKind.CITY:
        return refuse(_("只有设区市承办的责任项可以下达到县（市、区）。"))
    if duty.ended_at is not None:
        return refuse(_("这项责任已经结束。"))
    return ALLOWED


def may_take_back(viewer: Viewer, duty: Assignment) -> Answer:
    """Whether the viewer may take back a duty that her organisation handed down."""
    if duty.parent is None:
        return refuse(_("这项责任不是下达的。"))
    if not viewer.can(Can.HAND_DOWN) or duty.parent.organisation_id != viewer.organisation_id:
        return refuse(_("只有下达它的单位可以收回。"))
    if duty.ended_at is not None:
        return refuse(_("这项责任已经收回或结束。"))
    return ALLOWED


@transaction.atomic
def hand_down(actor: Viewer, *, pk: int, to: Organisation, now: dt.datetime | None = None) -> Assignment:
    """Give a body of a county a part in the actor's duty; it reports to the actor from rounds that are open on.

    Raises Assignment.DoesNotExist, Refused, BadFields where the body lies elsewhere, Conflict where it has the duty.
    """
    moment = now or timezone.now()
    duty = _take(actor, pk)
    may_hand_down(actor, duty).require()
    if to.region.parent_id != duty.region_id or not to.is_active:
        raise BadFields([("to", _("请选择%(city)s所辖县（市、区）或功能区的单位。") % {"city": duty.region.label})])
    try:
        with transaction.atomic():
            made = Assignment.objects.create(
                plan=duty.plan,
                measure_key=duty.measure_key,
                subtask=duty.subtask,
                organisation=to,
                region=to.region,
                role=duty.role,
                origin=AssignmentOrigin.HANDED_DOWN,
                serves=duty.serves,
                parent=duty,
                started_at=moment,
            )
    except IntegrityError:
        raise Conflict(_("%(body)s已经承担这项任务。") % {"body": to.label}) from None
    for opened in _open_rounds(made):
        add_reports(opened, [made])
        tasks.refresh_writers(actor, opened, [to.pk], now=moment)
    audit.record(
        actor,
        HANDED_DOWN,
        kind=KIND,
        key=str(duty.pk),
        label=f"{duty.organisation.name} {duty.measure_key}",
        after={"to": to.code, "duty": made.pk},
    )
    return made


@transaction.atomic
def take_back(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Assignment:
    """End a duty that was handed down; its reports stay. Raises Assignment.DoesNotExist, Refused, BadFields."""
    moment = now or timezone.now()
    duty = _take(actor, pk)
    may_take_back(actor, duty).require()
    said = needed_reason(reason, _("请写明收回的理由。"))
    duty.ended_at = moment
    duty.save(update_fields=["ended_at"])
    rounds = Round.objects.for_system(_WHY).filter(plan=duty.plan_id, state=RoundState.OPEN)
    for opened in rounds.select_for_update(no_key=True):
        tasks.refresh_writers(actor, opened, [duty.organisation_id], now=moment)
    audit.record(
        actor,
        TAKEN_BACK,
        kind=KIND,
        key=str(duty.parent_id),
        label=f"{duty.organisation.name} {duty.measure_key}",
        before={"duty": duty.pk, "to": duty.organisation.code},
        reason=said,
    )
    return duty


def _open_rounds(duty: Assignment) -> list[Round]:
    """Return the open rounds a new duty reports in."""
    rounds = Round.objects.for_system(_WHY).filter(plan=duty.plan_id, state=RoundState.OPEN)
    if duty.role != AssignmentRole.LEAD:
        rounds = rounds.filter(scope=RoundScope.ALL)
    return list(rounds.select_for_update(no_key=True))


def _take(actor: Viewer, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("organisation", "region", "parent", "plan", "subtask").get(pk=pk)
