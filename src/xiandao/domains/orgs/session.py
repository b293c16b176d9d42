"""The session of a browser: from the first factor to being signed in, and what the session remembers of it."""

import datetime as dt
from typing import Any, NamedTuple

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from xiandao.domains.orgs.actions.factors import has_factor
from xiandao.domains.orgs.actions.passwords import password_expired
from xiandao.domains.orgs.actions.sessions import open_session
from xiandao.domains.orgs.actions.sign_in import sign_in_recorded
from xiandao.domains.orgs.lockout import client_address
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.queries import security_policy, viewer_of

POST_KEY = "post"
FACTOR_KEY = "second_factor"  # whether this session showed a second factor
RENEW_KEY = "renew_password"  # whether a new password must be chosen before anything else
SEEN_KEY, IDLE_KEY = "seen", "idle"  # seconds: when the session was last active, after how long it ends
PENDING_KEY = "signing_in"
_BACKEND = "xiandao.domains.orgs.backends.PasswordBackend"


class Pending(NamedTuple):
    """Somebody whose first factor was right and whose second one is asked for."""

    user: User
    target: str
    method: str


def safe_target(request: HttpRequest, target: str) -> str:
    """Return a path of this site to go to, "" where the one given is none."""
    hosts = {request.get_host()}
    # Without a stroke it would be taken for the name of a page.
    safe = "/" in target and url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure())
    return target if safe else ""


def identified(request: HttpRequest, user: User, *, target: str, method: str) -> HttpResponse:
    """Go on after the first factor: ask for the second where there is one, else sign in."""
    target = safe_target(request, target)
    if not has_factor(user):
        return complete(request, user, target=target, method=method)
    at = timezone.now().timestamp()
    request.session[PENDING_KEY] = {"user": user.pk, "target": target, "method": method, "at": at}
    return redirect("orgs:sign-in-code")


def pending(request: HttpRequest) -> Pending | None:
    """Return who is signing in; nobody where they took longer than a session may idle."""
    kept: dict[str, Any] | None = request.session.get(PENDING_KEY)
    if kept is None:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    late = timezone.now().timestamp() - kept["at"] > security_policy().idle_timeout_admin.total_seconds()
    if user is None or late:
        del request.session[PENDING_KEY]
        return None
    return Pending(user, kept["target"], kept["method"])


def complete(request: HttpRequest, user: User, *, target: str, method: str, factor: str = "") -> HttpResponse:
    """Sign somebody in, record it, and go where they wanted to."""
    request.session.pop(PENDING_KEY, None)
    login(request, user, backend=_BACKEND)
    request.session[FACTOR_KEY] = bool(factor)
    if method == "password":
        policy = security_policy()
        request.session[RENEW_KEY] = password_expired(user, policy=policy, now=timezone.now())
    sign_in_recorded(viewer_of(user).at(client_address(request)), method=method, factor=factor)
    return redirect(target or "web:home")


def begin(request: HttpRequest, user: User) -> None:
    """Set the clock of a session and note it as open. Called by whatever signs somebody in."""
    now = timezone.now()
    viewer = viewer_of(user)
    idle = security_policy().idle(administrator=viewer.administrator)
    if request.session.session_key is None:
        request.session.create()
    request.session[SEEN_KEY] = now.timestamp()
    request.session[IDLE_KEY] = idle.total_seconds()
    open_session(
        viewer.at(client_address(request)),
        user=user,
        session_key=request.session.session_key or "",
        device=request.META.get("HTTP_USER_AGENT", ""),
        administrator=viewer.administrator,
        now=now,
    )


def seconds_left(request: HttpRequest, *, now: dt.datetime) -> float:
    """Return how many seconds a session has until it ends without activity; not above 0 where it is over."""
    seen, idle = request.session.get(SEEN_KEY), request.session.get(IDLE_KEY)
    return 0.0 if seen is None or idle is None else float(seen) + float(idle) - now.timestamp()
