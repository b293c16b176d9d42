"""Time limits in the database: the rules of the pack, and the clock a row carries."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Named
from xiandao.kernel.calendar import WorkCalendar
from xiandao.kernel.deadline import CountFrom, DayUnit, DeadlineClock, DeadlineRule, Extension, Pause, SilenceMeans


class ClockRule(Named):
    """A time limit as the pack states it (deadlines.yaml), with its source."""

    key = models.CharField(_("代码"), max_length=80, primary_key=True)
    days = models.PositiveIntegerField(_("期限"))
    unit = models.CharField(_("计时单位"), max_length=10)
    bound = models.CharField(_("最长或最短"), max_length=10)
    event = models.CharField(_("起算"), max_length=500)
    event_en = models.CharField(max_length=500, blank=True)
    starts = models.CharField(max_length=10)
    silence = models.CharField(_("期满未答复"), max_length=10)
    on_lapse = models.CharField(_("期满"), max_length=10)
    extension_days = models.PositiveIntegerField(_("最多延长"), null=True)
    roll_to_working_day = models.BooleanField(null=True)
    source = models.CharField(_("依据"), max_length=300, blank=True)
    confidence = models.CharField(_("依据可信度"), max_length=20, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("时限")

    def rule(self) -> DeadlineRule:
        """Return the kernel's rule, which computes dates."""
        return DeadlineRule(
            days=self.days,
            unit=DayUnit(self.unit),
            starts=CountFrom(self.starts),
            silence=SilenceMeans(self.silence),
            extension_days=self.extension_days,
            roll_to_working_day=self.roll_to_working_day,
            source=self.source,
        )


class Clocked(models.Model):
    """A row with a running time limit: by a rule of the pack, or until a day somebody set.

    `due_on` is what lists sort by; `reset_due` computes it from the clock. With no rule it is the day that was set.
    """

    clock_rule = models.ForeignKey(ClockRule, models.PROTECT, null=True, related_name="+", verbose_name=_("时限"))
    clock_started_on = models.DateField(_("起算日"), null=True)
    clock_pauses = models.JSONField(_("中止"), default=list)
    clock_extension = models.JSONField(_("延长"), null=True)
    clock_met_on = models.DateField(_("办结日"), null=True)
    due_on = models.DateField(_("截止日"), null=True, db_index=True)
    due_provisional = models.BooleanField(_("截止日待节假日通知"), default=False)

    class Meta:
        abstract = True

    @property
    def clock(self) -> DeadlineClock | None:
        """The kernel's clock of this row; None where a day was set or nothing runs."""
        if self.clock_rule is None or self.clock_started_on is None:
            return None
        pauses = tuple(Pause(_day(p["start"]), _day(p["end"]), p.get("reason", "")) for p in self.clock_pauses)
        extension = (
            Extension(**{**self.clock_extension, "on": _day(self.clock_extension.get("on"))})
            if self.clock_extension
            else None
        )
        return DeadlineClock(self.clock_rule.rule(), self.clock_started_on, pauses, extension, self.clock_met_on)

    @clock.setter
    def clock(self, clock: DeadlineClock) -> None:
        """Keep a changed clock; the rule stays the row's own."""
        self.clock_started_on = clock.started_on
        self.clock_pauses = [{"start": _text(p.start), "end": _text(p.end), "reason": p.reason} for p in clock.pauses]
        e = clock.extension
        self.clock_extension = (
            {"by": e.by, "reason": e.reason, "approver": e.approver, "on": _text(e.on)} if e else None
        )
        self.clock_met_on = clock.met_on

    def reset_due(self, calendar: WorkCalendar) -> None:
        """Compute the last day in time anew, as after a pause, an extension or a new holiday notice."""
        clock = self.clock
        if clock is not None:
            self.due_on, self.due_provisional = clock.due(calendar)


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
