"""Archive files of the audit log: one JSON record a line, compressed, the same bytes whenever it is written again."""

import gzip
import hashlib
import io
import json
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from xiandao.domains.audit.chain import Sealed

_CHUNK = 1 << 20


class ArchiveError(Exception):
    """An archive file is not there or cannot be read; the message says which and why."""


def folder() -> Path:
    """Return where archives lie (setting AUDIT_ARCHIVES)."""
    return Path(settings.AUDIT_ARCHIVES)


def name_of(first: int, last: int) -> str:
    """Return the file name of the archive of these records."""
    return f"audit-{first:010d}-{last:010d}.jsonl.gz"


def write(target: Path, records: Iterable[Sealed]) -> str:
    """Write an archive whole or not at all, readable by its owner only; return its SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with (
                gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
                io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as lines,
            ):
                for record in records:
                    lines.write(_line(record))
            raw.flush()
            os.fsync(raw.fileno())
        beside.replace(target)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return fingerprint(target)


def _line(record: Sealed) -> str:
    return json.dumps(record._asdict(), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def fingerprint(path: Path) -> str:
    """Return the SHA-256 (hex) of a file. Raises ArchiveError where it cannot be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise ArchiveError(f"{path}：{error.strerror}") from error
    return found.hexdigest()


def read(path: Path) -> Iterator[Sealed]:
    """Yield the records of an archive. Raises ArchiveError where it is no archive of ours."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                yield Sealed(**json.loads(line))
    except (OSError, EOFError, ValueError, TypeError, zlib.error) as error:
        raise ArchiveError(f"{path}：{error}") from error
