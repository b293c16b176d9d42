"""The kinds of task progress puts into the inbox, part by part. Importing a part registers its kinds.

Here stands what the audit log calls the objects progress writes about.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.audit.registry import name_kind

name_kind("problem", pgettext_lazy("one", "难点堵点"))
name_kind("letter", pgettext_lazy("one", "督办单"))
name_kind("progress.duty", _("责任事项"))
name_kind("progress.round", _("填报期"))
name_kind("progress.report", _("进展报告"))
name_kind("progress.result", pgettext_lazy("one", "成果"))
name_kind("progress.meeting_pack", _("协调会议材料"))
