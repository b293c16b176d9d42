"""Grants: the system administrator proposes who holds which post, the security administrator decides."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.orgs.actions.post_rules import hold, may_hold, may_lose
from xiandao.domains.orgs.actions.posts import apply_change, apply_end, apply_new, ends_sooner
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Grant, GrantKind, GrantState, Organisation, Post, Role, User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

GRANT_PROPOSED = register("orgs.grant_proposed", gettext_lazy("提出授权"))
GRANT_APPROVED = register("orgs.grant_approved", gettext_lazy("批准授权"))
GRANT_REFUSED = register("orgs.grant_refused", gettext_lazy("驳回授权"))
GRANT_WITHDRAWN = register("orgs.grant_withdrawn", gettext_lazy("撤回授权申请"))

ANSWER_LENGTH = 500


def facts(grant: Grant) -> dict[str, object]:
    """Return what a grant says, for the audit log."""
    return {
        "kind": grant.kind,
        "organisation": grant.organisation.code,
        "role": grant.role_id,
        "title": grant.title,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "successor": str(grant.successor) if grant.successor else None,
    }


def _log(actor: Viewer, action: RegisteredAction, grant: Grant, *, reason: str) -> None:
    label = f"{grant.user.name}（{grant.user.username}）{grant.organisation.name} {grant.title or grant.role.name}"
    audit.record(actor, action, kind="grant", key=str(grant.pk), label=label, after=facts(grant), reason=reason)


def _proposer(actor: Viewer) -> None:
    if not actor.can(Can.MANAGE_PEOPLE):
        raise Refused(_("只有系统管理员可以提出授权。"))


def _propose(actor: Viewer, grant: Grant, now: dt.datetime | None) -> Grant:
    """Save a proposal unless one about the same post waits already."""
    waiting = Grant.objects.for_system("no two proposals about one post").filter(state=GrantState.WAITING)
    if grant.post is not None and waiting.filter(post=grant.post).exists():
        raise Conflict(_("这个岗位已有一项待批准的申请，请先撤回或等待决定。"))
    if grant.post is None:
        same = waiting.filter(user=grant.user, organisation=grant.organisation, role=grant.role, kind=GrantKind.NEW)
        if same.exists():
            raise Conflict(_("同样的岗位已经提出、正待批准。"))
    grant.proposed_by_id = actor.user_id
    grant.proposed_at = now or timezone.now()
    grant.save(force_insert=True)
    _log(actor, GRANT_PROPOSED, grant, reason=grant.reason)
    return grant


@transaction.atomic
def propose_post(
    actor: Viewer,
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    title: str = "",
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    reason: str = "",
    now: dt.datetime | None = None,
) -> Grant:
    """Propose a new post for a person. It is held only once a security administrator has approved it.

    Raises Refused where the role cannot be held there or excludes another the person holds at that time.
    """
    _proposer(actor)
    may_hold(user, role=role, organisation=organisation, valid_from=valid_from, valid_to=valid_to).require()
    grant = Grant(
        kind=GrantKind.NEW,
        user=user,
        organisation=organisation,
        role=role,
        title=title.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
    )
    return _propose(actor, grant, now)


@transaction.atomic
def propose_change(
    actor: Viewer,
    *,
    post: Post,
    role: Role,
    title: str,
    valid_to: dt.date | None,
    reason: str = "",
    now: dt.datetime | None = None,
) -> Grant:
    """Propose another role, title or last day for a post that is held or will be.

    Raises Refused as `propose_post` does, Conflict where the post is over or nothing would change.
    """
    _proposer(actor)
    _still_open(post)
    today = timezone.localdate(now)
    if (role, title.strip(), valid_to) == (post.role, post.title, post.valid_to):
        raise Conflict(_("没有改动。"))
    if valid_to is not None and valid_to < today:
        raise Refused(_("止期已过。要结束岗位，请用“结束岗位”，以便交接工作。"))
    if role != post.role:
        may_lose(post, today=today).require()
    elif ends_sooner(post, valid_to):
        may_lose(post, today=today, last_day=valid_to).require()
    may_hold(
        post.user,
        role=role,
        organisation=post.organisation,
        valid_from=post.valid_from,
        valid_to=valid_to,
        ignoring=post,
    ).require()
    grant = Grant(
        kind=GrantKind.CHANGE,
        user=post.user,
        post=post,
        organisation=post.organisation,
        role=role,
        title=title.strip(),
        valid_from=post.valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
    )
    return _propose(actor, grant, now)


@transaction.atomic
def propose_end(
    actor: Viewer,
    *,
    post: Post,
    last_day: dt.date,
    successor: Post | None,
    reason: str = "",
    now: dt.datetime | None = None,
) -> Grant:
    """Propose that a post ends after a day, and who takes over what is open then.

    Raises Refused where it would leave a separated administrator's role empty, where the last day lies before the
    first, or where the successor is the person herself, of another organisation, or gone by then.
    """
    _proposer(actor)
    _still_open(post)
    today = timezone.localdate(now)
    may_lose(post, today=today, last_day=last_day).require()
    if (post.valid_from - last_day).days > 1:
        raise Refused(_("最后一天早于岗位的起期。"))
    if successor is not None:
        _fit_to_follow(successor, post, last_day)
    grant = Grant(
        kind=GrantKind.END,
        user=post.user,
        post=post,
        organisation=post.organisation,
        role=post.role,
        title=post.title,
        valid_from=post.valid_from,
        valid_to=last_day,
        successor=successor,
        reason=reason.strip(),
    )
    return _propose(actor, grant, now)


def _still_open(post: Post) -> None:
    if post.ended_at is not None:
        raise Conflict(_("这个岗位已经结束。"))
    if post.delegated_from_id is not None:
        raise Refused(_("这是委托的岗位：由委托人撤回，或到期自动结束。"))


def _fit_to_follow(successor: Post, post: Post, last_day: dt.date) -> None:
    if successor.user_id == post.user_id or successor.organisation_id != post.organisation_id:
        raise Refused(_("接任人须是同一机构的另一名同事。"))
    if successor.ended_at is not None or (successor.valid_to is not None and successor.valid_to <= last_day):
        raise Refused(_("接任人的岗位届时也已结束，请另选一人。"))


def _waiting(actor: Viewer, pk: int) -> Grant:
    """Return a proposal to decide, locked. Raises Grant.DoesNotExist, Conflict where it was decided."""
    found = Grant.objects.visible_to(actor).select_for_update().get(pk=pk)
    if found.state != GrantState.WAITING:
        raise Conflict(_("这项申请%(state)s，不能再改。") % {"state": found.get_state_display()})
    return found


def _may_decide(actor: Viewer, grant: Grant) -> None:
    if not actor.can(Can.APPROVE_GRANTS):
        raise Refused(_("只有安全管理员可以批准或驳回授权。"))
    if actor.user_id is not None and grant.proposed_by_id == actor.user_id:
        raise Refused(_("不能批准或驳回自己提出的申请，请由另一名安全管理员办理。"))
    if grant.user_id == actor.user_id:
        raise Refused(_("不能为自己批准或驳回授权，请由另一名安全管理员办理。"))


def _hold(grants: Iterable[Grant]) -> None:
    """Lock whom and what grants are about before the first of them is looked at."""
    rows = list(grants)
    posts = [row.post_id for row in rows if row.post_id]
    held = Post.objects.filter(pk__in=posts).values_list("role", flat=True)
    hold(users=[row.user_id for row in rows], roles=[*held, *(row.role_id for row in rows)], posts=posts)


def _decide(grant: Grant, state: GrantState, actor: Viewer, answer: str, now: dt.datetime) -> None:
    if len(answer.strip()) > ANSWER_LENGTH:
        raise Refused(_("理由最多 %(most)s 个字。") % {"most": ANSWER_LENGTH})
    grant.state = state
    grant.decided_by_id = actor.user_id
    grant.decided_at = now
    grant.answer = answer.strip()
    grant.save()


@transaction.atomic
def approve_grant(actor: Viewer, *, pk: int, answer: str = "", now: dt.datetime | None = None) -> Grant:
    """Approve a proposal: its post begins, changes or ends in the same transaction.

    Raises Grant.DoesNotExist; Conflict where it was decided already; Refused for one's own proposal, for oneself,
    and where the post has become impossible since it was proposed.
    """
    at = now or timezone.now()
    grant = _waiting(actor, pk)
    _may_decide(actor, grant)
    _hold([grant])
    if grant.kind == GrantKind.NEW:
        grant.post = apply_new(actor, grant)
    elif grant.kind == GrantKind.CHANGE:
        apply_change(actor, grant, now=at)
    else:
        apply_end(actor, grant, now=at)
    _decide(grant, GrantState.APPROVED, actor, answer, at)
    _log(actor, GRANT_APPROVED, grant, reason=grant.answer)
    return grant


@transaction.atomic
def approve_grants(actor: Viewer, *, pks: list[int], now: dt.datetime | None = None) -> int:
    """Approve several proposals at once, all of them or none; return how many. Raises as `approve_grant` does."""
    _hold(Grant.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=set(pks)).order_by("pk"))
    for pk in sorted(set(pks)):
        try:
            approve_grant(actor, pk=pk, now=now)
        except Refused as refusal:
            label = str(Grant.objects.visible_to(actor).select_related("user", "organisation", "role").get(pk=pk))
            words = {"grant": label, "reason": refusal.reason}
            raise type(refusal)(_("%(grant)s：%(reason)s所选申请都没有批准。") % words) from refusal
    return len(set(pks))


@transaction.atomic
def refuse_grant(actor: Viewer, *, pk: int, answer: str, now: dt.datetime | None = None) -> Grant:
    """Refuse a proposal with a reason. Raises as `approve_grant` does, and Refused without a reason."""
    grant = _waiting(actor, pk)
    _may_decide(actor, grant)
    if not answer.strip():
        raise Refused(_("请写明驳回的理由。"))
    _decide(grant, GrantState.REFUSED, actor, answer, now or timezone.now())
    _log(actor, GRANT_REFUSED, grant, reason=grant.answer)
    return grant


@transaction.atomic
def withdraw_grant(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Grant:
    """Take back a proposal that waits. Any system administrator may: the one who made it may be away."""
    _proposer(actor)
    grant = _waiting(actor, pk)
    _decide(grant, GrantState.WITHDRAWN, actor, "", now or timezone.now())
    _log(actor, GRANT_WITHDRAWN, grant, reason="")
    return grant
