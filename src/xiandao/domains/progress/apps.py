"""Django application of progress."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    name = "xiandao.domains.progress"
    label = "progress"
    verbose_name = _("进展")

    def ready(self) -> None:
        from xiandao.domains.progress import (  # noqa: F401 — connects to the hooks of other domains
            evidence,
            papers,
            planning_hooks,
            receivers,
        )
        from xiandao.domains.progress.kinds import (  # noqa: F401 — registers the kinds of task
            planning,
            problems,
            reports,
        )
