"""The register as a whole, of which most rows have no row in Enterprise: their keys, and rows for those drawn."""

from collections.abc import Collection, Iterable

import polars as pl

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.figures.counting import ENDED
from xiandao.domains.enterprises.models import Enterprise, RegisterVersion
from xiandao.domains.orgs.models import Region

_WHY = "enterprises drawn by an action that has checked who may"
_COLUMNS = ("key", "region", "outside", "ended_on", "status")


def keys(register: RegisterVersion, region: Region | None) -> set[str]:
    """Return the keys of a register's enterprises in business in a region; none where its file is not in the lake."""
    path = lake.register_file(register)
    if not register.path or not path.is_file():
        return set()
    rows = (
        pl.scan_parquet(path)
        .select(_COLUMNS)
        .filter(
            ~pl.col("outside").fill_null(False),
            pl.col("ended_on").is_null() | (pl.col("ended_on") > register.as_of),
            ~pl.any_horizontal(pl.col("status").fill_null("").str.starts_with(word) for word in ENDED),
        )
    )
    if region is not None and region.parent_id is not None:
        below = Region.objects.filter(parent=region).values_list("code", flat=True)
        rows = rows.filter(pl.col("region").is_in([region.code, *below]))
    return set(rows.select("key").collect(engine="streaming")["key"].to_list())


def known(wanted: Iterable[str]) -> dict[str, int]:
    """Return the ids of the enterprises with these keys that have a row."""
    found: dict[str, int] = {}
    listed = list(wanted)
    for start in range(0, len(listed), 500):
        rows = Enterprise.objects.for_system(_WHY).filter(key__in=listed[start : start + 500])
        found |= dict(rows.values_list("key", "pk"))
    return found


def take_up(register: RegisterVersion, wanted: Collection[str]) -> dict[str, int]:
    """Make rows in Enterprise for keys that have none, from the lake; return their ids by key."""
    if not wanted:
        return {}
    from xiandao.domains.enterprises.actions.following import fields_of

    regions = dict(Region.objects.values_list("code", "name"))
    new = [
        Enterprise(**fields_of(row, regions), first_seen=register, last_seen=register, is_demo=register.is_demo)
        for row in lake.rows(register, list(wanted))
    ]
    Enterprise.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    return known(wanted)
