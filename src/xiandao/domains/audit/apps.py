"""Django application of the audit log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "xiandao.domains.audit"
    label = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        from xiandao.domains.audit.queries import newest_hash
        from xiandao.domains.shared.remember import register_end

        register_end(newest_hash)
