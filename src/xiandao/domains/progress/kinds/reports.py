"""Tasks of reporting: one for each organisation and round, however many reports it has to write or to verify."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can

ROUND = "progress.round"


def task_key(round_id: int, organisation_id: int) -> str:
    """Return the key of what an organisation has to do in a round."""
    return f"{round_id}-{organisation_id}"


def _filling(task: Task) -> str:
    return reverse("progress:round-mine", args=[task.object_key.partition("-")[0]])


def _verifying(task: Task) -> str:
    return reverse("progress:verification") + f"?round={task.object_key.partition('-')[0]}"


FILL = register_kind(
    TaskKind(
        "report.fill",
        _("填报进展"),
        Can.REPORT.value,
        _filling,
        otherwise=_("列为逾期未报，填报期进度表和协调会议材料会写明"),
    )
)
CORRECT = register_kind(
    TaskKind(
        "report.correct",
        _("补正退回的进展"),
        Can.REPORT.value,
        _filling,
        otherwise=_("本期按未核实处理，成果不计入目标"),
    )
)
VERIFY = register_kind(
    TaskKind(
        "report.verify",
        _("核实进展和成果"),
        Can.VERIFY.value,
        _verifying,
        otherwise=_("成果不计入目标，填报期不能关闭；统筹协调单位会看到核实已逾期"),
    )
)
CONFIRM = register_kind(
    TaskKind(
        "report.confirm",
        _("核实县（市、区）填报的进展"),
        Can.HAND_DOWN.value,
        _verifying,
        otherwise=_("县（市、区）的进展和成果不会转给省级牵头部门"),
    )
)
