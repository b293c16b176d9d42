"""Excel files handed in (导入): what became of each, so that a broken-off one can be repeated."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.models import StoredFile
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models.reports import Round


class ImportState(models.TextChoices):
    CHECKING = "checking", _("检查中")
    FAULTY = "faulty", _("有错误，未导入")
    SAME = "same", _("没有改动")
    READY = "ready", _("待确认")
    SAVING = "saving", _("保存中")
    SAVED = "saved", _("已导入")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("中断")


class ImportJob(ScopedModel):
    """One file handed in for a round: an organisation's own duties, or with `city` those of the whole city.

    `done` of `total` rows have been checked; `beat_at` is when the process `worker` last said so. `preview` is what
    would change, `counts` in numbers; `faults` are the first ones of `fault_count`, all of them stand in `annotated`.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="imports", verbose_name=_("填报期"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    city = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("设区市"))
    name = models.CharField(_("文件名"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    annotated = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("标注件"))
    state = models.CharField(_("状态"), max_length=10, choices=ImportState.choices, default=ImportState.CHECKING)
    done = models.PositiveIntegerField(_("已检查行数"), default=0)
    total = models.PositiveIntegerField(_("行数"), default=0)
    fault_count = models.PositiveIntegerField(_("错误数"), default=0)
    faults = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    reason = models.TextField(_("说明"), blank=True)
    created_at = models.DateTimeField(_("上传时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))
    by = models.CharField(_("上传人姓名"), max_length=200)
    post_id = models.PositiveBigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    click = models.UUIDField(default=uuid.uuid4)
    worker = models.CharField(max_length=200, blank=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("Excel 导入")
        indexes = [models.Index(fields=["round", "organisation"]), models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """A file is the business of the organisation that handed it in."""
        if viewer.organisation_id is None or not viewer.can(Can.REPORT):
            return Q(pk__in=[])
        return Q(organisation=viewer.organisation_id)
