"""Backup and restore as commands, between databases, and killed in the middle."""

import json
import signal
import tarfile

import pytest

from tests.domains.oversight.places import HERE, ON_POSTGRES, Place

KINDS = (
    [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
    if ON_POSTGRES
    else [("sqlite", "sqlite")]
)
OLD = """
import datetime as dt
from django.db import connection
from tests.domains.audit.support import fill, start_anew, write
from xiandao.domains.audit import anchor, guard
from xiandao.domains.audit.anchor import place
from xiandao.domains.orgs.viewer import system
from xiandao.domains.oversight.actions import archive
guard.remove(connection)
start_anew()
place().unlink()
fill(300, start=dt.datetime(2020, 1, 1, 4, tzinfo=dt.timezone.utc), step=dt.timedelta(hours=6))
guard.install(connection)
archive(system("t"), before=dt.date(2020, 2, 1), keep_months=36)
write(2)
anchor.flush()
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory, seeded):
    """Return a function that gives an installation with archives, its backup and its rows, made once each."""
    made = {}

    def give(kind):
        if kind not in made:
            folder = tmp_path_factory.mktemp(f"source-{kind}")
            place = seeded(kind).copy(folder / "data")
            place.python(OLD)
            rows = place.rows()
            done = place.run("backup", folder / "all.tar")
            assert done.returncode == 0, done.stderr
            made[kind] = (place, folder / "all.tar", rows, done.stdout)
        return made[kind]

    return give


def without_log(rows):
    return {name: lines for name, lines in rows.items() if name not in {"audit.auditrecord", "audit.audithead"}}


def assert_same(place, source_rows):
    """Compare all rows; the log has grown by the record of the restore alone."""
    rows = place.rows()
    assert without_log(rows) == without_log(source_rows)
    old, new = (
        sorted((json.loads(line) for line in r["audit.auditrecord"]), key=lambda row: row[0])
        for r in (source_rows, rows)
    )
    assert new[:-1] == old
    assert new[-1][3] == "installation.restored"


@pytest.mark.parametrize(("origin", "target"), KINDS)
def test_everything_comes_back(source, tmp_path, origin, target):
    place, file, rows, told = source(origin)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "会话不在备份中" in told
    there = Place(tmp_path / "data", target)
    done = there.run("restore", file, "--yes")
    assert done.returncode == 0, done.stderr
    assert "审计日志完好" in done.stdout
    assert "个归档文件中" in done.stdout
    assert_same(there, rows)
    assert there.files() == place.files()
    assert (there.folder / "audit-anchor.jsonl").stat().st_mode & 0o777 == 0o600
    # Keys go on where they were: new rows of every kind can be written, and the guard is up again.
    there.python(
        "from xiandao.domains.audit.models import AuditCheck; from django.utils import timezone;"
        "from xiandao.domains.orgs.models import User; from tests.domains.audit.support import write;"
        "User.objects.create(username='new', name='新'); write();"
        "AuditCheck.objects.create(asked_at=timezone.now(), asked_by='x');"
        "from xiandao.domains.audit import guard; from django.db import connection;"
        "from django.contrib.sessions.models import Session;"
        "assert guard.missing(connection) == [];"
        "assert not Session.objects.exists()"
    )
    assert there.run("audit", "verify").returncode == 0


def test_a_restored_database_can_be_backed_up_and_restored_again(source, seeded, tmp_path):
    _place, file, _rows, _told = source(HERE)
    first, second = seeded(HERE).copy(tmp_path / "one"), seeded(HERE).copy(tmp_path / "two")
    assert first.run("restore", file, "--yes", "--replace").returncode == 0
    rows = first.rows()
    assert first.run("backup", tmp_path / "again.tar").returncode == 0
    assert second.run("restore", tmp_path / "again.tar", "--yes", "--replace").returncode == 0
    assert_same(second, rows)


def test_sessions_and_secrets_are_not_in_the_file(source):
    place, file, _rows, told = source(HERE)
    secret = (place.folder / "secret.key").read_text()
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert not any("session" in name for name in names)
    assert not any("secret" in name for name in names)
    assert secret not in told


def test_a_database_in_use_is_replaced_only_when_told_and_its_old_anchor_is_kept(source, there):
    _place, file, rows, _told = source(HERE)
    before = there.raw()
    refused = there.run("restore", file, "--yes")
    assert (refused.returncode, "不是空的" in refused.stderr) == (1, True)
    unconfirmed = there.run("restore", file, "--replace")
    assert (unconfirmed.returncode, "--yes" in unconfirmed.stderr) == (2, True)
    assert there.raw() == before
    done = there.run("restore", file, "--yes", "--replace")
    assert done.returncode == 0, done.stderr
    assert_same(there, rows)
    assert len(list(there.folder.glob("audit-anchor.jsonl.*.old"))) == 1


def kill_at(place, step, *words):
    """Start a restore, kill it hard when it begins a step, wait until the database has noticed."""
    process = place.start("restore", *words)
    for line in process.stderr:
        if step in line:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    return process.returncode


@pytest.mark.parametrize("step", ["audit.auditrecord", "plans.measure"])
def test_killed_midway_the_database_is_as_it_was(source, there, step):
    _place, file, _rows, _told = source(HERE)
    before = there.raw()
    assert kill_at(there, step, file, "--yes", "--replace") == -signal.SIGKILL
    assert there.raw() == before
    verified = there.run("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_killed_at_the_commit_the_database_is_as_before_or_as_after(source, there):
    _place, file, rows, _told = source(HERE)
    before = there.raw()
    kill_at(there, "提交", file, "--yes", "--replace")
    if there.raw() != before:
        assert_same(there, rows)
    verified = there.run("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_a_backup_killed_midway_leaves_no_file_with_its_name(source, tmp_path):
    place, _file, _rows, _told = source(HERE)
    process = place.start("backup", tmp_path / "half.tar")
    for line in process.stderr:
        if "plans." in line:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    assert not (tmp_path / "half.tar").exists()
    assert place.run("backup", tmp_path / "half.tar").returncode == 0


def test_rows_are_of_one_moment_while_others_write(source, there, tmp_path):
    """Nothing written after the backup began is in it, though it is written before the backup ends."""
    place, _file, _rows, _told = source(HERE)
    process = place.start("backup", tmp_path / "moment.tar")
    for line in process.stderr:
        if "audit.auditarchive" in line or "audit.auditcheck" in line:
            break
    process.send_signal(signal.SIGSTOP)
    number = int(
        place.python(
            "from tests.domains.audit.support import write; print(write(5).number); from xiandao.domains.audit import"
            " anchor; anchor.flush()"
        )
    )
    process.send_signal(signal.SIGCONT)
    process.communicate()
    assert process.returncode == 0
    with tarfile.open(tmp_path / "moment.tar") as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    assert manifest["audit"]["number"] == number - 5
    assert there.run("restore", tmp_path / "moment.tar", "--yes", "--replace").returncode == 0
