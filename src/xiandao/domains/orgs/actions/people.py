"""Accounts: making, correcting, closing and opening them. What their holders may do is decided by grants."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.actions.passwords import set_first_password
from xiandao.domains.orgs.actions.post_rules import hold, may_lose
from xiandao.domains.orgs.actions.sessions import end_sessions_of
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import current_posts
from xiandao.domains.orgs.viewer import Viewer

ACCOUNT_MADE = register("orgs.account_made", gettext_lazy("建立账号"))
ACCOUNT_EDITED = register("orgs.account_edited", gettext_lazy("修改账号信息"))
ACCOUNT_CLOSED = register("orgs.account_closed", gettext_lazy("停用账号"))
ACCOUNT_OPENED = register("orgs.account_opened", gettext_lazy("启用账号"))
CONTACT_CHANGED = register("orgs.contact_changed", gettext_lazy("修改联系方式"))
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,49}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,28}")
_NAME_LENGTH = 100


def account_fault(account: str) -> str:
    """Return what is wrong with the form of an account, "" if nothing."""
    if _ACCOUNT.fullmatch(account):
        return ""
    return _("账号为2至50位小写字母、数字、点、横线、下划线，以字母或数字开头。")


def name_fault(name: str) -> str:
    """Return what is wrong with a person's name, "" if nothing."""
    return "" if 0 < len(name) <= _NAME_LENGTH else _("姓名为1至%(most)s个字。") % {"most": _NAME_LENGTH}


def contact_fault(email: str, phone: str) -> str:
    """Return what is wrong with an e-mail address or a telephone number, "" if nothing; both may be empty."""
    if email:
        try:
            validate_email(email)
        except ValidationError:
            return _("电子邮箱的格式不对。")
    if phone and not _PHONE.fullmatch(phone):
        return _("电话只写数字、空格、横线、括号和开头的加号。")
    return ""


def require_manager(actor: Viewer) -> None:
    """Raise Refused unless a system administrator acts."""
    if not actor.can(Can.MANAGE_PEOPLE):
        raise Refused(_("只有系统管理员可以管理机构和账号。"))


@transaction.atomic
def create_account(
    actor: Viewer, *, account: str, name: str, email: str = "", now: dt.datetime | None = None
) -> tuple[User, str]:
    """Make an account without any right; return it and its one-time password.

    Raises Refused where account, name or address are not well formed, Conflict where the account exists.
    """
    require_manager(actor)
    user = make_user(account=account.strip(), name=name.strip(), email=email.strip())
    password = set_first_password(user, now=now or timezone.now())
    after = {"name": user.name, "email": user.email}
    audit.record(actor, ACCOUNT_MADE, kind="user", key=user.username, label=user.name, after=after)
    return user, password


def make_user(*, account: str, name: str, email: str = "") -> User:
    """Save a new account without a password. Raises as `create_account` does. For actions that record it."""
    fault = account_fault(account) or name_fault(name) or contact_fault(email, "")
    if fault:
        raise Refused(fault)
    if User.objects.filter(username=account).exists():
        raise Conflict(_("账号 %(account)s 已存在。") % {"account": account})
    user = User(username=account, name=name, email=email, must_change_password=True)
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def edit_account(actor: Viewer, *, user: User, name: str, email: str) -> User:
    """Correct a person's name and address. The account itself never changes: the audit log knows people by it."""
    require_manager(actor)
    fault = name_fault(name.strip()) or contact_fault(email.strip(), "")
    if fault:
        raise Refused(fault)
    found = User.objects.select_for_update().get(pk=user.pk)
    before = {"name": found.name, "email": found.email}
    found.name, found.email = name.strip(), email.strip()
    found.save(update_fields=["name", "email"])
    after = {"name": found.name, "email": found.email}
    audit.record(actor, ACCOUNT_EDITED, kind="user", key=found.username, label=found.name, before=before, after=after)
    return found


@transaction.atomic
def edit_contact(actor: Viewer, *, email: str, phone: str) -> User:
    """Change one's own address and telephone number."""
    if not actor.is_person:
        raise Refused(_("请先登录。"))
    fault = contact_fault(email.strip(), phone.strip())
    if fault:
        raise Refused(fault)
    user = User.objects.select_for_update().get(pk=actor.user_id or 0)
    user.email, user.phone = email.strip(), phone.strip()
    user.save(update_fields=["email", "phone"])
    # The log says that they were changed, not to what: it outlives the person's wish to be reached there.
    audit.record(actor, CONTACT_CHANGED, kind="user", key=user.username, label=user.name)
    return user


@transaction.atomic
def close_account(actor: Viewer, *, user: User, reason: str, now: dt.datetime | None = None) -> User:
    """Keep somebody from signing in from now on and end their sessions. Their posts end by grants of their own.

    Raises Refused for oneself, without a reason, and for the last holder of a separated administrator's role;
    Conflict where the account is closed.
    """
    require_manager(actor)
    if user.pk == actor.user_id:
        raise Refused(_("不能停用自己的账号。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"))
    found = User.objects.select_for_update().get(pk=user.pk)
    if not found.is_active:
        raise Conflict(_("账号已经停用。"))
    today = timezone.localdate(now)
    posts = list(current_posts(found, on=today))
    hold(roles=[post.role_id for post in posts])
    for post in posts:
        may_lose(post, today=today).require()
    found.is_active = False
    found.save(update_fields=["is_active"])
    end_sessions_of(actor, user=found, reason=_("账号停用"))
    audit.record(actor, ACCOUNT_CLOSED, kind="user", key=found.username, label=found.name, reason=reason.strip())
    return found


@transaction.atomic
def open_account(actor: Viewer, *, user: User) -> User:
    """Let somebody sign in again. Raises Conflict where the account is open."""
    require_manager(actor)
    found = User.objects.select_for_update().get(pk=user.pk)
    if found.is_active:
        raise Conflict(_("账号已经启用。"))
    found.is_active = True
    found.save(update_fields=["is_active"])
    audit.record(actor, ACCOUNT_OPENED, kind="user", key=found.username, label=found.name)
    return found
