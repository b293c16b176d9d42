"""Tasks of applicants: agree to a common application, correct what was returned, read what was decided."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can


def _application(task: Task) -> str:
    return reverse("programmes:application", args=[task.object_key.split("|")[0]])


AGREE = register_kind(
    TaskKind(
        "programmes.agree",
        _("确认合作申报"),
        Can.APPLY.value,
        _application,
        otherwise=_("牵头单位不能提交该申报"),
    )
)
CORRECT = register_kind(
    TaskKind(
        "programmes.correct",
        _("补正申报材料"),
        Can.APPLY.value,
        _application,
        otherwise=_("逾期不补正的，按形式审查不通过办理"),
    )
)
READ = register_kind(
    TaskKind(
        "programmes.read",
        _("查看申报结果"),
        Can.APPLY.value,
        _application,
        otherwise=_("结果照常有效"),
    )
)
