"""Django application of inbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "xiandao.domains.inbox"
    label = "inbox"
    verbose_name = _("待办")

    def ready(self) -> None:
        from xiandao.domains.inbox import receivers  # noqa: F401 — connects to the hooks of other domains
