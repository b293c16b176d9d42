"""The outcome of a review entering applications: recorded by hand with its report, or delivered by a review desk."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.files import queries as files
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions.checking import recommends
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.life import move
from xiandao.domains.programmes.models import Advice, Application, ApplicationState, Call, ReviewResult, SiteCheck
from xiandao.domains.programmes.registry import OUTSIDE, review_sources

REPORT = "programmes.review_report"
_LONGEST = 4000
_MOST_SCORE = 1000
S = ApplicationState


@dataclass(frozen=True, slots=True)
class Review:
    """Where outcomes come from: which panel, when, delivered by whom, entered at which moment."""

    panel: str
    held_on: dt.date
    origin: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a panel found of one application. `row`: where it stands in what was handed in, for messages."""

    code: str
    advice: str
    score: Decimal | None = None
    place: int | None = None
    text: str = ""
    row: int = 0


def record_reviews(
    actor: Viewer,
    *,
    call: Call,
    panel: str,
    held_on: dt.date,
    rows: Sequence[Outcome],
    now: dt.datetime | None = None,
) -> int:
    """Record the outcome of a review held outside the platform: all rows or none. Its report must be attached.

    Raises BadFields naming each row that is wrong, Refused to others than the organiser.
    """
    moment = now or timezone.now()
    office.may_run(actor, call).require()
    if not files.counts(REPORT, [call.code]).get(call.code):
        raise Refused(_("请先上传评审报告，再登记评审结论。"))
    if held_on > timezone.localdate(moment):
        raise BadFields([("held_on", _("评审日期不能晚于今天。"))])
    return _enter(actor, call, Review(panel.strip()[:300], held_on, OUTSIDE, moment), rows)


def deliver(
    actor: Viewer,
    *,
    source: str,
    call: Call,
    panel: str,
    held_on: dt.date,
    rows: Sequence[Outcome],
    now: dt.datetime | None = None,
) -> int:
    """Take the outcome of a review from a registered source (`registry.register_review`): all rows or none.

    Raises LookupError for a source that is not registered; otherwise as `record_reviews`, without a report.
    """
    if source not in review_sources():
        raise LookupError(f"评审来源 {source} 未登记")
    office.may_run(actor, call).require()
    return _enter(actor, call, Review(panel.strip()[:300], held_on, source, now or timezone.now()), rows)


@transaction.atomic
def _enter(actor: Viewer, call: Call, review: Review, rows: Sequence[Outcome]) -> int:
    if not review.panel:
        raise BadFields([("panel", _("请写明评审组：由谁组织、几位专家。"))])
    if not rows:
        raise BadFields([("rows", _("没有一行评审结论：请至少登记一项申报。"))])
    codes = [one.code for one in rows]
    found = Application.objects.for_system(office.WHY).filter(call=call, code__in=codes).exclude(state=S.DRAFT)
    locked = {
        one.code: one
        for one in found.select_related("call__version", "applicant", "review").select_for_update(of=("self",))
    }
    faults = [fault for one in rows for fault in _faults(one, locked.get(one.code), codes, call)]
    if faults:
        raise BadFields(faults)
    for one in rows:
        _record(actor, locked[one.code], one, review)
    return len(rows)


def _faults(one: Outcome, application: Application | None, codes: list[str], call: Call) -> list[tuple[str, str]]:
    where = _("第 %(row)s 行 %(code)s：") % {"row": one.row, "code": one.code} if one.row else f"{one.code}："
    out = []
    if application is None:
        return [(one.code, where + _("本申报通知没有这个申报编号，请核对。"))]
    if codes.count(one.code) > 1:
        out.append(_("同一申报出现了两次，请只留一行。"))
    if one.advice not in Advice.values:
        out.append(_("专家意见应是“入选”“储备”或“不入选”。"))
    if one.score is not None and not 0 <= one.score <= _MOST_SCORE:
        out.append(_("得分应在 0 到 %(most)s 之间。") % {"most": _MOST_SCORE})
    if application.state not in reviewable(call):
        out.append(_("现在是“%(state)s”，不能登记评审结论。") % {"state": application.get_state_display()})
    return [(one.code, where + text) for text in out]


def reviewable(call: Call) -> set[S]:
    """Return the states in which the outcome of a review may be entered or put right."""
    before = {S.RECOMMENDED} if recommends(call) else {S.CHECKED}
    return before | {S.IN_REVIEW, S.REVIEWED}


def _record(actor: Viewer, application: Application, one: Outcome, review: Review) -> None:
    earlier = getattr(application, "review", None)
    before = _facts(earlier) if earlier else {"state": application.state}
    result = earlier or ReviewResult(application=application)
    result.score, result.place, result.advice = one.score, one.place, one.advice
    result.panel, result.held_on, result.text = review.panel, review.held_on, one.text.strip()[:_LONGEST]
    result.origin, result.at, result.by = review.origin, review.at, actor.name
    result.save()
    if application.state != S.REVIEWED:
        move(actor, application, "finish_review", now=review.at)
    office.record(actor, office.REVIEWED, application, before=before, after=_facts(result))


def _facts(result: ReviewResult) -> dict[str, object]:
    return {"score": result.score, "place": result.place, "advice": result.advice, "panel": result.panel}


@transaction.atomic
def record_site_check(
    actor: Viewer,
    *,
    code: str,
    on: dt.date,
    people: str,
    findings: str,
    bears_out: bool,
    now: dt.datetime | None = None,
) -> SiteCheck:
    """Record a look on the spot. Its photographs and minute are attached to it."""
    moment = now or timezone.now()
    application = office.run_locked(actor, code)
    faults = []
    if on > timezone.localdate(moment):
        faults.append(("on", _("考察日期不能晚于今天。")))
    if not people.strip():
        faults.append(("people", _("请写明考察人员。")))
    if not findings.strip():
        faults.append(("findings", _("请写明考察情况。")))
    if faults:
        raise BadFields(faults)
    check = SiteCheck.objects.create(
        application=application,
        on=on,
        people=people.strip()[:300],
        findings=findings.strip()[:_LONGEST],
        bears_out=bears_out,
        at=moment,
        by=actor.name,
    )
    after = {"on": on, "people": check.people, "bears_out": bears_out}
    office.record(actor, office.SITE_CHECKED, application, after=after, reason=check.findings)
    return check
