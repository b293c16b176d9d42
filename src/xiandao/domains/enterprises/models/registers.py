"""Registers (登记名录) as versions: the rows stand as Parquet in the lake, here is what became of each file."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class RegisterState(models.TextChoices):
    CHECKING = "checking", _("检查中")
    FAULTY = "faulty", _("读不了，未载入")
    READY = "ready", _("待确认")
    LOADING = "loading", _("载入中")
    CURRENT = "current", _("现行")
    SUPERSEDED = "superseded", _("已被替代")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("中断")


class RegisterVersion(ScopedModel):
    """One register as of a day. `path` is its Parquet file under the lake, `sha256` that file's hash.

    `incoming` is the file as it was handed in, kept in the lake until it is loaded or given up; `follows` the version
    it was compared with. `counts` says what the check found (see `registers.normal.Counts`), `preview` what would
    change, with examples. `done` of `total` rows have been worked on; `beat_at` is when the process `worker` last said
    so. `identify`: it is identified as soon as it is loaded.
    """

    number = models.PositiveIntegerField(_("版次"), unique=True)
    title = models.CharField(_("名称"), max_length=200)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    as_of = models.DateField(_("数据截止日"))
    file_name = models.CharField(_("文件名"), max_length=200)
    path = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    incoming = models.CharField(max_length=300, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("对比版次"))
    identify = models.BooleanField(default=True)
    state = models.CharField(_("状态"), max_length=12, choices=RegisterState.choices, default=RegisterState.CHECKING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    bad_rows = models.PositiveIntegerField(_("未读行"), default=0)
    counts = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    done = models.PositiveIntegerField(_("已处理行数"), default=0)
    total = models.PositiveIntegerField(default=0)
    reason = models.TextField(_("说明"), blank=True)
    is_demo = models.BooleanField(_("演示"), default=False)
    created_at = models.DateTimeField(_("上传时间"))
    loaded_at = models.DateTimeField(_("载入时间"), null=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))
    by = models.CharField(_("上传人姓名"), max_length=200)
    post_id = models.PositiveBigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    click = models.UUIDField(default=uuid.uuid4)
    worker = models.CharField(max_length=200, blank=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("登记名录")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RegisterState.CURRENT), name="one_register_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Whoever may read enterprises sees which registers there are; those who load them see every attempt."""
        if viewer.can(Can.LOAD_REGISTERS):
            return Q()
        if viewer.can(Can.READ_ENTERPRISES):
            return Q(state__in=(RegisterState.CURRENT, RegisterState.SUPERSEDED))
        return Q(pk__in=[])
