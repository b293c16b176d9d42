"""Tasks of planning: city shares that wait for the lead department."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can


def _url(task: Task) -> str:
    return reverse("progress:share-set", args=[task.object_key])


CONFIRM_SHARES = register_kind(
    TaskKind(
        code="progress.confirm_shares",
        label=_("确认分市份额"),
        capability=Can.CONFIRM_SHARES,
        url=_url,
        otherwise=_("未确认的份额只作建议，不作为各市完成情况的依据"),
    )
)
