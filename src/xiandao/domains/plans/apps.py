"""Django application of plans."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "xiandao.domains.plans"
    label = "plans"
    verbose_name = _("方案")

    def ready(self) -> None:
        from xiandao.domains.plans import receivers  # noqa: F401 — connects the hooks
