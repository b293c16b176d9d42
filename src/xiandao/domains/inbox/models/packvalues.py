"""Single values of the pack that are no time limit: tolerances, hours, marks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PackValue(models.Model):
    """One value of progress.yaml, or of a file a domain to the right reads, with its source."""

    key = models.CharField(_("代码"), max_length=60, primary_key=True)
    value = models.JSONField(_("值"))
    source = models.CharField(_("依据"), max_length=300, blank=True)
    confidence = models.CharField(_("依据可信度"), max_length=20, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("政策包数值")

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
