"""Children are started, watched and stopped together."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from xiandao.cli import children as module
from xiandao.cli.children import Children, Ended

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_child_that_ends_by_itself_is_told_with_its_code() -> None:
    with Children() as children:
        children.start("短命", python("import sys; sys.exit(7)"))
        with pytest.raises(Ended) as caught:
            children.watch()
    assert (caught.value.name, caught.value.code) == ("短命", 7)


def test_what_never_gets_ready_is_given_up_after_the_time_set() -> None:
    with Children() as children:
        children.start("慢", SLEEPER)
        assert children.until(lambda: False, seconds=0.2) is False
        assert not children.asked


def test_a_signal_ends_the_watch_and_stops_the_children_politely(tmp_path: Path) -> None:
    note = tmp_path / "note"
    code = (
        "import pathlib, signal, sys, time\n"
        f"def end(*_): pathlib.Path({str(note)!r}).write_text('ended'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path({str(note)!r}).write_text('up')\n"
        "time.sleep(60)"
    )
    with Children() as children:
        children.start("有序", python(code))
        assert children.until(note.exists, seconds=20)
        assert children.until(lambda: note.read_text() == "up", seconds=20)
        os.kill(os.getpid(), signal.SIGTERM)
        children.watch()
        assert children.asked
    assert note.read_text() == "ended"


def test_a_child_that_refuses_to_end_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.3)
    note = tmp_path / "note"
    code = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(note)!r}).touch(); time.sleep(60)"
    )
    start = time.monotonic()
    with Children() as children:
        children.start("固执", python(code))
        assert children.until(note.exists, seconds=20)
        child = children._running[0][1]
    assert child.returncode == -signal.SIGKILL
    assert time.monotonic() - start < 20


def test_a_second_signal_kills_at_once() -> None:
    with Children() as children:
        children.start("慢", SLEEPER)
        assert children.until(lambda: True, seconds=5)
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert children._running[0][1].returncode == -signal.SIGKILL


def test_the_handlers_of_before_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Children():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
