"""Enterprises (企业): one row an enterprise over all register versions, and what changed with it from one to the next.

Only enterprises in which a term of the catalogue was found, or which are known to the province otherwise, have a row;
the whole register stays in the lake.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models.registers import RegisterVersion
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


def place_scope(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition under which a viewer sees an enterprise reached by `prefix`: the province's bodies see all,
    a city's their city with its counties, a county's their county, an enterprise itself; others none.
    """
    own = Q(**{f"{prefix}organisation": viewer.organisation_id}) if viewer.organisation_id else Q(pk__in=[])
    if not viewer.can(Can.READ_ENTERPRISES):
        return own
    if viewer.is_system or Region.objects.filter(code=viewer.region, parent=None).exists():
        return Q()
    region = Q(**{f"{prefix}region": viewer.region}) | Q(**{f"{prefix}region__parent": viewer.region})
    return region | own


class Enterprise(ScopedModel):
    """An enterprise as its newest register version has it. `gone_in` is the first version it is missing from.

    `key` identifies it from version to version (`registers.normal`): its credit code, else "reg:" and its old
    registration number, else "rid:" and its record number, else "name:" and its name with the place. `place` is the
    place as printed; `region` the county or city it was read as.
    """

    key = models.CharField(max_length=300, unique=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    rid = models.CharField(_("记录编号"), max_length=100, blank=True)
    name = models.CharField(_("名称"), max_length=300)
    name_key = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(_("类型"), max_length=60, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("地区"))
    place = models.CharField(_("登记地"), max_length=200, blank=True)
    registered_on = models.DateField(_("成立日期"), null=True)
    ended_on = models.DateField(_("注销日期"), null=True)
    capital = models.DecimalField(_("注册资本（元）"), max_digits=20, decimal_places=2, null=True)
    capital_text = models.CharField(_("注册资本原文"), max_length=100, blank=True)
    activity = models.CharField(_("行业代码"), max_length=10, blank=True)
    status = models.CharField(_("登记状态"), max_length=60, blank=True)
    scope = models.TextField(_("经营范围"), blank=True)
    product_lines = models.TextField(_("主要产品"), blank=True)
    patents = models.PositiveIntegerField(_("专利数"), null=True)
    first_seen = models.ForeignKey(
        RegisterVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("首次出现")
    )
    last_seen = models.ForeignKey(
        RegisterVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("最近出现")
    )
    gone_in = models.ForeignKey(
        RegisterVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("不再登记")
    )
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name=_("并入"))
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, null=True, related_name="enterprise", verbose_name=_("平台机构")
    )
    is_demo = models.BooleanField(_("演示"), default=False)

    class Meta:
        ordering = ["region", "name", "id"]
        verbose_name = _("企业")
        # The order of the list, so that a page of it is read off an index.
        indexes = [models.Index(fields=["region", "name", "id"], name="enterprises_in_order")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return place_scope(viewer)


class ChangeKind(models.TextChoices):
    NEW = "new", _("新出现")
    GONE = "gone", _("不再登记")
    BACK = "back", _("重新出现")
    RENAMED = "renamed", _("更名")
    RECODED = "recoded", _("更换代码")
    MOVED = "moved", _("迁址")
    SCOPE = "scope", _("变更经营范围")
    CAPITAL = "capital", _("变更注册资本")
    STATUS = "status", _("变更登记状态")
    MERGED = "merged", _("认定为同一企业")


class EnterpriseChange(models.Model):
    """What changed with an enterprise when a register version was loaded (or, without one, by a person's decision)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="changes")
    register = models.ForeignKey(RegisterVersion, models.CASCADE, null=True, related_name="changes")
    kind = models.CharField(_("变化"), max_length=10, choices=ChangeKind.choices)
    before = models.TextField(_("原来"), blank=True)
    after = models.TextField(_("现在"), blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["register", "kind"])]


class TwinState(models.TextChoices):
    OPEN = "open", _("待判断")
    SAME = "same", _("同一企业")
    DIFFERENT = "different", _("不是同一企业")


class Twin(ScopedModel):
    """The question whether two enterprises are one: equal or near names at one place, never asked of equal codes."""

    left = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name=_("企业"))
    right = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name=_("企业"))
    likeness = models.FloatField(_("相似度"))
    why = models.CharField(_("理由"), max_length=200)
    state = models.CharField(_("判断"), max_length=10, choices=TwinState.choices, default=TwinState.OPEN)
    asked_in = models.ForeignKey(RegisterVersion, models.CASCADE, null=True, related_name="+")
    decided_at = models.DateTimeField(_("判断时间"), null=True)
    decided_by = models.CharField(_("判断人"), max_length=200, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("判断理由"), max_length=500, blank=True)

    class Meta:
        ordering = ["-likeness", "id"]
        verbose_name = _("疑似同一企业")
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="one_question_per_pair")]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Seen by who sees both."""
        if not viewer.can(Can.READ_ENTERPRISES):
            return Q(pk__in=[])
        return place_scope(viewer, "left__") & place_scope(viewer, "right__")
