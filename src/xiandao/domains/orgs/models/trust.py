"""What signing in rests on: security values of the pack, and the sessions that are open."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models.people import User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class SecurityUnit(models.TextChoices):
    CHARACTERS = "characters", _("个字符")
    CLASSES = "classes", _("类字符")
    PASSWORDS = "passwords", _("个密码")
    ATTEMPTS = "attempts", _("次")
    SESSIONS = "sessions", _("个会话")
    FACTORS = "factors", _("个因素")
    MINUTES = "minutes", _("分钟")
    DAYS = "days", _("天")
    MONTHS = "months", _("个月")
    MEGABYTES = "megabytes", _("MB")
    FILES = "files", _("个文件")
    TIMES = "times", _("倍")


class SecurityValue(models.Model):
    """One security value: what the pack says, and what this office has set in its place."""

    key = models.CharField(_("代码"), max_length=60, primary_key=True)
    value = models.PositiveIntegerField(_("政策包数值"))
    own_value = models.PositiveIntegerField(_("本机数值"), null=True)
    unit = models.CharField(_("单位"), max_length=20, choices=SecurityUnit.choices)
    source = models.CharField(_("依据"), max_length=300, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        verbose_name = _("安全数值")

    @property
    def in_force(self) -> int:
        """The value that holds here."""
        return self.value if self.own_value is None else self.own_value

    @property
    def duration(self) -> dt.timedelta:
        """The value as a length of time. Raises ValueError where it is none."""
        if self.unit not in (SecurityUnit.MINUTES, SecurityUnit.DAYS):
            raise ValueError(f"{self.key} is no length of time")
        return dt.timedelta(**{self.unit: self.in_force})


# Words of a browser's own description, the telling before the common: every browser calls itself Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("QQBrowser", "QQ"),
    ("MicroMessenger", "WeChat"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class OpenSession(ScopedModel):
    """A browser in which somebody is signed in; gone when the session ends."""

    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(_("登录时间"))
    seen_at = models.DateTimeField(_("最近活动"))
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    device = models.CharField(_("浏览器"), max_length=300, blank=True)

    class Meta:
        ordering = ["-seen_at", "-id"]
        verbose_name = _("会话")

    @property
    def device_label(self) -> str:
        """The browser and system as a person knows them; the description itself where it is unknown."""
        names = [next((name for word, name in words if word in self.device), "") for words in (_BROWSERS, _SYSTEMS)]
        return " · ".join(name for name in names if name) or self.device or "—"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Everybody sees their own sessions, who approves grants sees all."""
        if viewer.can(Can.APPROVE_GRANTS):
            return Q()
        return Q(user_id=viewer.user_id) if viewer.is_person else Q(pk__in=[])
