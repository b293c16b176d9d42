"""The audit record, its chain's head, sealed archives and checks. A record outlives the people and objects it names."""

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit.chain import Link, Sealed
from xiandao.domains.audit.plain import address as plain_address


class AuditHead(models.Model):
    """The one row every writer locks, so that records are numbered without gap and linked in order.

    `ledger` is the hash of record 1: it tells this log from every other. `anchor_lines` and `anchor_hash` are how far
    the anchor file had come when the last record was written, so that a file cut afterwards is noticed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    ledger = models.CharField(max_length=64, blank=True)
    anchor_lines = models.PositiveBigIntegerField(default=0)
    anchor_hash = models.CharField(max_length=64, blank=True)

    @property
    def link(self) -> Link:
        """Where the chain stands."""
        return Link(self.number, self.hash)


# The columns the hash covers, and the two that hold the chain together.
CONTENT = (
    "number",
    "at",
    "click",
    "action",
    "actor",
    "actor_name",
    "post",
    "organisation",
    "object_kind",
    "object_key",
    "object_label",
    "before",
    "after",
    "reason",
    "address",
)
STORED = (*CONTENT, "previous_hash", "hash")
HEAVY = ("before", "after")
"""The columns a list never loads: they can hold a whole plan."""


def sealed(values: tuple[Any, ...]) -> Sealed:
    """Return a record given as the values of STORED, its content in the form in which it was hashed."""
    content = dict(zip(CONTENT, values, strict=False))
    at: dt.datetime = content["at"]
    click: uuid.UUID = content["click"]
    content["at"] = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    content["click"] = str(click)
    content["address"] = plain_address(content["address"])
    return Sealed(content["number"], values[-2], content, values[-1])


class AuditRecord(models.Model):
    """One thing done. Rows are only ever added; triggers in the database refuse everything else."""

    number = models.PositiveBigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    click = models.UUIDField(_("操作批次"))
    action = models.CharField(_("动作"), max_length=60)
    actor = models.CharField(_("操作人账号"), max_length=150)
    actor_name = models.CharField(_("操作人"), max_length=100)
    post = models.CharField(_("岗位"), max_length=200, blank=True)
    organisation = models.CharField(_("机构代码"), max_length=80, blank=True)
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
        # Every filter of the auditors' list ends in the order of the list, so that a page is read off an index.
        indexes = [
            models.Index(fields=["at", "number"], name="audit_by_time"),
            models.Index(fields=["actor", "at", "number"], name="audit_by_actor"),
            models.Index(fields=["action", "at", "number"], name="audit_by_action"),
            models.Index(fields=["organisation", "at", "number"], name="audit_by_organisation"),
            models.Index(fields=["object_kind", "object_key", "at", "number"], name="audit_by_object"),
            models.Index(fields=["object_kind", "at", "number"], name="audit_by_kind"),
            models.Index(fields=["object_key", "at", "number"], name="audit_by_key"),
            models.Index(fields=["click", "number"], name="audit_by_click"),
        ]
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.object_label}"

    def sealed(self) -> Sealed:
        """Return the record as the chain sees it."""
        return sealed(tuple(getattr(self, name) for name in STORED))

    def content(self) -> dict[str, Any]:
        """Return the fields the hash covers, in the form in which they were hashed."""
        return dict(self.sealed().content)


class AuditArchive(models.Model):
    """A run of records moved out of the database into a sealed file; the chain goes through it. Only ever added."""

    first = models.PositiveBigIntegerField(_("首条"), unique=True)
    last = models.PositiveBigIntegerField(_("末条"), unique=True)
    first_at = models.DateTimeField(_("首条时间"))
    last_at = models.DateTimeField(_("末条时间"))
    last_hash = models.CharField(_("末条哈希"), max_length=64)
    file = models.CharField(_("文件"), max_length=120)
    sha256 = models.CharField(_("文件指纹"), max_length=64)
    archived_at = models.DateTimeField(_("归档时间"))

    class Meta:
        ordering = ["first"]
        verbose_name = _("审计归档")

    def __str__(self) -> str:
        return self.file

    @property
    def link(self) -> Link:
        """Where the chain stands at the archive's end."""
        return Link(self.last, self.last_hash)


class AuditCheck(models.Model):
    """One verification asked for on the page: who asked, how far it is, what it found."""

    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.CharField(_("提出人"), max_length=100)
    done = models.PositiveBigIntegerField(_("已核验"), default=0)
    total = models.PositiveBigIntegerField(_("共"), default=0)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    sound = models.BooleanField(_("完好"), null=True)
    lines = models.JSONField(_("结果"), default=list)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("审计核验")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.asked_by}"
