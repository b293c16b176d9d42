"""Duties as they are worked (责任项): each measure × responsible organisation × city counterpart, and sub-tasks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Named, Organisation, Region
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.models.scope import work_scope


class SubTask(ScopedModel, Named):
    """A part of a measure the coordinator split off. Weights are relative: the roll-up normalises them."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subtasks", verbose_name=_("方案"))
    measure_key = models.CharField(_("任务"), max_length=40)
    number = models.PositiveIntegerField(_("序号"))
    weight = models.DecimalField(_("权重"), max_digits=9, decimal_places=4, default=1)
    due_on = models.DateField(_("完成时限"), null=True)
    note = models.TextField(_("说明"), blank=True)
    created_at = models.DateTimeField(_("拆分时间"))
    created_by = models.CharField(_("拆分人"), max_length=200)
    ended_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        ordering = ["plan", "measure_key", "number"]
        verbose_name = _("子任务")
        constraints = [models.UniqueConstraint(fields=["plan", "measure_key", "number"], name="subtasks_numbered")]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """How a measure was split is known to everybody who reports."""
        return Q() if viewer.is_person and viewer.organisation_id else Q(pk__in=[])


class AssignmentRole(models.TextChoices):
    LEAD = "lead", _("牵头")
    WITH = "with", _("配合")


class AssignmentOrigin(models.TextChoices):
    PLAN = "plan", _("方案原文")
    COUNTERPART = "counterpart", _("对口承办")
    SPLIT = "split", _("任务拆分")
    HANDED_DOWN = "handed_down", _("设区市下达")


class Assignment(ScopedModel):
    """One organisation's part in one measure (or sub-task), in one place.

    It holds plan and measure key, which survive a new version of the plan's text. `region` is the plan's own for
    provincial bodies, a city for counterparts, a county for what a city handed down (`parent` is the city's duty).
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assignments", verbose_name=_("方案"))
    measure_key = models.CharField(_("任务"), max_length=40)
    subtask = models.ForeignKey(
        SubTask, models.PROTECT, null=True, related_name="assignments", verbose_name=_("子任务")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments", verbose_name=_("单位"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="assignments", verbose_name=_("地区"))
    role = models.CharField(_("职责"), max_length=10, choices=AssignmentRole.choices)
    origin = models.CharField(_("来源"), max_length=12, choices=AssignmentOrigin.choices)
    # The provincial bodies whose work a city's body does in this measure, by code.
    serves = models.JSONField(_("对口省级部门"), default=list)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级责任项"))
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"), null=True)

    class Meta:
        ordering = ["plan", "measure_key", "region", "role", "organisation__order", "id"]
        verbose_name = _("责任项")
        indexes = [
            models.Index(fields=["plan", "measure_key", "organisation"]),
            models.Index(fields=["region", "organisation"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "measure_key", "organisation"],
                condition=Q(ended_at=None, subtask=None),
                name="one_assignment_per_body",
            ),
            models.UniqueConstraint(
                fields=["subtask", "organisation"], condition=Q(ended_at=None), name="one_assignment_per_subtask"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_key} {self.organisation_id}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return work_scope(viewer)
