"""Template vocabulary of people: one's posts, the session's clock, what a viewer can do."""

from typing import Any

from django import template
from django.utils import timezone

from xiandao.domains.orgs import queries
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.middleware import GRAIN
from xiandao.domains.orgs.models import Post
from xiandao.domains.orgs.session import IDLE_KEY, seconds_left
from xiandao.domains.orgs.viewer import Viewer

register = template.Library()
WARNING = 120  # seconds before a session ends in which its owner is asked


@register.simple_tag(takes_context=True)
def my_posts(context: dict[str, Any]) -> list[Post]:
    """Return the posts the person signed in holds today."""
    return list(queries.current_posts(context["request"].user))


@register.simple_tag(takes_context=True)
def session_clock(context: dict[str, Any]) -> dict[str, int] | None:
    """Return how many seconds a session surely has left, and how long before its end to warn; None for the public."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated or IDLE_KEY not in request.session:
        return None
    idle = request.session[IDLE_KEY]
    # The server may have noted the last activity a grain before this page.
    left = min(seconds_left(request, now=timezone.now()), idle * (1 - GRAIN))
    return {"seconds": max(int(left), 0), "warn": int(min(WARNING, idle / 2))}


@register.filter
def may(viewer: Viewer, capability: str) -> bool:
    """Return whether a viewer can do something, by the code of the capability."""
    return viewer.can(Can(capability))
