"""Installations of their own for tests that run commands as processes: a data folder and a database each."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[3]
SERVER = os.environ.get("DATABASE_URL", "")
"""Address of the PostgreSQL the suite runs on; empty where it runs on SQLite."""
ON_POSTGRES = SERVER.startswith("postgres")
HERE = "postgresql" if ON_POSTGRES else "sqlite"
_ALL = 'SELECT * FROM "{}"'
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


def new_database(template: str = "template1") -> str:
    """Make a database on the suite's PostgreSQL, empty or a copy of another, and return its address."""
    name = f"place_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


class Place:
    """One installation with a data folder and a database: `kind` is "sqlite" or "postgresql"."""

    def __init__(self, folder: Path, kind: str, database: str = "") -> None:
        self.folder = folder
        self.kind = kind
        kept = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
        self.environment = kept | {"XIANDAO_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        if kind == "postgresql":
            self.environment["DATABASE_URL"] = database or new_database()

    def copy(self, folder: Path) -> "Place":
        """Return a copy of the installation in another folder."""
        shutil.copytree(self.folder, folder)
        if self.kind == "sqlite":
            return Place(folder, self.kind)
        template = urlsplit(self.environment["DATABASE_URL"]).path.removeprefix("/")
        return Place(folder, self.kind, new_database(template))

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

    def start_python(self, code: str) -> subprocess.Popen:
        """Start Python inside the installation; what it prints can be read line by line."""
        return subprocess.Popen(
            [sys.executable, "-u", "-c", START + code], env=self.environment, stdout=subprocess.PIPE, text=True
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

    def raw(self) -> dict[str, list[str]]:
        """Return every row of every table straight from the database: the same only if nothing at all has changed."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.folder / "xiandao.sqlite3")) as file:
                names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                return {name: sorted(map(repr, file.execute(_ALL.format(name)))) for name in names}
        with psycopg.connect(self.environment["DATABASE_URL"]) as server:
            names = [row[0] for row in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
            return {name: sorted(map(repr, server.execute(_ALL.format(name)))) for name in names}

    def files(self) -> dict[str, bytes]:
        """Return the files under the media folder."""
        top = self.folder / "files"
        return {p.relative_to(top).as_posix(): p.read_bytes() for p in top.rglob("*") if p.is_file()}
