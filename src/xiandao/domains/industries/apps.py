"""Django application of industries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndustriesConfig(AppConfig):
    name = "xiandao.domains.industries"
    label = "industries"
    verbose_name = _("产业")

    def ready(self) -> None:
        from xiandao.domains.industries import receivers  # noqa: F401 — connects the hooks
