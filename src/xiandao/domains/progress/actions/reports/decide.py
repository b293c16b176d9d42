"""Deciding a report: returning it with reasons, verifying it with its claims, opening a verified one again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions import results, sameness
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.actions.reports.desk import leave_version, record, same_revision, take
from xiandao.domains.progress.actions.reports.transitions import Step, advance
from xiandao.domains.progress.evidence import evidence_counts
from xiandao.domains.progress.faults import BadFields, Fault, needed_reason
from xiandao.domains.progress.models import Claim, ClaimState, Report, ReportEvent, ReportState

RETURNED = register("progress.report_returned", gettext_lazy("退回进展"))
VERIFIED = register("progress.report_verified", gettext_lazy("核实进展"))
CLAIMS_DECIDED = register("progress.claims_decided", gettext_lazy("核实申报成果"))
REOPENED = register("progress.report_reopened", gettext_lazy("重新打开已核实的进展"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a verifier decides on one claim: whether it is a result, and why; overlapping targets it serves too."""

    verified: bool
    note: str = ""
    also: tuple[results.Target, ...] = ()


@transaction.atomic
def return_report(actor: Viewer, *, pk: int, revision: int, reason: str, now: dt.datetime | None = None) -> Report:
    """Send a report back to be corrected, with the reason its writer reads.

    Raises Report.DoesNotExist, Refused, Conflict where state or revision is another, BadFields without a reason.
    """
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_decide(actor, report).require()
    advance(Step.RETURN, report)
    same_revision(report, revision)
    said = needed_reason(reason, _("请写明退回的理由：缺什么、哪里不对、怎样补正。"))
    report.decided_at, report.decided_by, report.return_reason = moment, actor.name, said
    report.save()
    leave_version(report, ReportEvent.RETURNED, by=actor.name, at=moment, reason=said)
    tasks.refresh(actor, report, now=moment)
    _log(actor, RETURNED, report, ReportState.SUBMITTED, reason=said)
    return report


@transaction.atomic
def verify_report(
    actor: Viewer,
    *,
    pk: int,
    revision: int,
    decisions: Mapping[int, Decision] | None = None,
    judgements: Iterable[sameness.Judgement] = (),
    now: dt.datetime | None = None,
) -> Report:
    """Verify a report together with every claim in it: all of it or nothing.

    `decisions` by claim id; each claim that waits needs one, save where a city confirms a county's report, whose claims
    the leading body decides afterwards. `judgements` answer the questions of sameness. Raises Report.DoesNotExist,
    Refused, Conflict, BadFields with what is missing for which claim ("claims.<id>.<field>").
    """
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_decide(actor, report).require()
    advance(Step.VERIFY, report)
    same_revision(report, revision)
    decided: dict[int, Decision] = {}
    if not report.assignment.parent_id:
        claims = _waiting_claims(report)
        decided = dict(decisions or {})
        undecided = [claim for claim in claims if claim.pk not in decided]
        if undecided:
            raise BadFields([(f"claims.{claim.pk}.verified", _("请选择核实或不予认定。")) for claim in undecided])
        tasks.hold(report.round)
        _decide(actor, claims, decided, judgements, moment)
    report.decided_at, report.decided_by, report.return_reason = moment, actor.name, ""
    report.save()
    leave_version(report, ReportEvent.VERIFIED, by=actor.name, at=moment)
    tasks.refresh(actor, report, now=moment)
    _log(actor, VERIFIED, report, ReportState.SUBMITTED, decided=decided)
    return report


@transaction.atomic
def decide_claims(
    actor: Viewer,
    *,
    pk: int,
    decisions: Mapping[int, Decision],
    judgements: Iterable[sameness.Judgement] = (),
    now: dt.datetime | None = None,
) -> Report:
    """Decide claims of a county's report that its city has confirmed, some or all. Raises as `verify_report` does."""
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_decide_claims(actor, report).require()
    if report.state != ReportState.VERIFIED:
        raise Conflict(_("这份进展还没有经上级单位核实，成果暂不能认定。"))
    claims = [claim for claim in _waiting_claims(report) if claim.pk in decisions]
    if not claims:
        raise BadFields([("claims", _("请至少对一项成果选择核实或不予认定。"))])
    tasks.hold(report.round)
    _decide(actor, claims, decisions, judgements, moment)
    tasks.refresh(actor, report, now=moment)
    record(actor, CLAIMS_DECIDED, report, after=_told({claim.pk: decisions[claim.pk] for claim in claims}))
    return report


@transaction.atomic
def verify_many(actor: Viewer, *, revisions: Mapping[int, int], now: dt.datetime | None = None) -> list[Report]:
    """Verify several reports that claim nothing: all of them or none. `revisions` by report id, as they were shown.

    Raises Conflict naming the first report that holds a claim or has changed.
    """
    done = []
    wanted = Report.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=revisions).order_by("pk")
    list(wanted.values_list("pk", flat=True))  # all of them are ours before the first is looked at
    for pk, revision in revisions.items():
        report = take(actor, pk)
        if _waiting_claims(report) and not report.assignment.parent_id:
            raise Conflict(_("%(who)s的进展申报了成果，须逐份核实。") % {"who": report.assignment.organisation.label})
        done.append(verify_report(actor, pk=pk, revision=revision, now=now))
    return done


@transaction.atomic
def reopen_report(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Report:
    """Open a verified report to be corrected; claims decided stay decided. Raises as `return_report` does."""
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_reopen(actor, report).require()
    advance(Step.REOPEN, report)
    said = needed_reason(reason, _("请写明重新打开的理由。"))
    report.return_reason = said
    report.save(update_fields=["state", "return_reason"])
    leave_version(report, ReportEvent.REOPENED, by=actor.name, at=moment, reason=said)
    tasks.refresh(actor, report, now=moment)
    _log(actor, REOPENED, report, ReportState.VERIFIED, reason=said)
    return report


def _waiting_claims(report: Report) -> list[Claim]:
    """Return the claims of a report that wait to be decided, locked."""
    rows = Claim.objects.for_system("the report was checked").select_for_update(of=("self",))
    return list(
        rows.filter(report=report, state=ClaimState.CLAIMED).select_related("report__assignment").order_by("number")
    )


def _decide(
    actor: Viewer,
    claims: list[Claim],
    decisions: Mapping[int, Decision],
    judgements: Iterable[sameness.Judgement],
    now: dt.datetime,
) -> None:
    """Decide claims: what lacks evidence, an answer or a reason refuses the whole."""
    sameness.one_at_a_time()
    answers = list(judgements)
    faults = [
        ("judgements." + str(answer.question), _("请写明判定的理由。")) for answer in answers if not answer.note.strip()
    ]
    evidence = evidence_counts(claim.pk for claim in claims)
    faults += [fault for claim in claims for fault in _faults(claim, decisions[claim.pk], evidence[claim.pk])]
    if faults:
        raise BadFields(faults)
    for claim in claims:
        decision = decisions[claim.pk]
        sameness.decide(actor, claim, answers, now=now)
        if decision.verified:
            sameness.require_answers(claim)
            results.count(actor, claim, also=decision.also, now=now)
        claim.state = ClaimState.VERIFIED if decision.verified else ClaimState.REJECTED
        claim.decided_at, claim.decided_by, claim.decision_note = now, actor.name, decision.note.strip()
        claim.save()


def _faults(claim: Claim, decision: Decision, evidence: int) -> list[Fault]:
    if decision.verified and not evidence:
        sentence = _("“%(name)s”没有佐证，不能核实：请退回补充，或不予认定。") % {"name": claim.name}
        return [(f"claims.{claim.pk}.verified", sentence)]
    if not decision.verified and not decision.note.strip():
        return [(f"claims.{claim.pk}.note", _("不予认定的，请写明理由。"))]
    return []


def _told(decisions: Mapping[int, Decision]) -> dict[str, object]:
    return {
        "verified": [pk for pk, decision in decisions.items() if decision.verified],
        "rejected": {str(pk): decision.note for pk, decision in decisions.items() if not decision.verified},
    }


def _log(
    actor: Viewer,
    action: RegisteredAction,
    report: Report,
    before: ReportState,
    *,
    decided: Mapping[int, Decision] | None = None,
    reason: str = "",
) -> None:
    after: dict[str, object] = {"state": report.state}
    if decided:
        after["claims"] = _told(decided)
    record(actor, action, report, before={"state": before.value}, after=after, reason=reason)
