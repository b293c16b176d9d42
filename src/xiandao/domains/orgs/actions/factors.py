"""Second factors: adding and removing one's own, and taking away those somebody has lost."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    validate_totp_code,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.actions.sessions import end_sessions_of
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

FACTOR_ADDED = register("orgs.factor_added", gettext_lazy("登记第二因素"))
FACTOR_REMOVED = register("orgs.factor_removed", gettext_lazy("移除第二因素"))
CODES_MADE = register("orgs.recovery_codes_made", gettext_lazy("生成恢复码"))
FACTORS_RESET = register("orgs.factors_reset", gettext_lazy("清除第二因素"))
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NAME_LENGTH = 60


def has_factor(user: User) -> bool:
    """Return whether a person has a second factor; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def _me(actor: Viewer) -> User:
    if not actor.is_person:
        raise Refused(_("请先登录。"))
    return User.objects.select_for_update().get(pk=actor.user_id or 0)


@transaction.atomic
def add_one_time_codes(actor: Viewer, *, secret: str, code: str) -> list[str]:
    """Make an authenticator app one's second factor once it shows a right code; return the new recovery codes.

    The list is empty where there are recovery codes already. Raises Refused for a wrong code, Conflict where an
    app is registered.
    """
    user = _me(actor)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise Conflict(_("已经登记了验证器。要换一个，请先移除原来的。"))
    if not validate_totp_code(secret, code):
        raise Refused(_("验证码不对。请核对手机时间是否准确，输入验证器上当前的六位数字。"))
    TOTP.activate(user, secret)
    audit.record(actor, FACTOR_ADDED, kind="user", key=user.username, label=user.name, after={"type": "totp"})
    return _first_codes(actor, user)


@transaction.atomic
def add_passkey(actor: Viewer, *, name: str, credential: dict[str, Any]) -> list[str]:
    """Make a passkey one's second factor; return the new recovery codes.

    `credential` is the browser's answer, checked by the caller against the challenge of its session.
    """
    user = _me(actor)
    title = name.strip()[:NAME_LENGTH]
    if not title:
        raise Refused(_("请给通行密钥起一个名称，例如所在的设备。"))
    WebAuthn.add(user, title, credential)
    after = {"type": "webauthn", "name": title}
    audit.record(actor, FACTOR_ADDED, kind="user", key=user.username, label=user.name, after=after)
    return _first_codes(actor, user)


def _first_codes(actor: Viewer, user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    return _make_codes(actor, user)


def _make_codes(actor: Viewer, user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    audit.record(actor, CODES_MADE, kind="user", key=user.username, label=user.name, after={"count": len(codes)})
    return codes


@transaction.atomic
def renew_recovery_codes(actor: Viewer) -> list[str]:
    """Make new recovery codes, which end the old ones, and return them. Raises Refused without a second factor."""
    user = _me(actor)
    if not has_factor(user):
        raise Refused(_("先登记验证器或通行密钥，再生成恢复码。"))
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return _make_codes(actor, user)


@transaction.atomic
def remove_factor(actor: Viewer, *, pk: int) -> None:
    """Remove one of one's own second factors; the recovery codes go with the last one.

    Raises Authenticator.DoesNotExist; Refused where an administrator would have none left.
    """
    user = _me(actor)
    mine = Authenticator.objects.filter(user=user, type__in=FACTORS)
    found = mine.get(pk=pk)
    last = mine.count() == 1
    if last and actor.administrator:
        raise Refused(_("管理员必须有第二因素：请先登记另一个，再移除这一个。"))
    before = {"type": found.type, "name": str(found)}
    found.delete()
    if last:
        Authenticator.objects.filter(user=user).delete()
    audit.record(actor, FACTOR_REMOVED, kind="user", key=user.username, label=user.name, before=before)


@transaction.atomic
def reset_factors(actor: Viewer, *, user: User, reason: str) -> None:
    """Take away the second factors of somebody who has lost them, and end their sessions.

    The security administrator does this, the system administrator hands out passwords: neither alone can take
    over an account. Raises Refused otherwise, for oneself, and without a reason; Conflict where there are none.
    """
    if not actor.can(Can.APPROVE_GRANTS):
        raise Refused(_("只有安全管理员可以清除他人的第二因素。"))
    if user.pk == actor.user_id:
        raise Refused(_("不能清除自己的第二因素，请由另一名安全管理员办理。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"))
    found = Authenticator.objects.filter(user=user)
    if not found.exists():
        raise Conflict(_("%(name)s没有登记第二因素。") % {"name": user.name})
    before = {"types": sorted(found.values_list("type", flat=True))}
    found.delete()
    end_sessions_of(actor, user=user, reason=_("清除第二因素"))
    audit.record(
        actor, FACTORS_RESET, kind="user", key=user.username, label=user.name, before=before, reason=reason.strip()
    )


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes a person has not used."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    try:
        return len(RecoveryCodes(row).get_unused_codes()) if row else 0
    except InvalidToken:
        return 0


@transaction.atomic
def check_code(user: User, code: str) -> str:
    """Return by which second factor a typed code is right ("totp" or "recovery_codes"), "" where it is wrong.

    A right code is used up by this.
    """
    text = "".join(code.split())
    rows = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for row in rows.order_by("-type"):
        try:
            right = _shows(row, text) if row.type == Authenticator.Type.TOTP else row.wrap().validate_code(text)
        except InvalidToken:  # the secret key was changed: what it locked is lost, and must be registered anew
            right = False
        if right:
            row.record_usage()
            return str(row.type)
    return ""


def _shows(row: Authenticator, code: str) -> bool:
    """Return whether an app shows a code at this time that was not used before (RFC 6238, section 5.2).

    Which was the last is kept with the secret, so that it is known to every process and after a restart.
    """
    secret = decrypt(row.data["secret"])
    for counter in yield_hotp_counters_from_time():
        if counter > row.data.get("last_counter", 0) and constant_time_compare(
            format_hotp_value(hotp_value(secret, counter)), code
        ):
            row.data["last_counter"] = counter
            row.save(update_fields=["data"])
            return True
    return False
