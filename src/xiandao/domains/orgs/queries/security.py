"""Reading security values, open sessions and locks."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import NamedTuple

from axes.models import AccessAttempt
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import OpenSession, SecurityValue, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """The security values in force that signing in goes by: counts as numbers, lengths of time as such."""

    password_min_length: int
    password_min_length_admin: int
    password_min_classes: int
    password_max_age: dt.timedelta
    password_history: int
    lockout_failures: int
    lockout_time: dt.timedelta
    idle_timeout: dt.timedelta
    idle_timeout_admin: dt.timedelta
    sessions_per_admin: int
    factors_admin: int

    def min_length(self, *, administrator: bool) -> int:
        """Return how many characters a password needs at least."""
        return self.password_min_length_admin if administrator else self.password_min_length

    def idle(self, *, administrator: bool) -> dt.timedelta:
        """Return after how long without activity a session ends."""
        return self.idle_timeout_admin if administrator else self.idle_timeout


def security_values() -> QuerySet[SecurityValue]:
    """Return every security value with its source, in the order of the pack."""
    return SecurityValue.objects.all()


def security_policy() -> SecurityPolicy:
    """Return the values in force. Raises Refused where no pack with security values was loaded."""
    rows = {row.key: row for row in security_values()}
    found = {}
    for field in fields(SecurityPolicy):
        if field.name not in rows:
            raise Refused(_("没有安全数值：请先载入带有 security.yaml 的政策包。"))
        row = rows[field.name]
        found[field.name] = row.duration if field.type is dt.timedelta else row.in_force
    return SecurityPolicy(**found)


def open_sessions(viewer: Viewer, *, now: dt.datetime | None = None) -> QuerySet[OpenSession]:
    """Return the sessions a viewer may see that have not timed out, the liveliest first."""
    policy = security_policy()
    longest = max(policy.idle_timeout, policy.idle_timeout_admin)
    since = (now or timezone.now()) - longest
    return OpenSession.objects.visible_to(viewer).filter(seen_at__gte=since).select_related("user")


class Lock(NamedTuple):
    """An account locked at one address: how many attempts failed, and until when."""

    account: str
    name: str
    address: str | None
    failures: int
    until: dt.datetime


def locks(*, account: str | None = None, now: dt.datetime | None = None) -> list[Lock]:
    """Return the locks in force, the longest first; of one account if told. For the security administrator."""
    policy = security_policy()
    since = (now or timezone.now()) - policy.lockout_time
    rows = AccessAttempt.objects.filter(attempt_time__gte=since)
    if account is not None:
        rows = rows.filter(username=account)
    found = list(
        rows.values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=policy.lockout_failures)
        .order_by("-last")
    )
    names = dict(User.objects.filter(username__in=[r["username"] for r in found]).values_list("username", "name"))
    return [
        Lock(
            row["username"] or "",
            names.get(row["username"], ""),
            row["ip_address"],
            row["failures"],
            row["last"] + policy.lockout_time,
        )
        for row in found
    ]


def unlocked_at(account: str, address: str | None, *, now: dt.datetime | None = None) -> dt.datetime | None:
    """Return until when an account is locked at an address, None where it is not."""
    return next((lock.until for lock in locks(account=account, now=now) if lock.address == address), None)
