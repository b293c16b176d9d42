"""Reporting rounds (填报期) and the report of each duty, with every version submitted, returned or verified."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.models.assignments import Assignment
from xiandao.domains.progress.models.scope import work_scope
from xiandao.kernel import Period


def period_name(code: str) -> str:
    """Return what a period is called in Chinese; its code, such as 2026Q3, in any other language."""
    return Period.parse(code).label if (get_language() or "zh").startswith("zh") else code


class RoundScope(models.TextChoices):
    LEADS = "leads", _("只由牵头单位和承办市填报")
    ALL = "all", _("牵头、配合单位都填报")


class RoundState(models.TextChoices):
    OPEN = "open", _("填报中")
    CLOSED = "closed", _("已关闭")


class Round(ScopedModel):
    """One period everybody reports on, until a day. `period` is a code of the kernel, such as 2026Q3."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name=_("方案"))
    period = models.CharField(_("期间"), max_length=10)
    period_end = models.DateField(_("期末"))
    scope = models.CharField(_("填报范围"), max_length=10, choices=RoundScope.choices, default=RoundScope.LEADS)
    due_on = models.DateField(_("填报截止"))
    note = models.TextField(_("填报说明"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    opened_at = models.DateTimeField(_("开启时间"))
    opened_by = models.CharField(_("开启人"), max_length=200)
    closed_at = models.DateTimeField(_("关闭时间"), null=True)
    closed_by = models.CharField(_("关闭人"), max_length=200, blank=True)
    times_reopened = models.PositiveIntegerField(_("重新开启次数"), default=0)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        ordering = ["-period_end", "plan"]
        verbose_name = _("填报期")
        constraints = [models.UniqueConstraint(fields=["plan", "period"], name="one_round_per_period")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name of its period in Chinese; its code, such as 2026Q3, in any other language."""
        return period_name(self.period)

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Everybody who reports, verifies or oversees knows of the rounds."""
        return Q() if viewer.can(Can.REPORT, Can.VERIFY, Can.READ_PROGRESS) else Q(pk__in=[])


class ReportState(models.TextChoices):
    EMPTY = "empty", _("未填")
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待核实")
    RETURNED = "returned", _("已退回")
    VERIFIED = "verified", _("已核实")


class Standing(models.TextChoices):
    """How the work stands, in the reporter's own judgement."""

    UNKNOWN = "", _("未填")
    ON_TRACK = "on_track", _("按期推进")
    AT_RISK = "at_risk", _("有风险")
    BLOCKED = "blocked", _("受阻")
    DONE = "done", _("已完成")


class ReportText(models.Model):
    """What a report says in words."""

    standing = models.CharField(_("进展状态"), max_length=10, choices=Standing.choices, blank=True, default="")
    happened = models.TextField(_("本期进展"), blank=True)
    next_step = models.TextField(_("下一步"), blank=True)

    class Meta:
        abstract = True


class Report(ScopedModel, ReportText):
    """What one duty reports in one round. `revision` counts saves: who saves over another's change is told."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="reports", verbose_name=_("填报期"))
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports", verbose_name=_("责任项"))
    state = models.CharField(_("状态"), max_length=10, choices=ReportState.choices, default=ReportState.EMPTY)
    revision = models.PositiveIntegerField(default=0)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("上期"))
    saved_at = models.DateTimeField(_("保存时间"), null=True)
    saved_by = models.CharField(_("保存人"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    submitted_by = models.CharField(_("提交人"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("核实时间"), null=True)
    decided_by = models.CharField(_("核实人"), max_length=200, blank=True)
    return_reason = models.TextField(_("退回理由"), blank=True)

    class Meta:
        ordering = ["round_id", "assignment_id"]
        verbose_name = _("进展报告")
        indexes = [models.Index(fields=["round", "state"])]
        constraints = [models.UniqueConstraint(fields=["round", "assignment"], name="one_report_per_duty")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.assignment_id}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return work_scope(viewer, "assignment__")


class ReportEvent(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("past", "提交")
    RETURNED = "returned", pgettext_lazy("past", "退回")
    WITHDRAWN = "withdrawn", pgettext_lazy("past", "撤回")
    VERIFIED = "verified", pgettext_lazy("past", "核实")
    REOPENED = "reopened", pgettext_lazy("past", "重新开启")


class ReportVersion(ReportText):
    """A report as it was when it was submitted, withdrawn, returned, verified or reopened: any day is told from it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    event = models.CharField(_("事件"), max_length=10, choices=ReportEvent.choices)
    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.CharField(_("操作人"), max_length=200)
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        ordering = ["report_id", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_versions_numbered")]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.number}"
