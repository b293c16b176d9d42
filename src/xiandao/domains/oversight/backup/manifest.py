"""The list of what a backup holds, by which it is checked before anything is touched."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from django.db import connection
from django.db.migrations.loader import MigrationLoader

FORMAT = 1
NAME = "manifest.json"
ANCHOR = "audit/anchor.jsonl"
ARCHIVES = "audit/archives/"
FILES = "files/"
LAKE = "lake/"
TABLES = "database/"
LARGEST_MANIFEST = 256 * 1024 * 1024
_CHUNK = 1 << 20


class BackupError(Exception):
    """A backup cannot be made or restored. `found` says what is the matter, `mend` what to do; both for people."""

    def __init__(self, found: str, mend: str) -> None:
        super().__init__(found)
        self.found = found
        self.mend = mend


class Manifest(NamedTuple):
    """What a backup says of itself. `members` gives size and SHA-256 of each part, `tables` rows of each table."""

    version: str
    made_at: str
    database: str
    migrations: list[list[str]]
    tables: dict[str, int]
    members: dict[str, dict[str, Any]]
    audit: dict[str, Any]
    left_out: list[str]

    def encode(self) -> bytes:
        """Return the manifest as it lies in the file."""
        told = {"product": "xiandao", "format": FORMAT, **self._asdict()}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the manifest, and through it of everything: worth noting down elsewhere."""
        return hashlib.sha256(self.encode()).hexdigest()


def member_of_table(label: str) -> str:
    """Return the name of the part that holds a table."""
    return f"{TABLES}{label}.jsonl.gz"


def applied_migrations() -> list[list[str]]:
    """Return the migrations the database has gone through."""
    return sorted([app, name] for app, name in MigrationLoader(connection).applied_migrations)


class HashingReader:
    """Reads a file and takes its SHA-256 on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        """What was read so far."""
        return self._hash.hexdigest()


def read_manifest(tar: tarfile.TarFile) -> Manifest:
    """Return a backup's manifest. Raises BackupError where it is none of ours, or of a later format."""
    mend = "核对文件；这不是 xiandao backup 做的备份，或已损坏"
    try:
        member = tar.getmember(NAME)
        if member.size > LARGEST_MANIFEST or not member.isreg():
            raise BackupError("清单过大", mend)
        told = json.loads(_content(tar, member).read())
    except (KeyError, ValueError, tarfile.TarError, OSError) as error:
        raise BackupError("没有读得懂的清单 manifest.json", mend) from error
    if not isinstance(told, dict) or told.pop("product", None) != "xiandao":
        raise BackupError("清单不是先导写的", mend)
    if told.pop("format", None) != FORMAT:
        raise BackupError("备份的格式比本程序新", "用做备份的那一版程序，或更新的程序恢复")
    kinds = (str, str, str, list, dict, dict, dict, list)
    if set(told) != set(Manifest._fields):
        raise BackupError("清单不完整", mend)
    manifest = Manifest(**told)
    if not all(isinstance(value, kind) for value, kind in zip(manifest, kinds, strict=True)):
        raise BackupError("清单不完整", mend)
    return manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise BackupError(f"{member.name} 不是文件", "换一个备份文件")
    return content


def check_members(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """Read the whole backup once against its manifest. Raises BackupError at the first part that differs."""
    mend = "备份已损坏或被改动：换一个备份文件"
    seen = set()
    for member in tar:
        if member.name == NAME:
            continue
        listed = manifest.members.get(member.name)
        if listed is None or member.name in seen or not member.isreg() or not _safe(member.name):
            raise BackupError(f"{member.name} 不在清单中", mend)
        seen.add(member.name)
        reader = HashingReader(_content(tar, member))
        while reader.read(_CHUNK):
            pass
        if (reader.size, reader.sha256) != (listed.get("size"), listed.get("sha256")):
            raise BackupError(f"{member.name} 与清单所记的指纹不同", mend)
    missing = sorted(set(manifest.members) - seen)
    if missing:
        raise BackupError(f"缺少 {missing[0]}（共缺 {len(missing)} 个文件）", mend)


def _safe(name: str) -> bool:
    """Whether a name stays inside the folder it is unpacked to."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\x00" not in name


def check_schema(manifest: Manifest) -> None:
    """Raise BackupError unless the backup's tables are those of this program."""
    given = {(app, name) for app, name in manifest.migrations}
    ours = MigrationLoader(connection).disk_migrations
    # A migration that took the place of others counts as those: a database may have gone through either.
    replaced = {key: set(migration.replaces) for key, migration in ours.items() if migration.replaces}
    newer = sorted(given - set(ours) - set().union(*replaced.values()))
    older = sorted(key for key in set(ours) - given if not (replaced.get(key) and replaced[key] <= given))
    if newer:
        raise BackupError(
            f"备份来自更新的版本 {manifest.version}（本程序没有迁移 {'.'.join(newer[0])} 等 {len(newer)} 个）",
            "先把程序升级到做备份的版本，再恢复",
        )
    if older:
        raise BackupError(
            f"备份来自较早的版本 {manifest.version}（备份没有迁移 {'.'.join(older[0])} 等 {len(older)} 个）",
            "用做备份的那一版程序恢复，恢复后再升级",
        )


class Parts:
    """The parts of a backup by name, found without searching the file for each."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members = {member.name: member for member in tar.getmembers()}

    def open(self, name: str) -> IO[bytes]:
        """Return a part for reading. Raises BackupError where it is missing."""
        if name not in self._members:
            raise BackupError(f"缺少 {name}", "备份已损坏或被改动：换一个备份文件")
        return _content(self._tar, self._members[name])


def files_under(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name relative to the folder, path) of every plain file in it, in order; links are not followed."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path
