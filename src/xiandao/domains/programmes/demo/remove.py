"""Removes the demonstration's calls with all their applications, and needs, in the caller's transaction."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.files.models import Attachment
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.common import APPLICATION, CALL
from xiandao.domains.programmes.demo.office import remove_office
from xiandao.domains.programmes.evidence import KIND
from xiandao.domains.programmes.models import (
    Application,
    Call,
    Certificate,
    DecisionList,
    Need,
    Notice,
    NoticeObjection,
)

REMOVED = register("programmes.demo_removed", gettext_lazy("移除演示申报"))
_WHY = "removing demonstration rows"


@transaction.atomic
def remove_demo(actor: Viewer) -> dict[str, int]:
    """Remove what is marked as demonstration and return how much of what; the audit log keeps that it was.

    Raises Refused for anybody but the system.
    """
    if not actor.is_system:
        raise Refused(_("演示数据由命令行移除。"))
    calls = Call.objects.for_system(_WHY).filter(is_demo=True)
    rows = Application.objects.for_system(_WHY).filter(Q(call__is_demo=True) | Q(is_demo=True))
    needs = Need.objects.for_system(_WHY).filter(is_demo=True)
    made = {"calls": calls.count(), "applications": rows.count(), "needs": needs.count()}
    for code in rows.values_list("code", flat=True):
        Task.objects.for_system(_WHY).filter(object_kind=APPLICATION, object_key__startswith=code).delete()
        Attachment.objects.for_system(_WHY).filter(holder_kind=KIND, holder_key__startswith=f"{code}.").delete()
    for code in calls.values_list("code", flat=True):
        Task.objects.for_system(_WHY).filter(object_kind=CALL, object_key__startswith=code).delete()
    remove_office()
    decisions = DecisionList.objects.for_system(_WHY).filter(call__is_demo=True)
    NoticeObjection.objects.for_system(_WHY).filter(notice__decision__in=decisions).delete()
    Notice.objects.filter(decision__in=decisions, follows__isnull=False).delete()
    Notice.objects.filter(decision__in=decisions).delete()
    Certificate.objects.filter(application__in=rows).delete()
    decisions.delete()
    rows.delete()
    needs.filter(call=None).delete()
    needs.delete()
    calls.delete()
    if any(made.values()):
        audit.record(actor, REMOVED, kind="installation", key="demo", label="演示申报", before=made)
    return made
