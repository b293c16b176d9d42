"""What the office does when something happens: an application comes in, time runs."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.checking import lapse_due, open_check_tasks, settle_tasks
from xiandao.domains.programmes.actions.noticing import end_due
from xiandao.domains.programmes.models import Application
from xiandao.domains.programmes.signals import application_gone, application_submitted


@receiver(application_submitted, dispatch_uid="programmes.check_what_came_in")
@receiver(application_gone, dispatch_uid="programmes.check_what_is_left")
def check_what_came_in(actor: Viewer, application: Application, now: dt.datetime, **_kwargs: Any) -> None:
    """Put the call before its organiser, once for all that waits there."""
    settle_tasks(actor, application.call, now)


@receiver(clocks_ran, dispatch_uid="programmes.office_clocks")
def run_office_clocks(actor: Viewer, today: dt.date, now: dt.datetime, **_kwargs: Any) -> None:
    """Close corrections whose time is over, put what waits before its organiser, end notices."""
    lapse_due(actor, today=today, now=now)
    open_check_tasks(actor, now=now)
    end_due(actor, today=today, now=now)
