"""Reminder letters (督办单): numbered, to one organisation, with a deadline, a receipt and a reply."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models.problems import Problem
from xiandao.domains.progress.models.reports import Report


class LetterState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    ISSUED = "issued", _("待签收")
    RECEIVED = "received", _("办理中")
    REPLIED = "replied", _("已回复")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


class Letter(ScopedModel):
    """A letter that urges one organisation to do what is late. It has a number once it is issued."""

    number = models.CharField(_("文号"), max_length=60, unique=True, blank=True, null=True)
    year = models.PositiveIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    to = models.ForeignKey(Organisation, models.PROTECT, related_name="letters", verbose_name=_("受文单位"))
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("督办事项"))
    demand = models.TextField(_("办理要求"), blank=True)
    reports = models.ManyToManyField(Report, related_name="letters", verbose_name=_("相关进展报告"))
    problems = models.ManyToManyField(Problem, related_name="letters", verbose_name=_("相关难点堵点"))
    due_on = models.DateField(_("办理时限"))
    state = models.CharField(_("状态"), max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    created_at = models.DateTimeField(_("起草时间"))
    created_by = models.CharField(_("起草人"), max_length=200)
    issued_at = models.DateTimeField(_("签发时间"), null=True)
    issued_by = models.CharField(_("签发人"), max_length=200, blank=True)
    receive_by = models.DateField(_("签收时限"), null=True)
    received_at = models.DateTimeField(_("签收时间"), null=True)
    received_by = models.CharField(_("签收人"), max_length=200, blank=True)
    reply = models.TextField(_("办理结果"), blank=True)
    replied_at = models.DateTimeField(_("回复时间"), null=True)
    replied_by = models.CharField(_("回复人"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    closed_by = models.CharField(_("办结人"), max_length=200, blank=True)
    closing_note = models.TextField(_("办结意见"), blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("督办单")
        constraints = [models.UniqueConstraint(fields=["year", "serial"], name="letters_numbered")]

    def __str__(self) -> str:
        return self.number or self.title

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """The coordinator and auditors see all; the addressee sees what was issued to it."""
        if viewer.can(Can.READ_PROGRESS):
            return Q()
        if viewer.organisation_id is None or not viewer.can(Can.RECEIVE_LETTERS):
            return Q(pk__in=[])
        return Q(to=viewer.organisation_id) & ~Q(state__in=[LetterState.DRAFT, LetterState.WITHDRAWN])


class LetterEvent(models.Model):
    """One step of a letter; its state on any past day is told from these, also after a reply was sent back."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="events")
    state = models.CharField(max_length=10, choices=LetterState.choices)
    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.CharField(_("操作人"), max_length=200)
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        ordering = ["letter", "at", "id"]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.state}"
