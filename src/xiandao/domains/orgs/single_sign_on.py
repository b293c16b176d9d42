"""The provincial single sign-on (OpenID Connect): it says who somebody is, never what they may do."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xiandao.domains.orgs.models import User


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Finds the account that belongs to an identity, and takes nothing else from it."""

    def is_open_for_signup(self, *_args: Any) -> bool:
        """No account is ever made by signing in."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        """Go on with our own sign-in as the account the identity belongs to, or back to the page with a reason.

        An identity (`sub`) once seen stays tied to its account. One not seen before belongs to the account
        that is called like its `preferred_username` and is not tied to another identity.
        """
        from xiandao.domains.orgs.session import identified

        if sociallogin.is_existing:
            user = sociallogin.user
        else:
            user = self._account(sociallogin)
            if user is None:
                self._back(request, _("统一身份认证中的账号在本平台没有对应的账号，请联系系统管理员。"))
            sociallogin.connect(request, user)
        if not user.is_active:
            self._back(request, _("账号已停用，请联系系统管理员。"))
        target = sociallogin.state.get("next") or ""
        raise ImmediateHttpResponse(identified(request, user, target=target, method="sso"))

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_extra: Any) -> NoReturn:
        """Go back to the sign-in page and say that it did not work."""
        self._back(request, _("统一身份认证没有完成登录，请重试；仍不成功时用账号和密码登录。"))

    def _account(self, sociallogin: SocialLogin) -> User | None:
        """Return the account called like the identity, unless another identity has it already."""
        name = str(sociallogin.account.get_provider_account().get_user_data().get("preferred_username") or "")
        user = User.objects.filter(username=name, is_demo=False).first() if name else None
        taken = user is not None and SocialAccount.objects.filter(user=user).exists()
        return None if taken else user

    def _back(self, request: HttpRequest, reason: str) -> NoReturn:
        messages.error(request, reason)
        raise ImmediateHttpResponse(redirect("orgs:sign-in"))
