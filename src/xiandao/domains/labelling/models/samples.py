"""Samples of enterprises to look at (复核批次), their items, and each reviewer's opinion of an item."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models import Enterprise, Run
from xiandao.domains.enterprises.models.enterprises import place_scope
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class SampleState(models.TextChoices):
    OPEN = "open", _("复核中")
    CLOSED = "closed", _("已完成")
    WITHDRAWN = "withdrawn", _("已撤销")


class Sample(ScopedModel):
    """A queue drawn from a run with a seed: so many uncertain, disagreeing and random items.

    `readers` is how many people look at each item independently (1 or 2). `strata` keeps, for the random part, of each
    stratum its size in the register and how many were drawn: what the estimates need. `industries` and `region` limit
    it to what belongs to some industries (all where empty) and lies in a place (everywhere where None).
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="samples", verbose_name=_("识别批次"))
    title = models.CharField(_("名称"), max_length=200)
    seed = models.PositiveBigIntegerField(_("随机种子"))
    readers = models.PositiveSmallIntegerField(_("每家由几人判断"), default=1)
    industries = models.JSONField(_("产业"), default=list)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("地区"))
    bodies = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("判断单位"))
    strata = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=SampleState.choices, default=SampleState.OPEN)
    drawn_at = models.DateTimeField(_("抽取时间"))
    drawn_by = models.CharField(_("抽取人"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("完成时间"), null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-drawn_at", "-id"]
        verbose_name = _("复核批次")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return Q() if viewer.can(Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS) else Q(pk__in=[])


class ItemReason(models.TextChoices):
    UNCERTAIN = "uncertain", _("模型没有把握")
    DISAGREEING = "disagreeing", _("说法不一")
    RANDOM = "random", _("随机抽取")


class ItemState(models.TextChoices):
    OPEN = "open", _("待判断")
    DISPUTED = "disputed", _("判断不一")
    SETTLED = "settled", _("已定")
    SKIPPED = "skipped", _("已略过")


class Item(ScopedModel):
    """One enterprise to look at. An enterprise of the lake in which no term was found has a row in Enterprise from the
    day it was drawn. `stratum` and `weight` (how many enterprises it stands for) belong to the random part, `why` says
    of a disagreeing one what disagrees. While `held_until` has not passed the item is on `holder`'s screen and nobody
    else's. `outcome` is role by industry as it was settled.
    """

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="items", verbose_name=_("复核批次"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name=_("企业"))
    reason = models.CharField(_("抽取理由"), max_length=12, choices=ItemReason.choices)
    stratum = models.CharField(_("层"), max_length=80, blank=True)
    weight = models.FloatField(null=True)
    state = models.CharField(_("状态"), max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    order = models.PositiveIntegerField()
    why = models.CharField(max_length=20, blank=True)
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)
    outcome = models.JSONField(null=True)
    settled_at = models.DateTimeField(_("认定时间"), null=True)

    class Meta:
        ordering = ["sample", "order"]
        verbose_name = _("复核项")
        indexes = [models.Index(fields=["sample", "state", "order"])]
        constraints = [models.UniqueConstraint(fields=["sample", "enterprise"], name="one_item_per_enterprise")]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Reviewers see what lies in their place."""
        if not viewer.can(Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS):
            return Q(pk__in=[])
        return place_scope(viewer, "enterprise__")


class Opinion(models.Model):
    """What one reviewer said of an item: role by industry; an empty `labels` says it belongs to none.

    `settles`: said by whoever decides where two reviewers differ.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="opinions")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("判断人"))
    by = models.CharField(_("判断人"), max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    labels = models.JSONField(default=dict)
    doubtful = models.BooleanField(_("拿不准"), default=False)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"))
    settles = models.BooleanField(default=False)

    class Meta:
        ordering = ["item", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], condition=Q(settles=False), name="one_opinion_per_reader"),
            models.UniqueConstraint(fields=["item"], condition=Q(settles=True), name="one_ruling_per_item"),
        ]
