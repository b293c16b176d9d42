"""What happens to an entry once entered: corrected, evaluated, moved to another state, given a term, expired."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.actions import counting
from xiandao.domains.ledger.actions.entering import key_of
from xiandao.domains.ledger.actions.log import CORRECTED, EVALUATED, MOVED, TERM_SET, note
from xiandao.domains.ledger.models import Entry, EntryEvaluation, EntryState, EntryTarget
from xiandao.domains.ledger.registry import kind_of
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import PUBLIC, Viewer
from xiandao.domains.plans.models import Plan, Target, VersionState
from xiandao.domains.progress.faults import BadFields, Fault, needed_reason

_WHY = "the clock of every entry"
_CORRECTABLE = ("name", "level", "decided_on", "decision", "decision_number", "public", "note")


def _taken(actor: Viewer, code: str, revision: int | None) -> Entry:
    """Return an entry locked for a change the actor may make. Raises Entry.DoesNotExist, Refused, Conflict."""
    entry: Entry = Entry.objects.visible_to(actor).select_for_update().get(code=code)
    rules.may_keep(actor, entry).require()
    if revision is not None and revision != entry.revision:
        raise Conflict(_("这条台账刚被别人改过。请看最新的内容后再改。"))
    entry.revision += 1
    return entry


@transaction.atomic
def correct(
    actor: Viewer,
    *,
    code: str,
    reason: str,
    fields: dict[str, Any],
    regions: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    serves: Iterable[tuple[str, str]] | None = None,
    revision: int | None = None,
    now: dt.datetime | None = None,
) -> Entry:
    """Correct fields of an entry (`_CORRECTABLE`); a name given up stays as a former name, a count follows.

    Raises Entry.DoesNotExist, Refused, Conflict, BadFields without a reason, a name, or with unknown codes.
    """
    moment = now or timezone.now()
    entry = _taken(actor, code, revision)
    said = needed_reason(reason, _("请写明更正的理由。"))
    before, after = {}, {}
    for field in _CORRECTABLE:
        if field in fields and fields[field] != getattr(entry, field):
            before[field], after[field] = getattr(entry, field), fields[field]
    if "name" in after:
        _rename(entry, str(after["name"]))
    for field, value in after.items():
        setattr(entry, field, value)
    if kind_of(entry.kind).people:
        entry.public = False
    entry.save()
    _set_links(entry, regions, industries, before, after)
    if serves is not None:
        _set_targets(entry, list(serves), before, after)
    if not after:
        raise BadFields([("reason", _("没有改动。"))])
    counted = counting.settle(actor, entry, why=said, now=moment)
    what = _("更名") if "name" in after else _("更正")
    text = "；".join(filter(None, [said, counted]))
    note(actor, CORRECTED, entry, what, text=text, now=moment, before=before, after=after, reason=said)
    return entry


def _rename(entry: Entry, name: str) -> None:
    if not name.strip() or len(name) > 300:  # noqa: PLR2004 — the column's width
        raise BadFields([("name", _("请填写名称，最多 300 字。"))])
    entry.former_names = list(dict.fromkeys([*entry.former_names, entry.name]))
    lines = [*entry.former_names, *(key_of(former) for former in entry.former_names)]
    entry.former_lines = "\n" + "".join(f"{line}\n" for line in lines)
    entry.name_key = key_of(name)


def _set_links(
    entry: Entry,
    regions: Iterable[str] | None,
    industries: Iterable[str] | None,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Set places and industries, where they were given and differ."""
    given = (("regions", Region, regions, _("地区")), ("industries", Industry, industries, _("产业")))
    for field, model, codes, label in given:
        if codes is None:
            continue
        wanted = sorted(set(codes))
        known = set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if known != set(wanted):
            raise BadFields([(field, _("有不认识的%(what)s代码。") % {"what": label})])
        links = getattr(entry, field)
        had = sorted(links.values_list("pk", flat=True))
        if had != wanted:
            before[field], after[field] = had, wanted
            links.set(wanted)


def _set_targets(entry: Entry, wanted: list[tuple[str, str]], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Set the targets an entry serves."""
    had = sorted(entry.targets.values_list("plan__code", "target_key"))
    if sorted(wanted) == had:
        return
    if entry.state == EntryState.ELSEWHERE and wanted:
        raise BadFields([("serves", _("他处公布的条目不计入目标。"))])
    rows = Target.objects.visible_to(PUBLIC).filter(version__state=VersionState.PUBLISHED)
    known = set(rows.values_list("version__plan__code", "key"))
    faults: list[Fault] = [
        ("serves", _("没有目标 %(key)s。") % {"key": f"{p} {k}"}) for p, k in wanted if (p, k) not in known
    ]
    if len({plan for plan, _key in wanted}) < len(wanted):
        faults.append(("serves", _("一个条目在一个方案里只计入一个目标。")))
    if faults:
        raise BadFields(faults)
    plans = dict(Plan.objects.for_system(_WHY).values_list("code", "pk"))
    entry.targets.all().delete()
    EntryTarget.objects.bulk_create(EntryTarget(entry=entry, plan_id=plans[p], target_key=k) for p, k in wanted)
    before["serves"], after["serves"] = had, sorted(wanted)


@transaction.atomic
def evaluate(
    actor: Viewer,
    *,
    code: str,
    period: str,
    grade: str,
    on: dt.date,
    score: Decimal | None = None,
    conclusion: str = "",
    next_on: dt.date | None = None,
    now: dt.datetime | None = None,
) -> EntryEvaluation:
    """Record one evaluation of an entry; what follows from it is a step of its own.

    Raises Entry.DoesNotExist, Refused, Conflict where the period was evaluated already or the entry is off the list,
    BadFields where the grade is not of the kind's scale.
    """
    moment = now or timezone.now()
    entry = _taken(actor, code, None)
    if entry.state not in (EntryState.LISTED, EntryState.RECTIFYING, EntryState.DOWNGRADED):
        raise Conflict(_("只有在列、整改中和降级的条目可以登记评价。"))
    scale, faults = kind_of(entry.kind).scale, []
    if not period.strip():
        faults.append(("period", _("请填写评价期，例如 2026。")))
    if not grade.strip() or (scale and grade not in scale):
        faults.append(("grade", _("请选择等次：%(all)s。") % {"all": "、".join(scale)} if scale else _("请填写等次。")))
    if on > timezone.localdate(moment):
        faults.append(("on", _("评价日期不能在今天以后。")))
    if faults:
        raise BadFields(faults)
    if entry.evaluations.filter(period=period.strip()).exists():
        raise Conflict(_("%(period)s 已经登记过评价。") % {"period": period})
    row = EntryEvaluation.objects.create(
        entry=entry,
        period=period.strip(),
        grade=grade.strip(),
        score=score,
        conclusion=conclusion.strip(),
        on=on,
        by=actor.name,
    )
    entry.evaluate_on = next_on
    entry.save(update_fields=["evaluate_on", "revision"])
    text = "：".join(filter(None, [f"{row.period} {row.grade}", row.conclusion]))
    after = {"period": row.period, "grade": row.grade, "score": score, "next": next_on}
    note(actor, EVALUATED, entry, _("评价"), text=text, on=on, now=moment, after=after)
    return row


@transaction.atomic
def move(
    actor: Viewer,
    *,
    code: str,
    step: str,
    reason: str,
    on: dt.date | None = None,
    term: dt.date | None = None,
    revision: int | None = None,
    now: dt.datetime | None = None,
) -> Entry:
    """Take one step of `rules.MOVES` with an entry: it leaves the count or comes back into it with its state.

    `on`: the day of the decision; `term`: the further date the step asks for (end of rectification, of validity, of
    the bar). Raises Entry.DoesNotExist, KeyError for an unknown step, Refused, Conflict where the state does not allow
    it, BadFields without a reason or with a term before the decision.
    """
    moment = now or timezone.now()
    entry = _taken(actor, code, revision)
    found = rules.MOVES[step]
    if entry.state not in found.sources or (found.by_clock and not actor.is_system):
        raise Conflict(
            _("“%(state)s”的条目不能“%(step)s”。") % {"state": entry.get_state_display(), "step": found.label}
        )
    said = needed_reason(reason, _("请写明理由。"))
    day = on or timezone.localdate(moment)
    if day > timezone.localdate(moment):
        raise BadFields([("on", _("决定日期不能在今天以后。"))])
    if term is not None and term < day:
        raise BadFields([("term", _("%(what)s不能早于决定日期。") % {"what": found.term_label})])
    if found.code in ("rectify", "renew") and term is None:
        raise BadFields([("term", _("请填写%(what)s。") % {"what": found.term_label})])
    return _moved(actor, entry, found, said, day=day, term=term, moment=moment)


def _moved(
    actor: Viewer,
    entry: Entry,
    found: rules.Move,
    said: str,
    *,
    day: dt.date,
    term: dt.date | None,
    moment: dt.datetime,
) -> Entry:
    before = {"state": entry.state}
    entry.state = found.to
    after: dict[str, Any] = {"state": entry.state}
    if found.term:
        before[found.term], after[found.term] = getattr(entry, found.term), term
        setattr(entry, found.term, term)
    if found.code == "reinstate":
        entry.reapply_from = None
    entry.save()
    counted = counting.settle(actor, entry, why=said, now=moment)
    limit = f"{found.term_label} {term}" if term else ""
    text = "；".join(filter(None, [said, limit, counted]))
    note(actor, MOVED, entry, found.label, text=text, on=day, now=moment, before=before, after=after, reason=said)
    return entry


@transaction.atomic
def set_validity(
    actor: Viewer,
    *,
    code: str,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
    evaluate_on: dt.date | None,
    reason: str,
    now: dt.datetime | None = None,
) -> Entry:
    """Set from when to when an entry holds and when it is evaluated next; None is unknown.

    Raises Entry.DoesNotExist, Refused, BadFields without a reason or where it would end before it begins.
    """
    moment = now or timezone.now()
    entry = _taken(actor, code, None)
    said = needed_reason(reason, _("请写明依据。"))
    if valid_from and valid_to and valid_to < valid_from:
        raise BadFields([("valid_to", _("有效期止不能早于有效期起。"))])
    terms = {"valid_from": valid_from, "valid_to": valid_to, "evaluate_on": evaluate_on}
    before = {field: getattr(entry, field) for field in terms}
    for field, value in terms.items():
        setattr(entry, field, value)
    entry.save()
    note(actor, TERM_SET, entry, _("设定有效期"), text=said, now=moment, before=before, after=terms, reason=said)
    return entry


@transaction.atomic
def expire_due(actor: Viewer, *, today: dt.date, now: dt.datetime) -> int:
    """Let entries expire whose last day of validity is past; return how many. Doing it twice does nothing more."""
    found = rules.MOVES["expire"]
    rows = Entry.objects.for_system(_WHY).select_for_update().filter(state__in=found.sources, valid_to__lt=today)
    done = 0
    for entry in rows.order_by("pk"):
        entry.revision += 1
        said = _("有效期至 %(day)s，已经届满。") % {"day": entry.valid_to}
        _moved(actor, entry, found, said, day=today, term=None, moment=now)
        done += 1
    return done
