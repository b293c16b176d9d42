"""Programmes (专项): a kind of list or project the plan promises, defined by pack data and kept in versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.models import Named, Organisation


class ProgrammeKind(models.TextChoices):
    DESIGNATION = "designation", pgettext_lazy("programme", "认定")
    FUNDING = "funding", _("立项资助")
    OPEN_BID = "open_bid", _("揭榜挂帅")
    HORSE_RACE = "horse_race", _("赛马")
    COMMISSION = "commission", _("定向委托")
    CONTEST = "contest", _("竞赛")
    NOMINATION = "nomination", _("推荐遴选")


class Programme(Named):
    """One programme. `serves` lists the targets its entries count towards: [{"plan": …, "target": …}]."""

    code = models.SlugField(_("代码"), max_length=60, primary_key=True)
    kind = models.CharField(_("方式"), max_length=12, choices=ProgrammeKind.choices)
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("牵头单位"))
    measures = models.JSONField(_("任务"), default=list)
    serves = models.JSONField(_("服务的目标"), default=list)
    order = models.PositiveIntegerField(default=0)
    in_force = models.BooleanField(_("现行"), default=True)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("专项")


class ProgrammeVersion(models.Model):
    """A definition as it was (the YAML as JSON), never edited. A call keeps the version it began with."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions", verbose_name=_("专项"))
    number = models.PositiveIntegerField(_("版次"))
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("载入时间"))
    current = models.BooleanField(default=True)

    class Meta:
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_definition_per_number"),
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(current=True), name="one_definition_in_force"
            ),
        ]
