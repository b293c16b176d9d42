"""A task: one thing that waits for one organisation, and for one of its people if it was handed to somebody."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.inbox.models.clocks import Clocked
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state", "待办")
    DONE = "done", _("已办")
    # The time ran out and the rule reads something into silence: the platform did it.
    LAPSED = "lapsed", _("逾期视为")
    WITHDRAWN = "withdrawn", _("已撤销")


class Task(ScopedModel, Clocked):
    """What waits. `kind` is a registered code; `subject` is the name of the object, as data."""

    kind = models.CharField(_("事项"), max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="tasks", verbose_name=_("办理单位"))
    capability = models.CharField(_("所需权限"), max_length=40)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="tasks", verbose_name=_("办理人"))
    object_kind = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    subject = models.CharField(_("对象"), max_length=300)
    subject_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    opened_at = models.DateTimeField(_("收到"))
    opened_by = models.CharField(_("交办人"), max_length=200)
    closed_at = models.DateTimeField(_("办结"), null=True)
    closed_by = models.CharField(_("办结人"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    # Who of the organisation handed it to `person`, when and why; empty where the domain chose the person.
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("转交人"))
    handed_at = models.DateTimeField(_("转交时间"), null=True)
    handed_reason = models.CharField(_("转交理由"), max_length=300, blank=True)
    # The day the lapse was dealt with, so that it is dealt with once; and the day of the last reminder.
    lapsed_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("待办")
        indexes = [
            models.Index(fields=["organisation", "state", "due_on"]),
            models.Index(fields=["object_kind", "object_key"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_kind", "object_key", "organisation"],
                condition=Q(state="open"),
                name="one_open_task",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """A task is for those of its organisation who may do it."""
        if viewer.organisation_id is None:
            return Q(pk__in=[])
        return Q(organisation=viewer.organisation_id, capability__in=viewer.capabilities)


class TaskSeen(models.Model):
    """That a person has looked at a task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="seen")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="seen_once")]
