"""What enterprises do when something happens elsewhere: a catalogue published, demonstration removed; and what a
register that was loaded brings with it.
"""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.actions.demo import remove_demo
from xiandao.domains.enterprises.actions.runs import start_run
from xiandao.domains.enterprises.kinds import CATALOGUE, IDENTIFY_AGAIN
from xiandao.domains.enterprises.models import RegisterVersion, Run, RunState
from xiandao.domains.enterprises.preview import receivers as previews  # noqa: F401 — connects previews of drafts
from xiandao.domains.enterprises.signals import register_loaded, run_finishing
from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_task
from xiandao.domains.industries.models import CatalogueVersion
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.industries.signals import catalogue_published
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.signals import demo_removing
from xiandao.domains.orgs.viewer import Viewer

_WHY = "what happened was allowed"


@receiver(register_loaded, dispatch_uid="enterprises.identify")
def identify(register: RegisterVersion, actor: Viewer, now: Any, **_kwargs: Any) -> None:
    """Start the identification of a register that was loaded, where its sender asked for it."""
    if not register.identify:
        return
    try:
        start_run(actor, now=now)
    except Refused as refused:
        register.reason = _("名录已经载入，但没有启动识别：%(why)s") % {"why": refused.reason}
        register.save(update_fields=["reason"])


@receiver(catalogue_published, dispatch_uid="enterprises.catalogue")
def catalogue_is_newer(actor: Viewer, version: CatalogueVersion, **_kwargs: Any) -> None:
    """Ask the coordinator to identify again where enterprises were identified with another catalogue."""
    runs = Run.objects.for_system(_WHY).filter(state=RunState.CURRENT)
    if not runs.exclude(catalogue=version).exists():
        return
    for body in Organisation.objects.filter(is_coordinator=True):
        open_task(
            actor, NewTask(IDENTIFY_AGAIN, body.pk, CATALOGUE, str(version.pk), _("产品目录 %(v)s") % {"v": version})
        )


@receiver(run_finishing, dispatch_uid="enterprises.identified")
def identified(run: Run, actor: Viewer, now: Any, **_kwargs: Any) -> None:
    """Clear the request to identify again, where the run used the catalogue in force."""
    newest = catalogue.in_force()
    if newest is not None and newest.pk == run.catalogue_id:
        every = CatalogueVersion.objects.for_system(_WHY).values_list("pk", flat=True)
        clear_tasks(actor, kind=IDENTIFY_AGAIN, object_keys=[str(pk) for pk in every], now=now)


@receiver(demo_removing, dispatch_uid="enterprises.demo")
def demo(actor: Viewer, **_kwargs: Any) -> None:
    """Remove demonstration registers, runs and enterprises."""
    remove_demo(actor)
