"""Runs of the identification over a register, and what each found: enterprise, industry, role, score, evidence."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models.enterprises import Enterprise, place_scope
from xiandao.domains.enterprises.models.registers import RegisterVersion
from xiandao.domains.industries.models import CatalogueVersion, Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class RunState(models.TextChoices):
    WAITING = "waiting", _("等候")
    RUNNING = "running", _("识别中")
    CURRENT = "current", _("现行")
    SUPERSEDED = "superseded", _("已被替代")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("中断")


class Run(ScopedModel):
    """One identification of a register with one catalogue and one model. Of one register and all, one is current.

    `model_digest` is the SHA-256 of the model used, `model_card` what it says of itself, `accept` and `reject` its
    thresholds. `counts`: rows, pairs, enterprises, and by decision.
    """

    number = models.PositiveIntegerField(_("批次"), unique=True)
    register = models.ForeignKey(RegisterVersion, models.PROTECT, related_name="runs", verbose_name=_("登记名录"))
    catalogue = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="+", verbose_name=_("产品目录"))
    model_digest = models.CharField(max_length=64, blank=True)
    model_card = models.JSONField(default=dict)
    accept = models.FloatField(null=True)
    reject = models.FloatField(null=True)
    state = models.CharField(_("状态"), max_length=12, choices=RunState.choices, default=RunState.WAITING)
    path = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict)
    done = models.PositiveIntegerField(_("已处理行数"), default=0)
    total = models.PositiveIntegerField(default=0)
    reason = models.TextField(_("说明"), blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("发起人"))
    by = models.CharField(_("发起人姓名"), max_length=200)
    post_id = models.PositiveBigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    click = models.UUIDField(default=uuid.uuid4)
    worker = models.CharField(max_length=200, blank=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("识别批次")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state=RunState.CURRENT), name="one_run_in_force"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return Q() if viewer.can(Can.READ_ENTERPRISES, Can.LOAD_REGISTERS) else Q(pk__in=[])


class EnterpriseRole(models.TextChoices):
    CORE = "core", _("核心")
    SERVICE = "service", _("服务")
    TRADE = "trade", _("贸易")
    MENTION = "mention", _("提及")


class Decision(models.TextChoices):
    IN = "in", _("计入")
    REVIEW = "review", _("待复核")
    OUT = "out", _("不计")


class SettledBy(models.TextChoices):
    MODEL = "model", _("模型")
    REVIEW = "review", _("复核")
    OBJECTION = "objection", _("异议答复")


class Classification(ScopedModel):
    """What a run found of one enterprise in one industry, with its evidence (engines.identify.EVIDENCE as JSON).

    `role`, `decision` are what holds; `model_role`, `model_decision`, `score` what the model said. `settled` tells
    which of the two it is. Decision "in" with role core or service is what counts.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="classifications")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="classifications", verbose_name=_("企业"))
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("产业"))
    segment = models.CharField(_("环节"), max_length=60, blank=True)
    role = models.CharField(_("角色"), max_length=8, choices=EnterpriseRole.choices)
    decision = models.CharField(_("结论"), max_length=8, choices=Decision.choices)
    score = models.FloatField(_("概率"), null=True)
    model_role = models.CharField(max_length=8, choices=EnterpriseRole.choices, blank=True)
    model_decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    settled = models.CharField(_("依据"), max_length=10, choices=SettledBy.choices, default=SettledBy.MODEL)
    settled_at = models.DateTimeField(_("认定时间"), null=True)
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "industry__order", "-score", "id"]
        verbose_name = _("识别结果")
        indexes = [
            models.Index(fields=["run", "industry", "decision", "role"]),
            models.Index(fields=["run", "decision", "score"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "enterprise", "industry"], name="one_result_per_industry")
        ]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return place_scope(viewer, "enterprise__")
