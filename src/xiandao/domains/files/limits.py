"""How large and how many files may be, and of which types: pack data, with what this office has set in its place."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.models import AllowedType
from xiandao.domains.orgs.models import SecurityValue
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared.archives import MEGABYTE, ArchiveLimits

_KEYS = ("file_max_size", "files_per_holder", "unpacked_max_size", "unpacked_ratio", "unpacked_files")


@dataclass(frozen=True, slots=True)
class FileLimits:
    """`size` in bytes, `per_holder` in files, `types` as endings in the order they are shown."""

    size: int
    per_holder: int
    archive: ArchiveLimits
    types: tuple[str, ...]

    @property
    def megabytes(self) -> int:
        """The size cap as people say it."""
        return self.size // MEGABYTE

    @property
    def accept(self) -> str:
        """The types as a file field of a page wants them."""
        return ",".join(f".{ending}" for ending in self.types)


def file_limits() -> FileLimits:
    """Return the limits in force. Raises Refused where the pack gives none: then nothing can be uploaded."""
    values = {row.key: row.in_force for row in SecurityValue.objects.filter(key__in=_KEYS)}
    types = tuple(AllowedType.objects.values_list("ending", flat=True))
    if len(values) < len(_KEYS) or not types:
        raise Refused(_("政策包没有规定可以上传的文件类型和大小（files.yaml、security.yaml），暂不能上传。"))
    return FileLimits(
        size=values["file_max_size"] * MEGABYTE,
        per_holder=values["files_per_holder"],
        archive=ArchiveLimits(
            unpacked=values["unpacked_max_size"] * MEGABYTE,
            ratio=values["unpacked_ratio"],
            entries=values["unpacked_files"],
        ),
        types=types,
    )
