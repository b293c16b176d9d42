"""What is added to a target: baseline, path, city shares. Rows are superseded, never edited, so any day can be told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan


class TargetRow(ScopedModel):
    """Something recorded about a target of a plan, from a moment until something newer took its place."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name=_("方案"))
    target_key = models.CharField(_("目标"), max_length=40)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=200)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["plan", "target_key", "-recorded_at"]

    def __str__(self) -> str:
        return f"{self.target_key} {self.recorded_at:%Y-%m-%d}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Baselines and paths are working papers of those who report."""
        return Q() if viewer.is_person and viewer.organisation_id else Q(pk__in=[])


class BaselineKind(models.TextChoices):
    MEASURED = "measured", _("有基数")
    FROM_ZERO = "from_zero", _("自方案起算，此前不计")


class Baseline(TargetRow):
    """Where a target started: a value with its source, or that things before the plan do not count."""

    kind = models.CharField(_("口径"), max_length=10, choices=BaselineKind.choices)
    value = models.DecimalField(_("基数"), max_digits=24, decimal_places=6, null=True)
    as_of = models.DateField(_("截至"))
    source = models.CharField(_("出处"), max_length=500)

    class Meta(TargetRow.Meta):
        verbose_name = _("基数")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "target_key"], condition=Q(superseded_at=None), name="one_baseline_in_force"
            )
        ]


class Path(TargetRow):
    """The value to be reached by each of some days, for the whole (no region). Without a path it is linear.

    `points` is a list of [ISO date, decimal as text], in order.
    """

    points = models.JSONField(_("进度安排"), default=list)
    source = models.CharField(_("依据"), max_length=500, blank=True)

    class Meta(TargetRow.Meta):
        verbose_name = _("年度进度")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "target_key"], condition=Q(superseded_at=None), name="one_path_in_force"
            )
        ]


class ShareState(models.TextChoices):
    PROPOSED = "proposed", _("待牵头部门确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未同意")


class ShareSet(TargetRow):
    """How a target is divided among the cities: a proposal until the lead department confirms it."""

    state = models.CharField(_("状态"), max_length=10, choices=ShareState.choices, default=ShareState.PROPOSED)
    reason = models.TextField(_("理由"), blank=True)
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    decided_by = models.CharField(_("确认人"), max_length=200, blank=True)
    decision_note = models.TextField(_("意见"), blank=True)

    class Meta(TargetRow.Meta):
        verbose_name = _("分市份额")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "target_key"],
                condition=Q(superseded_at=None, state="confirmed"),
                name="one_confirmed_share_set",
            ),
            models.UniqueConstraint(
                fields=["plan", "target_key"],
                condition=Q(superseded_at=None, state="proposed"),
                name="one_proposed_share_set",
            ),
        ]


class Share(models.Model):
    """One city's part of a target."""

    share_set = models.ForeignKey(ShareSet, models.CASCADE, related_name="shares")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("设区市"))
    value = models.DecimalField(_("份额"), max_digits=24, decimal_places=6)

    class Meta:
        ordering = ["share_set", "region"]
        constraints = [models.UniqueConstraint(fields=["share_set", "region"], name="one_share_per_city")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.value}"
