"""One's second factors: an authenticator app, passkeys, recovery codes."""

import base64
import json

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal.auth import (
    begin_registration,
    complete_registration,
    parse_registration_response,
)
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.orgs import actions
from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.actions.factors import FACTORS, recovery_codes_left
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.session import FACTOR_KEY
from xiandao.domains.orgs.views.access import INVALID, proved, tried

form_page = require_http_methods(["GET", "POST"])


@require_GET
@proved
def factors(request: Request) -> HttpResponse:
    """Show one's second factors and how to add one."""
    rows = Authenticator.objects.filter(user=request.user)
    mine = [row for row in rows if row.type in FACTORS]
    context = {
        "factors": mine,
        "has_app": any(row.type == Authenticator.Type.TOTP for row in mine),
        "codes_left": recovery_codes_left(request.user),
        "demanded": request.viewer.administrator and not request.session.get(FACTOR_KEY),
    }
    return render(request, "orgs/factors.html", context)


@never_cache
@form_page
@proved
def totp(request: Request) -> HttpResponse:
    """Register an authenticator app: show its secret, take a first code."""
    fault = ""
    secret = get_totp_secret()
    if request.method == "POST":
        code = "".join(request.POST.get("code", "").split())
        try:
            codes = actions.add_one_time_codes(request.viewer, secret=secret, code=code)
        except Refused as refusal:
            fault = str(refusal.reason)
        else:
            clear_totp_secret(request)
            return _added(request, codes)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "secret": secret,
        "groups": [secret[i : i + 4] for i in range(0, len(secret), 4)],
        "picture": base64.b64encode(picture.encode()).decode(),
        "fault": fault,
    }
    return render(request, "orgs/totp.html", context, status=INVALID if fault else 200)


@never_cache
@form_page
@proved
def passkey(request: Request) -> HttpResponse:
    """Register a passkey: give the browser a challenge, take its answer."""
    fault = ""
    if request.method == "POST":
        try:
            credential = json.loads(request.POST.get("credential", ""))
            parse_registration_response(credential)
            complete_registration(credential)
            codes = actions.add_passkey(request.viewer, name=request.POST.get("name", ""), credential=credential)
        except Refused as refusal:
            fault = str(refusal.reason)
        except (ValidationError, ValueError, KeyError, TypeError):
            fault = _("浏览器没有给出有效的通行密钥，请重试。")
        else:
            return _added(request, codes)
    options = begin_registration(request.user, passwordless=False)
    context = {
        "challenge": json.dumps(options, default=dict),
        "name": get_adapter().generate_authenticator_name(request.user, Authenticator.Type.WEBAUTHN),
        "fault": fault,
    }
    return render(request, "orgs/passkey.html", context, status=INVALID if fault else 200)


def _added(request: Request, codes: list[str]) -> HttpResponse:
    """Go on after a second factor was added: the recovery codes are shown this once."""
    request.session[FACTOR_KEY] = True
    if not codes:
        return redirect("orgs:factors")
    return render(request, "orgs/recovery_codes.html", {"codes": codes})


@never_cache
@require_POST
@proved
def recovery(request: Request) -> HttpResponse:
    """Make new recovery codes and show them this once."""
    try:
        codes = actions.renew_recovery_codes(request.viewer)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("orgs:factors")
    return render(request, "orgs/recovery_codes.html", {"codes": codes})


@require_POST
@proved
def factor_remove(request: Request, pk: int) -> HttpResponse:
    """Remove one of one's second factors."""
    try:
        return tried(request, lambda: actions.remove_factor(request.viewer, pk=pk), _("已移除。"), "orgs:factors")
    except Authenticator.DoesNotExist:
        raise Http404 from None
