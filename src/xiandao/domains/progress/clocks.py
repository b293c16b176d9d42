"""Last days in time, by the rules of the pack."""

import datetime as dt

from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import ClockRule
from xiandao.kernel.deadline import DeadlineClock


def last_day(key: str, start: dt.date) -> dt.date | None:
    """Return the last day in time of the rule `key` (deadlines.yaml) when its clock starts on a day."""
    return DeadlineClock(ClockRule.objects.get(key=key).rule(), start).due(work_calendar()).date
