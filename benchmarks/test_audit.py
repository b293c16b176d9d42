"""Verifying a million records in steady memory, and a page of them read off an index.

The peers are what one would write first: all records in memory, then the same check; and pages by OFFSET. Each runs in
a process of its own, so that the memory measured is its own.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RECORDS = 1_000_000
START = "from xiandao.cli.database import start_django, migrate; start_django()\n"
FILL = f"""
migrate()
from django.db import connection, transaction
from tests.domains.audit.support import fill
from xiandao.domains.audit import guard
with transaction.atomic():
    guard.remove(connection)
    fill({RECORDS}, batch=20_000)
    guard.install(connection)
"""
MEASURE = """
import json, resource, time
from django.db import connection
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.audit.verify import verify
from xiandao.domains.audit.chain import first_break
begin, used = time.perf_counter(), time.process_time()
{work}
took, used = time.perf_counter() - begin, time.process_time() - used
print(json.dumps([took, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, result]))
"""
STREAMED = "report = verify(); assert report.sound, report.faults; result = report.count"
NAIVE = (
    "rows = list(AuditRecord.objects.order_by('number'));"
    "assert first_break([row.sealed() for row in rows]) is None; result = len(rows)"
)
PAGE = f"""
from xiandao.domains.orgs.viewer import system
from xiandao.domains.oversight import queries
from xiandao.domains.oversight.queries import Cursor, Filters
times = {{{{}}}}
deep = Cursor(*AuditRecord.objects.filter(number={RECORDS // 500}).values_list("at", "number").get())
def timed(name, work):
    begin = time.perf_counter(); work(); times[name] = time.perf_counter() - begin
timed("warm", lambda: queries.page(system("b"), Filters()))
timed("first page", lambda: queries.page(system("b"), Filters()))
timed("oldest page", lambda: queries.page(system("b"), Filters(), deep))
timed("one actor", lambda: queries.page(system("b"), Filters(actor="person3"), deep))
timed("one object", lambda: queries.page(system("b"), Filters(kind="thing", key="77")))
timed("words found nowhere", lambda: queries.page(system("b"), Filters(words="无此")))
timed("kinds", lambda: queries.kinds())
rows = AuditRecord.objects.order_by("-at")
timed("peer: oldest page by OFFSET, whole rows", lambda: list(rows[{RECORDS - 2_000}:{RECORDS - 1_950}]))
result = times
"""


def run(code: str, folder: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    environment |= {"XIANDAO_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "XIANDAO_AUDIT_ANCHOR": ""}
    return subprocess.run(  # noqa: S603 — our own code
        [sys.executable, "-c", START + code], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("log")
    run(FILL, made)
    return made


def measure(work: str, folder: Path) -> tuple[float, float, float, object]:
    return json.loads(run(MEASURE.format(work=work.format()), folder).splitlines()[-1])


def measured(benchmark, work: str, folder: Path) -> tuple[float, float, object]:
    """Measure once, in a process of its own, and let the report show it."""
    seconds, used, megabytes, result = benchmark.pedantic(measure, args=(work, folder), rounds=1)
    benchmark.extra_info |= {"seconds inside": seconds, "of processor": used, "peak MB": megabytes}
    print(f"\n{seconds:.1f} s, {used:.1f} s of processor, peak {megabytes:.0f} MB")
    return seconds, megabytes, result


def test_verify_a_million_records(benchmark, folder):
    _seconds, megabytes, count = measured(benchmark, STREAMED, folder)
    assert count == RECORDS
    assert megabytes < 300  # the product itself takes about half of it


def test_peer_all_in_memory(benchmark, folder):
    _seconds, megabytes, count = measured(benchmark, NAIVE, folder)
    assert count == RECORDS
    assert megabytes > 1000


def test_pages_of_a_million_records(benchmark, folder):
    begin = time.perf_counter()
    _seconds, _megabytes, times = measured(benchmark, PAGE, folder)
    print(json.dumps({name: f"{value * 1000:.1f} ms" for name, value in times.items()}, ensure_ascii=False, indent=1))
    assert time.perf_counter() - begin < 120
    peer = times.pop("peer: oldest page by OFFSET, whole rows")
    assert max(times.values()) < peer
    assert max(value for name, value in times.items() if name != "words found nowhere") < 0.15
