"""The decision: prepared row by row, in figures at every step, changed until the notice; no applicant can tell."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions.checking import recommends
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.actions.recommending import is_over
from xiandao.domains.programmes.life import move
from xiandao.domains.programmes.models import (
    Application,
    ApplicationState,
    Call,
    DecisionList,
    DecisionRow,
    DecisionState,
    Outcome,
)

S = ApplicationState
_LONGEST = 4000
OPEN_LISTS = (DecisionState.PREPARED, DecisionState.NOTICED, DecisionState.READY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided of one application."""

    outcome: str
    level: str = ""
    amount: Decimal | None = None
    reason: str = ""
    deviation: str = ""


@dataclass
class Standing:
    """A decision in figures: how many and how much so far, against places and budget; what is still missing."""

    counts: dict[str, int]
    amount: Decimal
    places: int | None
    budget: Decimal | None
    undecided: int
    faults: list[str] = field(default_factory=list)

    @property
    def places_left(self) -> int | None:
        return None if self.places is None else self.places - self.counts[Outcome.APPROVE]

    @property
    def budget_left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.amount


def has_stage(call: Call, stage: str) -> bool:
    """Whether the programme of a call has a stage."""
    return any(each.get("stage") == stage for each in call.version.definition.get("stages", []))


def decidable(call: Call) -> set[S]:
    """Return the states from which a call's applications are decided: reviewed, or else recommended, or checked."""
    unreviewed = S.RECOMMENDED if recommends(call) else S.CHECKED
    before = S.REVIEWED if has_stage(call, "review") else unreviewed
    return {before, S.REVIEWED, S.PROPOSED, S.NOT_PROPOSED}


def unrecommended(call: Call, moment: dt.datetime) -> bool:
    """Whether what was not recommended in time may now be left out: silence is no recommendation."""
    return recommends(call) and is_over(call, moment)


@transaction.atomic
def prepare(
    actor: Viewer,
    *,
    call: Call,
    title: str,
    body: str,
    met_on: dt.date | None = None,
    minute: str = "",
    now: dt.datetime | None = None,
) -> DecisionList:
    """Begin the decision of a call. Conflict where one is being prepared already or the call is still open."""
    moment = now or timezone.now()
    call = Call.objects.for_system(office.WHY).select_for_update(of=("self",)).get(pk=call.pk)
    office.may_run(actor, call).require()
    _require_head(title, body, met_on, moment)
    if moment <= call.closes_at:
        raise Conflict(_("申报还没有截止，截止后才能拟定决定。"))
    if DecisionList.objects.for_system(office.WHY).filter(call=call, state__in=OPEN_LISTS).exists():
        raise Conflict(_("该申报通知已有一份决定正在办理。"))
    decision: DecisionList = DecisionList.objects.create(
        call=call,
        title=title.strip()[:300],
        body=body.strip()[:200],
        met_on=met_on,
        minute=minute.strip()[:100],
        made_at=moment,
        made_by=actor.name,
    )
    log(actor, office.PREPARED, decision, after={"title": decision.title, "body": decision.body, "minute": minute})
    return decision


def _require_head(title: str, body: str, met_on: dt.date | None, moment: dt.datetime) -> None:
    faults = []
    if not title.strip():
        faults.append(("title", _("请写明名称。")))
    if not body.strip():
        faults.append(("body", _("请写明决策机构。")))
    if met_on is not None and met_on > timezone.localdate(moment):
        faults.append(("met_on", _("会议日期不能晚于今天。")))
    if faults:
        raise BadFields(faults)


@transaction.atomic
def amend(
    actor: Viewer,
    *,
    pk: int,
    title: str,
    body: str,
    met_on: dt.date | None,
    minute: str,
    now: dt.datetime | None = None,
) -> DecisionList:
    """Put right the head of a decision that is being prepared."""
    decision = changeable(actor, pk)
    _require_head(title, body, met_on, now or timezone.now())
    before = {"title": decision.title, "body": decision.body, "met_on": decision.met_on, "minute": decision.minute}
    decision.title, decision.body = title.strip()[:300], body.strip()[:200]
    decision.met_on, decision.minute = met_on, minute.strip()[:100]
    decision.save(update_fields=["title", "body", "met_on", "minute"])
    after = {"title": decision.title, "body": decision.body, "met_on": met_on, "minute": decision.minute}
    log(actor, office.PREPARED, decision, before=before, after=after)
    return decision


def changeable(actor: Viewer, pk: int) -> DecisionList:
    """Return a decision locked while it is still prepared. Conflict afterwards."""
    decision = office.decision_locked(actor, pk)
    if decision.state != DecisionState.PREPARED:
        raise Conflict(
            _("该决定%(state)s，不能再改；确需改动的，先撤下公示。") % {"state": decision.get_state_display()}
        )
    return decision


@transaction.atomic
def set_row(actor: Viewer, *, pk: int, code: str, verdict: Verdict, now: dt.datetime | None = None) -> DecisionRow:
    """Decide of one application, for now. Within places and budget; against the experts only with reason and minute.

    Raises BadFields with what is wrong, Conflict where the application cannot be decided yet.
    """
    moment = now or timezone.now()
    decision = changeable(actor, pk)
    application = office.run_locked(actor, code)
    if application.call_id != decision.call_id:
        raise Refused(_("该申报不属于本申报通知。"))
    return _set(actor, decision, application, verdict, moment)


def _set(
    actor: Viewer, decision: DecisionList, application: Application, verdict: Verdict, moment: dt.datetime
) -> DecisionRow:
    allowed = decidable(decision.call)
    if verdict.outcome != Outcome.APPROVE and unrecommended(decision.call, moment):
        allowed = allowed | {S.CHECKED}
    if application.state not in allowed:
        raise Conflict(
            _("%(code)s 现在是“%(state)s”，还不能拟定。")
            % {"code": application.code, "state": application.get_state_display()}
        )
    review = getattr(application, "review", None)
    advised = review.advice if review else ""
    faults = _faults(decision, verdict, advised)
    row = DecisionRow.objects.filter(application=application).first() or DecisionRow(application=application)
    if row.pk and row.decision_id != decision.pk:
        raise Conflict(_("%(code)s 已在另一份决定中。") % {"code": application.code})
    faults += _limits(decision, row, verdict)
    if faults:
        raise BadFields(faults)
    before = {"outcome": row.outcome, "level": row.level, "amount": row.amount} if row.pk else None
    approved = verdict.outcome == Outcome.APPROVE
    row.decision, row.outcome, row.level = decision, verdict.outcome, verdict.level if approved else ""
    row.amount = verdict.amount if approved else None
    row.advised, row.score, row.place = advised, review.score if review else None, review.place if review else None
    row.reason = verdict.reason.strip()[:_LONGEST]
    row.deviation = verdict.deviation.strip()[:_LONGEST] if advised and advised != verdict.outcome else ""
    row.order = row.place or row.order
    row.save()
    _propose(actor, application, verdict.outcome, moment)
    after = {"outcome": row.outcome, "level": row.level, "amount": row.amount, "advised": advised}
    office.record(actor, office.ROW_SET, application, before=before, after=after, reason=row.deviation or row.reason)
    return row


def _propose(actor: Viewer, application: Application, outcome: str, moment: dt.datetime) -> None:
    approved = outcome == Outcome.APPROVE
    wanted = S.PROPOSED if approved else S.NOT_PROPOSED
    if application.state != wanted:
        move(actor, application, "propose" if approved else "not_propose", now=moment)


def _faults(decision: DecisionList, verdict: Verdict, advised: str) -> list[tuple[str, str]]:
    out = []
    levels = decision.call.version.definition.get("levels", [])
    if verdict.outcome not in Outcome.values:
        out.append(("outcome", _("请选择入选、列入储备或不入选。")))
    if verdict.outcome == Outcome.APPROVE:
        if levels and verdict.level not in levels:
            out.append(("level", _("请选择级别：%(levels)s。") % {"levels": _("、").join(levels)}))
        if verdict.amount is not None and verdict.amount < 0:
            out.append(("amount", _("金额不能是负数。")))
        if decision.call.version.definition.get("asks_money") and verdict.amount is None:
            out.append(("amount", _("该专项安排资金：请填写支持金额（元）。")))
    elif not verdict.reason.strip() and not verdict.deviation.strip():
        out.append(("reason", _("不入选或列入储备的，请写明理由，申报单位会收到。")))
    if advised and verdict.outcome != advised:
        if not verdict.deviation.strip():
            out.append(("deviation", _("与专家意见不一致，请写明理由。")))
        if not decision.minute:
            out.append(("deviation", _("与专家意见不一致，须经会议决定：请先在决定中填写会议纪要号。")))
    return out


def _limits(decision: DecisionList, row: DecisionRow, verdict: Verdict) -> list[tuple[str, str]]:
    """Return what breaks the limits of the call once this row is decided so."""
    if verdict.outcome != Outcome.APPROVE:
        return []
    call = decision.call
    others = [
        each.amount
        for each in DecisionRow.objects.filter(decision__call=call, outcome=Outcome.APPROVE).exclude(pk=row.pk)
    ]
    out = []
    if call.places is not None and len(others) + 1 > call.places:
        out.append(("outcome", _("拟支持数 %(n)s 个已满。") % {"n": call.places}))
    total = sum((amount for amount in others if amount is not None), Decimal(0)) + (verdict.amount or Decimal(0))
    if call.budget is not None and total > call.budget:
        words = {"total": f"{total:,.2f}", "budget": f"{call.budget:,.2f}"}
        out.append(("amount", _("合计 %(total)s 元，超过资金总额 %(budget)s 元。") % words))
    return out


@transaction.atomic
def follow_advice(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> tuple[int, list[tuple[str, str]]]:
    """Decide of all that are undecided as the experts advised, best place first; return how many, and which not, why.

    Left out is what needs a level or an amount, and what no longer fits into places or budget.
    """
    moment = now or timezone.now()
    decision = changeable(actor, pk)
    done, out = 0, []
    rows = Application.objects.for_system(office.WHY).filter(
        call=decision.call_id, state=S.REVIEWED, review__isnull=False
    )
    rows = rows.select_related("call__version", "applicant", "review").order_by("review__place", "code")
    for application in rows.select_for_update(of=("self",)):
        review = application.review
        levels = decision.call.version.definition.get("levels", [])
        level = levels[0] if len(levels) == 1 else ""
        verdict = Verdict(review.advice, level=level, reason=review.text or _("专家评审建议。"))
        try:
            with transaction.atomic():
                office.require_other(actor, application)
                _set(actor, decision, application, verdict, moment)
        except Refused as refusal:
            out.append((application.code, str(refusal.reason)))
        else:
            done += 1
    return done, out


@transaction.atomic
def take_back(actor: Viewer, *, pk: int, code: str, now: dt.datetime | None = None) -> None:
    """Take an application out of a decision again: it is undecided."""
    decision = changeable(actor, pk)
    application = office.run_locked(actor, code)
    row = DecisionRow.objects.filter(decision=decision, application=application).first()
    if row is None:
        raise Conflict(_("该申报不在这份决定中。"))
    before = {"outcome": row.outcome, "level": row.level, "amount": row.amount}
    row.delete()
    move(actor, application, "take_back_proposal", now=now or timezone.now())
    office.record(actor, office.ROW_SET, application, before=before, after=None)


def standing(decision: DecisionList) -> Standing:
    """Return a decision in figures, with what keeps it from being noticed."""
    rows = list(decision.rows.values_list("outcome", "amount"))
    counts = {each: sum(1 for outcome, _amount in rows if outcome == each) for each in Outcome.values}
    amount = sum((given for outcome, given in rows if outcome == Outcome.APPROVE and given is not None), Decimal(0))
    call = decision.call
    left = Application.objects.for_system(office.WHY).filter(call=call, state__in=decidable(call))
    undecided = left.filter(decision=None).count()
    found = Standing(counts, amount, call.places, call.budget, undecided)
    if not rows:
        found.faults.append(_("还没有一项申报列入决定。"))
    if undecided:
        found.faults.append(_("还有 %(n)s 项已可决定的申报没有拟定。") % {"n": undecided})
    open_ = Application.objects.for_system(office.WHY).filter(call=call, state__in=_before(call)).count()
    if open_:
        found.faults.append(_("还有 %(n)s 项申报没有走完审查、推荐或评审。") % {"n": open_})
    if not decision.minute or decision.met_on is None:
        found.faults.append(_("请填写会议日期和会议纪要号。"))
    return found


def _before(call: Call) -> set[S]:
    """Return the states in which an application of a call still has something before it that the decision waits for."""
    return {S.SUBMITTED, S.CORRECTING, S.CHECKED, S.RECOMMENDED, S.IN_REVIEW} - decidable(call)


def log(actor: Viewer, action: RegisteredAction, decision: DecisionList, **content: object) -> None:
    """Write the audit record of a step of a decision."""
    reason = str(content.pop("reason", ""))
    audit.record(
        actor, action, kind=office.DECISION, key=str(decision.pk), label=decision.title, reason=reason, **content
    )
