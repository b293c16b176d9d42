"""Open sessions: noted when somebody signs in, ended by their owner, by the security administrator, or by time."""

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import OpenSession, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import open_sessions, security_policy
from xiandao.domains.orgs.viewer import Viewer

SESSION_ENDED = register("orgs.session_ended", gettext_lazy("终止会话"))
TIMED_OUT = register("orgs.timed_out", gettext_lazy("闲置退出"))
SIGNED_OUT = register("orgs.signed_out", gettext_lazy("退出登录"))
DEVICE_LENGTH = 300


@transaction.atomic
def open_session(
    actor: Viewer,
    *,
    user: User,
    session_key: str,
    device: str,
    administrator: bool,
    now: dt.datetime | None = None,
) -> None:
    """Note that somebody is signed in. An administrator's older sessions beyond the number allowed end now."""
    at = now or timezone.now()
    policy = security_policy()
    longest = max(policy.idle_timeout, policy.idle_timeout_admin)
    rows = OpenSession.objects.for_system("a person's own sessions").filter(user=user)
    rows.filter(seen_at__lt=at - longest).delete()
    OpenSession.objects.for_system("the session that begins").update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "started_at": at,
            "seen_at": at,
            "address": actor.address,
            "device": device[:DEVICE_LENGTH],
        },
    )
    if administrator:
        others = rows.exclude(session_key=session_key).order_by("-seen_at", "-id")
        for old in list(others[max(policy.sessions_per_admin - 1, 0) :]):
            _end(actor, old, reason=_("管理员在别处登录，同时只能有一个会话"))


def session_seen(*, session_key: str, now: dt.datetime) -> None:
    """Note that a session was active. No audit: every page would write one."""
    OpenSession.objects.for_system("the session itself").filter(session_key=session_key).update(seen_at=now)


def session_moved(*, old: str, new: str) -> None:
    """Follow a session that was given a new key, as after a change of password."""
    OpenSession.objects.for_system("the session itself").filter(session_key=old).update(session_key=new)


@transaction.atomic
def end_session(actor: Viewer, *, pk: int) -> OpenSession:
    """End one of one's own sessions, or as security administrator anybody's. Raises OpenSession.DoesNotExist."""
    found = open_sessions(actor).get(pk=pk)
    _end(actor, found)
    return found


@transaction.atomic
def end_sessions_of(actor: Viewer, *, user: User, reason: str, but: str = "") -> int:
    """End every session of a person, except the one whose key is `but`; return how many. For other actions."""
    rows = list(OpenSession.objects.for_system("sessions that lose their ground").filter(user=user))
    ended = [row for row in rows if row.session_key != but]
    for row in ended:
        _end(actor, row, reason=reason)
    return len(ended)


@transaction.atomic
def timed_out(actor: Viewer, *, session_key: str) -> None:
    """Record that a session ended because nobody used it."""
    OpenSession.objects.for_system("the session itself").filter(session_key=session_key).delete()
    audit.record(actor, TIMED_OUT, kind="user", key=actor.account, label=actor.name)


@transaction.atomic
def signed_out(actor: Viewer, *, session_key: str) -> None:
    """Record that somebody signed out."""
    if not actor.is_person:
        raise Refused(_("尚未登录。"))
    OpenSession.objects.for_system("the session itself").filter(session_key=session_key).delete()
    audit.record(actor, SIGNED_OUT, kind="user", key=actor.account, label=actor.name)


def _end(actor: Viewer, row: OpenSession, *, reason: str = "") -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(session_key=row.session_key).delete()
    before = {"device": row.device, "address": row.address, "started_at": row.started_at}
    audit.record(
        actor, SESSION_ENDED, kind="user", key=row.user.username, label=row.user.name, before=before, reason=reason
    )
    row.delete()
