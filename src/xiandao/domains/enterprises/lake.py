"""The lake: register versions and results of the identification as Parquet files under `settings.LAKE`.

    registers/<stem>.parquet             a register version (columns: `registers.normal.SCHEMA`)
    registers/<stem>-findings.csv        its cells that could not be read, and rows left out as duplicates
    registers/<stem>-bad.csv             its rows that could not be read at all
    runs/<number>-<moment>.parquet       the result of a run (`key` and engines.identify.RESULT)
    incoming/…                           files handed in, until they are loaded or given up

The stem is number and moment: no two files ever had one name, so that a backup can be restored beside newer ones.

A file is written beside its place and then renamed; the database names it only afterwards. What the database does not
name is left over from a process that was killed, and is swept away when the next work begins.
"""

import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from xiandao.domains.enterprises.models import RegisterVersion, Run
from xiandao.domains.industries.registers.reading import BATCH, with_lines

KEYS: Final = ("key",)
"""The key columns of what `batches` yields, as `engines.identify` takes them."""
_READ: Final = ["key", "name", "scope", "product_lines", "outside"]


def folder(part: str) -> Path:
    """Return a folder of the lake (registers, runs, incoming), made where it is missing; readable by its owner only."""
    path = Path(settings.LAKE) / part
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def place(path: str) -> Path:
    """Return the file that a row of the database names."""
    return Path(settings.LAKE) / path


def stem(version: RegisterVersion) -> str:
    """Return what the names of a version's files begin with."""
    return f"{version.number}-{version.created_at.astimezone(UTC):%Y%m%d%H%M%S}"


def beside(version: RegisterVersion, what: str) -> Path:
    """Return the list kept beside a version: its "findings" or its "bad" rows; it need not be there."""
    return folder("registers") / f"{stem(version)}-{what}.csv"


def register_file(version: RegisterVersion) -> Path:
    """Return the Parquet file of a register version, with the columns of `registers.normal.SCHEMA`: key, rid, uscc,
    name, scope, region (code), outside (another province), place (as printed), registered_on, ended_on, capital
    (yuan), capital_text, activity, status, kind, product_lines, patents, row. Null is unknown.
    """
    return place(version.path)


def run_file(run: Run) -> Path:
    """Return the Parquet file of a run's result: key and engines.identify.RESULT."""
    return place(run.path)


def batches(version: RegisterVersion) -> Iterator[pa.RecordBatch]:
    """Yield a register as the engine reads it: key, name, scope (with the product lines behind it, see
    `registers.reading.with_lines`), without enterprises of other provinces. Identify with `keys=lake.KEYS`.
    """
    file = pq.ParquetFile(register_file(version))
    for batch in file.iter_batches(BATCH, columns=_READ):
        inside = batch.filter(pc.invert(pc.fill_null(batch.column("outside"), False)))
        scopes = inside.column("scope")
        lines = inside.column("product_lines")
        if lines.null_count < len(lines):
            scopes = with_lines(scopes, lines)
        yield pa.RecordBatch.from_pydict({"key": inside.column("key"), "name": inside.column("name"), "scope": scopes})


def rows(version: RegisterVersion, keys: list[str]) -> list[dict[str, Any]]:
    """Return the rows of a register with these keys, as dictionaries; days as date, capital as Decimal."""
    wanted = pl.DataFrame({"key": keys}, schema={"key": pl.String})
    scan = pl.scan_parquet(register_file(version))
    return scan.join(wanted.lazy(), on="key", how="semi").collect(engine="streaming").to_dicts()


def persist(beside: Path, target: Path) -> None:
    """Give a finished file its name, after its content has reached the disk."""
    with beside.open("rb") as stream:
        os.fsync(stream.fileno())
    beside.replace(target)


def name_of(path: Path) -> str:
    """Return the name under which the database keeps a file of the lake."""
    return path.relative_to(settings.LAKE).as_posix()


def sweep(named: set[str]) -> list[str]:
    """Delete the files nobody names: rests of processes that were killed. Return what was deleted."""
    gone = []
    for part in ("registers", "runs", "incoming"):
        for path in sorted(folder(part).iterdir()):
            if name_of(path) not in named:
                path.unlink(missing_ok=True)
                gone.append(name_of(path))
    return gone
