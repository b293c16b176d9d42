"""The working-day calendar every clock of the product uses."""

from functools import cache

from xiandao.kernel.calendar import WorkCalendar


@cache
def work_calendar() -> WorkCalendar:
    """Return the calendar of working days: the State Council's notices as the installed library carries them."""
    return WorkCalendar()
