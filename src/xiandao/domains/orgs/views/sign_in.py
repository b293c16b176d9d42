"""Signing in and out, the second factor, the clock of the session, and choosing the post one acts in."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import (
    begin_authentication,
    complete_authentication,
    parse_authentication_response,
)
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.forms import SignInForm
from xiandao.domains.orgs.lockout import client_address, locked_page
from xiandao.domains.orgs.models import Post
from xiandao.domains.orgs.session import POST_KEY, Pending, complete, identified, pending, safe_target, seconds_left
from xiandao.domains.orgs.viewer import PUBLIC

INVALID = 422
PASSKEY = "passkey"


class SignIn(LoginView):
    """The sign-in page. In demonstration mode it lists the demonstration accounts."""

    template_name = "orgs/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        demo = queries.demo_accounts() if settings.DEMO_MODE else []
        sso = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
        return context | {"demo_accounts": demo, "sso": sso, "target": context.get("next", "")}

    def form_valid(self, form: Any) -> HttpResponse:
        return identified(self.request, form.get_user(), target=self.get_redirect_url(), method="password")

    def form_invalid(self, form: Any) -> HttpResponse:
        account = form.data.get("username", "")
        if account and form.data.get("password"):
            _failed(self.request, account, step="password")
        return super().form_invalid(form)


def _failed(request: HttpRequest, account: str, *, step: str) -> None:
    """Record a failure; django-axes has counted it and says whether it locked the account."""
    locked = bool(getattr(request, "axes_locked_out", False))
    actions.sign_in_failed(PUBLIC.at(client_address(request)), account=account, step=step, locked=locked)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of somebody whose password was right: a code, a recovery code, or a passkey."""
    waiting = pending(request)
    if waiting is None:
        return redirect("orgs:sign-in")
    credentials = {"username": waiting.user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked_page(request, None, credentials)
    if request.method == "POST":
        factor = _factor_shown(request, waiting)
        if factor:
            return complete(request, waiting.user, target=waiting.target, method=waiting.method, factor=factor)
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        _failed(request, waiting.user.username, step="factor")
    types = set(Authenticator.objects.filter(user=waiting.user).values_list("type", flat=True))
    challenge = begin_authentication(waiting.user) if Authenticator.Type.WEBAUTHN in types else None
    context = {
        "name": waiting.user.name,
        "codes": Authenticator.Type.TOTP in types,
        "challenge": json.dumps(challenge, default=dict) if challenge else "",
        "wrong": request.method == "POST",
    }
    return render(request, "orgs/sign_in_code.html", context, status=INVALID if context["wrong"] else 200)


def _factor_shown(request: HttpRequest, waiting: Pending) -> str:
    """Return which second factor was shown rightly, "" where none was."""
    answer = request.POST.get("credential", "")
    if not answer:
        return actions.check_code(waiting.user, request.POST.get("code", ""))
    try:
        parsed = json.loads(answer)
        parse_authentication_response(parsed)
        found = complete_authentication(waiting.user, parsed)
    except (ValidationError, ValueError, KeyError, TypeError):
        return ""
    found.record_usage()
    return PASSKEY


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        actions.signed_out(request.viewer, session_key=request.session.session_key or "")
        logout(request)
    return redirect("web:home")


@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act in another of one's posts from now on; a post one does not hold changes nothing."""
    wanted = request.POST.get("post", "")
    if request.user.is_authenticated and wanted.isdecimal():
        try:
            post = actions.post_chosen(request.viewer, post_id=int(wanted[:18]))
        except Post.DoesNotExist:
            pass
        else:
            request.session[POST_KEY] = post.pk
    return redirect(safe_target(request, request.POST.get("next", "")) or "web:home")


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """Say how long the session has left (GET, which is no activity), or go on with it (POST)."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0, "signed_in": False})
    left = max(0, int(seconds_left(request, now=timezone.now())))
    return JsonResponse({"seconds": left, "signed_in": True, "csrf": get_token(request)})
