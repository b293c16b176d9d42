"""Making a backup: one read transaction, one file, nothing held in memory."""

import gzip
import io
import os
import secrets
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit import anchor, archives
from xiandao.domains.audit.models import AuditArchive, AuditHead
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.oversight.backup import tables
from xiandao.domains.oversight.backup.manifest import (
    ANCHOR,
    ARCHIVES,
    FILES,
    LAKE,
    NAME,
    BackupError,
    HashingReader,
    Manifest,
    applied_migrations,
    files_under,
    member_of_table,
)

BACKED_UP = register("installation.backed_up", _("备份"))
Progress = Callable[[str], None]


def make_backup(actor: Viewer, *, target: Path, progress: Progress | None = None) -> Manifest:
    """Write everything into a new tar file readable by its owner only, record that it was done, return its manifest.

    Rows are of one moment. Files and archives are read after that moment began: they are only ever added, so that
    every one a row names is there. Raises Refused unless the system acts, BackupError where the file exists or a
    file cannot be read, OSError where the target cannot be written; then nothing is left behind.
    """
    if not actor.is_system:
        raise Refused(_("备份由系统管理员用命令行办理。"))
    if target.exists():
        raise BackupError(f"{target} 已存在", "换一个文件名：备份从不覆盖已有的文件")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar, _snapshot():
                manifest = _Packer(tar, beside.parent, progress or (lambda _what: None)).pack()
            out.flush()
            os.fsync(out.fileno())
        _name(beside, target)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    with transaction.atomic():
        audit.record(
            actor,
            BACKED_UP,
            kind="installation",
            key="backup",
            label=target.name,
            after={"manifest": manifest.fingerprint, "rows": sum(manifest.tables.values())},
        )
    return manifest


def _name(beside: Path, target: Path) -> None:
    """Give the finished file its name, never over one somebody has put there meanwhile."""
    try:
        os.link(beside, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, as removable disks have
        if target.exists():
            raise
        beside.rename(target)


@contextmanager
def _snapshot() -> Iterator[None]:
    """Read everything as of one moment, without keeping others from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django would begin with the write lock (transaction_mode IMMEDIATE); reading needs none.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


class _Packer:
    """Puts the parts into the tar file one after another and keeps the list."""

    def __init__(self, tar: tarfile.TarFile, spool: Path, progress: Progress) -> None:
        self._tar = tar
        self._spool = spool
        self._progress = progress
        self._members: dict[str, dict[str, Any]] = {}
        self._now = timezone.now()

    def pack(self) -> Manifest:
        """Pack everything and return the manifest, which is the last part."""
        rows = {model._meta.label_lower: self._table(model) for model in tables.kept()}  # noqa: SLF001 — Django's way
        head = AuditHead.objects.filter(id=1).first() or AuditHead()
        self._anchor(head)
        for archive in AuditArchive.objects.order_by("first"):
            self._path(f"{ARCHIVES}{archive.file}", archives.folder() / archive.file)
        self._progress("files")
        for name, path in files_under(Path(settings.MEDIA_ROOT)):
            self._path(f"{FILES}{name}", path)
        self._progress("lake")
        for name, path in files_under(Path(settings.LAKE)):
            # A file being written belongs to no row yet; one handed in is read again or handed in anew.
            if not path.name.startswith(".") and not name.startswith("incoming/"):
                self._path(f"{LAKE}{name}", path)
        manifest = Manifest(
            version=version("xiandao"),
            made_at=self._now.isoformat(),
            database=connection.vendor,
            migrations=applied_migrations(),
            tables=rows,
            members=self._members,
            audit={"number": head.number, "hash": head.hash, "ledger": head.ledger},
            left_out=sorted(tables.LEFT_OUT),
        )
        data = manifest.encode()
        self._tar.addfile(self._info(NAME, len(data)), io.BytesIO(data))
        return manifest

    def _table(self, model: tables.Model) -> int:
        """Pack one table through a temporary file, whose size a tar file must know beforehand; return its rows."""
        label = model._meta.label_lower  # noqa: SLF001 — Django's way
        self._progress(label)
        count = -1  # the first line is the head
        with tempfile.TemporaryFile(dir=self._spool) as file:
            with (
                gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as packed,
                io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as lines,
            ):
                for line in tables.dump(model):
                    lines.write(line)
                    count += 1
            size = file.tell()
            file.seek(0)
            self._add(member_of_table(label), file, size)
        return count

    def _anchor(self, head: AuditHead) -> None:
        """Pack the anchor up to the moment of the rows: what was anchored since belongs to no row of this backup."""
        path = anchor.place()
        if path is None or not path.is_file():
            return
        kept = io.BytesIO()
        with path.open("rb") as file:
            for line in file:
                mark = anchor.parse(line)
                if mark is not None and mark.number > head.number:
                    break
                kept.write(line)
        size = kept.tell()
        kept.seek(0)
        self._add(ANCHOR, kept, size)

    def _path(self, name: str, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._add(name, file, os.fstat(file.fileno()).st_size)
        except OSError as error:
            raise BackupError(
                f"{path} 读不了（{error.strerror or error}）", "恢复这个文件或改正权限后重新备份"
            ) from error

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        reader = HashingReader(file)
        self._tar.addfile(self._info(name, size), reader)
        self._members[name] = {"size": size, "sha256": reader.sha256}

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._now.timestamp())
        return info
