"""Removes the demonstration's samples, labels, objections and their tasks, in the caller's transaction."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.files.models import Attachment
from xiandao.domains.inbox.models import Task
from xiandao.domains.labelling import kinds
from xiandao.domains.labelling.evidence import HOLDER
from xiandao.domains.labelling.models import Label, Objection, Sample
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer

REMOVED = register("labelling.demo_removed", gettext_lazy("移除演示复核"))
_WHY = "removing demonstration rows"


@transaction.atomic
def remove_demo(actor: Viewer) -> dict[str, int]:
    """Remove what is marked as demonstration and return how much of what; the audit log keeps that it was.

    Raises Refused for anybody but the system.
    """
    if not actor.is_system:
        raise Refused(_("演示数据由命令行移除。"))
    samples = Sample.objects.for_system(_WHY).filter(is_demo=True)
    objections = Objection.objects.for_system(_WHY).filter(is_demo=True)
    labels = Label.objects.for_system(_WHY).filter(is_demo=True)
    made = {"samples": samples.count(), "labels": labels.count(), "objections": objections.count()}
    for pk in samples.values_list("pk", flat=True):
        tasks = Task.objects.for_system(_WHY).filter(object_kind=kinds.SAMPLE)
        tasks.filter(object_key=str(pk)).delete()
        tasks.filter(object_key__startswith=f"{pk}-").delete()
    codes = list(objections.values_list("code", flat=True))
    Task.objects.for_system(_WHY).filter(object_kind=kinds.OBJECTION, object_key__in=codes).delete()
    Attachment.objects.for_system(_WHY).filter(holder_kind=HOLDER.code, holder_key__in=codes).delete()
    labels.delete()
    objections.delete()
    samples.delete()
    if any(made.values()):
        audit.record(actor, REMOVED, kind="installation", key="demo", label="演示复核", before=made)
    return made
