"""Industries, their other names, and which document lists which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Named


class IndustryGroup(models.TextChoices):
    GROWTH = "10", _("成长型")
    FRONTIER = "X", _("前沿性")


class Industry(Named):
    """One industry of the code table. Group X is open: a pack may add to it without a change of code."""

    code = models.SlugField(_("代码"), max_length=60, primary_key=True)
    group = models.CharField(_("类型"), max_length=10, choices=IndustryGroup.choices)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("产业")


class IndustryAlias(models.Model):
    """Another name of an industry: the same thing, or something near it, and where it is used."""

    industry = models.ForeignKey(Industry, models.CASCADE, related_name="aliases")
    name = models.CharField(_("别名"), max_length=100)
    exact = models.BooleanField(_("含义相同"))
    document = models.CharField(_("使用文件"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "document"], name="one_industry_per_alias")]


class IndustryListing(models.Model):
    """That a document lists an industry, under which words and in which group."""

    industry = models.ForeignKey(Industry, models.CASCADE, related_name="listings")
    document = models.CharField(_("文件"), max_length=200)
    printed = models.CharField(_("表述"), max_length=100)
    group = models.CharField(_("类型"), max_length=20, blank=True)
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["document", "industry__order"]
        constraints = [models.UniqueConstraint(fields=["industry", "document"], name="one_listing_per_document")]
