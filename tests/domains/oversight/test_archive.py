"""Archives: the chain runs through sealed files, nothing younger than the retention leaves, nothing is lost half-way."""

import datetime as dt
import gzip
import json

import pytest
from django.db import connection
from typer.testing import CliRunner

from tests.domains.audit.support import fill, head, last_number, start_anew, write
from xiandao.cli.main import app
from xiandao.domains.audit import archives, guard
from xiandao.domains.audit.chain import digest
from xiandao.domains.audit.models import AuditArchive, AuditRecord
from xiandao.domains.audit.verify import What, verify
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.oversight.actions import archive
from xiandao.domains.oversight.actions.archiving import earliest_kept

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 27)
ME = system("test")


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.AUDIT_ARCHIVES = str(tmp_path / "archives")
    return tmp_path / "archives"


@pytest.fixture
def old():
    """Ten days of records from 2020, one a day, then two of now; the guard is up."""
    start_anew()
    fill(10, start=dt.datetime(2020, 1, 1, 4, tzinfo=dt.UTC), step=dt.timedelta(days=1))
    write(2)
    guard.install(connection)


def keep(before=dt.date(2020, 1, 6), **more):
    return archive(ME, before=before, keep_months=36, today=TODAY, **more)


def test_records_of_the_days_before_go_and_the_chain_stays_whole(old, place):
    made = keep()
    assert (made.first, made.last, made.file) == (1, 5, "audit-0000000001-0000000005.jsonl.gz")
    assert AuditRecord.objects.order_by("number").first().number == 6
    report = verify()
    assert (report.sound, report.count, report.archived, report.archives) == (True, 13, 5, 1)
    assert report.first_at.date() == dt.date(2020, 1, 1)
    assert (place / made.file).stat().st_mode & 0o777 == 0o600


def test_the_act_is_recorded_with_the_fingerprint(old):
    made = keep()
    row = AuditRecord.objects.get(number=last_number())
    assert (row.action, row.after["sha256"], row.after["last"]) == ("audit.archived", made.sha256, 5)


def test_the_next_archive_links_to_the_one_before(old):
    keep()
    assert keep(dt.date(2020, 1, 9))[2:] == (6, 8)
    assert list(AuditArchive.objects.values_list("first", "last")) == [(1, 5), (6, 8)]
    assert verify().sound


def test_nothing_to_archive_leaves_nothing(old, place):
    number = last_number()
    assert keep(dt.date(2019, 1, 1)) is None
    assert (last_number(), place.exists()) == (number, False)


def test_an_archive_can_be_checked_without_the_product(old, place):
    made = keep()
    previous = "0" * 64
    with gzip.open(place / made.file, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records:
        assert record["previous"] == previous
        assert digest(previous, record["content"]) == record["hash"]
        previous = record["hash"]
    assert AuditRecord.objects.get(number=6).previous_hash == previous


@pytest.mark.parametrize("before", [dt.date(2023, 11, 28), dt.date(2026, 11, 27), dt.date(2030, 1, 1)])
def test_what_is_younger_than_the_retention_stays(old, place, before):
    with pytest.raises(Refused, match="2023-11-27"):
        keep(before)
    assert (AuditRecord.objects.count(), place.exists()) == (12, False)


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (dt.date(2026, 11, 27), 36, dt.date(2023, 11, 27)),
        (dt.date(2026, 8, 31), 6, dt.date(2026, 2, 28)),
        (dt.date(2024, 8, 31), 6, dt.date(2024, 2, 29)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(today, months, expected):
    assert earliest_kept(today, months) == expected


def test_people_do_not_archive(old, people):
    with pytest.raises(Refused):
        archive(people("audit"), before=dt.date(2020, 1, 6), keep_months=36, today=TODAY)


def test_a_broken_chain_is_not_sealed(place):
    start_anew()
    fill(10, start=dt.datetime(2020, 1, 1, 4, tzinfo=dt.UTC), step=dt.timedelta(days=1))
    AuditRecord.objects.filter(number=3).update(reason="改过")
    with pytest.raises(Conflict, match="第 3 条"):
        keep()
    assert (AuditRecord.objects.count(), place.exists()) == (10, False)


def test_an_exception_after_the_file_was_written_leaves_the_records(old, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("xiandao.domains.audit.actions.record", fail)
    with pytest.raises(RuntimeError):
        keep()
    assert (AuditRecord.objects.count(), AuditArchive.objects.count()) == (12, 0)
    monkeypatch.undo()
    assert keep().last == 5  # the file that was left over is written again, the same
    assert verify().sound


def test_a_missing_archive_is_named_and_the_rest_verified(old, place):
    (place / keep().file).unlink()
    report = verify()
    assert [(fault.what, fault.number) for fault in report.faults] == [(What.ARCHIVE, 1)]
    assert "audit-0000000001-0000000005.jsonl.gz" in report.faults[0].sentence
    assert report.last.number == head().number


def test_an_altered_archive_is_named(old, place):
    file = place / keep().file
    records = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]
    records[2]["content"]["reason"] = "改过"
    file.write_bytes(gzip.compress("\n".join(json.dumps(r) for r in records).encode()))
    assert [(fault.what, fault.number) for fault in verify().faults] == [(What.ARCHIVE, 1)]


def test_a_file_that_is_no_archive_is_said_to_be_unreadable(tmp_path):
    (tmp_path / "x.gz").write_bytes(b"no")
    with pytest.raises(archives.ArchiveError, match=r"x\.gz"):
        list(archives.read(tmp_path / "x.gz"))


def test_archives_may_lie_elsewhere(old, place, tmp_path):
    made = keep()
    (tmp_path / "tape").mkdir()
    (place / made.file).rename(tmp_path / "tape" / made.file)
    assert verify(archive_folder=tmp_path / "tape").sound


def test_archived_records_put_back_into_the_database_are_an_insertion(old):
    row = AuditRecord.objects.get(number=2)
    keep()
    row.save(force_insert=True)
    assert [(fault.what, fault.number) for fault in verify().faults] == [(What.INSERTED, 2)]


def test_an_auditor_is_told_in_which_archive_a_record_lies(old, client_of):
    keep()
    page = client_of("auditor").get("/audit/3/").content.decode()
    assert "第 3 条已归档" in page
    assert "audit-0000000001-0000000005.jsonl.gz" in page
    assert "audit-0000000001-0000000005.jsonl.gz" in client_of("auditor").get("/audit/checks/").content.decode()
    assert client_of("coordinator").get("/audit/3/").status_code == 404


def test_the_command_archives_by_the_retention_of_the_pack(old, place):
    done = CliRunner().invoke(app, ["audit", "archive", "--before", "2020-01-06"])
    assert (done.exit_code, "第 1 至 5 条" in done.stdout) == (0, True)
    assert (
        CliRunner().invoke(app, ["audit", "archive", "--before", "2020-01-06"]).stdout.startswith("2020-01-06 以前没有")
    )
    young = CliRunner().invoke(app, ["audit", "archive", "--before", "2999-01-01"])
    assert (young.exit_code, "至少在库保存 36 个月" in young.stderr) == (1, True)
    wrong = CliRunner().invoke(app, ["audit", "archive", "--before", "去年"])
    assert (wrong.exit_code, "“去年”" in wrong.stderr) == (2, True)
