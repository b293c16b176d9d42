"""The audit record. It refers to people and objects by code and name, so that it outlives them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditHead(models.Model):
    """The one row every writer locks, so that records are numbered without gap and linked in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class AuditRecord(models.Model):
    """One thing done. Rows are only ever added."""

    number = models.PositiveBigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    click = models.UUIDField(_("操作批次"), db_index=True)
    action = models.CharField(_("动作"), max_length=60, db_index=True)
    actor = models.CharField(_("操作人账号"), max_length=150, db_index=True)
    actor_name = models.CharField(_("操作人"), max_length=100)
    post = models.CharField(_("岗位"), max_length=200, blank=True)
    organisation = models.CharField(_("机构代码"), max_length=60, blank=True, db_index=True)
    object_kind = models.CharField(_("对象类型"), max_length=60)
    object_key = models.CharField(_("对象编号"), max_length=120)
    object_label = models.CharField(_("对象"), max_length=300)
    before = models.JSONField(_("变更前"), null=True)
    after = models.JSONField(_("变更后"), null=True)
    reason = models.TextField(_("理由"), blank=True)
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["object_kind", "object_key"])]
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.object_label}"

    def content(self) -> dict[str, Any]:
        """Return the fields the hash covers, in the form in which they were hashed."""
        return {
            "number": self.number,
            "at": self.at.isoformat(timespec="microseconds"),
            "click": str(self.click),
            "action": self.action,
            "actor": self.actor,
            "actor_name": self.actor_name,
            "post": self.post,
            "organisation": self.organisation,
            "object_kind": self.object_kind,
            "object_key": self.object_key,
            "object_label": self.object_label,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "address": self.address,
        }
