"""An entry in a counting state is a counted result of the targets it serves; out of it, it is counted no more.

What was counted on days past stays so: a count ends at a moment and is never deleted.
"""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.ledger.models import Entry, EntryState
from xiandao.domains.ledger.registry import kind_of
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions import results, sameness
from xiandao.domains.progress.models import IdentifierKind, Result, ResultCount, Sequence
from xiandao.engines.sameness import normalise_name

_WHY = "whoever changed the entry has been checked"
Key = tuple[int, str]


def counts_now(entry: Entry) -> bool:
    """Whether an entry's state counts; what others published elsewhere never does."""
    if entry.state == EntryState.ELSEWHERE:
        return False
    return entry.state in kind_of(entry.kind, entry.kind_name).counting


def served_by(entry: Entry) -> list[Key]:
    """Return the targets an entry counts towards, one per plan: those it names, then those that share its results."""
    named: dict[int, str] = dict(entry.targets.order_by("plan").values_list("plan_id", "target_key"))
    found = dict(named)
    for own in named.items():
        for (plan, key), rule in sorted(results.shared_targets(own).items()):
            if rule != "overlap":
                found.setdefault(plan, key)
    return sorted(found.items())


def settle(actor: Viewer, entry: Entry, *, why: str, now: dt.datetime) -> str:
    """Bring the count in line with the entry's state and targets; return in words what changed, "" where nothing did.

    Called in the transaction of the step. Raises Conflict where the thing is counted already with another entry.
    """
    sameness.one_at_a_time()
    wanted = served_by(entry) if counts_now(entry) else []
    held = _live(entry)
    if held is not None and not wanted:
        return _leave(actor, entry, held, why, now)
    if wanted and held is None:
        return _begin(actor, entry, wanted, now)
    if held is not None:
        return _follow(actor, entry, held, wanted, now)
    return ""


def _live(entry: Entry) -> Result | None:
    rows = Result.objects.for_system(_WHY).select_for_update()
    return rows.filter(pk=entry.result_id, void_at=None).first() if entry.result_id else None


def _begin(actor: Viewer, entry: Entry, wanted: list[Key], now: dt.datetime) -> str:
    same = same_results(entry, wanted)
    if len(same) > 1:
        codes = _("、").join(row.code for row in same)
        raise Conflict(
            _("“%(name)s”与分别认定过的 %(codes)s 同名：请先撤销其中多认定的。") % {"name": entry.name, "codes": codes}
        )
    result = same[0] if same else _made(actor, entry, now)
    other = Entry.objects.for_system(_WHY).filter(result=result).exclude(pk=entry.pk).first()
    if other is not None:
        raise Conflict(
            _("“%(name)s”已由台账 %(code)s 计入同一目标，不重复计数。") % {"name": entry.name, "code": other.code}
        )
    entry.result = result
    entry.save(update_fields=["result"])
    _add_counts(result, wanted, now)
    _log(actor, results.JOINED if same else results.COUNTED, result, entry)
    said = _("与成果 %(code)s 同名同单位，并入，不重复计数") if same else _("计数，成果 %(code)s")
    return said % {"code": result.code}


def _add_counts(result: Result, wanted: list[Key], now: dt.datetime) -> None:
    have = set(ResultCount.objects.filter(result=result).values_list("plan_id", "target_key"))
    plans = {plan for plan, _key in have}
    ResultCount.objects.bulk_create(
        ResultCount(result=result, plan_id=plan, target_key=key, counted_at=now)
        for plan, key in wanted
        if (plan, key) not in have and plan not in plans
    )


def _made(actor: Viewer, entry: Entry, now: dt.datetime) -> Result:
    lead = entry.holders.order_by("order", "pk").exclude(role="person").first()
    year = timezone.localdate(now).year
    number = entry.decision_number[:120]
    result = Result(
        code=f"R{year}-{Sequence.take('result', year):06}",
        item=entry.kind_name[:100],
        name=entry.code if kind_of(entry.kind).people else entry.name,
        identifier_kind=IdentifierKind.OTHER,
        identifier=entry.code,
        holder=lead.name if lead else "",
        holder_code=lead.credit_code if lead else "",
        region=entry.regions.order_by("code").first(),
        industry=entry.industries.order_by("order").first(),
        happened_on=entry.decided_on,
        quantity=1,
        counted_at=now,
        counted_by=actor.name,
        other_names=[number] if number else [],
    )
    result.save(force_insert=True)
    return result


def _leave(actor: Viewer, entry: Entry, held: Result, why: str, now: dt.datetime) -> str:
    """End the count from now on."""
    counts = ResultCount.objects.filter(result=held, void_at=None)
    before = list(counts.values_list("plan__code", "target_key"))
    counts.update(void_at=now)
    held.void_at, held.void_reason = now, why
    held.save(update_fields=["void_at", "void_reason"])
    audit.record(
        actor,
        results.VOIDED,
        kind=results.KIND,
        key=held.code,
        label=held.name,
        before={"counts": [f"{plan} {key}" for plan, key in before], "entry": entry.code},
        after={"counts": []},
        reason=why,
    )
    return _("不再计数，成果 %(code)s") % {"code": held.code}


def _follow(actor: Viewer, entry: Entry, held: Result, wanted: list[Key], now: dt.datetime) -> str:
    """Let a counted result have the entry's name, place and targets of now."""
    counted = set(ResultCount.objects.filter(result=held, void_at=None).values_list("plan_id", "target_key"))
    if counted != set(wanted):
        # A count that ended cannot begin again as the same row: the entry counts as a new result from now on.
        left = _leave(actor, entry, held, _("台账服务的目标变更"), now)
        entry.result = None
        return f"{left}；{_begin(actor, entry, wanted, now)}"
    changes: dict[str, Any] = {
        "region": entry.regions.order_by("code").first(),
        "industry": entry.industries.order_by("order").first(),
        "happened_on": entry.decided_on,
    }
    if not kind_of(entry.kind).people and held.name != entry.name:
        changes |= {"name": entry.name, "other_names": list(dict.fromkeys([*held.other_names, held.name]))}
    for field, value in changes.items():
        setattr(held, field, value)
    held.save(update_fields=list(changes))
    return ""


def _log(actor: Viewer, action: Any, result: Result, entry: Entry) -> None:
    after = {"entry": entry.code, "targets": [f"{plan} {key}" for plan, key in served_by(entry)]}
    audit.record(actor, action, kind=results.KIND, key=result.code, label=result.name, after=after)


def same_results(entry: Entry, wanted: list[Key]) -> list[Result]:
    """Return the results in force that count towards one of the same targets and are the same by name and holder."""
    lead = entry.holders.order_by("order", "pk").first()
    holder = (lead.credit_code, lead.name_key) if lead else ("", "")
    counts = ResultCount.objects.filter(void_at=None, target_key__in=[key for _plan, key in wanted])
    rows = counts.values_list(
        "plan_id", "target_key", "result_id", "result__name", "result__holder_code", "result__holder"
    )
    found = {
        pk
        for plan, key, pk, name, code, held in rows
        if (plan, key) in wanted
        and normalise_name(name, ())[:300] == entry.name_key
        and alike_holder(holder, (code, normalise_name(held, ())[:300]))
    }
    return list(Result.objects.for_system(_WHY).filter(pk__in=found, void_at=None).order_by("pk"))


def alike_holder(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two holders, each credit code and canonical name, may be one: codes decide, else names."""
    if one[0] and other[0]:
        return one[0] == other[0]
    return not one[1] or not other[1] or one[1] == other[1]
