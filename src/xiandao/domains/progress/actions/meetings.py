"""Making papers for the coordination mechanism: what a plan stood at, kept with its fingerprint."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.meeting import content, fingerprint
from xiandao.domains.progress.models import MeetingPack

MADE = register("progress.meeting_pack_made", gettext_lazy("编制协调会议材料"))
KIND = "progress.meeting_pack"


@transaction.atomic
def make_meeting_pack(
    actor: Viewer, *, plan: Plan, as_of: dt.datetime | None = None, now: dt.datetime | None = None
) -> MeetingPack:
    """Make papers on a plan as of a moment (default `now`), any in the past, and keep what they say with its SHA-256.

    Raises Refused without the right, for a moment that has not come, and where the plan has no version.
    """
    moment = now or timezone.now()
    if not actor.can(Can.MAKE_MEETING_PACKS):
        raise Refused(_("只有统筹协调单位可以编制协调会议材料。"))
    chosen = as_of or moment
    if chosen > moment:
        raise Refused(
            _("数据截至时间不能晚于现在（%(now)s）。") % {"now": f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"}
        )
    made = content(actor, plan, chosen)
    stored = made.as_json()
    pack = MeetingPack(
        plan=plan,
        title=f"{made.title}{made.subtitle}"[:200],
        as_of=chosen,
        content=stored,
        sha256=fingerprint(stored),
        made_at=moment,
        made_by=actor.name,
    )
    pack.save(force_insert=True)
    audit.record(
        actor,
        MADE,
        kind=KIND,
        key=str(pack.pk),
        label=pack.title,
        after={"plan": plan.code, "as_of": chosen, "since": made.since, "sha256": pack.sha256, "schema": made.schema},
    )
    return pack
