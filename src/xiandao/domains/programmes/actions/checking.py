"""The formal check: passed, returned for correction once, or unfit; one by one or many after a preview."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_task, renew_tasks, withdraw_tasks
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.kinds import office as kinds
from xiandao.domains.programmes.kinds.applying import CORRECT, READ
from xiandao.domains.programmes.life import may_step, move
from xiandao.domains.programmes.models import Application, ApplicationState, Call, CheckFinding
from xiandao.domains.progress.clocks import last_day
from xiandao.kernel.rule import Outcome

_LONGEST, _RULE_LONGEST, _FIELD_LONGEST = 500, 300, 120
MOST = 2_000
S = ApplicationState


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct: which field of the form ("" for the whole), what, by which rule."""

    field: str
    text: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a step would do with one application: `why_not` where it is left out."""

    application: Application
    why_not: str = ""


def failed_rules(application: Application) -> list[str]:
    """Return in words the conditions an application did not meet when it was submitted, told ones too."""
    return [str(row["message"]) for row in application.eligibility if row["outcome"] == Outcome.FAIL.value]


@transaction.atomic
def pass_check(actor: Viewer, *, code: str, text: str = "", now: dt.datetime | None = None) -> Application:
    """Pass an application: it goes on to who recommends it, or to the review. Conflict in another state."""
    moment = now or timezone.now()
    application = office.run_locked(actor, code)
    _pass(actor, application, text, moment)
    settle_tasks(actor, application.call, moment)
    return application


def _pass(actor: Viewer, application: Application, text: str, moment: dt.datetime) -> None:
    before = application.state
    move(actor, application, "pass_check", now=moment, text=text)
    application.findings.filter(settled=False).update(settled=True)
    application.due_on = None
    application.save(update_fields=["due_on"])
    office.record(
        actor, office.PASSED, application, before={"state": before}, after={"state": application.state}, reason=text
    )
    ask_to_recommend(actor, application, moment)


def recommends(call: Call) -> bool:
    """Whether somebody recommends the applications of a call."""
    return bool(call.version.definition.get("recommendation", {}).get("by", "none") != "none")


def ask_to_recommend(actor: Viewer, application: Application, moment: dt.datetime) -> None:
    """Put what passed before who recommends it, one task a call; the call's own deadline where it has one."""
    call, body = application.call, application.recommender
    if body is None or not recommends(call):
        return
    until = timezone.localdate(call.recommend_until) if call.recommend_until else None
    rule = "" if until else "application.recommend"
    key = f"{call.code}|{body.pk}"
    open_task(
        actor, NewTask(kinds.RECOMMEND, body.pk, office.CALL, key, call.title, rule=rule, due_on=until), now=moment
    )


@transaction.atomic
def ask_correction(
    actor: Viewer, *, code: str, findings: Sequence[Finding], now: dt.datetime | None = None
) -> Application:
    """Return an application with all that is to be corrected, at once and as often as the programme allows.

    The clock starts as the applicant is told. Raises BadFields without findings, Conflict where it was returned before.
    """
    moment = now or timezone.now()
    application = office.run_locked(actor, code)
    wanted = [one for one in findings if one.text.strip() or one.rule.strip()]
    if not wanted:
        raise BadFields([("findings", _("请至少写一条需要补正的问题，申报单位凭它补正。"))])
    if any(not one.text.strip() for one in wanted):
        raise BadFields([("findings", _("有一条只写了依据：请写明是什么问题，或删去这一条。"))])
    allowed = int(application.call.version.definition.get("corrections", 1))
    if application.corrections >= allowed:
        raise Conflict(
            _("该专项只允许补正 %(n)s 次，已经用完：请审查通过或不通过。") % {"n": allowed}
            if allowed
            else _("该专项不设补正：请审查通过或不通过。")
        )
    before = application.state
    said = "\n".join(f"{place}. {one.text.strip()}" for place, one in enumerate(wanted, 1))
    move(actor, application, "ask_correction", now=moment, text=said)
    application.corrections += 1
    application.due_on = last_day("application.correct", timezone.localdate(moment))
    application.save(update_fields=["corrections", "due_on"])
    CheckFinding.objects.bulk_create(
        CheckFinding(
            application=application,
            round=application.corrections,
            field=one.field[:_FIELD_LONGEST],
            text=one.text.strip()[:_LONGEST],
            rule=one.rule.strip()[:_RULE_LONGEST],
        )
        for one in wanted
    )
    subject = f"{application.code} {application}"
    task = NewTask(CORRECT, application.applicant_id, office.APPLICATION, code, subject, rule="application.correct")
    open_task(actor, task, now=moment)
    after = {"state": application.state, "due_on": application.due_on, "findings": len(wanted)}
    office.record(actor, office.RETURNED, application, before={"state": before}, after=after, reason=said)
    settle_tasks(actor, application.call, moment)
    return application


@transaction.atomic
def fail_check(actor: Viewer, *, code: str, reason: str, rule: str, now: dt.datetime | None = None) -> Application:
    """Find an application unfit, with the reason and the rule it fails; its applicant is told both."""
    moment = now or timezone.now()
    application = office.run_locked(actor, code)
    faults = []
    if not reason.strip():
        faults.append(("reason", _("请写明不通过的理由，申报单位会收到。")))
    if not rule.strip():
        faults.append(("rule", _("请写明依据的条件或规定。")))
    if faults:
        raise BadFields(faults)
    before = application.state
    words = _("%(reason)s（依据：%(rule)s）") % {"reason": reason.strip(), "rule": rule.strip()}
    move(actor, application, "fail_check", now=moment, text=words)
    tell(actor, application, moment)
    after = {"state": application.state, "rule": rule.strip()}
    office.record(actor, office.UNFIT, application, before={"state": before}, after=after, reason=reason.strip())
    settle_tasks(actor, application.call, moment)
    return application


@transaction.atomic
def lapse_correction(actor: Viewer, *, code: str, now: dt.datetime) -> None:
    """Take the silence of an applicant whose time to correct has run out for a failed check; harmless twice."""
    rows = Application.objects.for_system(office.WHY).select_related("call__version", "applicant")
    application = rows.select_for_update(of=("self",)).filter(code=code).first()
    if application is None or not may_step(application, "lapse_correction"):
        return
    move(actor, application, "lapse_correction", now=now, text=_("限期内未补正，按未通过形式审查办理。"))
    withdraw_tasks(actor, kind=CORRECT, object_keys=[code], now=now)
    tell(actor, application, now)
    office.record(
        actor, office.LAPSED, application, before={"state": S.CORRECTING.value}, after={"state": application.state}
    )


def tell(actor: Viewer, application: Application, moment: dt.datetime) -> None:
    """Put before the applicant that there is something to read about its application."""
    subject = f"{application.code} {application}"
    task = NewTask(READ, application.applicant_id, office.APPLICATION, application.code, subject)
    open_task(actor, task, now=moment)


def preview(actor: Viewer, *, call: Call, codes: Iterable[str]) -> list[Planned]:
    """Return what passing the check of many would do with each: those left out come with why."""
    office.may_run(actor, call).require()
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise Refused(_("请先勾选申报。"))
    if len(wanted) > MOST:
        raise Refused(_("一次最多办理 %(n)s 项，请分批。") % {"n": MOST})
    rows = Application.objects.visible_to(actor).filter(call=call, code__in=wanted).select_related("applicant")
    return [Planned(row, _why_not(actor, row)) for row in rows.order_by("code")]


def _why_not(actor: Viewer, application: Application) -> str:
    if application.applicant_id == actor.organisation_id:
        return _("本单位的申报，不能自己办理")
    if not may_step(application, "pass_check"):
        return _("现在是“%(state)s”") % {"state": application.get_state_display()}
    failed = failed_rules(application)
    if failed:
        return _("不符合条件：%(rules)s。请逐项审查") % {"rules": _("；").join(failed)}
    return ""


@transaction.atomic
def pass_many(
    actor: Viewer, *, call: Call, wanted: dict[str, int], now: dt.datetime | None = None
) -> tuple[int, list[Planned]]:
    """Pass those previewed: code to revision as seen then; return how many, and which were left out and why.

    What changed since the preview is left out. Everything in one transaction.
    """
    moment = now or timezone.now()
    plan = preview(actor, call=call, codes=wanted)
    out = [one for one in plan if one.why_not]
    done = 0
    rows = Application.objects.for_system(office.WHY).select_related("call__version", "applicant", "recommender")
    for application in rows.select_for_update(of=("self",)).filter(
        pk__in=[one.application.pk for one in plan if not one.why_not]
    ):
        if application.revision != wanted[application.code]:
            out.append(Planned(application, _("预览后有变动，请重新查看")))
            continue
        _pass(actor, application, "", moment)
        done += 1
    settle_tasks(actor, call, moment)
    return done, out


def settle_tasks(actor: Viewer, call: Call, moment: dt.datetime) -> None:
    """Close a call's task when nothing of it waits for the check; otherwise it goes by the one waiting longest."""
    waiting = Application.objects.for_system(office.WHY).filter(call=call, state=S.SUBMITTED)
    first = waiting.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    if first is None and not waiting.exists():
        clear_tasks(actor, kind=kinds.CHECK, object_keys=[call.code], now=moment)
        return
    since = timezone.localdate(first) if first else timezone.localdate(moment)
    task = NewTask(
        kinds.CHECK,
        call.organiser_id,
        office.CALL,
        call.code,
        call.title,
        rule="application.formal_check",
        since=since,
    )
    open_task(actor, task, now=moment)
    renew_tasks([task])


def lapse_due(actor: Viewer, *, today: dt.date, now: dt.datetime) -> None:
    """Close the corrections whose last day is over; harmless as often as the clock runs."""
    late = Application.objects.for_system(office.WHY).filter(state=S.CORRECTING, due_on__lt=today)
    for code in list(late.values_list("code", flat=True)):
        lapse_correction(actor, code=code, now=now)


def open_check_tasks(actor: Viewer, *, now: dt.datetime) -> None:
    """Put the calls with something to check before their organisers; harmless as often as the clock runs."""
    submitted = Application.objects.for_system(office.WHY).filter(state=S.SUBMITTED).order_by()
    for call in Call.objects.for_system(office.WHY).filter(pk__in=submitted.values("call").distinct()):
        with transaction.atomic():
            settle_tasks(actor, call, now)
