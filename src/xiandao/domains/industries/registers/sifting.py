"""Which rows of a register are one enterprise for certain: the same credit code, or the very same row twice."""

from dataclasses import dataclass, field
from typing import ClassVar

import polars as pl


@dataclass(frozen=True)
class Kept:
    """What is left out and what gets another key. `lost`: row, name, key and the row that stays; `renamed`: new key by
    row, for rows without a code that only share their name, or a record number used twice.
    """

    COLUMNS: ClassVar = ("row", "key", "name", "folded", "registered_on", "ended_on", "filled", "code_ok", "legacy")
    lost: list[tuple[int, str, str, int]] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)


def sift(rows: pl.DataFrame) -> Kept:
    """Return which of the rows (columns `Kept.COLUMNS`) to leave out.

    Of rows with one code stays the one not ended, then the later registered, then the fuller, then the later in the
    file. Rows without a code are one only where name and day are equal too; others of the same key are told apart by
    a number behind it, in the order of the file.
    """
    kept = Kept()
    several = rows.filter(pl.col("key").is_duplicated())
    if not several.height:
        return kept
    exact = pl.col("code_ok") | pl.col("legacy")
    several = several.with_columns(
        group=pl.when(exact).then("key").otherwise(
            pl.concat_str("key", "folded", pl.col("registered_on").cast(pl.String).fill_null(""), separator="\x1f")
        ),
        exact=exact,
    ).sort(
        [pl.col("ended_on").is_not_null(), "registered_on", "filled", "row"],
        descending=[False, True, True, True],
        nulls_last=True,
    )  # fmt: skip
    winner = several.group_by("group", maintain_order=True).agg(pl.col("row").first().alias("winner"))
    several = several.join(winner, on="group", how="left").sort("row")
    for row in several.filter(pl.col("row") != pl.col("winner")).iter_rows(named=True):
        kept.lost.append((row["row"], row["name"], row["key"], row["winner"]))
    seen: dict[str, int] = {}
    for row in several.filter((pl.col("row") == pl.col("winner")) & ~pl.col("exact")).iter_rows(named=True):
        seen[row["key"]] = number = seen.get(row["key"], 0) + 1
        if number > 1:
            kept.renamed[row["row"]] = f"{row['key']}#{number}"
    return kept
