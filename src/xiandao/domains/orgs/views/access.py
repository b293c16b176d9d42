"""Who gets in to the pages of people, and the few answers they share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xiandao.domains.orgs import actions
from xiandao.domains.orgs.access import CONFLICT, Request, View
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.session import FACTOR_KEY, PENDING_KEY, safe_target

INVALID = 422


def signed_in(view: View) -> View:
    """A page of one's own: who is not signed in is asked to."""

    @wraps(view)
    def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/", "orgs:sign-in")
        return view(request, *args, **kwargs)

    return inner


def proved(view: View) -> View:
    """A page about second factors: who has one shows it first, so that a password alone changes nothing."""

    @wraps(view)
    @signed_in
    def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.session.get(FACTOR_KEY) or not actions.has_factor(request.user):
            return view(request, *args, **kwargs)
        at = timezone.now().timestamp()
        target = request.path if request.method == "GET" else ""
        request.session[PENDING_KEY] = {"user": request.user.pk, "target": target, "method": "session", "at": at}
        return redirect("orgs:sign-in-code")

    return inner


def form_answer(
    request: Request, template: str, form: forms.Form, *, refusal: Refused | None = None, **context: Any
) -> HttpResponse:
    """Answer with a form: as it begins, with its faults (422), or with why the action was refused (422, 409)."""
    status = 200 if request.method == "GET" else INVALID
    if isinstance(refusal, Conflict):
        status = CONFLICT
    return render(request, template, {"form": form, **context}, status=status)


def tried(request: Request, done: Callable[[], Any], message: str, to: str, *args: Any) -> HttpResponse:
    """Do something a button asked for, say so or why not, and go back to a page."""
    try:
        done()
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, message)
    target = safe_target(request, request.POST.get("next", ""))
    return redirect(target) if target else redirect(to, *args)
