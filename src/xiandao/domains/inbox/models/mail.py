"""The daily e-mail: who does not want it, and that it was sent, so that nobody gets two on one day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import User


class MailChoice(models.Model):
    """What a person chose about the daily e-mail; without a row it is sent."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="mail_choice")
    digest = models.BooleanField(_("每日邮件提醒"), default=True)


class DigestState(models.TextChoices):
    # Claimed by a worker; one that dies here leaves it so: better no mail than two.
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")


class Digest(models.Model):
    """One daily e-mail to one person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="digests")
    on = models.DateField(_("日期"))
    tasks = models.PositiveIntegerField(_("待办数"))
    state = models.CharField(_("状态"), max_length=10, choices=DigestState.choices)
    attempts = models.PositiveIntegerField(_("次数"), default=1)
    at = models.DateTimeField(_("时间"))
    error = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = _("每日邮件提醒")
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.user_id}"
