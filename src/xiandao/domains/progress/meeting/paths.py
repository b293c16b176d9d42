"""Addresses of the lists behind the numbers of papers, each as of the moment of the papers."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from xiandao.domains.progress.figures import rows_url
from xiandao.domains.progress.meeting.moment import Moment
from xiandao.kernel import Figure


def rows_path(at: Moment, kind: str, **filters: str) -> str:
    """Return the address of a list (see `views.meeting_rows`) with its filters; empty filters are left out."""
    given = {"plan": at.plan.code, "as_of": utc(at.as_of), **{k: v for k, v in filters.items() if v}}
    return f"{reverse('progress:meeting-rows', args=[kind])}?{urlencode(given, safe=':')}"


def utc(moment: dt.datetime) -> str:
    """Return a moment as it is written in an address: short, exact, without a plus sign."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def figure_path(figure: Figure) -> str:
    """Return the address of the rows of a figure of a target."""
    return rows_url(figure)


def plan_path(at: Moment, view: str = "plans:plan") -> str:
    """Return the address of the plan."""
    return reverse(view, args=[at.plan.code])
