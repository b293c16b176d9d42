"""What a post must satisfy whoever gives it: kind of organisation, excluding roles, dates, and who must remain."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiandao.domains.orgs.models import Organisation, OrganisationKind, Post, Role, User
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.queries import posts_held


def may_hold(
    user: User,
    *,
    role: Role,
    organisation: Organisation,
    valid_from: dt.date,
    valid_to: dt.date | None,
    ignoring: Post | None = None,
    delegated: bool = False,
) -> Answer:
    """Return whether a person may hold a role in an organisation over a time, and if not why.

    `ignoring` is the post that is changed into this one. A `delegated` post may be of a role the person has there.
    """
    if valid_to is not None and valid_to < valid_from:
        return refuse(_("止期早于起期：请更正日期。"))
    if not user.is_active:
        return refuse(_("%(name)s的账号已停用，请先启用。") % {"name": user.name})
    if not organisation.is_active:
        return refuse(_("%(body)s已停用，不能再设岗位。") % {"body": organisation.label})
    if role.held_in and organisation.kind not in role.held_in:
        kinds = str(_("、")).join(str(OrganisationKind(kind).label) for kind in role.held_in)
        words = {
            "role": role.label,
            "kinds": kinds,
            "body": organisation.label,
            "kind": organisation.get_kind_display(),
        }
        return refuse(_("%(role)s只能设在%(kinds)s；%(body)s是%(kind)s。") % words)
    others = _posts_between(user, valid_from, valid_to)
    if ignoring is not None:
        others = others.exclude(pk=ignoring.pk)
    return _free_of_clashes(user, role, others, None if delegated else organisation)


def _posts_between(user: User, valid_from: dt.date, valid_to: dt.date | None) -> QuerySet[Post]:
    """Return a person's posts that share a day with a time."""
    others = user.posts.filter(ended_at__isnull=True).select_related("organisation", "role", "delegated_from__user")
    others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if valid_to is not None:
        others = others.filter(valid_from__lte=valid_to)
    return others


def _free_of_clashes(user: User, role: Role, others: QuerySet[Post], organisation: Organisation | None) -> Answer:
    """Return whether no other post excludes the role, or is the same again in the organisation."""
    for post in others:
        words = {"name": user.name, "post": str(post), "role": role.label, "other": post.role.label}
        if role.code in post.role.excludes or post.role_id in role.excludes:
            return refuse(_("%(role)s与%(other)s互斥：%(name)s同期任%(post)s，须先结束那个岗位。") % words)
        same = organisation is not None and (post.role_id, post.organisation_id) == (role.code, organisation.pk)
        if same and post.delegated_from_id is None:
            return refuse(_("%(name)s同期已任%(post)s，不必重复。") % words)
    return ALLOWED


def hold(*, users: Iterable[int] = (), roles: Iterable[str] = (), posts: Iterable[int] = ()) -> None:
    """Lock people, roles and posts until the transaction ends, always in this order.

    Whether somebody may hold a post, and whether a role is left without anybody, is then asked by one at a time.
    """
    rows: tuple[tuple[QuerySet[Any], Iterable[Any]], ...] = (
        (User.objects.all(), users),
        (Role.objects.all(), roles),
        (Post.objects.all(), posts),
    )
    for kind, keys in rows:
        wanted = set(keys)
        if wanted:
            list(kind.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))


def may_lose(post: Post, *, today: dt.date, last_day: dt.date | None = None) -> Answer:
    """Return whether a post can end or change its role without leaving nobody in one of the separated roles.

    After `last_day`, at once without one, somebody else must hold the role, and for no shorter than the post would.
    """
    if not post.role.administrator:
        return ALLOWED
    after = today if last_day is None or last_day < today else last_day + dt.timedelta(days=1)
    others = posts_held(on=after).filter(role=post.role, user__is_active=True).exclude(user=post.user)
    as_long = Q(valid_to__isnull=True)
    if post.valid_to is not None:
        as_long |= Q(valid_to__gte=post.valid_to)
    if others.filter(as_long).exists():
        return ALLOWED
    words = {"name": post.user.name, "role": post.role.label}
    return refuse(_("%(name)s是唯一的%(role)s：先任命并批准另一名，再结束这个岗位。") % words)
