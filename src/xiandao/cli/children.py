"""Child processes that live and die together: started, watched, stopped by one parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 10.0
_TICK = 0.05
_PR_SET_PDEATHSIG = 1


class Ended(Exception):  # noqa: N818 — says what happened
    """A child ended by itself; `code` is its exit code (negative: the signal that killed it)."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(name, code)
        self.name = name
        self.code = code


class Children:
    """A context in which SIGINT, SIGTERM and SIGHUP ask for the end; at its end every child is stopped.

    Each child has a process group of its own, so that Ctrl+C reaches the parent alone, which then stops them in
    order: politely first, by force after ten seconds or at a second signal; by force at once where they were not
    ready yet. On Linux children end with their parent even where that is killed.
    """

    def __init__(self) -> None:
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._asked = threading.Event()
        self._ready = False
        self._former: dict[int, Any] = {}
        self._libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    @property
    def asked(self) -> bool:
        """Whether somebody asked for the end."""
        return self._asked.is_set()

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, self._ask) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asked.set()
        self._stop()
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a child that inherits environment, stdout and stderr."""
        child = subprocess.Popen(  # noqa: S603 — our own interpreter with fixed arguments
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=self._tie if self._libc else None,  # noqa: PLW1509 — no threads run in the parent
        )
        self._running.append((name, child))

    def until(self, ready: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until `ready`; False when time is up or the end was asked for. Raises Ended."""
        limit = time.monotonic() + seconds
        while not self.asked and time.monotonic() < limit:
            self._look()
            if ready():
                self._ready = True
                return True
            self._asked.wait(_TICK)
        return False

    def watch(self) -> None:
        """Wait until the end is asked for. Raises Ended when a child ends first."""
        while not self._asked.wait(_TICK * 4):
            self._look()

    def _look(self) -> None:
        for name, child in self._running:
            code = child.poll()
            if code is not None and not self.asked:
                raise Ended(name, code)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.asked:
            self._kill()
            raise KeyboardInterrupt
        self._asked.set()

    def _tie(self) -> None:
        if self._libc is not None:
            self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    def _kill(self) -> None:
        """Kill the children with all their own children."""
        for _, child in self._running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)

    def _stop(self) -> None:
        limit = time.monotonic() + (_PATIENCE if self._ready else 0)
        for _, child in self._running if self._ready else ():
            child.terminate()  # the child alone: it stops its own children in order
        for _, child in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(limit - time.monotonic(), 0))
        self._kill()
        for _, child in self._running:
            child.wait()
