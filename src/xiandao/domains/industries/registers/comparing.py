"""What changed from one register version to the next, over all rows; and which enterprise is which where a key changed.

Both files are in the lake's form. Only keys, fingerprints and flags are held in memory, not the texts.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

KINDS: Final = ("new", "gone", "recoded", "renamed", "moved", "scope", "capital", "status")
"""The changes that are counted, each over all rows of the register."""
_EXAMPLES: Final = 10


@dataclass(frozen=True)
class Comparison:
    """`by_region`: region code ("" unknown, "outside" another province) → kind → number of rows. `links`: old key to
    new key of enterprises that are the same for certain though the key changed. `asked`: pairs that may be.
    `examples`: kind → rows of name, credit code, before, after.
    """

    by_region: dict[str, dict[str, int]]
    links: dict[str, str]
    asked: list[tuple[str, str]]
    examples: dict[str, list[list[str]]]

    def total(self, kind: str) -> int:
        """Return how many rows changed in one way."""
        return sum(counts.get(kind, 0) for counts in self.by_region.values())


def compare(old: Path, new: Path) -> Comparison:
    """Return what changed from one register file to another. `scope`: the text differs by more than white space."""
    before, after = _flags(old), _flags(new)
    fresh = after.join(before.select("key"), on="key", how="anti")
    gone = before.join(after.select("key"), on="key", how="anti")
    links, asked = _links(gone, fresh)
    fresh = fresh.join(links.select(key="key_new"), on="key", how="anti")
    gone_left = gone.join(links.select(key="key_old"), on="key", how="anti")
    pairs = _both(before, after, links)
    parts = {"new": fresh, "gone": gone_left, "recoded": pairs.filter(pl.col("key") != pl.col("key_old"))}
    parts |= {
        # what only one of the two says is not known to have changed
        kind: pairs.filter(pl.col(f"{column}_old") != pl.col(column))
        for kind, column in _COMPARED.items()
    }
    by_region: dict[str, dict[str, int]] = {}
    for kind, rows in parts.items():
        for region, number in rows.group_by("where").len().sort("where").iter_rows():
            by_region.setdefault(region, {})[kind] = number
    examples = _examples(old, new, parts)
    return Comparison(by_region, dict(links.iter_rows()), list(asked.iter_rows()), examples)


_COMPARED: Final = {
    "renamed": "folded", "moved": "region_place", "scope": "scope_print", "capital": "capital", "status": "status_end",
}  # fmt: skip


def _flags(path: Path) -> pl.DataFrame:
    scope = pl.col("scope").fill_null("").str.replace_all(r"\s+", "")
    name = pl.col("name").str.replace_all(r"\s+", "").str.replace_all("（", "(").str.replace_all("）", ")")
    return (
        pl.scan_parquet(path)
        .select(
            "key",
            "rid",
            "row",
            "registered_on",
            "capital",
            where=pl.when(pl.col("outside")).then(pl.lit("outside")).otherwise(pl.col("region").fill_null("")),
            folded=name.str.to_lowercase().hash(1),
            region_place=pl.coalesce("region", "place").hash(1),
            scope_print=scope.hash(1),
            status_end=pl.when(pl.col("status").is_not_null() | pl.col("ended_on").is_not_null()).then(
                pl.concat_str("status", pl.col("ended_on").cast(pl.String), ignore_nulls=True).hash(1)
            ),
        )
        .collect(engine="streaming")
    )


def _links(gone: pl.DataFrame, fresh: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return (key_old, key_new) certain, and asked.

    Certain: the same record number and the same name or day; or the same name, place and day; and neither side fits
    another. Asked: the same name and place but no day to go by, or several that fit.
    """
    some = gone.select("key", "rid", "folded", "region_place", "registered_on").with_columns(
        rid=pl.when(pl.col("rid") != "").then(pl.col("rid"))
    )
    others = fresh.select("key", "rid", "folded", "region_place", "registered_on").with_columns(
        rid=pl.when(pl.col("rid") != "").then(pl.col("rid"))
    )
    by_rid = some.join(others, on="rid", how="inner", suffix="_new").filter(
        (pl.col("folded") == pl.col("folded_new")) | (pl.col("registered_on") == pl.col("registered_on_new"))
    )
    by_name = some.join(others, on=["folded", "region_place"], how="inner", suffix="_new")
    by_day = by_name.filter(pl.col("registered_on") == pl.col("registered_on_new"))
    pairs = [each.select(key_old="key", key_new="key_new") for each in (by_rid, by_day)]
    fitting = pl.concat(pairs).unique().sort("key_old", "key_new")
    certain = fitting.filter(~pl.col("key_old").is_duplicated() & ~pl.col("key_new").is_duplicated())
    open_ = by_name.filter(pl.col("registered_on").is_null() | pl.col("registered_on_new").is_null())
    asked = pl.concat([fitting, open_.select(key_old="key", key_new="key_new")]).unique()
    asked = asked.join(certain, on="key_old", how="anti").join(certain, on="key_new", how="anti")
    return certain, asked.sort("key_old", "key_new").head(5_000)


def _both(before: pl.DataFrame, after: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of enterprises in both versions, side by side."""
    old = before.with_columns(key_old="key")
    renamed = old.join(links, on="key_old", how="left", maintain_order="left")
    old = renamed.with_columns(key=pl.coalesce("key_new", "key")).drop("key_new")
    return after.join(old, on="key", how="inner", suffix="_old", maintain_order="left")


def _examples(old: Path, new: Path, parts: dict[str, pl.DataFrame]) -> dict[str, list[list[str]]]:
    """Return the first few of every kind with what was there before and after."""
    first = {kind: rows.sort("row").head(_EXAMPLES) for kind, rows in parts.items()}
    shown = {
        "renamed": "name", "moved": "place", "scope": "scope", "capital": "capital_text", "status": "status",
        "recoded": "key",
    }  # fmt: skip
    keys_new = pl.concat([rows.select("key") for kind, rows in first.items() if kind != "gone"]).unique()
    keys_old = pl.concat(
        [rows.select(key="key_old") if "key_old" in rows.columns else rows.select("key") for rows in first.values()]
    ).unique()
    rows_new, rows_old = _some(new, keys_new), _some(old, keys_old)
    told: dict[str, list[list[str]]] = {}
    for kind, rows in first.items():
        for row in rows.iter_rows(named=True):
            now, was = rows_new.get(row["key"], {}), rows_old.get(row.get("key_old", row["key"]), {})
            column = shown.get(kind, "name")
            known = now or was
            cells = [known.get("name"), known.get("uscc"), was.get(column), now.get(column)]
            told.setdefault(kind, []).append([str(each or "")[:200] for each in cells])
    return told


def _some(path: Path, keys: pl.DataFrame) -> dict[str, dict[str, str]]:
    rows = pl.scan_parquet(path).join(keys.lazy(), on="key", how="semi")
    picked = rows.select("key", "name", "uscc", "place", "scope", "capital_text", "status").collect(engine="streaming")
    return {row["key"]: row for row in picked.to_dicts()}
