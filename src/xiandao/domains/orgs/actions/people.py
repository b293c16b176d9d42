"""Accounts and posts. Here only what signing in and demonstration need."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import Counterpart, Organisation, Post, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Role, Viewer

SIGNED_IN = register("orgs.signed_in", _("登录"))
DEMO_PEOPLE = register("orgs.demo_people", _("建立演示账号"))
DEMO_PASSWORD = "xiandao-demo"  # noqa: S105 — published on purpose: these accounts exist in demonstrations only


@transaction.atomic
def sign_in_recorded(actor: Viewer) -> None:
    """Record that a person signed in."""
    audit.record(actor, SIGNED_IN, kind="user", key=actor.account, label=actor.name)


def _demo_posts() -> list[tuple[str, str, Role, Organisation]]:
    """Return account, name, role and organisation of each demonstration person, from whatever pack is loaded."""
    coordinator = Organisation.objects.get(is_coordinator=True)
    leads = Organisation.objects.filter(duties__role="lead", region=coordinator.region).exclude(pk=coordinator.pk)
    # The department that leads most measures shows most on its pages.
    department = max(set(leads), key=lambda body: (list(leads).count(body), -body.order), default=coordinator)
    first = Counterpart.objects.filter(department=coordinator).order_by("region").select_related("bureau").first()
    bureau = first.bureau if first else coordinator
    return [
        ("coordinator", "周统筹（演示）", Role.COORDINATOR, coordinator),
        ("department", "陈牵头（演示）", Role.DEPARTMENT_CLERK, department),
        ("city", "林承办（演示）", Role.CITY_CLERK, bureau),
        ("auditor", "沈审计（演示）", Role.AUDITOR, coordinator),
    ]


@transaction.atomic
def ensure_demo_people(actor: Viewer) -> int:
    """Make the demonstration accounts that are missing and return how many were made.

    Raises Refused outside demonstration mode: their password is published.
    """
    if not settings.DEMO_MODE:
        raise Refused(_("演示账号只存在于演示模式。"))
    made = []
    for account, name, role, organisation in _demo_posts():
        user, created = User.objects.get_or_create(username=account, defaults={"name": name, "is_demo": True})
        if not created:
            continue
        user.set_password(DEMO_PASSWORD)
        user.save()
        Post.objects.create(user=user, organisation=organisation, role=role, valid_from=dt.date(2024, 1, 1))
        made.append(account)
    if made:
        audit.record(actor, DEMO_PEOPLE, kind="user", key="demo", label="演示账号", after={"accounts": made})
    return len(made)
