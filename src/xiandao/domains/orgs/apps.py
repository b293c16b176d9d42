"""Django application of people, organisations and permission."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    name = "xiandao.domains.orgs"
    label = "orgs"
    verbose_name = _("机构与人员")

    def ready(self) -> None:
        from xiandao.domains.orgs import checks, receivers  # noqa: F401 — registers the system checks, connects the hooks
