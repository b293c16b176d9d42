"""Tasks of registers and runs: a catalogue that is newer than what the enterprises were identified with."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can

CATALOGUE = "catalogue_version"


def _runs(_task: Task) -> str:
    return reverse("enterprises:runs")


IDENTIFY_AGAIN = register_kind(
    TaskKind(
        "registers.identify",
        _("按新版产品目录重新识别"),
        Can.LOAD_REGISTERS.value,
        _runs,
        otherwise=_("企业数和识别结果仍按上一版目录"),
    )
)
