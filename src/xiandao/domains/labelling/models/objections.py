"""Objections (异议) of an enterprise to how it is classified, and the answer it gets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.enterprises.models import Enterprise, EnterpriseRole
from xiandao.domains.enterprises.models.enterprises import place_scope
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class ObjectionState(models.TextChoices):
    RAISED = "raised", _("待答复")
    UPHELD = "upheld", _("采纳")
    PARTLY = "partly", _("部分采纳")
    DISMISSED = "dismissed", _("不采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


class Objection(ScopedModel):
    """An enterprise says that it does, or does not, belong to an industry, or in another role.

    `asked_role` is the role it asks for, "" for none: it does not belong. `answered_role` what was decided.
    """

    code = models.CharField(_("编号"), max_length=20, unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="objections", verbose_name=_("企业"))
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("产业"))
    raised_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("提出单位"))
    asked_role = models.CharField(_("认为应是"), max_length=8, choices=EnterpriseRole.choices, blank=True)
    text = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.RAISED)
    raised_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("答复期限"), null=True)
    answered_role = models.CharField(_("答复结论"), max_length=8, choices=EnterpriseRole.choices, blank=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = _("企业异议")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "industry"],
                condition=Q(state=ObjectionState.RAISED),
                name="one_open_objection_per_industry",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Seen by the enterprise, and by those who settle or review in its place."""
        own = Q(raised_by=viewer.organisation_id) if viewer.organisation_id else Q(pk__in=[])
        if viewer.can(Can.SETTLE_REVIEWS, Can.REVIEW_ENTERPRISES):
            # An empty condition is everything, but nothing when it is joined to another by "or".
            place = place_scope(viewer, "enterprise__")
            return own | place if place else place
        return own


class ObjectionEvent(models.Model):
    """One thing that happened to an objection."""

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="events")
    state = models.CharField(pgettext_lazy("one step", "经过"), max_length=10, choices=ObjectionState.choices)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        ordering = ["objection", "at", "id"]


class ObjectionNumber(models.Model):
    """The last number given to an objection in a year; its row is locked until the transaction that takes one ends."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    @classmethod
    def take(cls, year: int) -> int:
        """Take the next number of a year."""
        cls.objects.get_or_create(year=year)
        row = cls.objects.select_for_update().get(year=year)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last
