"""`xiandao clocks`: check time limits by hand; and the ticking with which the worker does it by itself."""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
_TICK: Final = 60.0
_EVERY: Final = dt.timedelta(hours=1)
_log = logging.getLogger(__name__)


@app.callback()
def clocks() -> None:
    """Make `clocks` a group though it has one command today."""


@app.command("run", cls=Command, help="检查全部时限：重算截止日、提醒、处理期满（平时由后台任务每小时做）")
def run(
    date: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="按哪一天检查，默认今天")] = "",
) -> None:
    """Run the clocks once, as of a day. Safe to repeat. Exit code 1 where something failed."""
    day = _day(date)
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()
    from django.utils import timezone

    from xiandao.domains.inbox.actions import run_clocks
    from xiandao.domains.orgs.viewer import system

    day = day or timezone.localdate()
    done = run_clocks(system("clocks"), today=day)
    typer.echo(
        f"已按 {day} 检查时限：截止日变动 {done.reset} 项，提醒 {done.reminded} 项，"
        f"新逾期 {done.overdue} 项，期满处理 {done.lapsed} 项。"
    )
    if done.failed:
        console.fail(
            "时限",
            found=f"{done.failed} 项处理失败，原因见上面的输出",
            mend="改正后重新运行；其余各项已经处理",
            code=console.FAULTS,
        )


def _day(given: str) -> dt.date | None:
    """Return the day asked for, None where none is. Fails with exit code 2 where it is no day."""
    if not given:
        return None
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        return console.fail("--date", found=f"“{given}”", expected="日期，如 2026-03-01", mend="改正 --date")


@dataclass(slots=True)
class Timetable:
    """When what was done last: clocks hourly and on each new day, the daily e-mail once from its hour on."""

    clocks_at: dt.datetime | None = None
    mailed_on: dt.date | None = None
    mail_tried_at: dt.datetime | None = None

    def tick(self, now: dt.datetime) -> None:
        """Do what is due at `now` (local time). What fails is logged and tried again an hour later."""
        if self.clocks_at is None or now.date() != self.clocks_at.date() or now - self.clocks_at >= _EVERY:
            self.clocks_at = now
            _safely("posts", lambda: _end_posts(now))
            _safely("clocks", lambda: _run_clocks(now))
            _safely("lost work", lambda: recover(now))
        tried = self.mail_tried_at is not None and now - self.mail_tried_at < _EVERY
        if self.mailed_on != now.date() and not tried and now.hour >= _digest_hour():
            self.mail_tried_at = now
            _safely("daily e-mail", lambda: self._mail(now))

    def _mail(self, now: dt.datetime) -> None:
        from xiandao.domains.inbox.actions import send_digests
        from xiandao.domains.orgs.viewer import system

        if not send_digests(system("clocks"), now=now).failed:
            self.mailed_on = now.date()


def _end_posts(now: dt.datetime) -> None:
    """Close the posts whose last day is over, so that their open work is handed on before its clocks are looked at."""
    from xiandao.domains.orgs.actions import end_lapsed_posts
    from xiandao.domains.orgs.viewer import system

    end_lapsed_posts(system("clocks"), now=now)


def _run_clocks(now: dt.datetime) -> None:
    from xiandao.domains.inbox.actions import run_clocks
    from xiandao.domains.orgs.viewer import system

    run_clocks(system("clocks"), today=now.date(), now=now)


def recover(now: dt.datetime | None = None) -> None:
    """Note what a process was at when it was killed: imports of progress, registers, runs, previews. None was saved."""
    from xiandao.domains.enterprises.actions import registers, runs
    from xiandao.domains.enterprises.preview import actions as previews
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.progress.actions import excel_import

    for part in (excel_import, registers, runs, previews):
        part.fail_interrupted(system("worker"), now=now)


def _safely(what: str, work: Callable[[], None]) -> None:
    """Do some work; what goes wrong with it is logged and stops nothing else."""
    try:
        work()
    except Exception:  # noqa: BLE001 — whatever it is, the clocks go on
        _log.exception("%s failed", what)


def _digest_hour() -> int:
    """Return the local hour from which the daily e-mail is sent; 24, never, where the pack names none."""
    from xiandao.domains.inbox.models import PackValue
    from xiandao.domains.inbox.packvalues import value

    try:
        return int(value("digest_hour"))
    except PackValue.DoesNotExist:
        return 24


class Ticker(threading.Thread):
    """Ticks once a minute beside the worker, on a database connection of its own."""

    def __init__(self) -> None:
        super().__init__(name="clocks", daemon=True)
        self._ended = threading.Event()

    def run(self) -> None:
        """Tick until stopped."""
        from django.db import close_old_connections, connection
        from django.utils import timezone

        timetable = Timetable()
        while True:
            # A database that is away for a minute is no reason to stop ticking.
            close_old_connections()
            _safely("a tick of the clocks", lambda: timetable.tick(timezone.localtime()))
            if self._ended.wait(_TICK):
                break
        connection.close()

    def stop(self) -> None:
        """Let the work at hand end, then stop; whatever is not done then is done by the next run."""
        self._ended.set()
        self.join(timeout=5)
