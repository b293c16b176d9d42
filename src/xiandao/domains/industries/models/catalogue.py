"""Versions of the product catalogue (产品目录): a version is whole, and never edited once it was published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.models.table import Industry, Relation
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Named, Region, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class CatalogueState(models.TextChoices):
    DRAFT = "draft", _("草案")
    AVAILABLE = "available", _("待采用")
    PUBLISHED = "published", _("现行")
    SUPERSEDED = "superseded", _("已被替代")
    DISCARDED = "discarded", _("已放弃")


class CatalogueOrigin(models.TextChoices):
    PACK = "pack", _("政策包")
    EDITED = "edited", _("在线修订")
    EXCEL = "excel", _("Excel 导入")


class CatalogueVersion(ScopedModel):
    """One whole catalogue. `code` (2026.2) is given when it is published; every identification names the version it
    was made with. One draft is open at a time, which all who edit share. "Available": a pack brought it while the
    office had published its own. `digest` is the SHA-256 of its content in canonical form: equal content, equal digest.
    """

    code = models.CharField(_("版本"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=CatalogueState.choices, default=CatalogueState.DRAFT)
    origin = models.CharField(_("来源"), max_length=10, choices=CatalogueOrigin.choices)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived", verbose_name=_("修订自"))
    note = models.TextField(_("修订说明"), blank=True)
    source = models.CharField(_("依据"), max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), null=True)
    published_by = models.CharField(_("发布人"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("产品目录版本")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=CatalogueState.PUBLISHED), name="one_catalogue_in_force"
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_catalogue_per_code"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=CatalogueState.DRAFT), name="one_catalogue_draft"
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(CatalogueState(self.state).label)

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Published versions are public; drafts are the business of those who edit or read them."""
        if viewer.can(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE):
            return Q()
        return Q(state__in=(CatalogueState.PUBLISHED, CatalogueState.SUPERSEDED))


class IndustryScope(models.Model):
    """What a version says of an industry as a whole."""

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="scopes")
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+")
    definition = models.TextField(_("定义"))
    includes = models.JSONField(_("包括"), default=list)
    excludes = models.JSONField(_("不包括"), default=list)
    notes = models.JSONField(_("说明"), default=list)

    class Meta:
        ordering = ["industry__order"]
        constraints = [models.UniqueConstraint(fields=["version", "industry"], name="one_scope_per_industry")]


class Stage(models.TextChoices):
    UPSTREAM = "upstream", _("上游")
    MIDSTREAM = "midstream", _("中游")
    DOWNSTREAM = "downstream", _("下游")
    SUPPORTING = "supporting", _("配套")


class Segment(Named):
    """A stretch of an industry's chain, with its links to official classifications (lists of codes)."""

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="segments")
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("产业"))
    code = models.SlugField(_("代码"), max_length=60)
    stage = models.CharField(_("位置"), max_length=12, choices=Stage.choices)
    gbt4754 = models.JSONField(_("国民经济行业"), default=list)
    strategic = models.JSONField(_("战略性新兴产业"), default=list)
    ipc = models.JSONField(_("国际专利分类"), default=list)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["industry__order", "order"]
        verbose_name = _("环节")
        constraints = [models.UniqueConstraint(fields=["version", "industry", "code"], name="one_segment_per_code")]


class Product(Named):
    """A product or technology. `code` is unique in the industry; `activity`: it is itself an activity (碳核查)."""

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="products")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="products", verbose_name=_("环节"))
    code = models.SlugField(_("代码"), max_length=60)
    definition = models.TextField(_("定义"), blank=True)
    includes = models.JSONField(_("包括"), default=list)
    excludes = models.JSONField(_("不包括"), default=list)
    activity = models.BooleanField(_("本身是一项活动"), default=False)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["segment__industry__order", "segment__order", "order"]
        verbose_name = _("产品")
        constraints = [models.UniqueConstraint(fields=["segment", "code"], name="one_product_per_code")]


class TermWeight(models.TextChoices):
    """How much a term says when it stands alone (`engines.identify.Weight`)."""

    CORE = "core", _("单独成立")
    WEAK = "weak", _("须有旁证")
    RELATED = "related", _("只作旁证")


class Term(models.Model):
    """A word that names a product. `of` is the term it is a synonym of, "" for a term itself."""

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="terms")
    product = models.ForeignKey(Product, models.CASCADE, related_name="terms", verbose_name=_("产品"))
    text = models.CharField(_("词条"), max_length=60)
    weight = models.CharField(_("效力"), max_length=8, choices=TermWeight.choices)
    of = models.CharField(_("同义于"), max_length=60, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["product", "order", "id"]
        verbose_name = _("词条")
        indexes = [models.Index(fields=["version", "text"])]
        constraints = [models.UniqueConstraint(fields=["product", "text"], name="one_term_per_product")]


class Trap(models.Model):
    """A literal phrase in which a term means something else (易误认用语); without an industry it holds for all."""

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="traps")
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+", verbose_name=_("产业"))
    text = models.CharField(_("用语"), max_length=60)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["industry__order", "order", "id"]
        verbose_name = _("易误认用语")
        constraints = [
            models.UniqueConstraint(fields=["version", "industry", "text"], name="one_trap_per_industry"),
            models.UniqueConstraint(
                fields=["version", "text"], condition=Q(industry=None), name="one_trap_without_industry"
            ),
        ]


class ProductName(models.Model):
    """The words under which a document prints a product or a segment (`target`: INDUSTRY/SEGMENT or INDUSTRY/PRODUCT
    code of the catalogue). They belong to the document, not to a version.
    """

    target = models.CharField(_("目录项"), max_length=130)
    document = models.CharField(_("文件"), max_length=80)
    title = models.CharField(_("文件名称"), max_length=300)
    printed = models.CharField(_("表述"), max_length=200)
    relation = models.CharField(_("关系"), max_length=10, choices=Relation.choices)
    source = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta:
        ordering = ["document", "target", "id"]
        constraints = [
            models.UniqueConstraint(fields=["target", "document", "printed"], name="one_product_name_per_document")
        ]


class LocalList(models.Model):
    """A city's own product list (地方目录), mapped beside the province's."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    name = models.CharField(_("名称"), max_length=200)
    source = models.CharField(_("依据"), max_length=300, blank=True)
    is_local = models.BooleanField(_("本机维护"), default=False)
    is_demo = models.BooleanField(_("演示"), default=False)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["region", "name"]
        verbose_name = _("地方目录")
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="one_local_list_per_name")]


class LocalItem(models.Model):
    """A line of a city's own list."""

    list = models.ForeignKey(LocalList, models.CASCADE, related_name="items")
    code = models.CharField(_("代码"), max_length=60, blank=True)
    name = models.CharField(_("名称"), max_length=200)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["list", "order"]


class LocalLink(models.Model):
    """That a line of a city's list falls under a segment (INDUSTRY/SEGMENT) of the province's catalogue, and how."""

    item = models.ForeignKey(LocalItem, models.CASCADE, related_name="links")
    target = models.CharField(_("目录项"), max_length=130)
    relation = models.CharField(_("关系"), max_length=10, choices=Relation.choices, default=Relation.SAME)

    class Meta:
        ordering = ["item", "target"]
        constraints = [models.UniqueConstraint(fields=["item", "target"], name="one_link_per_local_item")]
