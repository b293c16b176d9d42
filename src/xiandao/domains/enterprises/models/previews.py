"""What a draft of the catalogue would change on the register in force, computed before it is published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models.registers import RegisterVersion
from xiandao.domains.industries.models import CatalogueVersion
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class PreviewState(models.TextChoices):
    RUNNING = "running", _("计算中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("中断")


class Preview(ScopedModel):
    """A draft as it was (`digest`) against the version it is based on, on one register.

    `counts`: by industry how many enterprises enter, leave, change role or decision; `examples`: some of each with
    name, place and evidence.
    """

    draft = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="previews")
    digest = models.CharField(max_length=64)
    register = models.ForeignKey(RegisterVersion, models.CASCADE, related_name="+")
    state = models.CharField(_("状态"), max_length=12, choices=PreviewState.choices, default=PreviewState.RUNNING)
    done = models.PositiveIntegerField(_("已处理行数"), default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    examples = models.JSONField(default=dict)
    reason = models.TextField(_("说明"), blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    by = models.CharField(max_length=200)
    worker = models.CharField(max_length=200, blank=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("修订预览")

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return Q() if viewer.can(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE) else Q(pk__in=[])
