"""What the list of files on a page needs: the rows, and whether the viewer may add to them or why not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

from xiandao.domains.files import queries
from xiandao.domains.files.limits import FileLimits, file_limits
from xiandao.domains.files.models import Attachment
from xiandao.domains.files.registry import holders
from xiandao.domains.orgs.permission import Answer, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class FilesBlock:
    """The files of one holder as a page shows them."""

    holder_kind: str
    holder_key: str
    rows: list[Attachment]
    may_change: Answer
    limits: FileLimits | None = None
    error: str = ""
    note: str = ""
    # Names the fields of this block apart from those of others on the page.
    mark: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def kept(self) -> list[Attachment]:
        """Those still attached."""
        return [row for row in self.rows if row.removed_at is None]

    @property
    def removed(self) -> list[Attachment]:
        """Those removed since, of whom name, remover and reason are shown."""
        return [row for row in self.rows if row.removed_at is not None]


def files_blocks(viewer: Viewer, holder_kind: str, keys: Iterable[str]) -> dict[str, FilesBlock]:
    """Return the blocks of many holders of one kind by key, only those the viewer sees; may_change is asked of each."""
    found = queries.attachments(viewer, holder_kind, keys, removed=True)
    if not found:
        return {}
    kind = holders()[holder_kind]
    try:
        limits, reason = file_limits(), None
    except Refused as refused:
        limits, reason = None, refused.reason
    return {
        key: FilesBlock(
            holder_kind,
            key,
            rows,
            kind.may_change(viewer, key) if reason is None else refuse(reason),
            limits,
        )
        for key, rows in found.items()
    }


def files_block(viewer: Viewer, holder_kind: str, holder_key: str) -> FilesBlock:
    """Return the block of one holder. Raises LookupError where the viewer does not see it."""
    return files_blocks(viewer, holder_kind, [str(holder_key)])[str(holder_key)]
