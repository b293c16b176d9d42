"""Django application: labelling."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabellingConfig(AppConfig):
    name = "xiandao.domains.labelling"
    label = "labelling"
    verbose_name = _("识别复核")

    def ready(self) -> None:
        from xiandao.domains.labelling import estimates, evidence, kinds, panels, receivers  # noqa: F401 — connects the hooks
