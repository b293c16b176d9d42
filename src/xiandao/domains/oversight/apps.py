"""Django application of audit pages, archives and backups."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "xiandao.domains.oversight"
    label = "oversight"
    verbose_name = _("审计监督")
