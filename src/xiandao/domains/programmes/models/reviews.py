"""What a review found of an application, whoever held it: the review desk or a panel outside the platform."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.programmes.models.applications import Application


class Advice(models.TextChoices):
    APPROVE = "approve", _("建议入选")
    RESERVE = "reserve", _("建议列入储备")
    REFUSE = "refuse", _("建议不入选")


class ReviewResult(models.Model):
    """Score, place and advice of the panel. `origin`: who delivered it ("outside": a review held elsewhere)."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="review")
    score = models.DecimalField(_("评审得分"), max_digits=9, decimal_places=4, null=True)
    place = models.PositiveIntegerField(_("名次"), null=True)
    advice = models.CharField(_("专家意见"), max_length=10, choices=Advice.choices)
    panel = models.CharField(_("评审组"), max_length=300)
    held_on = models.DateField(_("评审日期"))
    text = models.TextField(_("评审意见"), blank=True)
    origin = models.CharField(max_length=40, default="outside")
    at = models.DateTimeField(_("登记时间"))
    by = models.CharField(_("登记人"), max_length=200)

    class Meta:
        ordering = ["place", "id"]
