"""Measure the product under load: 50 people at once on 12 quarters of reports and 40,000 claimed results.

  python scripts/load.py                    on SQLite, then on PostgreSQL
  python scripts/load.py sqlite --users 50 --seconds 60

Starts the server as `xiandao run` does, on loopback, in a folder of its own. Prints each page's percentiles and ends
with 1 where the 95th percentile of any page is over the budget or a page fails.
"""

import argparse
import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
BUDGET_MS = 150
SIGNING_IN = ("sign-in page", "sign-in")  # argon2 is slow on purpose
FILL = """
import datetime as dt, time
from xiandao.cli.prepare import prepare
prepare()
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.demo import Scale, fill_demo
start = time.monotonic()
plan = Plan.objects.for_system("load").order_by("order").first()
now = dt.datetime(2027, 1, 10, 9, tzinfo=dt.UTC)
made = fill_demo(system("load"), plan=plan, scale=Scale(rounds={rounds}, claims={claims}), now=now)
print("filled", made, f"in {{time.monotonic() - start:.1f}} s", flush=True)
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[None]:
    """Serve until the block ends."""
    words = f"server_command('127.0.0.1', {port})"
    code = f"from xiandao.cli.serve import server_command; print('\\n'.join({words}))"
    command = subprocess.run(
        [str(BIN / "python"), "-c", code], check=True, capture_output=True, text=True, env=environment
    ).stdout.split("\n")[:-1]
    server = subprocess.Popen(command, env=environment)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(15)


def measure(name: str, environment: dict[str, str], arguments: argparse.Namespace) -> bool:
    """Fill a database, serve it, load it; print the percentiles and return whether the budget was kept."""
    with tempfile.TemporaryDirectory() as folder:
        environment = environment | {
            "XIANDAO_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "xiandao.config.settings.demo",
            "XIANDAO_SECRET_KEY": "load-" + "x" * 60,
        }
        fill = FILL.format(rounds=arguments.rounds, claims=arguments.claims)
        subprocess.run([str(BIN / "python"), "-c", fill], check=True, env=environment)
        port, out = free_port(), Path(folder) / "load"
        with serving(environment, port):
            locust = [str(BIN / "locust"), "-f", str(ROOT / "benchmarks" / "load" / "locustfile.py"), "--headless"]
            run = [f"--host=http://127.0.0.1:{port}", f"--csv={out}", "--only-summary", "--reset-stats"]
            size = [
                f"-u{arguments.users}",
                "-r2",
                f"-t{arguments.seconds + arguments.users // 2}s",
                "--stop-timeout=5",
                "--loglevel=WARNING",
            ]
            done = subprocess.run([*locust, *run, *size], check=False, stdout=subprocess.DEVNULL)
        with Path(f"{out}_stats.csv").open(encoding="utf-8") as table:
            rows = list(csv.DictReader(table))
    return report(name, rows, arguments.users) and done.returncode == 0


def report(name: str, rows: list[dict[str, str]], users: int) -> bool:
    """Print one line a page and return whether every page kept the budget."""
    print(f"\n== {name}: {users} people")
    print(f"{'page':58} {'n':>6} {'fail':>5} {'p50':>6} {'p95':>6} {'p99':>6}  ms")
    good = True
    for row in sorted(rows, key=lambda row: row["Name"]):
        p95 = float(row["95%"])
        over = p95 > BUDGET_MS and row["Name"] not in SIGNING_IN
        good = good and not over
        counts = f"{row['Request Count']:>6} {row['Failure Count']:>5}"
        print(f"{row['Name']:58} {counts} {row['50%']:>6} {p95:>6.0f} {row['99%']:>6}{'  OVER' if over else ''}")
    print(f"budget: 95th percentile {BUDGET_MS} ms: {'kept' if good else 'NOT kept'}", flush=True)
    return good


def main() -> None:
    """Run the databases asked for and say whether all kept the budget."""
    parser = argparse.ArgumentParser()
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgres"], choices=["sqlite", "postgres", []])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--claims", type=int, default=40_000)
    arguments = parser.parse_args()
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    sys.path.insert(0, str(ROOT))
    from tests.postgres import server

    good = True
    for name in arguments.databases:
        with server() if name == "postgres" else nullcontext("") as url:
            extra = {"DATABASE_URL": url} if url else {}
            good = measure(name, environment | extra, arguments) and good
    sys.exit(not good)


if __name__ == "__main__":
    main()
