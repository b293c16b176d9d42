"""Papers for the coordination mechanism (协调会议材料): how everything stood at one moment, reproducible."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan


class MeetingPack(ScopedModel):
    """One set of papers. `content` is all that was printed; made again for the same moment it must hash the same."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="meeting_packs", verbose_name=_("方案"))
    title = models.CharField(_("标题"), max_length=200)
    as_of = models.DateTimeField(_("数据截至"))
    content = models.JSONField()
    sha256 = models.CharField(_("内容指纹"), max_length=64)
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=200)

    class Meta:
        ordering = ["-as_of", "-id"]
        verbose_name = _("会议材料")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return Q() if viewer.can(Can.READ_MEETING_PACKS) else Q(pk__in=[])
