"""The first administrators of an installation, and the way back in for one who is locked out for good."""

import datetime as dt

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.actions.passwords import set_first_password
from xiandao.domains.orgs.actions.people import make_user
from xiandao.domains.orgs.actions.sessions import end_sessions_of
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Post, Role, User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import is_administrator, posts_held
from xiandao.domains.orgs.viewer import Viewer

BOOTSTRAPPED = register("orgs.bootstrapped", gettext_lazy("设立首批管理员"))
RESCUED = register("orgs.rescued", gettext_lazy("在服务器上恢复管理员登录"))
# What tells the three separated administrators apart.
FIRST = (Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS, Can.EXPORT_AUDIT)


@transaction.atomic
def bootstrap_administrators(
    actor: Viewer,
    *,
    people: dict[Can, tuple[str, str]],
    organisation: str = "",
    now: dt.datetime | None = None,
) -> list[tuple[User, Role, str]]:
    """Make the three first administrators; return each with role and one-time password.

    `people` gives account and name for each capability of FIRST; `organisation` is a code, the coordinating office
    unless told. Raises Refused unless the system acts, for accounts that are not three, and once there is an
    administrator; demonstration people do not count.
    """
    if not actor.is_system:
        raise Refused(_("首批管理员只能在服务器上用命令设立。"))
    at = now or timezone.now()
    held = posts_held(on=timezone.localdate(at)).filter(role__administrator=True, user__is_demo=False)
    if held.exists():
        raise Conflict(_("已经有管理员：请由系统管理员提出、安全管理员批准。"))
    if set(people) != set(FIRST) or len({account for account, _name in people.values()}) != len(FIRST):
        raise Refused(_("系统、安全、审计管理员须是三个不同的账号。"))
    chosen = Organisation.objects.filter(code=organisation) if organisation else _coordinators()
    body = chosen.first()
    if body is None:
        raise Refused(_("没有机构 %(code)s：先载入政策包，或核对代码。") % {"code": organisation})
    made = []
    for capability in FIRST:
        account, name = people[capability]
        user = make_user(account=account, name=name)
        role = _role_with(capability)
        post = Post.objects.create(user=user, organisation=body, role=role, valid_from=timezone.localdate(at))
        password = set_first_password(user, now=at)
        after = {"organisation": body.code, "role": role.code}
        audit.record(actor, BOOTSTRAPPED, kind="post", key=str(post.pk), label=f"{name}（{account}）", after=after)
        made.append((user, role, password))
    return made


def _coordinators() -> QuerySet[Organisation]:
    return Organisation.objects.filter(is_coordinator=True)


def _role_with(capability: Can) -> Role:
    """Return the administrator's role that has a capability. Raises Refused where the pack has none."""
    for role in Role.objects.filter(administrator=True):
        if capability.value in role.capabilities:
            return role
    words = {"capability": capability.label}
    raise Refused(_("政策包的 roles.yaml 中没有能“%(capability)s”的管理员角色。") % words)


@transaction.atomic
def rescue(actor: Viewer, *, account: str, now: dt.datetime | None = None) -> str:
    """Give an administrator who cannot sign in any more a one-time password, without second factor and lock.

    Raises Refused unless the system acts and for accounts that are no administrator's; User.DoesNotExist.
    """
    if not actor.is_system:
        raise Refused(_("只能在服务器上用命令恢复管理员登录。"))
    user = User.objects.select_for_update().get(username=account)
    if not is_administrator(user):
        raise Refused(_("%(name)s不是管理员：请系统管理员发放一次性密码。") % {"name": user.name})
    Authenticator.objects.filter(user=user).delete()
    AccessAttempt.objects.filter(username=account).delete()
    password = set_first_password(user, now=now or timezone.now())
    end_sessions_of(actor, user=user, reason=_("在服务器上恢复管理员登录"))
    audit.record(actor, RESCUED, kind="user", key=user.username, label=user.name)
    return password
