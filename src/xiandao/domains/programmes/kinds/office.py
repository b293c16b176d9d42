"""Tasks of the office and of those who recommend."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer


def _work(task: Task) -> str:
    return f"{reverse('programmes:work', args=[task.object_key])}?state=submitted"


def _recommend(task: Task) -> str:
    return reverse("programmes:recommend-call", args=[task.object_key.rpartition("|")[0]])


def _decision(task: Task) -> str:
    return reverse("programmes:decision", args=[task.object_key])


def _objection(task: Task) -> str:
    return reverse("programmes:objection", args=[task.object_key])


def _own_extension(viewer: Viewer, _task: Task) -> Answer:
    return ALLOWED if viewer.is_system else refuse(_("异议办理期限在异议页面延长。"))


CHECK = register_kind(
    TaskKind(
        "programmes.check", _("形式审查申报"), Can.RUN_CALLS.value, _work, otherwise=_("逾期只作提醒，申报不因此失效")
    )
)
RECOMMEND = register_kind(
    TaskKind(
        "programmes.recommend",
        _("推荐申报"),
        Can.RECOMMEND.value,
        _recommend,
        otherwise=_("截止后不再受理推荐；未推荐的不视为推荐"),
    )
)
ANNOUNCE = register_kind(
    TaskKind("programmes.announce", _("公布决定"), Can.RUN_CALLS.value, _decision, otherwise=_("申报单位收不到结果"))
)
ACCEPT = register_kind(
    TaskKind(
        "programmes.objection_accept",
        _("受理公示异议"),
        Can.RUN_CALLS.value,
        _objection,
        otherwise=_("逾期提醒，被异议的事项不能公布"),
        may_change_clock=_own_extension,
    )
)
HANDLE = register_kind(
    TaskKind(
        "programmes.objection_handle",
        _("办理公示异议"),
        Can.RUN_CALLS.value,
        _objection,
        otherwise=_("逾期提醒，被异议的事项不能公布"),
        may_change_clock=_own_extension,
    )
)
