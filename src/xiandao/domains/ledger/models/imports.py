"""Published lists read in (名单录入): the file or text as it came, its rows, and whom each was found to be."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.files.models import StoredFile
from xiandao.domains.ledger.models.entries import Entry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class ListImportState(models.TextChoices):
    MATCHING = "matching", _("核对中")
    DONE = "done", _("已登记")
    CANCELLED = "cancelled", _("已取消")


class ListImport(ScopedModel):
    """A list somebody published, to become entries of one kind; `shared` are the fields all its rows share."""

    kind = models.CharField(_("类别"), max_length=60)
    title = models.CharField(_("名单名称"), max_length=300)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("文件"))
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    text = models.TextField(blank=True)
    shared = models.JSONField(default=dict)
    elsewhere = models.BooleanField(_("他处公布，不计数"), default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=ListImportState.choices, default=ListImportState.MATCHING
    )
    created_at = models.DateTimeField(_("录入时间"))
    created_by = models.CharField(_("录入人"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(_("登记时间"), null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("名单录入")

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return Q() if viewer.can(Can.KEEP_LEDGER) else Q(pk__in=[])


class RowMatch(models.TextChoices):
    CERTAIN = "certain", _("已对上")
    ASKED = "asked", _("待确认")
    UNKNOWN = "unknown", _("未找到")
    CONFIRMED = "confirmed", _("已确认")
    NEW = "new", _("按新单位登记")
    SKIPPED = "skipped", _("不登记")


class ListRow(models.Model):
    """One row of a list. `candidates`: who it may be, how like and why; `existing` an entry it is already."""

    batch = models.ForeignKey(ListImport, models.CASCADE, related_name="rows")
    order = models.PositiveIntegerField()
    number = models.CharField(_("序号"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=300)
    unit = models.CharField(_("单位"), max_length=300, blank=True)
    place = models.CharField(_("地区"), max_length=100, blank=True)
    extra = models.JSONField(default=dict)
    match = models.CharField(_("核对"), max_length=10, choices=RowMatch.choices)
    candidates = models.JSONField(default=list)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    existing = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["batch", "order"]
        constraints = [models.UniqueConstraint(fields=["batch", "order"], name="one_row_per_place_in_a_list")]
