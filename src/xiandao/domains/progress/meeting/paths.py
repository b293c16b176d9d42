"""Addresses of the lists behind the numbers of papers, each as of the moment of the papers."""

from urllib.parse import urlencode

from django.urls import reverse

from xiandao.domains.progress.figures import rows_url
from xiandao.domains.progress.meeting.moment import Moment
from xiandao.kernel import Figure


def rows_path(at: Moment, kind: str, **filters: str) -> str:
    """Return the address of a list (see `views.meeting_rows`) with its filters; empty filters are left out."""
    given = {"plan": at.plan.code, "as_of": at.as_of.isoformat(), **{k: v for k, v in filters.items() if v}}
    return f"{reverse('progress:meeting-rows', args=[kind])}?{urlencode(given)}"


def figure_path(figure: Figure) -> str:
    """Return the address of the rows of a figure of a target."""
    return rows_url(figure)


def plan_path(at: Moment, view: str = "plans:plan") -> str:
    """Return the address of the plan."""
    return reverse(view, args=[at.plan.code])
