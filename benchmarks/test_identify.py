"""Identification of 3.0 million registered enterprises (600 MB of text): the scan beside its peers, and the whole.

The register is ../shared/data/registry-sample.parquet repeated to size; without it invented scopes of the same length
are taken. Matches of all scanners are compared with one answer. The budgets: scan at least 600 MB/s on one core; all of
it under 6 s on two cores and under 2 GB. Processor time is what is judged, so that a busy machine does not count.
"""

import hashlib
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ahocorasick
import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xiandao.engines.identify import Identifier, identify, scan
from xiandao.engines.identify.patterns import patterns, shortest
from xiandao.packs import load_pack, packs_dir
from xiandao.packs.catalogue import MODEL, engine_catalogue, load_model

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "registry-sample.parquet"
PACK = load_pack(packs_dir() / "jiangsu_2024_2026")
CATALOGUE = engine_catalogue(PACK)
ROWS = 3_000_000
BATCH = 65_536
FEW = 500
SAMPLE = 100_000
"""Rows on which all scanners are compared and timed: the slow ones would take minutes on all."""


def batches(rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the register in batches, repeated to so many rows."""
    left = rows
    while left > 0:
        for batch in source():
            part = batch.slice(0, left)
            yield part
            left -= part.num_rows
            if left <= 0:
                return


def source() -> Iterator[pa.RecordBatch]:
    if SHARED.exists():
        yield from pq.ParquetFile(SHARED).iter_batches(BATCH, columns=["rid", "uscc", "name", "scope"])
        return
    common = (
        "普通货运；计算机软硬件开发；建材、五金交电、日用百货销售；企业管理咨询服务；房屋租赁（依法须经批准的项目除外）"
    )
    scopes = [common + ("；燃料电池的研发、生产" if number % 60 == 0 else "") for number in range(BATCH)]
    names = ["某某科技有限公司"] * BATCH
    yield pa.RecordBatch.from_pydict({"rid": list(range(BATCH)), "uscc": names, "name": names, "scope": scopes})


@pytest.fixture(scope="module")
def words() -> list[bytes]:
    """All spellings of all terms: the whole catalogue, not the short list that the first scan needs."""
    return list(patterns(dict.fromkeys(term.text for term in CATALOGUE.terms)).texts)


@pytest.fixture(scope="module")
def sample() -> pa.Array:
    return pa.concat_arrays([batch.column("scope").cast(pa.large_string()) for batch in batches(SAMPLE)])


@pytest.fixture(scope="module")
def expected(words: list[bytes], sample: pa.Array) -> dict[int, set[str]]:
    """The terms in each row of the sample, by the automaton."""
    column = scan.column(sample)
    found, rows = scan.rows_of(scan.scanner(words, engine="automaton").scan(column.data), column.offsets)
    answer: dict[int, set[str]] = {}
    for row, pattern in zip(rows.tolist(), found.pattern.tolist(), strict=True):
        answer.setdefault(row, set()).add(words[pattern].decode())
    return answer


def report(benchmark, size: int) -> None:
    benchmark.extra_info["MB/s"] = round(size / 1e6 / benchmark.stats.stats.min, 1)
    print(f"\n{benchmark.name}: {benchmark.extra_info['MB/s']} MB/s")


@pytest.mark.parametrize("engine", ["hyperscan", "automaton"])
def test_scan_of_the_buffer(benchmark, engine, words, sample, expected):
    scanner, column = scan.scanner(words, engine=engine), scan.column(sample)

    def run():
        return scan.rows_of(scanner.scan(column.data), column.offsets)

    found, rows = benchmark(run)
    answer: dict[int, set[str]] = {}
    for row, pattern in zip(rows.tolist(), found.pattern.tolist(), strict=True):
        answer.setdefault(row, set()).add(words[pattern].decode())
    assert answer == expected
    report(benchmark, len(column.data))


def test_peer_polars_extract_many(benchmark, words, sample, expected):
    texts = pl.from_arrow(sample)
    terms = [word.decode() for word in words]
    found = benchmark.pedantic(lambda: texts.str.extract_many(terms, overlapping=True), rounds=2)
    assert {row: set(each) for row, each in enumerate(found.to_list()) if each} == expected
    report(benchmark, len(scan.column(sample).data))


def test_peer_pyahocorasick(benchmark, words, sample, expected):
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word.decode(), word.decode())
    automaton.make_automaton()
    texts = [text or "" for text in sample.to_pylist()]
    found = benchmark.pedantic(lambda: [{word for _, word in automaton.iter(text)} for text in texts], rounds=1)
    assert {row: each for row, each in enumerate(found) if each} == expected
    report(benchmark, len(scan.column(sample).data))


def test_peer_duckdb_regular_expression(benchmark, words, sample, expected):
    """DuckDB says which rows hold any term, not which terms: the easier question, on fewer rows for its slowness."""
    few = sample.slice(0, FEW)
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.register("register", pa.table({"scope": few}))
    short = "|".join(re.escape(word.decode()) for word in shortest(words))
    query = "select regexp_matches(scope, $1) from register"
    found = benchmark.pedantic(lambda: connection.execute(query, [short]).fetchnumpy(), rounds=1)
    (matched,) = found.values()
    rows = set(np.flatnonzero(np.ma.filled(matched, fill_value=False)).tolist())
    assert rows == {row for row in expected if row < FEW}
    report(benchmark, len(scan.column(few).data))


def test_first_scan_of_the_whole_register_on_one_core(benchmark):
    """The scan that identification does: which rows hold any term. At least 600 MB a second of processor time."""
    identifier = Identifier(CATALOGUE, None)
    columns = [scan.column(batch.column("scope")) for batch in batches(ROWS)]
    size = sum(len(column.data) for column in columns)
    start = time.process_time()
    benchmark.pedantic(lambda: [identifier.rows(column) for column in columns], rounds=2)
    speed = 2 * size / 1e6 / (time.process_time() - start)
    report(benchmark, size)
    print(f"{size / 1e6:.0f} MB, {speed:.0f} MB/s of processor time")
    assert speed >= 600


def test_the_whole_identification_on_two_cores(benchmark):
    """Read from Parquet, scanned, read, scored, with evidence; under 6 s on two free cores, under 2 GB.

    In a process of its own, since the peers above hold the sample several times over.
    """

    def run():
        done = subprocess.run([sys.executable, __file__], check=True, capture_output=True, text=True)  # noqa: S603
        return json.loads(done.stdout)

    one, two = benchmark.pedantic(run, rounds=1)
    for each in (one, two):
        print(
            f"\n{each['threads']} threads: {ROWS:,} rows in {each['seconds']:.2f} s,"
            f" {each['processor']:.2f} s of processor time, {each['memory']:.2f} GB, {each['pairs']:,} pairs"
        )
    assert one["digest"] == two["digest"]
    assert two["processor"] < 2 * 6
    assert two["memory"] < 2


def measure(threads: int) -> dict[str, float | int | str]:
    """Identify the register and return time, memory and a digest of the result."""
    identifier = Identifier(CATALOGUE, load_model(PACK.path / MODEL))
    digest, pairs = hashlib.sha256(), 0
    start, processor = time.perf_counter(), time.process_time()
    for result in identify(
        batches(ROWS), identifier, name="name", scope="scope", keys=("rid", "uscc"), threads=threads
    ):
        pairs += result.num_rows
        digest.update(result.column("score").to_numpy().tobytes())
    return {
        "threads": threads,
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - processor,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "pairs": pairs,
        "digest": digest.hexdigest(),
    }


if __name__ == "__main__":
    print(json.dumps([measure(1), measure(2)]))
