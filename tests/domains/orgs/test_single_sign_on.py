"""A provincial single sign-on, played by a server on this machine: it says who somebody is and nothing more."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.messages import get_messages
from django.test import Client

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions
from xiandao.domains.orgs.models import User

pytestmark = pytest.mark.django_db
LOGIN, CALLBACK = "/accounts/sso/sso/", "/accounts/sso/sso/callback/"


def unsigned(claims: dict) -> str:
    """Return an ID token; its signature is not looked at, because it came straight from the token endpoint."""
    parts = ({"alg": "RS256", "typ": "JWT", "kid": "1"}, claims)
    text = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*text, base64.urlsafe_b64encode(b"signature").rstrip(b"=").decode()])


class Provider(BaseHTTPRequestHandler):
    """The four answers of an OpenID provider."""

    claims: dict = {}
    broken = False

    def answer(self, data: dict, status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.startswith("/.well-known/"):
            ends = ("authorization", "token", "userinfo")
            found = {f"{end}_endpoint": f"{base}/{end}" for end in ends}
            self.answer(found | {"issuer": base, "jwks_uri": f"{base}/jwks"})
        else:
            self.answer(type(self).claims)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if type(self).broken:
            self.answer({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        base = {"iss": f"http://127.0.0.1:{self.server.server_port}", "aud": "xiandao", "iat": now, "exp": now + 60}
        self.answer({"access_token": "t", "token_type": "Bearer", "id_token": unsigned(base | type(self).claims)})

    def log_message(self, *_args: object) -> None:
        """Stay silent."""


@pytest.fixture
def provider(settings):
    """Run the provider and configure it; `claims` are what it says of whoever signs in."""
    Provider.claims, Provider.broken = {}, False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    issuer = f"http://127.0.0.1:{server.server_port}"
    settings.OIDC_NAME, settings.OIDC_ISSUER = "省统一身份认证", issuer
    app = {
        "provider_id": "sso",
        "name": "省统一身份认证",
        "client_id": "xiandao",
        "secret": "s",
        "settings": {"server_url": issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield Provider
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def official(people):
    """Somebody with an account and no password of her own."""
    user, _password = actions.create_account(people("system"), account="li.si", name="李四")
    return user


def through(browser: Client, target: str = ""):
    """Sign in at the provider and come back."""
    away = browser.post(f"{LOGIN}?next={target}")
    assert away.status_code == 302, away.content.decode()
    asked = parse_qs(urlsplit(away.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"http://testserver{CALLBACK}"]
    return browser.get(CALLBACK, {"code": "c", "state": asked["state"][0]})


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_an_identity_signs_in_to_the_account_of_its_name(provider, official):
    provider.claims = {"sub": "1001", "preferred_username": "li.si", "groups": ["coordinator"]}
    browser = Client()
    assert through(browser, "/plans/").headers["Location"] == "/plans/"
    assert browser.get("/accounts/me/").status_code == 200
    record = AuditRecord.objects.latest("number")
    assert (record.action, record.actor, record.after) == ("orgs.signed_in", "li.si", {"method": "sso"})
    assert not official.posts.exists()


def test_it_stays_tied_to_the_account_even_when_its_name_changes(provider, official):
    provider.claims = {"sub": "1001", "preferred_username": "li.si"}
    through(Client())
    provider.claims = {"sub": "1001", "preferred_username": "city"}
    through(Client())
    assert AuditRecord.objects.latest("number").actor == "li.si"


def test_another_identity_does_not_get_an_account_that_is_taken(provider, official):
    provider.claims = {"sub": "1001", "preferred_username": "li.si"}
    through(Client())
    provider.claims = {"sub": "2002", "preferred_username": "li.si"}
    answer = through(Client())
    assert answer.headers["Location"] == "/accounts/sign-in/"
    assert "没有对应的账号" in said(answer)


@pytest.mark.parametrize("name", ["nobody", "", "coordinator"])
def test_no_account_is_made_and_demonstration_ones_are_not_given(provider, name, db):
    provider.claims = {"sub": "1001", "preferred_username": name}
    before = User.objects.count()
    assert through(Client()).headers["Location"] == "/accounts/sign-in/"
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(provider, official, people):
    actions.close_account(people("system"), user=official, reason="离职")
    provider.claims = {"sub": "1001", "preferred_username": "li.si"}
    answer = through(Client())
    assert "账号已停用" in said(answer)


def test_who_has_a_second_factor_is_asked_for_it(provider, official):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=official, type="totp", data={"secret": "x"})
    provider.claims = {"sub": "1001", "preferred_username": "li.si"}
    browser = Client()
    assert through(browser).headers["Location"] == "/accounts/sign-in/code/"
    assert browser.get("/accounts/me/").status_code == 302


def test_a_provider_that_fails_leads_back_with_a_reason(provider, official):
    provider.claims, provider.broken = {"sub": "1001", "preferred_username": "li.si"}, True
    answer = through(Client())
    assert answer.headers["Location"] == "/accounts/sign-in/"
    assert "没有完成登录" in said(answer)


def test_a_callback_nobody_asked_for_is_refused(provider, official):
    provider.claims = {"sub": "1001", "preferred_username": "li.si"}
    answer = Client().get(CALLBACK, {"code": "c", "state": "made-up"})
    assert answer.headers["Location"] == "/accounts/sign-in/"


def test_the_sign_in_page_offers_it_only_where_it_is_configured(provider, settings):
    assert "用省统一身份认证登录" in Client().get("/accounts/sign-in/").content.decode()
    settings.OIDC_ISSUER = ""
    assert "sso" not in Client().get("/accounts/sign-in/").content.decode()
