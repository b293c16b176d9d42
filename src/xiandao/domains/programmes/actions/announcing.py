"""The announcement: every row of a decision at once – states, entries of the ledger, certificates, tasks to read it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_tasks
from xiandao.domains.ledger.actions import Holder, enter
from xiandao.domains.ledger.models import Entry, HolderRole
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions import deciding, noticing
from xiandao.domains.programmes.actions.certificates import issue
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.kinds.applying import READ
from xiandao.domains.programmes.kinds.office import ANNOUNCE
from xiandao.domains.programmes.life import OPEN, move
from xiandao.domains.programmes.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    DecisionList,
    DecisionRow,
    DecisionState,
    Outcome,
)

S = ApplicationState


@dataclass(frozen=True, slots=True)
class Announced:
    """What an announcement did."""

    approved: int
    others: int


@transaction.atomic
def announce(
    actor: Viewer, *, pk: int, document: str, document_number: str = "", now: dt.datetime | None = None
) -> Announced:
    """Announce a decision: all rows in one transaction, or nothing.

    Raises Conflict before the notice is over, while an objection is open, or where a row cannot be entered in the
    ledger (the row is named); BadFields without the document.
    """
    moment = now or timezone.now()
    decision = office.decision_locked(actor, pk)
    if not document.strip():
        raise BadFields([("document", _("请写明公布文件的名称。"))])
    _require_ready(decision)
    call = Call.objects.for_system(office.WHY).select_for_update(of=("self",)).get(pk=decision.call_id)
    decision.document, decision.document_number = document.strip()[:300], document_number.strip()[:100]
    decision.state, decision.announced_at = DecisionState.ANNOUNCED, moment
    decision.save(update_fields=["document", "document_number", "state", "announced_at"])
    rows = {row.application_id: row for row in decision.rows.all()}
    found = Application.objects.for_system(office.WHY).filter(pk__in=rows)
    applications = found.select_related(
        "call__version__programme", "call__organiser", "applicant", "enterprise", "region", "need"
    ).prefetch_related("industries", "partners")
    approved = 0
    tasks = []
    for application in applications.order_by("decision__order", "code").select_for_update(of=("self",)):
        approved += _announce(actor, decision, application, rows[application.pk], moment)
        subject = f"{application.code} {application}"
        tasks.append(NewTask(READ, application.applicant_id, office.APPLICATION, application.code, subject))
    open_tasks(actor, tasks, now=moment)
    clear_tasks(actor, kind=ANNOUNCE, object_keys=[str(pk)], now=moment)
    _finish(call)
    after = {"document": decision.document, "number": decision.document_number, "approved": approved}
    deciding.log(actor, office.ANNOUNCED, decision, after=after | {"others": len(rows) - approved})
    return Announced(approved, len(rows) - approved)


def _require_ready(decision: DecisionList) -> None:
    if decision.state == DecisionState.PREPARED:
        faults = deciding.standing(decision).faults
        approved = decision.rows.filter(outcome=Outcome.APPROVE).exists()
        if approved and deciding.has_stage(decision.call, "notice"):
            raise Conflict(_("须先公示，公示期满且无未答复的异议后才能公布。"))
        if faults:
            raise Conflict(" ".join(faults))
    elif decision.state != DecisionState.READY:
        raise Conflict(_("该决定现在是“%(state)s”，不能公布。") % {"state": decision.get_state_display()})
    if open_ := noticing.unanswered(decision):
        raise Conflict(_("还有 %(n)s 件公示异议没有答复，答复后才能公布。") % {"n": open_})


def _announce(
    actor: Viewer, decision: DecisionList, application: Application, row: DecisionRow, moment: dt.datetime
) -> int:
    before = application.state
    approved = row.outcome == Outcome.APPROVE
    words = "" if approved else row.reason
    if row.outcome == Outcome.RESERVE:
        words = _("列入储备。") + words
    move(actor, application, "approve" if approved else "refuse", now=moment, text=words)
    after = {"state": application.state, "decision": decision.pk}
    office.record(actor, office.ANNOUNCED, application, before={"state": before}, after=after, reason=words)
    if not approved:
        return 0
    try:
        entry = _enter(actor, decision, application, row, moment)
    except Refused as refusal:
        said = {"code": application.code, "why": refusal.reason}
        raise Conflict(_("%(code)s 不能登记台账，全部没有公布：%(why)s") % said) from refusal
    issue(actor, application=application, entry=entry, moment=moment)
    return 1


def _enter(
    actor: Viewer, decision: DecisionList, application: Application, row: DecisionRow, moment: dt.datetime
) -> Entry:
    """Enter what was approved in the ledger, by the definition its call began with."""
    version = application.call.version
    programme, definition = version.programme, version.definition
    today = timezone.localdate(moment)
    months = (definition.get("validity") or {}).get("months")
    every = (definition.get("evaluation") or {}).get("every_months")
    serves: dict[str, str] = {}
    for each in definition.get("serves", []):
        serves.setdefault(each["plan"], each["target"])
    return enter(
        actor,
        kind=programme.code,
        kind_name=programme.name,
        name=str(application),
        holders=_holders(application),
        regions=[application.region.code] if application.region else [],
        industries=[industry.code for industry in application.industries.all()],
        serves=list(serves.items()),
        decided_on=today,
        decision=decision.document,
        decision_number=decision.document_number,
        decided_by=application.call.organiser,
        valid_from=today,
        valid_to=office.plus_months(today, months) if months else None,
        evaluate_on=office.plus_months(today, every) if every else None,
        level=row.level,
        amount=row.amount,
        application=application.code,
        definition=version.digest,
        is_demo=application.is_demo,
        now=moment,
    )


def _holders(application: Application) -> list[Holder]:
    body = application.applicant
    lead = Holder(
        body.full_name or body.name, body.credit_code, organisation=body.pk, enterprise=application.enterprise_id
    )
    partners = [
        Holder(each.name, each.credit_code, HolderRole.PARTNER, organisation=each.organisation_id)
        for each in application.partners.all()
    ]
    return [lead, *partners]


def _finish(call: Call) -> None:
    """Note that the results of a call are out once nothing of it is open any more."""
    left = Application.objects.for_system(office.WHY).filter(call=call, state__in=OPEN - {S.DRAFT})
    if not left.exists():
        call.state = CallState.FINISHED
        call.save(update_fields=["state"])
