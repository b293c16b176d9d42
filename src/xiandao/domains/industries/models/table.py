"""Industries, their other names, and which document lists which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Named


class IndustryGroup(Named):
    """A group of the code table; an open one grows by data."""

    code = models.CharField(max_length=4, primary_key=True)
    open_ended = models.BooleanField(_("开放"))
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("产业类型")


class Industry(Named):
    """One industry of the code table. Group X is open: a pack may add to it without a change of code."""

    code = models.SlugField(_("代码"), max_length=60, primary_key=True)
    group = models.ForeignKey(IndustryGroup, models.PROTECT, related_name="industries", verbose_name=_("类型"))
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("产业")


class Relation(models.TextChoices):
    SAME = "same", _("含义相同")
    NEAR = "near", _("含义相近")
    NARROWER = "narrower", _("范围较窄")
    BROADER = "broader", _("范围较宽")


class IndustryAlias(models.Model):
    """Another name of an industry, how it relates, and where it is used."""

    industry = models.ForeignKey(Industry, models.CASCADE, related_name="aliases")
    name = models.CharField(_("别名"), max_length=100)
    relation = models.CharField(_("关系"), max_length=10, choices=Relation.choices)
    source = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta:
        ordering = ["industry", "relation", "name"]
        constraints = [models.UniqueConstraint(fields=["industry", "name"], name="one_alias_per_industry")]


class IndustryListing(models.Model):
    """That a document names an industry (or not), under which words and in which group."""

    industry = models.ForeignKey(Industry, models.CASCADE, related_name="listings")
    document = models.CharField(_("文件"), max_length=80)
    title = models.CharField(_("文件名称"), max_length=300)
    plan_code = models.CharField(max_length=80, blank=True)
    listed = models.BooleanField(_("列入"))
    printed = models.CharField(_("表述"), max_length=100, blank=True)
    group = models.CharField(_("类型"), max_length=20, blank=True)
    relation = models.CharField(_("关系"), max_length=10, choices=Relation.choices, blank=True)
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["document", "industry__order"]
        constraints = [models.UniqueConstraint(fields=["industry", "document"], name="one_listing_per_document")]
