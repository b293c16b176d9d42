"""Kill -9 during an import of 5,000 rows, during verifying, during closing: before or after, never between.

The database is a file of SQLite, or on the PostgreSQL of DATABASE_URL: what the other tests use is left alone.
"""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import dj_database_url
import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[3]
NURSERY = Path(__file__).with_name("kill_nursery.py")


def run(what, environment):
    done = subprocess.run(
        [sys.executable, str(NURSERY), what],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The environment of processes that work on a database of their own, with tables, pack and people."""
    folder = tmp_path_factory.mktemp("kill")
    common = os.environ | {"PYTHONPATH": str(ROOT), "XIANDAO_DATA": str(folder), "KILL_COUNT": str(folder / "count")}
    common["PYTHONWARNINGS"] = "ignore"
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        made = common | {"DATABASE_URL": f"sqlite:///{folder / 'base.sqlite3'}"}
        run("prepare", made)
        yield made
        return
    name = f"kill_{uuid.uuid4().hex[:12]}"
    server = dj_database_url.parse(given)
    extra = {"port": server["PORT"] or None, "password": server["PASSWORD"] or None}
    address = {
        "host": server["HOST"],
        "user": server["USER"],
        "dbname": "postgres",
        **{k: v for k, v in extra.items() if v},
    }
    with psycopg.connect(**address, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        made = common | {"DATABASE_URL": f"{given.rpartition('/')[0]}/{name}"}
        run("prepare", made)
        yield made
    finally:
        with psycopg.connect(**address, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def told(environment):
    """Return a function that gives what the kills of a scenario left."""
    return lambda scenario: json.loads(run(scenario, environment).splitlines()[-1])


def require_all_or_nothing(found):
    before, after = found["before"], found["after"]
    assert before != after
    assert before["chain"] is None
    assert after["chain"] is None
    wrong = [each["kill"] for each in found["left"] if each["facts"] not in (before, after)]
    assert wrong == []
    by_query = [each for each in found["left"] if each["kill"].startswith("query")]
    assert all(each["killed"] for each in by_query)
    # Every query stands inside the one transaction, or before it: whoever is killed at one leaves what was before.
    kept = [each["kill"] for each in by_query if each["facts"] != before]
    assert kept == []


def test_an_import_of_5000_rows_is_saved_whole_or_not_at_all(told):
    found = told("import")
    require_all_or_nothing(found)
    assert found["before"]["claims"] == {}
    assert found["before"]["jobs"] == {"saving": 1}
    assert found["after"]["claims"] == {"draft/": 5000}
    assert found["after"]["jobs"] == {"saved": 1}
    assert found["after"]["problems"] == {"raised": 1}
    assert found["told"] == "failed"
    assert found["repeated"]["claims"] == {"draft/": 5000}
    assert found["repeated"]["jobs"] == {"saved": 1}


def test_a_report_is_verified_with_all_its_claims_or_not_at_all(told):
    found = told("verify")
    require_all_or_nothing(found)
    assert found["before"]["results"] == {}
    assert found["after"]["results"] == {"个": 60}


def test_a_round_is_closed_with_all_its_tasks_or_not_at_all(told):
    found = told("close")
    require_all_or_nothing(found)
    assert [state.split("/")[0] for state in found["before"]["rounds"]] == ["open"]
    assert [state.split("/")[0] for state in found["after"]["rounds"]] == ["closed"]
