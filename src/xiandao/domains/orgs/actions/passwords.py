"""Passwords: what the policy asks, changing one's own, and one-time passwords an administrator hands out."""

import datetime as dt
import secrets
import string

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.actions.sessions import end_sessions_of
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import PasswordUsed, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import SecurityPolicy, is_administrator, security_policy
from xiandao.domains.orgs.viewer import Viewer

PASSWORD_CHANGED = register("orgs.password_changed", gettext_lazy("修改密码"))
PASSWORD_ISSUED = register("orgs.password_issued", gettext_lazy("发放一次性密码"))
_CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
# Without letters and digits that are read for one another.
_PLAIN = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "#%+=?@")


class BadPassword(Refused):
    """A new password the policy does not allow; `faults` are its sentences, one for each demand not met."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("".join(faults))
        self.faults = faults


def password_faults(password: str, *, user: User, policy: SecurityPolicy) -> list[str]:
    """Return a sentence for each demand of the policy a new password does not meet."""
    faults = []
    least = policy.min_length(administrator=is_administrator(user))
    if len(password) < least:
        faults.append(_("至少 %(least)s 个字符，现为 %(found)s 个。") % {"least": least, "found": len(password)})
    kinds = sum(any(c in kind for c in password) for kind in _CLASSES)
    kinds += any(not any(c in kind for kind in _CLASSES) for c in password)
    if kinds < policy.password_min_classes:
        faults.append(
            _("大写字母、小写字母、数字、符号四类中至少 %(least)s 类，现为 %(found)s 类。")
            % {"least": policy.password_min_classes, "found": kinds}
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults += error.messages
    if not faults and _used_before(password, user, policy.password_history):
        faults.append(_("不能与最近 %(count)s 次用过的密码相同。") % {"count": policy.password_history})
    return faults


def _used_before(password: str, user: User, count: int) -> bool:
    used = [user.password, *user.passwords_used.values_list("password", flat=True)][: count or None]
    return count > 0 and any(check_password(password, each) for each in used if each)


def password_expired(user: User, *, policy: SecurityPolicy, now: dt.datetime) -> bool:
    """Return whether a person must choose a new password: it was handed out, or has reached its greatest age.

    Demonstration accounts have published passwords on purpose.
    """
    if user.is_demo:
        return False
    changed = user.password_changed_at
    return user.must_change_password or changed is None or now - changed > policy.password_max_age


@transaction.atomic
def change_password(
    actor: Viewer, *, old: str, new: str, session_key: str = "", now: dt.datetime | None = None
) -> User:
    """Change one's own password and end one's other sessions.

    Raises Refused where the old password is wrong, BadPassword where the policy does not allow the new one.
    """
    if not actor.is_person:
        raise Refused(_("请先登录。"))
    user = User.objects.select_for_update().get(pk=actor.user_id or 0)
    if not user.check_password(old):
        raise Refused(_("原密码不对。"))
    policy = security_policy()
    faults = password_faults(new, user=user, policy=policy)
    if faults:
        raise BadPassword(faults)
    _set(user, new, policy=policy, must_change=False, now=now or timezone.now())
    end_sessions_of(actor, user=user, reason=_("密码已修改"), but=session_key)
    audit.record(actor, PASSWORD_CHANGED, kind="user", key=user.username, label=user.name)
    return user


@transaction.atomic
def issue_password(actor: Viewer, *, user: User, now: dt.datetime | None = None) -> str:
    """Give somebody a one-time password and return it; it must be changed when signing in. Their sessions end.

    Raises Refused unless a system administrator acts, and for one's own account.
    """
    if not actor.can(Can.MANAGE_PEOPLE):
        raise Refused(_("只有系统管理员可以发放一次性密码。"))
    if user.pk == actor.user_id:
        raise Refused(_("自己的密码请在“我的账号”中修改。"))
    password = one_time_password(user)
    _set(user, password, policy=security_policy(), must_change=True, now=now or timezone.now())
    end_sessions_of(actor, user=user, reason=_("重新发放一次性密码"))
    audit.record(actor, PASSWORD_ISSUED, kind="user", key=user.username, label=user.name)
    return password


def one_time_password(user: User) -> str:
    """Return a random password that meets the policy, of characters that are not mistaken for one another."""
    policy = security_policy()
    length = policy.password_min_length_admin + len(_PLAIN)
    while True:
        first = [secrets.choice(kind) for kind in _PLAIN]
        rest = [secrets.choice("".join(_PLAIN)) for _n in range(length - len(first))]
        letters = first + rest
        secrets.SystemRandom().shuffle(letters)
        password = "".join(letters)
        if not password_faults(password, user=user, policy=policy):
            return password


def set_first_password(user: User, *, now: dt.datetime) -> str:
    """Give a new account its one-time password and return it. For actions that make accounts and record that."""
    password = one_time_password(user)
    _set(user, password, policy=security_policy(), must_change=True, now=now)
    return password


def _set(user: User, password: str, *, policy: SecurityPolicy, must_change: bool, now: dt.datetime) -> None:
    if user.has_usable_password() and user.password:
        PasswordUsed.objects.create(user=user, password=user.password, at=now)
    # The password in use counts as one of those not to be repeated.
    keep = max(policy.password_history - 1, 0)
    old = list(user.passwords_used.values_list("pk", flat=True)[keep:])
    PasswordUsed.objects.filter(pk__in=old).delete()
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = now
    user.save()
