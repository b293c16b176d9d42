"""The states of a report and what leads from one to another: one table, asked by every action and by the pages."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.progress.models import Report, ReportEvent, ReportState


class Step(StrEnum):
    """What can be done to a report."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    VERIFY = "verify"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a step leads where, the version it leaves, and what is said where it cannot be taken."""

    to: dict[ReportState, ReportState]
    event: ReportEvent | None
    otherwise: str | Promise


E, D, S, R, V = ReportState.EMPTY, ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED, ReportState.VERIFIED
TRANSITIONS: dict[Step, Transition] = {
    # A returned report stays returned while it is corrected, so that the reason stays before the clerk's eyes.
    Step.SAVE: Transition({E: D, D: D, R: R}, None, _("已经提交或核实的进展不能修改；未核实的可以先撤回。")),
    Step.SUBMIT: Transition({D: S, R: S}, ReportEvent.SUBMITTED, _("只有填写过、尚未提交的进展可以提交。")),
    Step.WITHDRAW: Transition({S: D}, ReportEvent.WITHDRAWN, _("只有已经提交、尚未核实的进展可以撤回。")),
    Step.RETURN: Transition({S: R}, ReportEvent.RETURNED, _("只有待核实的进展可以退回。")),
    Step.VERIFY: Transition({S: V}, ReportEvent.VERIFIED, _("只有待核实的进展可以核实。")),
    Step.REOPEN: Transition({V: R}, ReportEvent.REOPENED, _("只有已经核实的进展可以重新打开。")),
}


def possible(step: Step, report: Report) -> bool:
    """Return whether a report's state allows a step."""
    return report.state in TRANSITIONS[step].to


def advance(step: Step, report: Report) -> None:
    """Bring a report into the state a step leads to. Raises Conflict with the present state where it cannot."""
    transition = TRANSITIONS[step]
    state = ReportState(report.state)
    if state not in transition.to:
        raise Conflict(
            _("这份进展现在是“%(state)s”。%(otherwise)s") % {"state": state.label, "otherwise": transition.otherwise}
        )
    report.state = transition.to[state]
