"""Writing the anchor: coalesced, never torn, never in the way of the action."""

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import transaction

from tests.domains.audit.support import head, last_number, start_anew, write
from xiandao.domains.audit import anchor, repair
from xiandao.domains.audit.anchor import AnchorError, Head, append, last_mark, staged
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.verify import verify

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def at(number, ledger="l" * 64) -> Head:
    return Head(number, f"{number:064x}", NOW, ledger)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "anchor.jsonl"


def numbers(file) -> list[int]:
    return [anchor.parse(line).number for line in file.read_bytes().splitlines()]


def test_lines_are_linked_and_whole(file):
    for number in (1, 2, 5):
        append(file, at(number))
    marks = [anchor.parse(line) for line in file.read_bytes().splitlines()]
    assert [mark.line for mark in marks] == [1, 2, 3]
    assert all(mark.whole() for mark in marks)
    assert [mark.previous for mark in marks[1:]] == [mark.sum for mark in marks[:-1]]


def test_an_earlier_head_is_not_written_after_a_later_one(file):
    for number in (5, 3, 5, 6):
        append(file, at(number))
    assert numbers(file) == [5, 6]


def test_the_anchor_of_another_database_is_not_written_to(file):
    append(file, at(1))
    with pytest.raises(AnchorError, match="另一个数据库"):
        append(file, at(2, ledger="m" * 64))
    assert numbers(file) == [1]


def test_a_line_torn_by_a_power_cut_is_taken_away_and_the_next_one_links(file, caplog):
    append(file, at(1))
    with file.open("ab") as out:
        out.write(b'{"line":2,"num')
    append(file, at(2))
    assert numbers(file) == [1, 2]
    assert "不完整" in caplog.text


def test_a_last_line_that_is_not_ours_is_not_written_after(file):
    file.write_text("hello\n")
    with pytest.raises(AnchorError, match="不是先导写的"):
        append(file, at(1))
    assert last_mark(file) is None


def test_only_the_owner_may_read_it(file):
    append(file, at(1))
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_busy_process_writes_the_first_at_once_and_the_last_always(file):
    writer = anchor._Writer()
    for number in range(1, 2001):
        writer.put(file, at(number))
    assert numbers(file)[0] == 1
    writer.flush()
    assert numbers(file)[-1] == 2000
    assert len(numbers(file)) < 10


def test_the_last_state_is_written_without_anybody_asking(file, monkeypatch):
    monkeypatch.setattr(anchor, "PAUSE", 0.05)
    writer = anchor._Writer()
    for number in (1, 2, 3):
        writer.put(file, at(number))
    limit = time.monotonic() + 5
    while numbers(file)[-1] != 3 and time.monotonic() < limit:
        time.sleep(0.01)
    assert numbers(file)[-1] == 3


def test_two_processes_and_many_threads_write_one_chain(file):
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, timezone;"
        "from xiandao.domains.audit.anchor import append, Head;"
        "[append(Path(sys.argv[1]), Head(n, f'{n:064x}', datetime.now(timezone.utc), 'l' * 64))"
        " for n in range(1, 200)]"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", "import django; from django.conf import settings; settings.configure(); " + code, file],
        env=os.environ,
    )
    threads = [threading.Thread(target=lambda: [append(file, at(n)) for n in range(1, 200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait() == 0
    marks = [anchor.parse(line) for line in file.read_bytes().splitlines()]
    assert [mark.line for mark in marks] == list(range(1, len(marks) + 1))
    assert [mark.number for mark in marks] == sorted({mark.number for mark in marks})
    assert all(mark.whole() for mark in marks)


@pytest.mark.django_db
def test_an_action_rolled_back_is_not_anchored(file, settings, django_capture_on_commit_callbacks):
    settings.AUDIT_ANCHOR = str(file)

    def failing():
        with transaction.atomic():
            write()
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        failing()
    anchor.flush()
    assert not file.exists()


@pytest.mark.django_db
def test_an_anchor_that_cannot_be_written_is_logged_and_the_action_stands(
    tmp_path, settings, caplog, django_capture_on_commit_callbacks
):
    (tmp_path / "plain").write_text("")
    settings.AUDIT_ANCHOR = str(tmp_path / "plain" / "anchor.jsonl")
    number = last_number()
    with django_capture_on_commit_callbacks(execute=True):
        write()
    anchor.flush()
    assert last_number() == number + 1
    assert "审计锚没有写成" in caplog.text


@pytest.mark.django_db
class TestCatchingUp:
    @pytest.fixture(autouse=True)
    def _anchor(self, file, settings):
        start_anew()
        settings.AUDIT_ANCHOR = str(file)

    def test_a_process_killed_before_it_anchored_is_made_good(self, file):
        write(3)
        assert repair.catch_up()
        assert numbers(file) == [3]
        assert not repair.catch_up()
        assert verify().sound

    def test_nothing_is_anchored_of_a_log_whose_head_is_false(self, file):
        write(2)
        AuditHead.objects.update(hash="0" * 64)
        assert not repair.catch_up()
        assert not file.exists()

    def test_an_anchor_staged_by_a_restore_that_was_committed_takes_its_place(self, file):
        write(2)
        row = AuditRecord.objects.get(number=2)
        append(file, at(9))
        append(staged(file), Head(2, row.hash, row.at, head().ledger))
        assert verify().sound
        assert numbers(file) == [2]
        kept = list(file.parent.glob("anchor.jsonl.*.old"))
        assert [numbers(old) for old in kept] == [[9]]

    def test_an_anchor_staged_by_a_restore_that_was_not_committed_changes_nothing(self, file):
        write(2)
        repair.catch_up()
        append(staged(file), at(7))
        write(1)
        assert repair.catch_up()
        assert numbers(file) == [2, 3]
        assert verify().sound
