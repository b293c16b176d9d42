"""Django application: programmes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "xiandao.domains.programmes"
    label = "programmes"
    verbose_name = _("专项申报")

    def ready(self) -> None:
        from xiandao.domains.programmes import (  # noqa: F401 — connects the hooks
            evidence,
            office_evidence,
            office_receivers,
            receivers,
        )
        from xiandao.domains.programmes.kinds import applying, office  # noqa: F401 — registers the tasks
