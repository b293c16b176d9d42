"""Signing in: what is recorded of it, and unlocking an account."""

from axes.models import AccessAttempt
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import locks
from xiandao.domains.orgs.viewer import Viewer

SIGNED_IN = register("orgs.signed_in", gettext_lazy("登录"))
SIGN_IN_FAILED = register("orgs.sign_in_failed", gettext_lazy("登录失败"))
LOCKED = register("orgs.locked", gettext_lazy("账号锁定"))
UNLOCKED = register("orgs.unlocked", gettext_lazy("解除锁定"))
_SHOWN = 2  # characters kept of an account that does not exist: somebody may have typed a password there


@transaction.atomic
def sign_in_recorded(actor: Viewer, *, method: str = "password", factor: str = "") -> None:
    """Record that a person signed in: by which method, and with which second factor if any."""
    after = {"method": method, "factor": factor} if factor else {"method": method}
    audit.record(actor, SIGNED_IN, kind="user", key=actor.account, label=actor.name, after=after)


@transaction.atomic
def sign_in_failed(actor: Viewer, *, account: str, step: str = "password", locked: bool = False) -> None:
    """Record that signing in failed at a step, and that the account is locked now where it is.

    Nothing that was typed is kept but the account, of one that does not exist only how it begins.
    """
    user = User.objects.filter(username=account).first()
    key, label = (user.username, user.name) if user else (f"{account[:_SHOWN]}…", _("不存在的账号"))
    audit.record(actor, SIGN_IN_FAILED, kind="user", key=key, label=label, after={"step": step})
    if locked:
        audit.record(actor, LOCKED, kind="user", key=key, label=label)


@transaction.atomic
def unlock(actor: Viewer, *, account: str) -> None:
    """Let an account sign in again before its time, at every address.

    Raises Refused unless a security administrator acts, and for her own account; Conflict where nothing is locked.
    """
    if not actor.can(Can.APPROVE_GRANTS):
        raise Refused(_("只有安全管理员可以解除锁定。"))
    if account == actor.account:
        raise Refused(_("不能为自己解除锁定，请由另一名安全管理员办理。"))
    found = locks(account=account)
    if not found:
        raise Conflict(_("账号 %(account)s 没有被锁定，可能已经到时自动解除。") % {"account": account[:150]})
    AccessAttempt.objects.filter(username=account).delete()
    before = {"until": max(lock.until for lock in found), "addresses": [lock.address for lock in found]}
    label = found[0].name or _("不存在的账号")
    audit.record(actor, UNLOCKED, kind="user", key=account[:120], label=label, before=before)
