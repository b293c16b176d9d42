"""Reading regions, organisations and posts. Organisations and regions are public; people are not."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from xiandao.domains.orgs.models import (
    Counterpart,
    LoadedPack,
    Organisation,
    OrganisationAlias,
    Post,
    Region,
    RegionKind,
    User,
)
from xiandao.domains.orgs.viewer import Kind, Viewer


def current_posts(user: User, *, on: date | None = None) -> QuerySet[Post]:
    """Return the posts a person holds on a day (today unless told), oldest first."""
    day = on or timezone.localdate()
    return (
        user.posts.filter(valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("organisation", "organisation__region", "role")
    )


def viewer_of(user: User, *, post_id: int | None = None) -> Viewer:
    """Return the person acting in the post asked for, or in the oldest one still held.

    A person without a post sees what the public sees, under their own name in the log.
    """
    posts = list(current_posts(user))
    post = next((p for p in posts if p.id == post_id), posts[0] if posts else None)
    if post is None:
        return Viewer(Kind.PERSON, account=user.username, name=user.name, user_id=user.id)
    return Viewer(
        Kind.PERSON,
        account=user.username,
        name=user.name,
        role=post.role_id,
        capabilities=frozenset(post.role.capabilities),
        administrator=post.role.administrator,
        user_id=user.id,
        post_id=post.id,
        post_label=str(post),
        organisation_id=post.organisation_id,
        organisation_code=post.organisation.code,
        region=post.organisation.region_id,
    )


def demo_accounts() -> QuerySet[User]:
    """Return the demonstration people with their posts."""
    posts = Prefetch("posts", Post.objects.select_related("organisation", "role"))
    return User.objects.filter(is_demo=True, is_active=True).prefetch_related(posts).order_by("id")


def newest_pack() -> LoadedPack | None:
    """Return the pack loaded last, if any."""
    return LoadedPack.objects.first()


def cities() -> QuerySet[Region]:
    """Return the cities in the order of their codes."""
    return Region.objects.filter(kind=RegionKind.CITY).select_related("parent")


def city(code: str) -> Region:
    """Return one city. Raises Region.DoesNotExist."""
    return cities().prefetch_related("children").get(code=code)


def organisations() -> QuerySet[Organisation]:
    """Return every organisation with its place."""
    return Organisation.objects.select_related("region", "parent")


def provincial_parties() -> QuerySet[Organisation]:
    """Return the bodies that are nobody's counterpart in a city."""
    return organisations().filter(serves__isnull=True)


def organisation(code: str) -> Organisation:
    """Return one organisation with its other names. Raises Organisation.DoesNotExist."""
    return organisations().prefetch_related("aliases").get(code=code)


def counterparts_in(region: Region) -> QuerySet[Counterpart]:
    """Return which body of a city carries out which provincial body's work."""
    return (
        Counterpart.objects.filter(region=region).select_related("department", "bureau").order_by("department__order")
    )


def counterparts_of(department: Organisation) -> QuerySet[Counterpart]:
    """Return the city bodies that carry out this provincial body's work, by city."""
    return Counterpart.objects.filter(department=department).select_related("bureau", "region")


def served_by(bureau: Organisation) -> QuerySet[Counterpart]:
    """Return the provincial bodies whose work a city body carries out."""
    return Counterpart.objects.filter(bureau=bureau).select_related("department")


def organisations_by_printed_name() -> dict[str, Organisation]:
    """Return organisations by every name a document may print: name, full name, alias."""
    found: dict[str, Organisation] = {}
    for alias in OrganisationAlias.objects.select_related("organisation"):
        found[alias.name] = alias.organisation
    for row in Organisation.objects.all():
        if row.full_name:
            found[row.full_name] = row
        found[row.name] = row
    return found


def search_organisations(words: str) -> QuerySet[Organisation]:
    """Return organisations whose name, full name, English name or alias contains the words."""
    return (
        organisations()
        .filter(
            Q(name__icontains=words)
            | Q(full_name__icontains=words)
            | Q(name_en__icontains=words)
            | Q(aliases__name__icontains=words)
        )
        .distinct()
    )


def search_regions(words: str) -> QuerySet[Region]:
    """Return places whose name or code contains the words."""
    return Region.objects.filter(
        Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__startswith=words)
    ).select_related("parent")
