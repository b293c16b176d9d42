"""The anchor: a file outside the database to which the chain's head is written after each commit.

It can lie on another disk. Its lines are chained too, so that it shows when it was edited itself. Writing never fails
an action that is already committed: what goes wrong is logged, and the next verification tells.
"""

import atexit
import datetime as dt
import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from xiandao.domains.audit.chain import GENESIS, digest

PAUSE = 1.0
"""Seconds between two writes of a busy process: the first at once, the last always, not all between."""
STAGED = ".restored"
_TAIL = 4096  # bytes, several lines long
_log = logging.getLogger("xiandao.audit")


class AnchorError(Exception):
    """The anchor cannot be written or read; the message is for the administrator."""


class Mark(NamedTuple):
    """One line of the anchor: its own number, the head it holds, the log it belongs to, its link and sum."""

    line: int
    number: int
    hash: str
    at: str
    ledger: str
    previous: str
    sum: str

    def whole(self) -> bool:
        """Whether the sum is that of the line's own content."""
        return digest(self.previous, self.body()) == self.sum

    def body(self) -> dict[str, Any]:
        """Return what the sum covers."""
        return {name: getattr(self, name) for name in ("line", "number", "hash", "at", "ledger")}


class Head(NamedTuple):
    """A head of the chain to be anchored."""

    number: int
    hash: str
    at: dt.datetime
    ledger: str


def place() -> Path | None:
    """Return where the anchor lies (setting AUDIT_ANCHOR), or None where there is none."""
    return Path(settings.AUDIT_ANCHOR) if settings.AUDIT_ANCHOR else None


def staged(path: Path) -> Path:
    """Return where a restore puts the anchor of the backup until it is committed."""
    return path.with_name(path.name + STAGED)


def parse(line: bytes) -> Mark | None:
    """Return a line's mark, None where it is not one."""
    try:
        values = json.loads(line)
        mark = Mark(**values)
    except (ValueError, TypeError):
        return None
    numbers = isinstance(mark.line, int) and isinstance(mark.number, int)
    return mark if numbers and all(isinstance(value, str) for value in mark[2:]) else None


def next_mark(last: Mark | None, head: Head) -> Mark:
    """Return the line that anchors `head` after the line `last`."""
    line, previous = (last.line + 1, last.sum) if last else (1, GENESIS)
    at = head.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    bare = Mark(line, head.number, head.hash, at, head.ledger, previous, "")
    return bare._replace(sum=digest(previous, bare.body()))


def encode(mark: Mark) -> bytes:
    """Return a mark as a line of the file."""
    return json.dumps(mark._asdict(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def last_mark(path: Path | None = None) -> Mark | None:
    """Return the last whole line of the anchor; None where there is no anchor or it cannot be read."""
    path = path or place()
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return _tail(file.fileno())[0]
    except (OSError, AnchorError):
        return None


def _tail(descriptor: int) -> tuple[Mark | None, int]:
    """Return the last complete line's mark and where complete lines end. Raises AnchorError where it is no mark."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    start = max(0, size - _TAIL)
    data = os.pread(descriptor, size - start, start)
    end = data.rfind(b"\n") + 1
    if end == 0:
        if start:
            raise AnchorError("锚文件的最后一行不是先导写的")
        return None, 0
    mark = parse(data[:end].rstrip(b"\n").rpartition(b"\n")[2])
    if mark is None:
        raise AnchorError("锚文件的最后一行不是先导写的")
    return mark, start + end


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open the anchor for one writer at a time, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Another process may have put a restored file in its place while we waited.
        if os.fstat(descriptor).st_ino == (path.stat().st_ino if path.exists() else -1):
            break
        os.close(descriptor)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def append(path: Path, head: Head) -> None:
    """Write a head to the anchor unless a later one stands there. Raises AnchorError, OSError."""
    waiting = last_mark(staged(path)) if staged(path).exists() else None
    if waiting is not None and (waiting.number, waiting.hash) == (head.number, head.hash):
        adopt(path)  # the restore that staged it has just committed
    with _locked(path) as descriptor:
        last, end = _tail(descriptor)
        if last is not None and last.ledger != head.ledger:
            raise AnchorError(f"锚文件 {path} 属于另一个数据库：请为每个数据库设置各自的 AUDIT_ANCHOR")
        if last is not None and last.number >= head.number:
            return
        if end < os.lseek(descriptor, 0, os.SEEK_END):
            _log.warning("审计锚文件 %s 的最后一行不完整（写入时断电），已去掉这半行。", path)
            os.ftruncate(descriptor, end)
        os.write(descriptor, encode(next_mark(last, head)))
        os.fsync(descriptor)


def adopt(path: Path) -> None:
    """Put the restored anchor in the place of the old one, which is kept beside it."""
    if path.exists():
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        path.replace(path.with_name(f"{path.name}.{stamp}.old"))
    staged(path).replace(path)


class _Writer:
    """Writes the newest head at once when idle, and at most once in PAUSE seconds when busy."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: tuple[Path, Head] | None = None
        self._timer: threading.Timer | None = None
        self._last = -PAUSE

    def put(self, path: Path, head: Head) -> None:
        """Take a committed head."""
        with self._lock:
            if self._waiting is not None and self._waiting[0] != path:
                self._write()
            if self._waiting is None or head.number > self._waiting[1].number:
                self._waiting = (path, head)
            wait = self._last + PAUSE - time.monotonic()
            if wait <= 0:
                self._write()
            elif self._timer is None:
                self._timer = threading.Timer(wait, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        self._last = time.monotonic()
        try:
            append(*waiting)
        except (AnchorError, OSError) as error:
            _log.error("审计锚没有写成：%s", error)


_writer = _Writer()
flush = _writer.flush
atexit.register(flush)


def write_after_commit(*, number: int, hash: str, at: dt.datetime, ledger: str) -> None:  # noqa: A002 — the column's name
    """Anchor a record when the transaction that wrote it has committed."""
    path = place()
    if path is None:
        return
    head = Head(number, hash, at, ledger)
    transaction.on_commit(lambda: _writer.put(path, head))
