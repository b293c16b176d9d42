"""How many enterprises each city has in the whole register, which stays in the lake."""

import polars as pl

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.figures.counting import ENDED, cities_by_region
from xiandao.domains.enterprises.figures.kept import kept
from xiandao.domains.enterprises.models import RegisterVersion


def registered_by_city(register: RegisterVersion) -> dict[str, int] | None:
    """Return how many enterprises in business each city has in a register; None where its file cannot be read."""
    return kept("enterprises.registered", register.pk, register.sha256, make=lambda: _counts(register))


def _counts(register: RegisterVersion) -> dict[str, int] | None:
    if not register.path:
        return None
    ended = pl.any_horizontal(*(pl.col("status").fill_null("").str.starts_with(word) for word in ENDED))
    try:
        rows = (
            pl.scan_parquet(lake.register_file(register))
            .filter(~pl.col("outside").fill_null(value=False), pl.col("ended_on").is_null(), ~ended)
            .group_by("region")
            .len()
            .collect()
        )
    except (OSError, pl.exceptions.PolarsError):
        return None
    city = cities_by_region()
    found: dict[str, int] = {}
    for region, n in rows.iter_rows():
        code = city.get(region, "")
        found[code] = found.get(code, 0) + n
    return found
