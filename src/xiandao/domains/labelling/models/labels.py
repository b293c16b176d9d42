"""Labels (标注): what people settled of an enterprise, with the text they looked at; refitting reads these."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.enterprises.models.enterprises import place_scope
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class LabelSource(models.TextChoices):
    REVIEW = "review", _("复核")
    SETTLED = "settled", _("裁定")
    OBJECTION = "objection", _("异议答复")


class Label(ScopedModel):
    """Role by industry of one enterprise as it was registered then; `current` the newest of an enterprise.

    Name and scope are copied: a label is of a text, and does not hold for another one. `about` are the industries it
    speaks of, all where empty: an answered objection decides on one.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="labels", verbose_name=_("企业"))
    name = models.CharField(_("名称"), max_length=300)
    scope = models.TextField(_("经营范围"))
    labels = models.JSONField(default=dict)
    about = models.JSONField(default=list)
    doubtful = models.BooleanField(_("拿不准"), default=False)
    source = models.CharField(_("来源"), max_length=10, choices=LabelSource.choices)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("认定人"), max_length=200)
    item = models.ForeignKey("labelling.Item", models.SET_NULL, null=True, related_name="labels")
    current = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("标注")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(current=True), name="one_current_label_per_enterprise"
            )
        ]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        if not viewer.can(Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS):
            return Q(pk__in=[])
        return place_scope(viewer, "enterprise__")
