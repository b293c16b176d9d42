"""Runs background tasks and ticks the clocks until told to stop; started by `xiandao run`.

The command of django-tasks-db, but it reports errors only: an office does not read who started which task.
"""

import logging

import django
from django.core.management import call_command

from xiandao.cli.clocks import Ticker, recover
from xiandao.cli.database import choose_settings

_LOGGERS = ("django_tasks_db", "django_tasks", "django.tasks")


def main() -> None:
    """Work until SIGINT or SIGTERM; a task at work is finished first."""
    choose_settings()
    django.setup()
    from django_tasks_db.management.commands import db_worker

    recover()  # what a worker was at when it was killed

    class Quiet(db_worker.Command):
        """The worker with its own log levels."""

        def configure_logging(self, verbosity: int) -> None:
            """Let errors through, such as a task that failed with its traceback."""
            del verbosity
            for name in _LOGGERS:
                logging.getLogger(name).setLevel(logging.ERROR)

    ticker = Ticker()
    ticker.start()
    try:
        call_command(Quiet(), startup_delay=False)
    finally:
        ticker.stop()


if __name__ == "__main__":
    main()
