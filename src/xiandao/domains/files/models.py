"""A stored file, once for each content; and that it is attached to something, by whom, for which organisation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.permission import ScopedModel

# What a browser may show in its window: pictures and PDF, which run nothing of this site.
INLINE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg"})


class AllowedType(models.Model):
    """A type of file the pack lets people upload, by the ending of its name."""

    ending = models.CharField(_("扩展名"), max_length=10, primary_key=True)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.ending


class StoredFile(ScopedModel):
    """One content, kept once whoever uploads it. Nobody reads it but through an attachment they may see."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("大小"))
    path = models.CharField(max_length=200)
    stored_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = _("文件内容")

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(ScopedModel):
    """A file attached to something (`holder_kind`, `holder_key`). Removed ones stay, with who and why.

    Who may see it is what the holder's kind says (files.registry), so rows are read through files.queries alone.
    """

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments", verbose_name=_("文件"))
    holder_kind = models.CharField(max_length=60)
    holder_key = models.CharField(max_length=120)
    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=120)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))
    uploader = models.CharField(_("上传人姓名"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("上传单位")
    )
    at = models.DateTimeField(_("上传时间"))
    removed_at = models.DateTimeField(_("移除时间"), null=True)
    removed_by = models.CharField(_("移除人"), max_length=200, blank=True)
    removed_reason = models.CharField(_("移除理由"), max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("附件")
        indexes = [models.Index(fields=["holder_kind", "holder_key", "removed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["holder_kind", "holder_key", "file"],
                condition=Q(removed_at=None),
                name="same_file_attached_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def inline(self) -> bool:
        """Whether a browser may show it in its window."""
        return self.media_type in INLINE_TYPES
