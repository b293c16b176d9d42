"""City shares of a target: proposed by the coordinator, confirmed or refused by the lead department."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_tasks, withdraw_tasks
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Target
from xiandao.domains.progress.actions.targets_check import BadFields, fits, locked_target, object_key, steered_target
from xiandao.domains.progress.figures.goals import unjudged
from xiandao.domains.progress.figures.sums import exact, facts_of
from xiandao.domains.progress.kinds.planning import CONFIRM_SHARES
from xiandao.domains.progress.models import Share, ShareSet, ShareState
from xiandao.domains.progress.queries.targets import Records, cities_of, confirmers_of, records_of
from xiandao.domains.shared.format import number
from xiandao.kernel import Comparator

PROPOSED = register("progress.shares_proposed", gettext_lazy("提出分市份额"))
CONFIRMED = register("progress.shares_confirmed", gettext_lazy("确认分市份额"))
REFUSED = register("progress.shares_refused", gettext_lazy("不同意分市份额"))
WITHDRAWN = register("progress.shares_withdrawn", gettext_lazy("撤回分市份额建议"))
Shares = Mapping[str, Decimal]
"""Shares by region code."""


@transaction.atomic
def propose_shares(
    actor: Viewer, *, plan: str, key: str, shares: Shares, reason: str = "", now: dt.datetime | None = None
) -> ShareSet:
    """Propose how a target is divided among the cities. It stays a proposal until the lead department confirms it.

    `shares` by region code; a city left out has no share. What the cities do not take stays with the province; then,
    and where an “at least” target is over-divided, `reason` has to say why. A proposal that waits is superseded. Where
    the coordinator's own organisation is the only lead, there is nobody else to ask: the shares hold at once.
    Raises BadFields (fields are region codes, "reason", or "" for the whole), Refused.
    """
    moment = now or timezone.now()
    target = steered_target(actor, plan, key)
    confirmers = confirmers_of(target)
    faults = _faults(target, shares, reason.strip())
    if not confirmers:
        faults.append(("", _("这个目标没有牵头部门（也没有已知的印发单位），没有人可以确认分市份额。")))
    if faults:
        raise BadFields(faults)
    records = records_of(actor, target)
    _take_back(actor, records.proposed, moment)
    own = all(body.pk == actor.organisation_id for body in confirmers)
    if own and records.confirmed is not None:
        _supersede(records.confirmed, moment)
    made = ShareSet.objects.create(
        plan=target.version.plan,
        target_key=target.key,
        recorded_at=moment,
        recorded_by=actor.name,
        reason=reason.strip(),
        **(_decision(actor, ShareState.CONFIRMED, moment, _("统筹协调单位即牵头单位")) if own else {}),
    )
    Share.objects.bulk_create(
        Share(share_set=made, region_id=region, value=value) for region, value in sorted(shares.items())
    )
    if not own:
        _ask(actor, made, target, confirmers, moment)
    audit.record(
        actor,
        PROPOSED,
        kind="target",
        key=object_key(target),
        label=target.name,
        before=_plain(records.proposed or records.confirmed),
        after={"shares": {region: exact(value) for region, value in sorted(shares.items())}, "state": made.state},
        reason=reason.strip(),
    )
    return made


def may_decide(viewer: Viewer, share_set: ShareSet, confirmers: list[Organisation]) -> Answer:
    """Return whether a viewer may confirm or refuse a proposal, and if not why."""
    if not viewer.can(Can.CONFIRM_SHARES) or viewer.organisation_id not in {body.pk for body in confirmers}:
        names = _("、").join(body.label for body in confirmers)
        return refuse(_("只有该目标的牵头单位（%(names)s）可以确认分市份额。") % {"names": names})
    if share_set.superseded_at is not None:
        return refuse(_("这份建议已被新的建议替代或撤回，请看最新的一份。"))
    if share_set.state != ShareState.PROPOSED:
        return refuse(_("这份建议已经处理过：%(state)s。") % {"state": share_set.get_state_display()})
    return ALLOWED


@transaction.atomic
def confirm_shares(actor: Viewer, *, pk: int, note: str = "", now: dt.datetime | None = None) -> ShareSet:
    """Confirm a proposal: from now on these are the shares, the earlier ones are superseded.

    Raises Refused for others than the lead department, Conflict for a proposal that is not waiting (any more).
    """
    moment = now or timezone.now()
    found, target, records = _waiting(actor, pk)
    if records.confirmed is not None:
        _supersede(records.confirmed, moment)
    _decide(actor, found, ShareState.CONFIRMED, moment, note)
    audit.record(
        actor,
        CONFIRMED,
        kind="target",
        key=object_key(target),
        label=target.name,
        before=_plain(records.confirmed),
        after=_plain(found),
        reason=found.decision_note,
    )
    return found


@transaction.atomic
def refuse_shares(actor: Viewer, *, pk: int, note: str, now: dt.datetime | None = None) -> ShareSet:
    """Refuse a proposal, saying why; shares confirmed before stay in force. Raises as `confirm_shares` does."""
    found, target, _records = _waiting(actor, pk)
    if not note.strip():
        raise Refused(_("不同意的，请写明理由和修改意见。"))
    _decide(actor, found, ShareState.REFUSED, now or timezone.now(), note)
    audit.record(
        actor,
        REFUSED,
        kind="target",
        key=object_key(target),
        label=target.name,
        before={"state": ShareState.PROPOSED.value},
        after=_plain(found),
        reason=found.decision_note,
    )
    return found


@transaction.atomic
def withdraw_shares(actor: Viewer, *, plan: str, key: str, reason: str, now: dt.datetime | None = None) -> None:
    """Take back a proposal that waits. Raises Conflict where none waits, Refused without a reason."""
    target = steered_target(actor, plan, key)
    waiting = records_of(actor, target).proposed
    if waiting is None:
        raise Conflict(_("没有等待确认的分市份额建议。"))
    if not reason.strip():
        raise Refused(_("请写明撤回的理由。"))
    _take_back(actor, waiting, now or timezone.now())
    audit.record(
        actor,
        WITHDRAWN,
        kind="target",
        key=object_key(target),
        label=target.name,
        before=_plain(waiting),
        reason=reason.strip()[:1000],
    )


def _faults(target: Target, shares: Shares, reason: str) -> list[tuple[str, str]]:
    (fact,) = facts_of([target])
    why = unjudged(fact)
    if why or fact.value is None:
        return [("", str(why))]
    known = {region.code: region for region in cities_of(target.version)}
    faults = [
        (code, sentence) for code, value in shares.items() for sentence in _share_faults(known, code, value, fact.kind)
    ]
    if not any(value > 0 for value in shares.values()):
        faults.append(("", _("请至少给一个设区市分配份额。")))
    if faults:
        return faults
    rest = fact.value - sum(shares.values(), Decimal(0))
    at_least = fact.comparator in {Comparator.GE.value, Comparator.GT.value}
    if rest < 0 and not at_least:
        sentence = _("各市份额合计比目标值 %(value)s 多 %(n)s，请调整。")
        return [("", sentence % {"value": number(fact.value), "n": number(-rest)})]
    if rest and not reason:
        sentence = (
            _("还有 %(n)s 没有分到设区市：请写明由谁承担。") if rest > 0 else _("合计超出目标值 %(n)s：请写明理由。")
        )
        return [("reason", sentence % {"n": number(abs(rest))})]
    return []


def _share_faults(known: Mapping[str, Region], code: str, value: Decimal, kind: str) -> list[str]:
    if code not in known:
        return [_("不是本方案辖区内的设区市：%(code)s。") % {"code": code}]
    if value < 0 or not fits(value):
        return [_("份额应为不小于零、最多六位小数的数。")]
    if kind == "count" and value != value.to_integral_value():
        return [_("数量目标的份额应为整数。")]
    return []


def _ask(actor: Viewer, made: ShareSet, target: Target, confirmers: list[Organisation], moment: dt.datetime) -> None:
    tasks = [
        NewTask(
            kind=CONFIRM_SHARES,
            organisation_id=body.pk,
            object_kind="share_set",
            object_key=str(made.pk),
            subject=target.name,
            subject_en=target.name_en,
        )
        for body in confirmers
    ]
    open_tasks(actor, tasks, now=moment)


def _waiting(actor: Viewer, pk: int) -> tuple[ShareSet, Target, Records]:
    """Return a proposal the actor may decide on, its target and all its records, locked against a second decision."""
    found = ShareSet.objects.visible_to(actor).select_related("plan").filter(pk=pk).first()
    if found is None:
        raise Refused(_("没有找到这份分市份额建议。"))
    target = locked_target(actor, found.plan.code, found.target_key)
    found.refresh_from_db()
    confirmers = confirmers_of(target)
    answer = may_decide(actor, found, confirmers)
    if not answer:
        decided = found.superseded_at is not None or found.state != ShareState.PROPOSED
        raise (Conflict if decided and actor.can(Can.CONFIRM_SHARES) else Refused)(answer.reason)
    return found, target, records_of(actor, target)


def _decide(actor: Viewer, found: ShareSet, state: ShareState, moment: dt.datetime, note: str) -> None:
    for name, given in _decision(actor, state, moment, note.strip()[:2000]).items():
        setattr(found, name, given)
    found.save(update_fields=["state", "decided_at", "decided_by", "decision_note"])
    clear_tasks(actor, kind=CONFIRM_SHARES, object_keys=[str(found.pk)], now=moment)


def _decision(actor: Viewer, state: ShareState, moment: dt.datetime, note: str) -> dict[str, object]:
    return {"state": state, "decided_at": moment, "decided_by": actor.name, "decision_note": note}


def _take_back(actor: Viewer, waiting: ShareSet | None, moment: dt.datetime) -> None:
    if waiting is not None:
        _supersede(waiting, moment)
        withdraw_tasks(actor, kind=CONFIRM_SHARES, object_keys=[str(waiting.pk)], now=moment)


def _supersede(row: ShareSet, moment: dt.datetime) -> None:
    row.superseded_at = moment
    row.save(update_fields=["superseded_at"])


def _plain(row: ShareSet | None) -> dict[str, object] | None:
    if row is None:
        return None
    shares = {share.region_id: exact(share.value) for share in row.shares.all()}
    return {"shares": shares, "state": str(row.state), "proposed_by": row.recorded_by}
