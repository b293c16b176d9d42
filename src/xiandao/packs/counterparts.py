"""Expands the counterpart patterns of organisations.yaml into the bureaus of every city (对口)."""

from collections import defaultdict

from xiandao.packs.schema.orgs import CityBureau, Counterpart, OrganisationsFile
from xiandao.packs.schema.regions import Region, RegionsFile


def city_bureaus(orgs: OrganisationsFile, regions: RegionsFile) -> tuple[CityBureau, ...]:
    """Return the counterpart bureaus of all cities, city by city in the order of regions.yaml.

    A bureau that also serves further provincial bodies (``served_by``) is one bureau with several
    ``counterpart_of``. Names come from the pattern unless the city has an override.
    """
    serves: defaultdict[str, list[str]] = defaultdict(list)
    for counterpart in orgs.counterparts:
        if counterpart.served_by is not None:
            serves[counterpart.served_by].append(counterpart.of)
    return tuple(
        _bureau(counterpart, city, (counterpart.of, *serves[counterpart.of]))
        for city in regions.regions
        if city.kind == "city"
        for counterpart in orgs.counterparts
        if counterpart.suffix is not None and city.code not in counterpart.absent_in
    )


def _bureau(counterpart: Counterpart, city: Region, of: tuple[str, ...]) -> CityBureau:
    names = {"city": city.name, "city_short": city.name.removesuffix("市"), "city_en": city.en}
    own = counterpart.overrides.get(city.code)
    name, full_name, en = (own or counterpart).name, (own or counterpart).full_name, (own or counterpart).en
    if name is None or full_name is None or en is None or counterpart.kind is None:  # the schema has made sure
        raise AssertionError(counterpart.of)
    aliases = own.aliases if own else tuple(alias.format_map(names) for alias in counterpart.aliases)
    return CityBureau(
        code=f"{city.code}-{counterpart.suffix}",
        name=name if own else name.format_map(names),
        full_name=full_name if own else full_name.format_map(names),
        en=en if own else en.format_map(names),
        kind=counterpart.kind,
        region=city.code,
        counterpart_of=of,
        addressed=counterpart.addressed,
        aliases=aliases,
        note=own.note if own else None,
        source=counterpart.source,
    )
