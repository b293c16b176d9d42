"""One register identified with two catalogues and the same model: who enters, who leaves, whose role changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
import pyarrow as pa

from xiandao.engines.identify import Identifier

EXAMPLES: Final = 20
_COUNTING: Final = ("core", "service")
_KEYS: Final = ["key", "industry"]
_KINDS: Final = ("entering", "leaving", "changed")
Tick = Callable[[int], None]


@dataclass(slots=True)
class Compared:
    """What came of it: by industry the numbers, and of each kind some examples."""

    rows: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)


def compare(batches: Iterable[pa.RecordBatch], *, base: Identifier, draft: Identifier, tick: Tick) -> Compared:
    """Identify every batch with both and compare. Batches hold key, name, scope; memory is bounded by one of them."""
    made = Compared()
    for batch in batches:
        sides = [
            pl.from_arrow(each.identify(batch, name="name", scope="scope", keys=("key", "name")))
            for each in (base, draft)
        ]
        _add(made, _joined(*sides))
        made.rows += batch.num_rows
        tick(made.rows)
    return made


def _joined(base: Any, draft: Any) -> pl.DataFrame:
    """Return pairs of both sides beside each other with what became of them."""
    counts = [
        ((pl.col("decision" + tail) == "in") & pl.col("role" + tail).is_in(_COUNTING)).fill_null(value=False)
        for tail in ("", "_new")
    ]
    found = base.join(draft, on=_KEYS, how="full", suffix="_new", coalesce=True).with_columns(
        counted=counts[0], counted_new=counts[1], name=pl.coalesce("name", "name_new")
    )
    differs = pl.col("decision").ne_missing(pl.col("decision_new")) | pl.col("role").ne_missing(pl.col("role_new"))
    kind = (
        pl.when(~pl.col("counted") & pl.col("counted_new"))
        .then(pl.lit("entering"))
        .when(pl.col("counted") & ~pl.col("counted_new"))
        .then(pl.lit("leaving"))
        .when(differs)
        .then(pl.lit("changed"))
    )
    return found.with_columns(kind=kind)


def _add(made: Compared, found: pl.DataFrame) -> None:
    numbers = found.group_by("industry").agg(
        pl.col("counted").sum().alias("before"),
        pl.col("counted_new").sum().alias("after"),
        *[(pl.col("kind") == kind).sum().alias(kind) for kind in _KINDS],
    )
    for row in numbers.to_dicts():
        own = made.counts.setdefault(row.pop("industry"), dict.fromkeys(("before", "after", *_KINDS), 0))
        for name, number in row.items():
            own[name] += int(number or 0)
    for row in found.filter(pl.col("kind").is_not_null()).sort("key").iter_rows(named=True):
        kept = made.examples.setdefault(row["industry"], {}).setdefault(row["kind"], [])
        if len(kept) < EXAMPLES:
            kept.append(_example(row))


def _example(row: dict[str, Any]) -> dict[str, Any]:
    """Return an example as the database keeps it: before and after, and the evidence of the side that has more."""
    sides = {
        side: {name: row[name + tail] for name in ("decision", "role", "score", "segment")}
        for side, tail in (("before", ""), ("after", "_new"))
        if row["decision" + tail] is not None
    }
    evidence = row["evidence"] if row["kind"] == "leaving" else row["evidence_new"] or row["evidence"]
    return {
        "key": row["key"],
        "name": row["name"],
        **sides,
        "evidence": [
            {name: each[name] for name in ("term", "clause", "verbs", "discount", "trap")} for each in evidence or []
        ][:5],
    }
