"""Posts: beginning, changing and ending as granted, delegation to a colleague, and ends that come with the day."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.orgs.actions.post_rules import hold, may_hold, may_lose
from xiandao.domains.orgs.actions.sessions import end_sessions_of
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Grant, Post
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import colleagues, posts_held
from xiandao.domains.orgs.signals import post_ended
from xiandao.domains.orgs.viewer import Viewer

_trouble = logging.getLogger(__name__)
POST_BEGUN = register("orgs.post_begun", gettext_lazy("新设岗位"))
POST_CHANGED = register("orgs.post_changed", gettext_lazy("变更岗位"))
POST_ENDING = register("orgs.post_ending", gettext_lazy("确定岗位结束日期"))
POST_ENDED = register("orgs.post_ended", gettext_lazy("结束岗位"))
DELEGATED = register("orgs.delegated", gettext_lazy("委托岗位"))
DELEGATION_ENDED = register("orgs.delegation_ended", gettext_lazy("结束委托"))
POST_CHOSEN = register("orgs.post_chosen", gettext_lazy("切换岗位"))


def facts(post: Post) -> dict[str, object]:
    """Return what a post says, for the audit log."""
    return {
        "organisation": post.organisation.code,
        "role": post.role_id,
        "title": post.title,
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }


def _log(
    actor: Viewer,
    action: RegisteredAction,
    post: Post,
    *,
    before: object = None,
    after: object = None,
    reason: str = "",
) -> None:
    label = f"{post.user.name}（{post.user.username}）{post}"
    audit.record(actor, action, kind="post", key=str(post.pk), label=label, before=before, after=after, reason=reason)


def apply_new(actor: Viewer, grant: Grant) -> Post:
    """Make the post an approved grant speaks of. For `approve_grant`, which has checked who approves."""
    may_hold(
        grant.user,
        role=grant.role,
        organisation=grant.organisation,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
    ).require()
    post = Post.objects.create(
        user=grant.user,
        organisation=grant.organisation,
        role=grant.role,
        title=grant.title,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
    )
    _log(actor, POST_BEGUN, post, after=facts(post), reason=grant.reason)
    if post.role.administrator:
        end_sessions_of(actor, user=post.user, reason=_("成为管理员，须重新登录"))
    return post


def apply_change(actor: Viewer, grant: Grant, *, now: dt.datetime) -> Post:
    """Change a post as an approved grant says. Delegations of it end where its role changes."""
    post = _locked(grant)
    today = timezone.localdate(now)
    if grant.role != post.role:
        may_lose(post, today=today).require()
    elif ends_sooner(post, grant.valid_to):
        may_lose(post, today=today, last_day=grant.valid_to).require()
    may_hold(
        post.user,
        role=grant.role,
        organisation=post.organisation,
        valid_from=post.valid_from,
        valid_to=grant.valid_to,
        ignoring=post,
    ).require()
    before = facts(post)
    if grant.role != post.role:
        _end_delegations(actor, post, now=now, reason=_("委托人的角色已变更"))
    post.role, post.title, post.valid_to = grant.role, grant.title, grant.valid_to
    post.save()
    _log(actor, POST_CHANGED, post, before=before, after=facts(post), reason=grant.reason)
    if post.role.administrator:
        end_sessions_of(actor, user=post.user, reason=_("成为管理员，须重新登录"))
    return post


def apply_end(actor: Viewer, grant: Grant, *, now: dt.datetime) -> Post:
    """Set a post's last day as an approved grant says; where that day is over, the post ends now."""
    post = _locked(grant)
    today = timezone.localdate(now)
    may_lose(post, today=today, last_day=grant.valid_to).require()
    before = facts(post)
    post.valid_to, post.successor = grant.valid_to, grant.successor
    post.save()
    _log(actor, POST_ENDING, post, before=before, after=facts(post), reason=grant.reason)
    if grant.valid_to is not None and grant.valid_to < today:
        end_post(actor, post, now=now)
    return post


def ends_sooner(post: Post, last_day: dt.date | None) -> bool:
    """Return whether a last day is earlier than the one a post has."""
    return last_day is not None and (post.valid_to is None or last_day < post.valid_to)


def _locked(grant: Grant) -> Post:
    post = Post.objects.select_for_update().get(pk=grant.post_id or 0)
    if post.ended_at is not None:
        raise Conflict(_("这个岗位已经结束。"))
    return post


def end_post(actor: Viewer, post: Post, *, now: dt.datetime, reason: str = "") -> None:
    """Close a post that is over, with its delegations, and tell who hands its open work on.

    Work of a delegated post goes back to who delegated it, or to that one's successor.
    """
    post.ended_at = now
    post.save(update_fields=["ended_at"])
    _end_delegations(actor, post, now=now, reason=_("委托人的岗位已结束"))
    origin = post.delegated_from
    if origin is None:
        action, successor = POST_ENDED, post.successor
    else:
        action, successor = DELEGATION_ENDED, origin if origin.ended_at is None else origin.successor
    after = {"successor": str(successor) if successor else None, "valid_to": post.valid_to}
    _log(actor, action, post, after=after, reason=reason)
    post_ended.send(sender=Post, actor=actor, post=post, successor=successor, today=timezone.localdate(now))


def _end_delegations(actor: Viewer, post: Post, *, now: dt.datetime, reason: str) -> None:
    for delegated in list(
        post.delegations.filter(ended_at__isnull=True).select_related("user", "organisation", "role")
    ):
        delegated.delegated_from = post
        end_post(actor, delegated, now=now, reason=reason)


def end_lapsed_posts(actor: Viewer, *, now: dt.datetime | None = None) -> int:
    """Close every post whose last day is over and hand its open work on; return how many. Run once a day or oftener.

    One transaction each: a post whose work cannot be handed on is logged, and tried again by the next run.
    Raises Refused unless the system acts.
    """
    if not actor.is_system:
        raise Refused(_("到期岗位由系统自动结束。"))
    at = now or timezone.now()
    lapsed = Post.objects.filter(ended_at__isnull=True, valid_to__lt=timezone.localdate(at))
    count = 0
    # Delegated posts first: their work goes back before the post they come from hands on its own.
    for pk in list(lapsed.order_by(F("delegated_from").asc(nulls_last=True), "pk").values_list("pk", flat=True)):
        try:
            count += _end_lapsed(actor, pk, at)
        except Exception:  # noqa: BLE001 — one post that cannot be ended must not keep the others
            _trouble.exception("the end of post %s failed", pk)
    return count


@transaction.atomic
def _end_lapsed(actor: Viewer, pk: int, now: dt.datetime) -> bool:
    rows = Post.objects.select_for_update(of=("self",)).select_related(
        "user", "organisation", "role", "successor", "delegated_from__user"
    )
    post = rows.get(pk=pk)
    if post.ended_at is not None:
        return False
    end_post(actor, post, now=now)
    return True


@transaction.atomic
def delegate(actor: Viewer, *, to: Post, until: dt.date, reason: str = "", now: dt.datetime | None = None) -> Post:
    """Let a colleague act in one's current post until a day; `to` is the colleague's own post.

    Raises Refused without the capability, from a delegated post, to oneself or into another organisation, beyond
    one's own last day, and where the colleague's roles exclude this one; Conflict where it is delegated to her already.
    """
    post = _own_post(actor)
    hold(users=[to.user_id])
    today = timezone.localdate(now)
    if not colleagues(post.organisation_id, but=actor.user_id, on=today).filter(pk=to.pk).exists():
        raise Refused(_("只能委托给本机构在岗的同事。"))
    if until < today:
        raise Refused(_("截止日期已过。"))
    if post.valid_to is not None and until > post.valid_to:
        words = {"day": post.valid_to}
        raise Refused(_("截止日期晚于本人岗位的止期%(day)s。") % words)
    if post.role.administrator:
        raise Refused(_("管理员岗位不能委托。"))
    if post.delegations.filter(user=to.user, ended_at__isnull=True, valid_to__gte=today).exists():
        raise Conflict(_("已经委托给%(name)s。要改截止日期，请先撤回。") % {"name": to.user.name})
    may_hold(
        to.user, role=post.role, organisation=post.organisation, valid_from=today, valid_to=until, delegated=True
    ).require()
    made = Post.objects.create(
        user=to.user,
        organisation=post.organisation,
        role=post.role,
        title=post.title,
        valid_from=today,
        valid_to=until,
        delegated_from=post,
    )
    _log(actor, DELEGATED, made, after=facts(made), reason=reason.strip())
    return made


def _own_post(actor: Viewer) -> Post:
    """Return the post a person acts in, if it is hers to delegate."""
    post = Post.objects.select_related("organisation", "role").filter(pk=actor.post_id or 0).first()
    if post is None:
        raise Refused(_("当前没有岗位可以委托。"))
    if post.delegated_from_id is not None:
        raise Refused(_("受托的岗位不能再委托他人。"))
    if not actor.can(Can.DELEGATE):
        raise Refused(_("%(role)s不能委托岗位。") % {"role": post.role.label})
    return post


@transaction.atomic
def revoke_delegation(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Post:
    """Take a delegation back before its day; what is open goes back to who delegated.

    The one who delegated may, and the one it was delegated to. Raises Post.DoesNotExist for others' delegations,
    Conflict where it is over.
    """
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("user", "organisation", "role", "delegated_from__user")
        .get(pk=pk, delegated_from__isnull=False)
    )
    origin = post.delegated_from
    if actor.user_id is None or origin is None or actor.user_id not in (post.user_id, origin.user_id):
        raise Post.DoesNotExist
    if post.ended_at is not None:
        raise Conflict(_("这项委托已经结束。"))
    end_post(actor, post, now=now or timezone.now())
    return post


@transaction.atomic
def post_chosen(actor: Viewer, *, post_id: int) -> Post:
    """Record that a person acts in another of her posts from now on. Raises Post.DoesNotExist where it is not hers."""
    post = posts_held().get(pk=post_id, user_id=actor.user_id or 0)
    if post.pk != actor.post_id:
        _log(actor, POST_CHOSEN, post, before={"post": actor.post_label}, after={"post": str(post)})
    return post
