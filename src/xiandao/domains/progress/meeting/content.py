"""The content of meeting papers: a plan at a moment, the same whenever it is asked for."""

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.meeting.facts import facts_at
from xiandao.domains.progress.meeting.model import SCHEMA, MeetingContent
from xiandao.domains.progress.meeting.moment import moment_of
from xiandao.domains.progress.meeting.pen import Pen
from xiandao.domains.progress.meeting.sections import ANNEXES, SECTIONS


def content(viewer: Viewer, plan: Plan, as_of: dt.datetime, *, since: dt.datetime | None = None) -> MeetingContent:
    """Return what papers on a plan say at a moment: the whole province, whoever of those who may read them asks.

    Only rows known at the moment count, so rows that come later change nothing. `since` is the moment of the papers
    before; looked up unless it is given. The papers are in Chinese whatever language the reader uses.
    Raises Refused without the right, and where the plan has no version.
    """
    if not viewer.can(Can.READ_MEETING_PACKS, Can.MAKE_MEETING_PACKS):
        raise Refused(_("您的岗位不能查看协调会议材料。"))
    with translation.override(settings.LANGUAGE_CODE):
        at = moment_of(plan, as_of, since=since)
        pen = Pen(facts_at(at))
        sections = tuple(write(pen) for write in SECTIONS)
        annexes = tuple(write(pen) for write in ANNEXES)
        return MeetingContent(
            schema=SCHEMA,
            plan=plan.code,
            plan_name=plan.name,
            plan_version=at.version.number,
            as_of=at.as_of.isoformat(),
            since=at.since.isoformat() if at.since else None,
            title=f"《{plan.name}》推进情况",
            subtitle=f"（协调机制会议材料，数据截至{pen.stamp}）",
            sections=sections,
            annexes=annexes,
            notes=pen.notes,
        )


def moment_of_text(text: str) -> dt.datetime:
    """Return the local moment written in the content (ISO)."""
    return timezone.localtime(dt.datetime.fromisoformat(text))
