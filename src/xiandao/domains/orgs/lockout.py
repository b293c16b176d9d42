"""What django-axes asks of us: how many failures lock, for how long, from where, and the page that says so."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LOCKED = 429


def failure_limit(_request: HttpRequest, _credentials: Any) -> int:
    """Return after how many failures an account is locked."""
    from xiandao.domains.orgs.queries import security_policy

    return security_policy().lockout_failures


def cool_off(_request: HttpRequest | None) -> dt.timedelta:
    """Return for how long an account stays locked."""
    from xiandao.domains.orgs.queries import security_policy

    return security_policy().lockout_time


def client_address(request: HttpRequest) -> str | None:
    """Return the address a request came from.

    Behind `settings.PROXIES` proxies that is the entry of X-Forwarded-For the outermost of them wrote;
    entries before it are the client's own words and are not believed.
    """
    if settings.PROXIES:
        seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(seen) >= settings.PROXIES:
            return seen[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR") or None


def locked_page(request: HttpRequest, _response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """Say that an account is locked, until when, and who can unlock it."""
    from xiandao.domains.orgs.queries import security_policy, unlocked_at

    account = (credentials or {}).get("username", "")
    until = unlocked_at(account, client_address(request))
    context = {"until": until, "policy": security_policy()}
    return render(request, "orgs/locked.html", context, status=LOCKED)
