"""Restoring a backup: checked as a whole first, then all in one transaction, the anchor last."""

import gzip
import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit import anchor, archives, guard
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.oversight.backup import tables
from xiandao.domains.oversight.backup.manifest import (
    ANCHOR,
    ARCHIVES,
    FILES,
    LAKE,
    BackupError,
    HashingReader,
    Manifest,
    Parts,
    check_members,
    check_schema,
    member_of_table,
    read_manifest,
)

RESTORED = register("installation.restored", _("从备份恢复"))
Progress = Callable[[str], None]
_CHUNK = 1 << 20


def restore_backup(actor: Viewer, *, source: Path, replace: bool = False, progress: Progress | None = None) -> Manifest:
    """Put a backup in the place of what is there and return its manifest. Everything, or nothing.

    The database must be set up for this version of the program. Raises Refused unless the system acts; BackupError
    where the backup is damaged, of another version, where the database holds something (unless `replace`), or where
    a file of the same name with other content is in the way.
    """
    if not actor.is_system:
        raise Refused(_("恢复由系统管理员用命令行办理。"))
    tell = progress or (lambda _what: None)
    try:
        with tarfile.open(source, mode="r:") as tar:
            manifest = read_manifest(tar)
            check_schema(manifest)
            tell("manifest")
            check_members(tar, manifest)
            if not replace and (there := tables.filled()):
                raise BackupError(
                    f"数据库不是空的（{there[0]} 等 {len(there)} 张表有数据）",
                    "换一个空的数据库；确要覆盖现有数据，先备份，再加 --replace",
                )
            _restore(actor, Parts(tar), manifest, source.name, tell)
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"读不了：{error}", "这不是备份文件，或已损坏：换一个备份文件") from error
    anchor.flush()
    return manifest


def _restore(actor: Viewer, parts: Parts, manifest: Manifest, name: str, tell: Progress) -> None:
    """Files first, which are only ever added; then all rows in one transaction."""
    tell("files")
    _files(parts, manifest, FILES, Path(settings.MEDIA_ROOT))
    _files(parts, manifest, ARCHIVES, archives.folder())
    _files(parts, manifest, LAKE, Path(settings.LAKE))
    try:
        with transaction.atomic():
            guard.remove(connection)
            for model in reversed(tables.everything()):
                tables.empty(model)
            _rows(parts, manifest, tell)
            _anchored(actor, parts, manifest, name)
            guard.install(connection)
            tell("commit")
    except (DatabaseError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]  # what follows may quote a row, which may hold secrets
        raise BackupError(
            f"写入数据库失败，没有改动：{reason}", "核对数据库版本和空间；仍不成，换一个备份文件"
        ) from error
    finally:
        ContentType.objects.clear_cache()


def _rows(parts: Parts, manifest: Manifest, tell: Progress) -> None:
    """Load every table, then count, set the counters of keys, and check all references."""
    kept = {model._meta.label_lower: model for model in tables.kept()}  # noqa: SLF001 — Django's way
    if set(kept) != set(manifest.tables):
        other = sorted(set(kept) ^ set(manifest.tables))
        raise BackupError(f"备份与程序的数据表不同（{other[0]}）", "用做备份的那一版程序恢复")
    for label, model in kept.items():
        tell(label)
        with (
            gzip.open(parts.open(member_of_table(label))) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as lines,
        ):
            count = tables.load(model, lines)
        if count != manifest.tables[label]:
            raise BackupError(f"{label} 有 {count} 行，清单记 {manifest.tables[label]} 行", "换一个备份文件")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(kept.values())):
            cursor.execute(statement)
    connection.check_constraints()


def _anchored(actor: Viewer, parts: Parts, manifest: Manifest, name: str) -> None:
    """Record the restore in the restored log, and stage its anchor, which takes its place once this is committed."""
    path = anchor.place()
    last = _stage(parts, manifest, path) if path else None
    made = audit.record(
        actor,
        RESTORED,
        kind="installation",
        key="backup",
        label=name,
        after={"manifest": manifest.fingerprint, "made_at": manifest.made_at, "version": manifest.version},
    )
    # The head knows the anchor of this log, not the one that is about to be put aside.
    known = (last.line, last.sum) if last else (0, "")
    AuditHead.objects.filter(id=1).update(anchor_lines=known[0], anchor_hash=known[1])
    if path:
        _close(path, last, made)


def _stage(parts: Parts, manifest: Manifest, path: Path) -> anchor.Mark | None:
    """Write the backup's anchor beside the present one; return its last line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(anchor.staged(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if ANCHOR in manifest.members:
            shutil.copyfileobj(parts.open(ANCHOR), file)
    return anchor.last_mark(anchor.staged(path))


def _close(path: Path, last: anchor.Mark | None, made: AuditRecord) -> None:
    """End the staged anchor with the record of the restore: by it one sees whether it was committed."""
    head = anchor.Head(made.number, made.hash, made.at, AuditHead.objects.get(id=1).ledger)
    with anchor.staged(path).open("ab") as file:
        file.write(anchor.encode(anchor.next_mark(last, head)))
        file.flush()
        os.fsync(file.fileno())


def _files(parts: Parts, manifest: Manifest, prefix: str, folder: Path) -> None:
    """Unpack the files of one folder. What is there already stays; the same name with other content stops it."""
    for name, listed in manifest.members.items():
        if not name.startswith(prefix):
            continue
        path = folder / name.removeprefix(prefix)
        if path.exists():
            if _sha256(path) != listed["sha256"]:
                raise BackupError(f"{path} 已存在，内容与备份中的不同", "把它移到别处，再恢复")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(parts.open(name), file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        reader = HashingReader(file)
        while reader.read(_CHUNK):
            pass
    return reader.sha256
