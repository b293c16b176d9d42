"""Run every check and print one closing summary. Exit code 0 only when all of them passed.

python scripts/test.py            everything
python scripts/test.py unit e2e   only the named steps (see STEPS)
"""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTEST = [str(BIN / "pytest"), "-q", "--no-header", "-p", "no:cacheprovider"]
STEPS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "--no-cache", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--no-cache", "."],
    "types": [str(BIN / "mypy")],
    "imports": [str(BIN / "lint-imports")],
    "templates": [str(BIN / "djlint"), "src", "--lint", "--quiet"],
    "vendored": [str(BIN / "python"), "scripts/vendor.py", "--check"],
    "messages": [str(BIN / "python"), "scripts/messages.py", "--check"],
    "unit": [*PYTEST, "tests/unit", "-n", "2"],
    "domains-sqlite": [*PYTEST, "tests/domains", "tests/security", "-n", "2"],
    "domains-postgres": [*PYTEST, "tests/domains", "tests/security", "-n", "2"],
    "e2e": [*PYTEST, "tests/e2e"],
}
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")


def need_chromium() -> None:
    """Install Chromium and a Chinese font if they are missing, or say what to install."""
    fonts = (
        subprocess.run(["fc-list", ":lang=zh"], check=False, capture_output=True) if shutil.which("fc-list") else None
    )
    if shutil.which("chromium") and fonts is not None and fonts.stdout:
        return
    packages = ["chromium", "fonts-noto-cjk", "fontconfig"]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"浏览器测试需要 Chromium 和中文字体，请先运行：sudo apt install {' '.join(packages)}")
    install(*packages)


def need_java() -> None:
    """Install a Java for the test on a Spark cluster if none is there, or say what to install."""
    if shutil.which("java"):
        return
    package = "openjdk-17-jre-headless"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Spark 测试需要 Java，请先运行：sudo apt install {package}")
    install(package)


def install(*packages: str) -> None:
    """Install packages of Debian's. Fails where that fails."""
    print("installing", *packages, flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=subprocess.DEVNULL)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def run(step: str, command: list[str], environment: dict[str, str]) -> tuple[bool, int, int, float]:
    """Run one step; return whether it passed, its passed and failed counts, and its seconds."""
    print(f"\n== {step}", flush=True)
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    tail = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        tail = line if COUNTS.search(line) else tail
    good = process.wait() == 0
    counts = {word.rstrip("s"): int(number) for number, word in COUNTS.findall(tail)} if command[0] == PYTEST[0] else {}
    passed = counts.get("passed", 0) if counts else int(good)
    failed = counts.get("failed", 0) + counts.get("error", 0) + counts.get("skipped", 0) + counts.get("xpassed", 0)
    if counts.get("skipped"):
        print("skipped tests count as failed: nothing is left out silently", flush=True)
    good = good and not failed and (passed > 0)
    return good, passed, failed or int(not good), time.monotonic() - start


def main() -> None:
    """Run the steps asked for, print the summary."""
    steps = sys.argv[1:] or list(STEPS)
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        sys.exit(f"unknown step {', '.join(unknown)}; there are {', '.join(STEPS)}")
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    if "e2e" in steps:
        need_chromium()
    if "unit" in steps:
        need_java()
    rows = []
    for step in steps:
        if step == "domains-postgres":
            with postgres() as url:
                rows.append((step, *run(step, STEPS[step], environment | {"DATABASE_URL": url})))
        else:
            rows.append((step, *run(step, STEPS[step], environment)))
    print("\n== summary")
    for step, good, passed, failed, seconds in rows:
        print(f"{'ok  ' if good else 'FAIL'} {step:18} {passed:5} passed {failed:3} failed {seconds:7.1f} s")
    print(f"{sum(r[2] for r in rows)} passed, {sum(r[3] for r in rows)} failed")
    sys.exit(not all(r[1] for r in rows))


def postgres() -> AbstractContextManager[str]:
    """Return a context that holds a PostgreSQL of our own and gives its address."""
    sys.path.insert(0, str(ROOT))
    from tests.postgres import server

    return server()


if __name__ == "__main__":
    main()
