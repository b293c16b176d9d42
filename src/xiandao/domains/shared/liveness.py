"""Whether the process that works on something still lives: told on the same machine, assumed for a while on others."""

import datetime as dt
import os
import socket
from pathlib import Path
from typing import Final

PATIENCE: Final = dt.timedelta(minutes=10)
"""How long a process of another machine may be silent. Saving, which is one transaction, says nothing until its end."""


IN_QUEUE: Final = dt.timedelta(hours=1)
"""How long something may wait for a process to take it up."""


def here() -> str:
    """Return the name of this process: machine, number, and when it began, since numbers are used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def is_lost(worker: str, beat_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Return whether the process of this name, last heard of at `beat_at`, is gone; without a name none came."""
    if beat_at is None:
        return False
    if not worker:
        return now - beat_at > IN_QUEUE
    host, _colon, rest = worker.partition(":")
    number, _colon, began = rest.partition(":")
    if host == socket.gethostname() and number.isdecimal():
        return _began(int(number)) != began
    return now - beat_at > PATIENCE


def _began(number: int) -> str:
    """Return when a process began, "" where there is none of this number."""
    try:
        # After the name in brackets, which may hold anything, the twentieth field is the start in clock ticks.
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return _alive(number)


def _alive(number: int) -> str:
    """Systems without /proc tell only whether there is a process of this number."""
    if Path("/proc/self/stat").exists():
        return ""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return ""
    except OSError:
        return "alive"
    return "alive"
