"""A plan being read in: the text, what the compiler proposed, what a person made of each item, and every correction."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models.published import Plan, PlanVersion


class ImportState(models.TextChoices):
    REVIEW = "review", _("核对中")
    PUBLISHED = "published", _("已发布")
    DISCARDED = "discarded", _("已放弃")


class PlanImport(ScopedModel):
    """One reading of one text by one person's office."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(_("名称"), max_length=300)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState.choices, default=ImportState.REVIEW)
    source_name = models.CharField(_("文件名"), max_length=300, blank=True)
    source_text = models.TextField(_("原文"))
    source_sha256 = models.CharField(max_length=64, db_index=True)
    head = models.JSONField(_("文件头"), default=dict)
    unplaced = models.JSONField(_("未归类文字"), default=list)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="imports")
    version = models.OneToOneField(PlanVersion, models.PROTECT, null=True, related_name="made_from")
    created_by = models.CharField(_("录入人"), max_length=200)
    created_at = models.DateTimeField(_("录入时间"), auto_now_add=True)
    # Counts every correction, so that what is published is what was compared.
    revision = models.PositiveIntegerField(default=0)
    head_revision = models.PositiveIntegerField(default=0)
    closing_reason = models.CharField(_("放弃理由"), max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("方案录入")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Drafts belong to the coordinating office; auditors may look."""
        return Q() if viewer.can(Can.READ_IMPORTS) else Q(pk__in=[])


class ItemKind(models.TextChoices):
    ACTION = "action", pgettext_lazy("one", "行动")
    MEASURE = "measure", pgettext_lazy("one", "任务")
    DUTY = "duty", pgettext_lazy("one", "责任单位")
    TARGET = "target", pgettext_lazy("one", "目标")
    SUPPORT = "support", pgettext_lazy("one", "支持标准")
    MECHANISM = "mechanism", pgettext_lazy("one", "机制")
    COMMITMENT = "commitment", pgettext_lazy("one", "承诺事项")


class Review(models.TextChoices):
    PROPOSED = "proposed", _("待核对")
    ACCEPTED = "accepted", _("已接受")
    # Accepted together with others, without a look at each: published as not reviewed.
    TAKEN = "taken", _("批量接受")
    EDITED = "edited", _("已修改")
    ADDED = "added", _("人工补充")
    REJECTED = "rejected", _("已剔除")


class DraftItem(models.Model):
    """One item of the plan being read. `data` holds its fields as in the pack's PlanDoc, checked at each change."""

    plan_import = models.ForeignKey(PlanImport, models.CASCADE, related_name="items")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=ItemKind.choices)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    order = models.PositiveIntegerField()
    data = models.JSONField()
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    confidence = models.FloatField(null=True)
    review = models.CharField(max_length=20, choices=Review.choices, default=Review.PROPOSED)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["plan_import", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["plan_import", "key"], name="one_key_per_import")]


class Operation(models.TextChoices):
    ACCEPT = "accept", _("接受")
    ACCEPT_MANY = "accept_many", _("批量接受")
    REJECT = "reject", _("剔除")
    RESTORE = "restore", _("恢复")
    EDIT = "edit", _("修改")
    EDIT_HEAD = "edit_head", _("修改文件头")
    ADD = "add", _("补充")
    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")
    UNDO = "undo", _("撤销")


class Correction(models.Model):
    """What a person changed in a reading, in order: the material from which the compiler learns its mistakes.

    `before` and `after` map each item touched to the fields that changed, or to null where it did not exist.
    """

    plan_import = models.ForeignKey(PlanImport, models.CASCADE, related_name="corrections")
    number = models.PositiveIntegerField()
    operation = models.CharField(_("操作"), max_length=20, choices=Operation.choices)
    key = models.CharField(_("条目"), max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    by = models.CharField(_("操作人"), max_length=200)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["plan_import", "number"]
        constraints = [models.UniqueConstraint(fields=["plan_import", "number"], name="corrections_numbered")]
