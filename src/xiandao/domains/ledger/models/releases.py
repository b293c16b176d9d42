"""一图三清单: twice-yearly releases of three lists per industry, and the technology roadmap in versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class ReleaseKind(models.TextChoices):
    PLATFORMS = "platforms", _("重大平台清单")
    TALENT = "talent", _("战略人才清单")
    PROJECTS = "projects", _("重大项目清单")
    ROADMAP = "roadmap", _("技术路线图")


class ReleaseState(models.TextChoices):
    DRAFT = "draft", _("草案")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


class Release(ScopedModel):
    """One list of one industry as of a half year: the rows as they were, and what changed since the last release."""

    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("产业"))
    kind = models.CharField(_("清单"), max_length=10, choices=ReleaseKind.choices)
    period = models.CharField(_("期次"), max_length=10)
    state = models.CharField(_("状态"), max_length=10, choices=ReleaseState.choices, default=ReleaseState.DRAFT)
    rows = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    note = models.TextField(_("说明"), blank=True)
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=200)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    class Meta:
        ordering = ["-period", "industry__order", "kind"]
        verbose_name = _("清单发布")
        constraints = [
            models.UniqueConstraint(
                fields=["industry", "kind", "period"],
                condition=~Q(state=ReleaseState.WITHDRAWN),
                name="one_release_per_half_year",
            )
        ]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Published lists are public, but for the names of people, which the page leaves out."""
        if viewer.can(Can.KEEP_LEDGER, Can.READ_LEDGER):
            return Q()
        return Q(state=ReleaseState.PUBLISHED)


class Roadmap(ScopedModel):
    """The roadmap of an industry in one version."""

    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("产业"))
    version = models.PositiveIntegerField(_("版次"))
    state = models.CharField(_("状态"), max_length=10, choices=ReleaseState.choices, default=ReleaseState.DRAFT)
    note = models.TextField(_("说明"), blank=True)
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=200)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["industry__order", "-version"]
        verbose_name = _("技术路线图")
        constraints = [models.UniqueConstraint(fields=["industry", "version"], name="one_roadmap_per_version")]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        if viewer.can(Can.KEEP_LEDGER, Can.READ_LEDGER):
            return Q()
        return Q(state=ReleaseState.PUBLISHED)


class RoadmapNode(models.Model):
    """A technology, product, scene or standard on the roadmap: when, how ready, how far behind, whose, until when."""

    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="nodes")
    code = models.SlugField(_("代码"), max_length=60)
    field = models.CharField(_("细分领域"), max_length=100)
    layer = models.CharField(_("层次"), max_length=20)
    name = models.CharField(_("名称"), max_length=200)
    horizon = models.CharField(_("时段"), max_length=20)
    readiness = models.PositiveSmallIntegerField(_("技术就绪度"), null=True)
    gap = models.CharField(_("与先进水平差距"), max_length=20, blank=True)
    chokepoint = models.BooleanField(_("卡脖子"), default=False)
    owner = models.CharField(_("承担单位"), max_length=300, blank=True)
    indicators = models.TextField(_("目标指标"), blank=True)
    evidence = models.TextField(_("依据"), blank=True)
    alternatives = models.JSONField(_("替代路线"), default=list)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["roadmap", "field", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["roadmap", "code"], name="one_node_per_code")]


class RoadmapEdge(models.Model):
    """That one node requires or enables another."""

    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="edges")
    source = models.ForeignKey(RoadmapNode, models.CASCADE, related_name="leads_to")
    target = models.ForeignKey(RoadmapNode, models.CASCADE, related_name="follows")
    kind = models.CharField(_("关系"), max_length=10)

    class Meta:
        ordering = ["roadmap", "source", "target"]
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="one_edge_per_pair")]
