"""Django application: ledger."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "xiandao.domains.ledger"
    label = "ledger"
    verbose_name = _("台账")

    def ready(self) -> None:
        from xiandao.domains.ledger import evidence, hooks, panels, receivers  # noqa: F401 — connects the hooks
