"""The tree of organisations: places, and in each the bodies, those under another below it."""

from dataclasses import dataclass, field

from xiandao.domains.orgs.models import Organisation, Region


@dataclass
class Body:
    """An organisation with those under it."""

    organisation: Organisation
    children: list["Body"] = field(default_factory=list)


@dataclass
class Place:
    """A place with its bodies and the places inside it; `count` is how many bodies it holds with all inside."""

    region: Region
    bodies: list[Body] = field(default_factory=list)
    places: list["Place"] = field(default_factory=list)
    count: int = 0


def tree() -> list[Place]:
    """Return the places without a place above, with everything inside; two queries whatever their number."""
    places = {region.code: Place(region) for region in Region.objects.all()}
    roots = []
    for place in places.values():
        above = places.get(place.region.parent_id or "")
        (above.places if above else roots).append(place)
    bodies = {row.pk: Body(row) for row in Organisation.objects.all()}
    for body in bodies.values():
        row = body.organisation
        parent = bodies.get(row.parent_id or 0)
        # Under its parent where both are in one place, else under the place.
        home = parent.children if parent and parent.organisation.region_id == row.region_id else None
        (places[row.region_id].bodies if home is None else home).append(body)
        places[row.region_id].count += 1
    for root in roots:
        _add_up(root)
    return roots


def _add_up(place: Place) -> int:
    place.count += sum(_add_up(inside) for inside in place.places)
    return place.count
