"""Puts the viewer on the request, ends sessions nobody uses, and keeps people at what they must do first."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xiandao.domains.orgs import actions
from xiandao.domains.orgs.lockout import client_address
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.session import (
    FACTOR_KEY,
    IDLE_KEY,
    PENDING_KEY,
    POST_KEY,
    RENEW_KEY,
    SEEN_KEY,
    begin,
    safe_target,
    seconds_left,
)
from xiandao.domains.orgs.viewer import PUBLIC, Viewer

# A session's activity is written down once in this part of the time it may idle, not at every request.
GRAIN = 1 / 30
ALWAYS = {"web:language", "web:healthz", "orgs:sign-out", "orgs:session"}
CHOOSING_PASSWORD = ALWAYS | {"orgs:password"}
ADDING_FACTOR = ALWAYS | {"orgs:factors", "orgs:totp", "orgs:passkey", "orgs:recovery", "orgs:sign-in-code"}


def _viewer(request: HttpRequest) -> Viewer:
    address = client_address(request)
    if not request.user.is_authenticated:
        return PUBLIC.at(address)
    return viewer_of(request.user, post_id=request.session.get(POST_KEY)).at(address)


class ViewerMiddleware:
    """Sets `request.viewer`, worked out when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: _viewer(request))
        return self.get_response(request)


class SessionGuard:
    """Ends a session that idled too long; a new password and an administrator's second factor come first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if SEEN_KEY not in request.session:
                begin(request, request.user)  # opened before sessions had a clock
            elif seconds_left(request, now=now) <= 0:
                return self._timed_out(request)
            elif not (request.method == "GET" and request.path == reverse("orgs:session")):
                self._seen(request, now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name
        if request.session.get(RENEW_KEY):
            return None if name in CHOOSING_PASSWORD else self._first(request, "orgs:password")
        if request.viewer.administrator and not request.session.get(FACTOR_KEY):
            return None if name in ADDING_FACTOR else self._first(request, self._factor_page(request))
        return None

    def _factor_page(self, request: HttpRequest) -> str:
        """Where there is a second factor already, it is asked for; else one is added."""
        if not actions.has_factor(request.user):
            return "orgs:factors"
        at = timezone.now().timestamp()
        request.session[PENDING_KEY] = {"user": request.user.pk, "target": "", "method": "session", "at": at}
        return "orgs:sign-in-code"

    def _first(self, request: HttpRequest, page: str) -> HttpResponse:
        if request.resolver_match.app_name.startswith(("api", "ninja")):
            return JsonResponse({"detail": _("请先在网页上修改密码或登记第二因素。")}, status=403)
        answer = redirect(page)
        if request.htmx:
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = reverse(page)
        return answer

    def _seen(self, request: HttpRequest, now: Any) -> None:
        if now.timestamp() - request.session[SEEN_KEY] >= GRAIN * request.session[IDLE_KEY]:
            request.session[SEEN_KEY] = now.timestamp()
            actions.session_seen(session_key=request.session.session_key, now=now)

    def _timed_out(self, request: HttpRequest) -> HttpResponse:
        minutes = round(request.session[IDLE_KEY] / 60)
        actions.timed_out(_viewer(request), session_key=request.session.session_key)
        back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")
        logout(request)
        if request.path == reverse("orgs:session"):
            return JsonResponse({"seconds": 0, "signed_in": False})
        messages.warning(request, _("已有 %(minutes)s 分钟没有操作，为安全起见已退出登录。") % {"minutes": minutes})
        target = f"{reverse('orgs:sign-in')}?{urlencode({'next': safe_target(request, back)})}"
        if request.htmx:
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = target
            return answer
        return redirect(target)
