"""Deadlines a round had before: what was late on a past day is told from the deadline of that day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.progress.models.reports import Round


class PastDeadline(models.Model):
    """The last day a round had until a moment, when it was moved. What was never moved stands in the round itself."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="past_deadlines")
    due_on = models.DateField(_("原填报截止"))
    until = models.DateTimeField(_("调整时间"))

    class Meta:
        ordering = ["round", "until", "id"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.due_on}"
