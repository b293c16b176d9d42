"""Problems (难点堵点): who asks whom for help, who is waiting, and everything that happened to it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models.assignments import Assignment
from xiandao.domains.progress.models.reports import Report
from xiandao.domains.progress.models.scope import work_scope


class ProblemState(models.TextChoices):
    RAISED = "raised", _("待交办")
    ASSIGNED = "assigned", _("办理中")
    ANSWERED = "answered", _("待确认")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


class Problem(ScopedModel):
    """A problem of one duty that asks a named organisation for help."""

    code = models.CharField(_("编号"), max_length=20, unique=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="problems", verbose_name=_("责任项"))
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="problems", verbose_name=_("进展报告"))
    title = models.CharField(_("难点堵点"), max_length=200)
    text = models.TextField(_("具体情况"), blank=True)
    request = models.TextField(_("请求事项"), blank=True)
    raised_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="problems_raised", verbose_name=_("提出单位")
    )
    asked_of = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="problems_asked", verbose_name=_("请求协调单位")
    )
    assigned_to = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="problems_assigned", verbose_name=_("承办单位")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ProblemState.choices, default=ProblemState.RAISED)
    raised_at = models.DateTimeField(_("提出时间"), null=True)
    due_on = models.DateField(_("本环节截止"), null=True)
    escalates_on = models.DateField(_("升级日"), null=True)
    escalated_at = models.DateTimeField(_("升级时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = _("难点堵点")
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Seen with its duty, and by whoever raised it, was asked, or has to answer it."""
        own = viewer.organisation_id
        if own is None or not viewer.can(Can.REPORT, Can.VERIFY, Can.READ_PROGRESS, Can.ANSWER_PROBLEMS):
            return Q(pk__in=[])
        scope = work_scope(viewer, "assignment__")
        if viewer.can(Can.READ_PROGRESS):
            return scope
        party = Q(asked_of=own) | Q(assigned_to=own)
        return Q(raised_by=own) | scope | party


class ProblemEventKind(models.TextChoices):
    RAISED = "raised", pgettext_lazy("problem-past", "提出")
    ASSIGNED = "assigned", pgettext_lazy("past", "交办")
    REASSIGNED = "reassigned", pgettext_lazy("past", "改派")
    ANSWERED = "answered", pgettext_lazy("past", "答复")
    ACCEPTED = "accepted", pgettext_lazy("past", "确认办结")
    REJECTED = "rejected", pgettext_lazy("past", "不认可答复")
    ESCALATED = "escalated", pgettext_lazy("past", "升级至协调机制")
    WITHDRAWN = "withdrawn", pgettext_lazy("past", "撤回")
    REMARK = "remark", pgettext_lazy("past", "补充说明")


class ProblemEvent(models.Model):
    """One thing that happened to a problem; the state on any past day is told from these."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="events")
    kind = models.CharField(_("事件"), max_length=12, choices=ProblemEventKind.choices)
    state = models.CharField(max_length=10, choices=ProblemState.choices)
    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.CharField(_("操作人"), max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    to = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("交给"))
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        ordering = ["problem", "at", "id"]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.kind}"
