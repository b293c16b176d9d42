"""Django application of files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "xiandao.domains.files"
    label = "files"
    verbose_name = _("文件")

    def ready(self) -> None:
        from xiandao.domains.files import checks, receivers  # noqa: F401 — registers checks, connects to hooks
