"""The life of an application: one table says which action leads from which states to which, and who may do it.

Every action goes through `move`; nothing else writes `Application.state`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models import Application, ApplicationEvent, ApplicationState

S = ApplicationState


@dataclass(frozen=True, slots=True)
class Step:
    """One action: from which states, to which, what it is called, whose it is (None: the system's), and whether the
    applicant is told at once. What decides about an application is told with the announcement.
    """

    code: str
    label: str | Promise
    from_: frozenset[S]
    to: S
    who: Can | None
    told: bool = True


def _step(code: str, label: str | Promise, from_: set[S], to: S, who: Can | None, *, told: bool = True) -> Step:
    return Step(code, label, frozenset(from_), to, who, told)


_AFTER_CHECK = {S.CHECKED, S.RECOMMENDED}
OPEN: Final = frozenset(
    {
        S.DRAFT,
        S.SUBMITTED,
        S.CORRECTING,
        S.CHECKED,
        S.RECOMMENDED,
        S.IN_REVIEW,
        S.REVIEWED,
        S.PROPOSED,
        S.NOT_PROPOSED,
        S.NOTICED,
    }
)
"""States in which something is still to be done."""

_STEPS: Final = (
    _step("submit", gettext_lazy("提交"), {S.DRAFT}, S.SUBMITTED, Can.APPLY),
    _step(
        "withdraw",
        gettext_lazy("撤回"),
        {S.DRAFT, S.SUBMITTED, S.CORRECTING, S.CHECKED, S.RECOMMENDED},
        S.WITHDRAWN,
        Can.APPLY,
    ),
    _step("ask_correction", gettext_lazy("退回补正"), {S.SUBMITTED}, S.CORRECTING, Can.RUN_CALLS),
    _step("correct", gettext_lazy("补正后提交"), {S.CORRECTING}, S.SUBMITTED, Can.APPLY),
    _step("pass_check", gettext_lazy("形式审查通过"), {S.SUBMITTED}, S.CHECKED, Can.RUN_CALLS),
    _step("fail_check", gettext_lazy("形式审查不通过"), {S.SUBMITTED}, S.UNFIT, Can.RUN_CALLS),
    _step("lapse_correction", gettext_lazy("逾期未补正"), {S.CORRECTING}, S.UNFIT, None),
    _step("recommend", gettext_lazy("推荐"), {S.CHECKED}, S.RECOMMENDED, Can.RECOMMEND),
    _step("not_recommend", gettext_lazy("不推荐"), {S.CHECKED}, S.NOT_RECOMMENDED, Can.RECOMMEND),
    _step("start_review", gettext_lazy("进入评审"), _AFTER_CHECK, S.IN_REVIEW, Can.RUN_CALLS),
    _step(
        "finish_review",
        gettext_lazy("评审完成"),
        {*_AFTER_CHECK, S.IN_REVIEW},
        S.REVIEWED,
        Can.RUN_CALLS,
    ),
    _step(
        "propose",
        gettext_lazy("拟入选"),
        {*_AFTER_CHECK, S.REVIEWED, S.NOT_PROPOSED},
        S.PROPOSED,
        Can.RUN_CALLS,
        told=False,
    ),
    _step(
        "not_propose",
        gettext_lazy("拟不入选"),
        {*_AFTER_CHECK, S.REVIEWED, S.PROPOSED},
        S.NOT_PROPOSED,
        Can.RUN_CALLS,
        told=False,
    ),
    _step(
        "take_back_proposal",
        gettext_lazy("撤回拟定"),
        {S.PROPOSED, S.NOT_PROPOSED},
        S.REVIEWED,
        Can.RUN_CALLS,
        told=False,
    ),
    _step("notice", gettext_lazy("公示"), {S.PROPOSED}, S.NOTICED, Can.RUN_CALLS),
    _step("take_down", gettext_lazy("撤下公示"), {S.NOTICED}, S.PROPOSED, Can.RUN_CALLS, told=False),
    _step("drop", gettext_lazy("公示后不入选"), {S.NOTICED}, S.NOT_PROPOSED, Can.RUN_CALLS, told=False),
    _step("approve", gettext_lazy("公布：入选"), {S.PROPOSED, S.NOTICED}, S.APPROVED, Can.RUN_CALLS),
    _step("refuse", gettext_lazy("公布：未入选"), {S.NOT_PROPOSED, S.PROPOSED, S.NOTICED}, S.REFUSED, Can.RUN_CALLS),
    _step("lapse_draft", gettext_lazy("截止未提交"), {S.DRAFT}, S.LAPSED, None),
    _step("call_cancelled", gettext_lazy("申报通知取消"), set(OPEN), S.LAPSED, Can.RUN_CALLS),
)
STEPS: Final[dict[str, Step]] = {step.code: step for step in _STEPS}

_TOLD: Final = {S.PROPOSED: S.REVIEWED, S.NOT_PROPOSED: S.REVIEWED}


def told_state(state: str) -> ApplicationState:
    """Return the state the applicant is told: until the announcement a proposal shows as a finished review."""
    known = ApplicationState(state)
    return _TOLD.get(known, known)


def may_step(application: Application, code: str) -> bool:
    """Whether an application is in a state that allows an action."""
    return ApplicationState(application.state) in STEPS[code].from_


def move(actor: Viewer, application: Application, code: str, *, now: dt.datetime, text: str = "") -> ApplicationEvent:
    """Take an application (locked by the caller) a step on and write what happened; the caller saves other fields.

    The caller has checked who acts; raises Conflict where the state does not allow the step.
    """
    step = STEPS[code]
    if not may_step(application, code):
        known = ApplicationState(application.state) if step.who == Can.RUN_CALLS else told_state(application.state)
        raise Conflict(_("该申报现在是“%(state)s”，不能%(step)s。") % {"state": known.label, "step": step.label})
    application.state = step.to
    application.revision += 1
    application.save(update_fields=["state", "revision"])
    return ApplicationEvent.objects.create(
        application=application,
        state=step.to,
        what=str(step.label),
        text=text.strip(),
        at=now,
        by=actor.name,
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        told=step.told,
    )
