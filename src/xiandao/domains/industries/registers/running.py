"""Identifies a whole register and writes the result as one Parquet file, whole or not at all."""

import csv
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xiandao.domains.industries.registers.reading import BadRow, Register
from xiandao.engines.identify.engine import Identifier, identify

Progress = Callable[[int], None]
"""Called with the number of rows read so far."""
BAD_HEADINGS: Final = ("行", "原因", "内容")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: rows read, pairs written, pairs and enterprises decided "in", rows kept aside, and their
    file.
    """

    rows: int
    pairs: int
    counted: int
    enterprises: int
    bad: int
    bad_file: Path | None


def identify_register(
    register: Register, identifier: Identifier, out: Path, *, threads: int = 1, progress: Progress | None = None
) -> Outcome:
    """Write the enterprises of a register and their industries to ``out``; bad rows to a CSV file beside it.

    Raises RegisterError where the file breaks off and OSError where ``out`` cannot be written; then nothing is left.
    """
    rows = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal rows
        for batch in register.batches():
            yield batch
            rows += batch.num_rows
            if progress is not None:
                progress(rows)

    results = identify(counted(), identifier, name="name", scope="scope", keys=register.keys, threads=threads)
    pairs, into, enterprises = write(results, out, metadata(identifier))
    bad_file = write_bad(register.bad, out)
    return Outcome(rows, pairs, into, enterprises, len(register.bad), bad_file)


def write(results: Iterable[pa.RecordBatch], out: Path, metadata: dict[str, str]) -> tuple[int, int, int]:
    """Write results to a Parquet file beside its place first, then rename it. Returns pairs, pairs "in", enterprises
    "in".
    """
    beside = out.with_name(f".{out.name[:60]}.{secrets.token_hex(4)}")
    writer: pq.ParquetWriter | None = None
    pairs = into = enterprises = 0
    try:
        for batch in results:
            if writer is None:
                schema = batch.schema.with_metadata({key.encode(): value.encode() for key, value in metadata.items()})
                writer = pq.ParquetWriter(beside, schema, compression="zstd")
            writer.write_batch(batch)
            pairs += batch.num_rows
            chosen = batch.filter(pc.equal(batch.column("decision"), "in"))
            into += chosen.num_rows
            enterprises += len(pc.unique(chosen.column(0)))
        if writer is not None:
            writer.close()
            beside.replace(out)
    finally:
        if writer is not None and writer.is_open:
            writer.close()
        beside.unlink(missing_ok=True)
    return pairs, into, enterprises


def metadata(identifier: Identifier) -> dict[str, str]:
    """Return what a result must say of itself: the catalogue it was made with and when its model was fitted."""
    model = identifier.model
    return {"catalogue": identifier.catalogue.version, "model": str(model.card.get("fitted_on", "")) if model else ""}


def write_bad(bad: list[BadRow], out: Path) -> Path | None:
    """Write rows kept aside to a CSV file beside the result and return it; None where there are none."""
    if not bad:
        return None
    target = out.with_name(f"{out.stem}-未读行.csv")
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(BAD_HEADINGS)
        table.writerows((row.row, row.reason, row.text) for row in sorted(bad, key=lambda each: each.row))
    return target
