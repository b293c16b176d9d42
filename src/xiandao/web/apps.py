"""Django application of the shell: layout, navigation, search, map, exports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "xiandao.web"
    label = "web"
    verbose_name = _("界面")
