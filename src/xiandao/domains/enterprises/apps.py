"""Django application: enterprises."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    name = "xiandao.domains.enterprises"
    label = "enterprises"
    verbose_name = _("企业识别")

    def ready(self) -> None:
        from xiandao.domains.enterprises import hooks, panels, receivers  # noqa: F401 — connects the hooks
