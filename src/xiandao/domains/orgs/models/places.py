"""Regions, organisations, their counterparts and other names, and which packs were loaded."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something with a Chinese name and, where there is one, an English name."""

    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; the Chinese name where there is no English one."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class RegionKind(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", pgettext_lazy("one", "设区市")
    DISTRICT = "district", _("市辖区")
    COUNTY_CITY = "county_city", _("县级市")
    COUNTY = "county", _("县")
    ZONE = "zone", pgettext_lazy("one", "功能区")


class Region(Named):
    """A place by its GB/T 2260 code; functional zones have codes of their own under a parent."""

    code = models.CharField(_("代码"), max_length=20, primary_key=True)
    kind = models.CharField(_("层级"), max_length=20, choices=RegionKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级"))
    group = models.CharField(_("片区"), max_length=20, blank=True)
    group_en = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(_("启用"), null=True)
    valid_to = models.DateField(_("停用"), null=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("地区")

    @property
    def group_label(self) -> str:
        """The name of its group of cities in the reader's language."""
        return self.group_en if self.group_en and (get_language() or "").startswith("en") else self.group


class OrganisationKind(models.TextChoices):
    PARTY_ORGAN = "party_organ", _("党委部门")
    GOVERNMENT = "government", _("政府部门")
    CENTRAL_AGENCY = "central_agency", _("中央驻地机构")
    MASS_ORGANISATION = "mass_organisation", _("群团组织")
    PUBLIC_INSTITUTION = "public_institution", _("事业单位")
    STATE_COMPANY = "state_company", _("国有企业")
    COLLECTIVE = "collective", _("协调机制")
    OFFICE = "office", _("其他单位")
    DEVELOPMENT_ZONE = "development_zone", _("开发区、功能区管理机构")
    ENTERPRISE = "enterprise", _("企业")
    UNIVERSITY = "university", _("高等学校")
    INSTITUTE = "institute", _("科研院所")
    BANK = "bank", _("银行")
    FUND = "fund", _("基金")
    EXPERT_BODY = "expert_body", _("专家机构")


class Organisation(Named):
    """A body that can be responsible for something. `name` is the name plans print."""

    code = models.CharField(_("代码"), max_length=80, unique=True)
    full_name = models.CharField(_("全称"), max_length=200, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=OrganisationKind.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations", verbose_name=_("地区"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级机构"))
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    is_coordinator = models.BooleanField(_("统筹协调单位"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    # Added or corrected in this installation: loading the pack again leaves it as it is.
    is_local = models.BooleanField(_("本机维护"), default=False)
    is_demo = models.BooleanField(_("演示机构"), default=False)
    note = models.TextField(_("说明"), blank=True)
    note_en = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("机构")
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="one_organisation_per_credit_code"
            ),
        ]


class Counterpart(models.Model):
    """That a city's body carries out a provincial body's work there (对口). One body may serve several."""

    department = models.ForeignKey(Organisation, models.CASCADE, related_name="counterparts")
    bureau = models.ForeignKey(Organisation, models.CASCADE, related_name="serves")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    addressed = models.BooleanField(_("印发对象"), default=False)
    source = models.CharField(_("依据"), max_length=300, blank=True)
    is_local = models.BooleanField(_("本机维护"), default=False)

    class Meta:
        ordering = ["region", "department__order"]
        constraints = [
            models.UniqueConstraint(fields=["department", "region"], name="one_counterpart_per_region"),
        ]


class OrganisationAlias(models.Model):
    """A name under which some document prints an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases")
    name = models.CharField(_("别名"), max_length=200, db_index=True)
    document = models.CharField(_("出处"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "document"], name="one_alias_per_document")]


class LoadedPack(models.Model):
    """Which version of which policy pack was loaded, and when."""

    code = models.CharField(max_length=60)
    version = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-loaded_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_row_per_pack_version")]
