"""Tasks of problems and reminder letters."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer

PROBLEM, LETTER = "problem", "letter"


def _problem_url(task: Task) -> str:
    return reverse("progress:problem", args=[task.object_key])


def _letter_url(task: Task) -> str:
    return reverse("progress:letter", args=[task.object_key])


def _accept_by_silence(actor: Viewer, task: Task) -> None:
    """Take silence on an answer for acceptance: the problem is closed by the platform."""
    from xiandao.domains.progress.actions.problems import accept_by_silence

    accept_by_silence(actor, code=task.object_key)


ASSIGN = register_kind(
    TaskKind(
        "problem.assign",
        _("交办难点堵点"),
        Can.ASSIGN_PROBLEMS.value,
        _problem_url,
        otherwise=_("提出单位会看到交办已逾期；满升级时限后列入协调会议材料"),
    )
)
ANSWER = register_kind(
    TaskKind(
        "problem.answer",
        _("答复难点堵点"),
        Can.ANSWER_PROBLEMS.value,
        _problem_url,
        otherwise=_("列为逾期，统筹协调单位可以督办；满升级时限后提交协调机制"),
    )
)
ACCEPT = register_kind(
    TaskKind(
        "problem.accept",
        _("确认难点堵点答复"),
        Can.RAISE_PROBLEMS.value,
        _problem_url,
        otherwise=_("期满未表示意见的，视为认可答复，自动办结"),
        lapse=_accept_by_silence,
    )
)
ESCALATED = register_kind(
    TaskKind(
        "problem.escalated",
        _("把难点堵点提交协调机制"),
        Can.ASSIGN_PROBLEMS.value,
        _problem_url,
        otherwise=_("继续列在协调会议材料的升级事项中"),
    )
)
RECEIVE = register_kind(
    TaskKind(
        "letter.receive",
        _("签收督办单"),
        Can.RECEIVE_LETTERS.value,
        _letter_url,
        otherwise=_("列为未签收，通知统筹协调单位"),
    )
)
REPLY = register_kind(
    TaskKind(
        "letter.reply",
        _("办理督办单"),
        Can.RECEIVE_LETTERS.value,
        _letter_url,
        otherwise=_("列为逾期未办，写入协调会议材料"),
    )
)
CLOSE = register_kind(
    TaskKind(
        "letter.close",
        _("核销督办单"),
        Can.ISSUE_LETTERS.value,
        _letter_url,
        otherwise=_("督办单保持未办结"),
    )
)
