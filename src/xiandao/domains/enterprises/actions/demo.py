"""Removes demonstration registers with their runs and enterprises, in the transaction of the removal."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.actions.registers_work import KIND
from xiandao.domains.enterprises.models import (
    Classification,
    Enterprise,
    EnterpriseChange,
    Preview,
    RegisterVersion,
    Run,
    Twin,
)
from xiandao.domains.enterprises.signals import demo_firms_going
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer

REMOVED = register("registers.demo_removed", _("移除演示名录和企业"))
_WHY: Final = "removing demonstration rows"


@transaction.atomic
def remove_demo(actor: Viewer) -> dict[str, int]:
    """Remove demonstration registers, their runs and enterprises, and their files once that is certain; return counts.

    Registers that replaced a demonstration stay and follow none. Raises Refused for anybody but the system.
    """
    if not actor.is_system:
        raise Refused(_("演示数据由命令行移除。"))
    demo_firms_going.send(sender=Enterprise, actor=actor)
    registers = RegisterVersion.objects.for_system(_WHY).filter(is_demo=True)
    runs = Run.objects.for_system(_WHY).filter(register__is_demo=True)
    firms = Enterprise.objects.for_system(_WHY).filter(is_demo=True)
    made = {"registers": registers.count(), "runs": runs.count(), "enterprises": firms.count()}
    if not any(made.values()):
        return made
    files = [*runs.values_list("path", flat=True)]
    for version in registers:
        lists = [lake.name_of(lake.beside(version, what)) for what in ("findings", "bad")]
        files += [version.path, version.incoming, *lists]
    Classification.objects.for_system(_WHY).filter(run__in=runs).delete()
    Classification.objects.for_system(_WHY).filter(enterprise__in=firms).delete()
    runs.delete()
    Preview.objects.for_system(_WHY).filter(register__in=registers).delete()
    Twin.objects.for_system(_WHY).filter(left__in=firms).delete()
    Twin.objects.for_system(_WHY).filter(right__in=firms).delete()
    EnterpriseChange.objects.filter(enterprise__in=firms).delete()
    firms.update(same_as=None, gone_in=None)
    firms.delete()
    RegisterVersion.objects.for_system(_WHY).filter(follows__in=registers).update(follows=None)
    registers.delete()
    audit.record(actor, REMOVED, kind=KIND, key="demo", label="", before=made)
    transaction.on_commit(lambda: _unlink(files))
    return made


def _unlink(files: list[str]) -> None:
    for name in files:
        if name:
            lake.place(name).unlink(missing_ok=True)
