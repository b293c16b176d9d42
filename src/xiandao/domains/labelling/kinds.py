"""Tasks of the review desk: items to judge, samples to finish, disputes to settle, objections to answer or read."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit.registry import name_kind
from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import TaskKind, register_kind
from xiandao.domains.orgs.capability import Can

SAMPLE, ITEM, OBJECTION, ENTERPRISE = "labelling_sample", "labelling_item", "labelling_objection", "enterprise"
name_kind(SAMPLE, _("复核批次"))
name_kind(ITEM, _("复核项"))
name_kind(OBJECTION, _("企业异议"))


def sample_key(sample_pk: int, organisation_pk: int) -> str:
    """Return the key of the task of one organisation in a sample: each has its own."""
    return f"{sample_pk}-{organisation_pk}"


def _desk(task: Task) -> str:
    return reverse("labelling:desk", args=[task.object_key.split("-")[0]])


def _disputes(task: Task) -> str:
    return f"{reverse('labelling:disputes')}?sample={task.object_key}"


def _sample(task: Task) -> str:
    return reverse("labelling:sample", args=[task.object_key])


def _objection(task: Task) -> str:
    return reverse("labelling:objection", args=[task.object_key])


JUDGE = register_kind(
    TaskKind(
        "labelling.judge",
        _("复核企业识别"),
        Can.REVIEW_ENTERPRISES.value,
        _desk,
        otherwise=_("该批次不能完成，识别结果仍按模型结论计数，查准率、查全率没有区间"),
    )
)
FINISH = register_kind(
    TaskKind(
        "labelling.finish",
        _("完成复核批次"),
        Can.SETTLE_REVIEWS.value,
        _sample,
        otherwise=_("已判断的企业照常生效，但该批次不进入查准率、查全率的估计"),
    )
)
SETTLE = register_kind(
    TaskKind(
        "labelling.settle",
        _("裁定复核分歧"),
        Can.SETTLE_REVIEWS.value,
        _disputes,
        otherwise=_("判断不一的企业仍按模型结论计数"),
    )
)
ANSWER = register_kind(
    TaskKind(
        "labelling.answer",
        _("答复企业异议"),
        Can.SETTLE_REVIEWS.value,
        _objection,
        otherwise=_("企业会看到答复已逾期；识别结果保持不变"),
    )
)
READ = register_kind(
    TaskKind(
        "labelling.read",
        _("查看异议答复"),
        Can.OBJECT_CLASSIFICATION.value,
        _objection,
        otherwise=_("答复照常有效"),
    )
)
