"""Demonstration people and bodies: invented, marked, one for each role, built on whatever pack is loaded."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, Model, ProtectedError, Q, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import Counterpart, Grant, Organisation, OrganisationKind, Post, Region, Role, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.signals import demo_removing
from xiandao.domains.orgs.viewer import Viewer

DEMO_PEOPLE = register("orgs.demo_people", _("建立演示账号"))
DEMO_REMOVED = register("orgs.demo_removed", _("移除演示账号和机构"))
DEMO_PASSWORD = "xiandao-demo"  # noqa: S105 — published on purpose: these accounts exist in demonstrations only
_SINCE = dt.date(2024, 1, 1)


class DemoPost(NamedTuple):
    """One demonstration person: account, name, role code, where."""

    account: str
    name: str
    role: str
    organisation: Organisation


def _demo_body(code: str, name: str, kind: OrganisationKind, region: Region) -> Organisation:
    """Return an invented organisation, made if it is missing."""
    body, _created = Organisation.objects.get_or_create(
        code=f"demo-{code}", defaults={"name": name, "kind": kind, "region": region, "is_demo": True, "order": 90_000}
    )
    return body


def _working_posts(coordinator: Organisation) -> list[DemoPost]:
    """Return those who work on the plan: the coordinator, two departments, two cities, a county, an auditor."""
    ranked = list(
        Organisation.objects.filter(duties__isnull=False, region=coordinator.region)
        .exclude(pk=coordinator.pk)
        .annotate(leads=Count("duties", filter=Q(duties__role="lead")))
        .order_by("-leads", "order")
        .distinct()
    )
    # The department that leads most measures shows most on its pages; the other one mostly helps.
    lead = ranked[0] if ranked else coordinator
    helper = ranked[-1] if ranked else coordinator
    posts = [
        DemoPost("coordinator", "周统筹（演示）", "coordinator", coordinator),
        DemoPost("department", "陈牵头（演示）", "department_clerk", lead),
        DemoPost("department-head", "方审定（演示）", "department_head", lead),
        DemoPost("department-other", "吕配合（演示）", "department_clerk", helper),
        DemoPost("auditor", "沈审计（演示）", "auditor", coordinator),
    ]
    bureaus = list(Counterpart.objects.filter(department=coordinator).order_by("region").select_related("bureau"))
    if bureaus:
        first, last = bureaus[0].bureau, bureaus[-1].bureau
        posts += [
            DemoPost("city", "林承办（演示）", "city_clerk", first),
            DemoPost("city-head", "顾负责（演示）", "city_head", first),
            DemoPost("city-other", "夏邻市（演示）", "city_clerk", last),
        ]
        county = Region.objects.filter(parent=first.region).order_by("code").first()
        if county:
            body = _demo_body("county", f"{county.name}承办单位（演示）", OrganisationKind.GOVERNMENT, county)
            posts.append(DemoPost("county", "叶县区（演示）", "county_clerk", body))
    return posts


def _outside_posts(coordinator: Organisation) -> list[DemoPost]:
    """Return those outside government and the three administrators."""
    region = coordinator.region
    firm = _demo_body("enterprise", "示例氢能科技有限公司（演示）", OrganisationKind.ENTERPRISE, region)
    experts = _demo_body("experts", "未来产业专家库（演示）", OrganisationKind.EXPERT_BODY, region)
    fund = _demo_body("fund", "示例未来产业基金（演示）", OrganisationKind.FUND, region)
    return [
        DemoPost("applicant", "何申报（演示）", "applicant", firm),
        DemoPost("expert", "秦专家（演示）", "expert", experts),
        DemoPost("fund", "钱基金（演示）", "fund_officer", fund),
        DemoPost("system", "系统管理员（演示）", "system_admin", coordinator),
        DemoPost("security", "安全管理员（演示）", "security_admin", coordinator),
        DemoPost("audit", "审计管理员（演示）", "audit_admin", coordinator),
    ]


@transaction.atomic
def ensure_demo_people(actor: Viewer) -> int:
    """Make the demonstration accounts that are missing and return how many were made.

    Raises Refused outside demonstration mode: their password is published.
    """
    if not settings.DEMO_MODE:
        raise Refused(_("演示账号只存在于演示模式。"))
    coordinator = Organisation.objects.get(is_coordinator=True)
    roles = set(Role.objects.values_list("code", flat=True))
    password = make_password(DEMO_PASSWORD)  # of one published password one hash will do: making it is slow on purpose
    made = []
    for post in _working_posts(coordinator) + _outside_posts(coordinator):
        if post.role not in roles:
            continue
        user, created = User.objects.get_or_create(username=post.account, defaults={"name": post.name, "is_demo": True})
        if not created:
            continue
        user.password = password
        user.save(update_fields=["password"])
        Post.objects.create(user=user, organisation=post.organisation, role_id=post.role, valid_from=_SINCE)
        made.append(post.account)
    if made:
        audit.record(actor, DEMO_PEOPLE, kind="user", key="demo", label="演示账号", after={"accounts": made})
    return len(made)


class DemoRemoved(NamedTuple):
    """How many demonstration people and bodies were deleted, and how many only closed because work refers to them."""

    people: int
    people_closed: int
    bodies: int
    bodies_closed: int


@transaction.atomic
def remove_demo_people(actor: Viewer) -> DemoRemoved:
    """Delete demonstration people and bodies, with what other domains mark as demonstration.

    Whoever something that stays refers to is closed instead: no post, no password, no sign-in. Raises Refused
    unless the system acts.
    """
    if not actor.is_system:
        raise Refused(_("演示账号只能在服务器上用命令移除。"))
    demo_removing.send(sender=User, actor=actor)
    everyone = list(User.objects.filter(is_demo=True))
    people = [user for user in everyone if _removed(user)]
    closed = [user for user in everyone if user not in people and _closed(user)]
    bodies = list(Organisation.objects.filter(is_demo=True))
    gone = [body for body in bodies if _deleted(body)]
    kept = [body for body in bodies if body not in gone]
    Organisation.objects.filter(pk__in=[body.pk for body in kept]).update(is_active=False)
    done = DemoRemoved(len(people), len(closed), len(gone), len(kept))
    if any(done):
        audit.record(actor, DEMO_REMOVED, kind="user", key="demo", label="演示账号和机构", after=done._asdict())
    return done


def _removed(user: User) -> bool:
    """Delete a demonstration person with posts and grants, if nothing that stays refers to them."""
    try:
        with transaction.atomic():
            Grant.objects.for_system("removing demonstration people").filter(user=user).delete()
            user.posts.filter(delegated_from__isnull=False).delete()
            user.posts.all().delete()
            user.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True


def _closed(user: User) -> bool:
    """Close the account of a demonstration person; return whether that changed something."""
    was = user.is_active
    day = timezone.localdate()
    user.posts.filter(ended_at__isnull=True).update(ended_at=timezone.now(), valid_to=day)
    user.open_sessions.for_system("a closed demonstration account").delete()
    user.is_active = False
    user.set_unusable_password()
    user.save()
    return was


def _deleted(row: Model) -> bool:
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True
