"""A register in the one form the lake keeps: common columns and types, a key for every row, each of them once.

What could not be read is listed cell by cell (`FINDINGS`), what is no enterprise at all row by row (`Register.bad`).
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xiandao.domains.industries.registers.places import Places
from xiandao.domains.industries.registers.reading import BadRow, Register
from xiandao.domains.industries.registers.running import BAD_HEADINGS
from xiandao.domains.industries.registers.sifting import Kept, sift
from xiandao.domains.industries.registers.tidying import Counts, Tidying

SCHEMA: Final = pa.schema(
    [
        ("key", pa.string()),
        ("rid", pa.string()),
        ("uscc", pa.string()),
        ("name", pa.string()),
        ("scope", pa.string()),
        ("region", pa.string()),
        ("outside", pa.bool_()),
        ("place", pa.string()),
        ("registered_on", pa.date32()),
        ("ended_on", pa.date32()),
        ("capital", pa.decimal128(20, 2)),
        ("capital_text", pa.string()),
        ("activity", pa.string()),
        ("status", pa.string()),
        ("kind", pa.string()),
        ("product_lines", pa.string()),
        ("patents", pa.int64()),
        ("row", pa.int64()),
    ]
)
"""The columns of a register in the lake; null is unknown. `key` identifies an enterprise from version to version: its
credit code, else "reg:" and its old registration number, else "rid:" and its record number, else "name:" and its
folded name with the place. `region`: the code of the pack's region; `outside`: registered in another province;
`place`: as printed; `row`: the number of the row in the file handed in."""
FINDINGS: Final = ("行", "企业名称", "栏目", "问题", "内容")
"""The headings of the list of cells that could not be read."""
Tick = Callable[[int], None]
"""Called with the number of rows read so far; may raise to stop."""


def write_normal(register: Register, places: Places, out: Path, findings: Path, tick: Tick) -> Counts:
    """Write a register in the lake's form to ``out``, what could not be read to ``findings`` (CSV).

    Of rows with one key the newest and fullest stays, the others are listed. Raises RegisterError for a file that
    breaks off, OSError where it cannot be written. Memory is bounded by the batch, and by keys and flags of all rows.
    """
    work = Tidying(register, places)
    rough = out.with_name(f"{out.name}.rough")
    kept: list[pl.DataFrame] = []
    try:
        with (
            pq.ParquetWriter(rough, SCHEMA, compression="lz4") as writer,
            findings.open("w", encoding="utf-8-sig", newline="") as stream,
        ):
            table = csv.writer(stream)
            table.writerow(FINDINGS)
            seen = 0
            for batch in register.batches(full=True):
                frame = work.normal(batch)
                writer.write_table(frame.select(SCHEMA.names).to_arrow().cast(SCHEMA))
                table.writerows(work.take_findings())
                kept.append(frame.select(Kept.COLUMNS))
                seen += batch.num_rows
                tick(seen)
            sifted = sift(pl.concat(kept))
            table.writerows(work.duplicates(sifted.lost))
        _rewrite(rough, out, sifted)
    finally:
        rough.unlink(missing_ok=True)
    work.counts.rows -= len(sifted.lost)
    work.counts.duplicates = len(sifted.lost)
    work.counts.bad = len(register.bad)
    return work.counts


def write_bad_rows(bad: list[BadRow], target: Path) -> None:
    """Write the rows put aside as CSV."""
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(BAD_HEADINGS)
        table.writerows((row.row, row.reason, row.text) for row in sorted(bad, key=lambda each: each.row))


def _rewrite(rough: Path, out: Path, sifted: Kept) -> None:
    """Give the rough file its final keys, without the rows that are another row's duplicate."""
    lost = pl.Series("row", [row for row, *_ in sifted.lost], pl.Int64)
    keys = pl.DataFrame(
        {"row": list(sifted.renamed), "new": list(sifted.renamed.values())},
        schema={"row": pl.Int64, "new": pl.String},
    )
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        file = pq.ParquetFile(rough)
        for number in range(file.num_row_groups):
            table = file.read_row_group(number)
            rows = table.column("row")
            touched = pc.any(pc.is_in(rows, value_set=pa.array(lost.to_list() + keys["row"].to_list(), pa.int64())))
            if touched.as_py():
                frame = pl.DataFrame(pl.from_arrow(table)).filter(~pl.col("row").is_in(lost.implode()))
                frame = frame.join(keys, on="row", how="left", maintain_order="left")
                table = frame.with_columns(key=pl.coalesce("new", "key")).select(SCHEMA.names).to_arrow().cast(SCHEMA)
            writer.write_table(table)
