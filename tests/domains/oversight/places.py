"""Installations of their own for tests that run commands as processes: a data folder and a database each."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[3]
SERVER = os.environ.get("DATABASE_URL", "")
"""Address of the PostgreSQL the suite runs on; empty where it runs on SQLite."""
ON_POSTGRES = SERVER.startswith("postgres")
START = "from xiandao.cli.database import start_django; start_django()\n"
ROWS = """
import json
from xiandao.domains.oversight.backup import tables
told = {}
for model in tables.kept():
    lines = list(tables.dump(model))[1:]
    told[model._meta.label_lower] = sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines)
print(json.dumps(told))
"""


def new_database() -> str:
    """Make an empty database on the suite's PostgreSQL and return its address."""
    name = f"place_{uuid.uuid4().hex}"
    parts = urlsplit(SERVER)
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return urlunsplit(parts._replace(path=f"/{name}"))


class Place:
    """One installation: `kind` is "sqlite" or "postgresql"."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
        self.environment = kept | {"XIANDAO_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        if kind == "postgresql":
            self.environment["DATABASE_URL"] = new_database()

    def command(self, *words: object) -> list[str]:
        return [sys.executable, "-c", "from xiandao.cli.main import app; app()", *map(str, words)]

    def run(self, *words: object) -> subprocess.CompletedProcess:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )

    def start(self, *words: object, **more) -> subprocess.Popen:
        """Start a command whose signs of progress can be read from stderr."""
        return subprocess.Popen(
            self.command(*words),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def python(self, code: str) -> str:
        """Run Python inside the installation and return what it prints."""
        made = subprocess.run(
            [sys.executable, "-c", START + code],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    def rows(self) -> dict[str, list[str]]:
        """Return every row of every table that is kept, in a form both databases give alike."""
        return json.loads(self.python(ROWS))

    def files(self) -> dict[str, bytes]:
        """Return the files under the media folder."""
        top = self.folder / "files"
        return {p.relative_to(top).as_posix(): p.read_bytes() for p in top.rglob("*") if p.is_file()}
