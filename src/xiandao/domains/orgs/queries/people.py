"""Reading people and posts. They are not public: pages ask who is looking before they call these."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Grant, GrantState, Organisation, Post, Role, User
from xiandao.domains.orgs.viewer import Kind, Viewer

LABEL_LENGTH = 200  # what the audit log keeps of a post's label


def posts_held(*, on: date | None = None) -> QuerySet[Post]:
    """Return every post held on a day (today unless told); a delegated one lasts as long as the one it comes from."""
    day = on or timezone.localdate()
    return (
        Post.objects.filter(Post.holding(day))
        .filter(Q(delegated_from__isnull=True) | Post.holding(day, prefix="delegated_from__"))
        .select_related("organisation", "organisation__region", "role", "delegated_from__user")
    )


def current_posts(user: User, *, on: date | None = None) -> QuerySet[Post]:
    """Return the posts a person holds on a day (today unless told), oldest first."""
    return posts_held(on=on).filter(user=user)


def viewer_of(user: User, *, post_id: int | None = None) -> Viewer:
    """Return the person acting in the post asked for, or in the oldest one still held.

    A person without a post sees what the public sees, under their own name in the log. Who acts in a
    delegated post cannot pass it on.
    """
    posts = list(current_posts(user))
    post = next((p for p in posts if p.id == post_id), posts[0] if posts else None)
    if post is None:
        return Viewer(Kind.PERSON, account=user.username, name=user.name, user_id=user.id)
    capabilities = frozenset(post.role.capabilities)
    if post.delegated_from_id is not None:
        capabilities -= {Can.DELEGATE.value}
    return Viewer(
        Kind.PERSON,
        account=user.username,
        name=user.name,
        role=post.role_id,
        capabilities=capabilities,
        administrator=post.role.administrator,
        user_id=user.id,
        post_id=post.id,
        post_label=str(post)[:LABEL_LENGTH],
        organisation_id=post.organisation_id,
        organisation_code=post.organisation.code,
        region=post.organisation.region_id,
    )


def is_administrator(user: User, *, on: date | None = None) -> bool:
    """Return whether a person is one of the separated administrators on a day, or is to become one."""
    day = on or timezone.localdate()
    later = Q(valid_from__gt=day, ended_at__isnull=True)
    mine = user.posts.filter(role__administrator=True)
    waiting = Grant.objects.for_system("the password rule of a future administrator").filter(
        user=user, state=GrantState.WAITING, role__administrator=True
    )
    return mine.filter(Post.holding(day) | later).exists() or waiting.exists()


def demo_accounts() -> QuerySet[User]:
    """Return the demonstration people with their posts."""
    posts = Prefetch("posts", Post.objects.select_related("organisation", "role", "delegated_from__user"))
    return User.objects.filter(is_demo=True, is_active=True).prefetch_related(posts).order_by("id")


def people() -> QuerySet[User]:
    """Return everybody with an account and the posts held today. For administrators of people."""
    held = Prefetch("posts", posts_held().order_by("valid_from", "id"), to_attr="held")
    return User.objects.prefetch_related(held).order_by("username")


def posts_of(user: User) -> QuerySet[Post]:
    """Return every post a person has or had, the newest first, with what waits to be decided about it."""
    waiting = Grant.objects.for_system("shown to administrators of people").filter(state=GrantState.WAITING)
    return (
        user.posts.select_related("organisation", "role", "delegated_from__user", "successor__user")
        .prefetch_related(Prefetch("grants", waiting, to_attr="waiting"))
        .order_by("-valid_from", "-id")
    )


def colleagues(organisation: Organisation | int, *, but: int | None = None, on: date | None = None) -> QuerySet[Post]:
    """Return the posts of their own that people hold in an organisation, without those of the person `but`."""
    return (
        posts_held(on=on)
        .filter(organisation=organisation, delegated_from__isnull=True, user__is_active=True)
        .exclude(user_id=but)
        .select_related("user")
        .order_by("user__name", "id")
    )


def delegations_of(user: User, *, on: date | None = None) -> QuerySet[Post]:
    """Return the delegations a person has given that hold on a day or will."""
    day = on or timezone.localdate()
    return (
        Post.objects.filter(delegated_from__user=user, ended_at__isnull=True, valid_to__gte=day)
        .select_related("organisation", "role", "user", "delegated_from__user")
        .order_by("valid_from", "id")
    )


def roles() -> QuerySet[Role]:
    """Return the roles in the order of the pack."""
    return Role.objects.all()


def grants(viewer: Viewer) -> QuerySet[Grant]:
    """Return the grants a viewer may see, newest first, with everything a list shows."""
    return Grant.objects.visible_to(viewer).select_related(
        "user", "organisation", "role", "proposed_by", "decided_by", "successor__user", "post__role"
    )


def grant(viewer: Viewer, pk: int) -> Grant:
    """Return one grant. Raises Grant.DoesNotExist, also where the viewer may not see it."""
    return grants(viewer).get(pk=pk)
