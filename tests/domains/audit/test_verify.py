"""Verification: what was done to rows, head, archives or anchor, it says what and where."""

import datetime as dt
import json

import pytest
from django.db import connection

from tests.domains.audit.support import fill, head, last_number, rehash, start_anew, write
from xiandao.domains.audit import anchor, guard
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.verify import What, verify

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(minutes=5)


@pytest.fixture
def file(tmp_path, settings):
    """An anchor of its own, and a log that begins with it."""
    start_anew()
    settings.AUDIT_ANCHOR = str(tmp_path / "disk" / "anchor.jsonl")
    return tmp_path / "disk" / "anchor.jsonl"


@pytest.fixture
def anchored(file, django_capture_on_commit_callbacks, monkeypatch):
    """Ten records, each with its line in the anchor."""
    monkeypatch.setattr(anchor, "PAUSE", 0)
    monkeypatch.setattr(anchor._writer, "_last", -1e9)
    for _ in range(10):
        with django_capture_on_commit_callbacks(execute=True):
            write()
    return file


def faults(**given):
    """Return (what, number) of each fault, some minutes later."""
    return [(fault.what, fault.number) for fault in verify(now=dt.datetime.now(dt.UTC) + LATER, **given).faults]


def lines(file) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def keep(file, kept):
    file.write_text("".join(line + "\n" for line in kept))


def test_every_commit_is_anchored_and_the_log_is_sound(anchored):
    assert [line["number"] for line in lines(anchored)] == list(range(1, 11))
    assert anchored.stat().st_mode & 0o777 == 0o600
    report = verify()
    assert (report.sound, report.count, report.anchored, report.last.number) == (True, 10, 10, 10)
    told = "\n".join(report.lines())
    assert "10 条记录首尾相连" in told
    assert head().hash in told
    assert report.first_at == AuditRecord.objects.get(number=1).at
    assert report.last_at == AuditRecord.objects.get(number=10).at


def test_an_altered_record_is_named(anchored):
    AuditRecord.objects.filter(number=4).update(after={"n": 99})
    assert faults() == [(What.ALTERED, 4)]


def test_a_removed_record_is_named(anchored):
    AuditRecord.objects.filter(number=4).delete()
    assert faults() == [(What.REMOVED, 4)]


def test_records_removed_at_the_beginning_are_noticed(anchored):
    AuditRecord.objects.filter(number__lte=3).delete()
    assert faults() == [(What.REMOVED, 1)]


def test_records_cut_off_at_the_end_are_noticed_by_the_head(anchored):
    AuditRecord.objects.filter(number__gte=9).delete()
    assert faults() == [(What.REMOVED, 9)]


def test_records_cut_off_and_the_head_rewritten_are_noticed_by_the_anchor(anchored):
    AuditRecord.objects.filter(number__gte=9).delete()
    last = AuditRecord.objects.get(number=8)
    AuditHead.objects.update(number=8, hash=last.hash)
    assert faults() == [(What.REMOVED, 9)]
    sentence = verify().faults[0].sentence
    assert "锚文件第 10 行证明" in sentence
    assert "已写到第 10 条，而现在只到第 8 条" in sentence


def test_a_log_cut_and_grown_again_is_noticed_by_the_anchor(anchored):
    AuditRecord.objects.filter(number__gte=9).delete()
    last = AuditRecord.objects.get(number=8)
    AuditHead.objects.update(number=8, hash=last.hash)
    write(5, label="补的")
    assert faults() == [(What.REWRITTEN, 9)]


def test_a_record_altered_and_all_hashes_recomputed_is_noticed_by_the_anchor(anchored):
    AuditRecord.objects.filter(number=4).update(reason="改过")
    rehash(4, 10)
    assert faults() == [(What.REWRITTEN, 4)]
    assert "第 4 条记录与锚文件第 4 行" in verify().faults[0].sentence


def test_an_appended_record_the_product_did_not_write_is_named(anchored):
    saved = head()
    write(label="外来")
    AuditHead.objects.update(number=saved.number, hash=saved.hash)
    assert faults() == [(What.INSERTED, 11)]


def test_a_record_in_the_middle_moves_the_rest_and_is_named(anchored):
    rows = list(AuditRecord.objects.filter(number__gte=5).order_by("-number"))
    for row in rows:
        AuditRecord.objects.filter(number=row.number).update(number=row.number + 1)
    copy = AuditRecord.objects.get(number=4)
    copy.number, copy.hash = 5, "a" * 64
    copy.save(force_insert=True)
    AuditHead.objects.update(number=11)
    assert faults() == [(What.INSERTED, 5)]


def test_a_head_that_says_something_else_is_named(anchored):
    AuditHead.objects.update(hash="0" * 64)
    assert faults() == [(What.HEAD, 10)]
    AuditHead.objects.update(hash=AuditRecord.objects.get(number=10).hash, ledger="0" * 64)
    assert faults()[0] == (What.HEAD, 10)


def test_a_missing_anchor_is_a_fault(anchored):
    anchored.unlink()
    assert faults() == [(What.ANCHOR_MISSING, None)]


def test_an_anchor_that_cannot_be_read_is_a_fault(anchored):
    anchored.unlink()
    anchored.mkdir()
    assert faults() == [(What.ANCHOR_MISSING, None)]


def test_an_edited_line_of_the_anchor_is_named(anchored):
    kept = anchored.read_text().splitlines()
    kept[5] = kept[5].replace('"number":6', '"number":7')
    keep(anchored, kept)
    report = verify()
    assert [(fault.what, fault.number) for fault in report.faults] == [(What.ANCHOR_EDITED, None)]
    assert "第 6 行被改动" in report.faults[0].sentence


def test_a_line_taken_out_of_the_anchor_is_named(anchored):
    kept = anchored.read_text().splitlines()
    del kept[5]
    keep(anchored, kept)
    assert "第 6 行与前一行不衔接" in verify().faults[0].sentence


def test_an_anchor_cut_below_what_the_database_knows_is_noticed(anchored):
    keep(anchored, anchored.read_text().splitlines()[:5])
    fault = verify().faults[0]
    assert fault.what is What.ANCHOR_CUT
    assert "只有 5 行，写最后一条记录时已有 9 行" in fault.sentence


def test_an_anchor_emptied_is_noticed(anchored):
    anchored.write_text("")
    assert faults() == [(What.ANCHOR_CUT, None)]


def test_the_last_line_of_the_anchor_cut_is_noticed_once_it_should_be_there(anchored):
    keep(anchored, anchored.read_text().splitlines()[:9])
    assert verify().sound  # a record of this very moment may still wait for its anchor
    assert faults() == [(What.ANCHOR_BEHIND, 10)]


def test_an_anchor_written_anew_over_a_rewritten_log_is_noticed_by_the_database(anchored, tmp_path):
    other = tmp_path / "other.jsonl"
    for row in AuditRecord.objects.order_by("number"):
        if row.number % 2 == 0:
            anchor.append(other, anchor.Head(row.number, row.hash, row.at, head().ledger))
    AuditHead.objects.update(anchor_lines=4)
    assert faults(anchor=other) == [(What.ANCHOR_EDITED, None)]


def test_a_half_line_at_the_end_is_noticed(anchored):
    with anchored.open("a") as out:
        out.write('{"line":11')
    assert "第 11 行不完整" in verify().faults[0].sentence


@pytest.mark.parametrize("text", ["甲\n", "[]\n", '{"line": 1}\n', "\x00\x00\n"])
def test_a_line_that_is_none_is_named(anchored, text):
    with anchored.open("a") as out:
        out.write(text)
    assert "第 11 行被改动" in verify().faults[0].sentence


def test_the_anchor_of_another_database_is_told_apart(anchored):
    start_anew()
    write(3, label="另一本")
    assert faults() == [(What.ANCHOR_FOREIGN, None)]


def test_row_and_anchor_faults_are_both_told(anchored):
    AuditRecord.objects.filter(number=8).update(reason="改过")
    kept = anchored.read_text().splitlines()
    kept[2] = kept[2].replace('"line":3', '"line":4')
    keep(anchored, kept)
    assert faults() == [(What.ALTERED, 8), (What.ANCHOR_EDITED, None)]


def test_an_anchor_given_by_name_is_used(anchored, tmp_path):
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(anchored.read_bytes())
    anchored.unlink()
    assert verify(anchor=copy).sound


def test_without_an_anchor_the_report_says_what_cannot_be_known(settings):
    settings.AUDIT_ANCHOR = ""
    write(2)
    report = verify()
    assert report.sound
    assert "没有设置锚文件" in "\n".join(report.lines())


def test_missing_triggers_are_mentioned(file):
    write()
    assert "触发器不全" in "\n".join(verify().lines())
    guard.install(connection)
    assert "触发器" not in "\n".join(verify().lines())


def test_an_empty_log_is_sound(file):
    report = verify()
    assert (report.sound, report.lines()[0]) == (True, "审计日志完好：还没有记录。")


def test_a_long_log_is_read_in_stretches_and_tells_how_far_it_is(file, settings, monkeypatch):
    settings.AUDIT_ANCHOR = ""
    monkeypatch.setattr("xiandao.domains.audit.verify.walk.BATCH", 100)
    fill(1050)
    seen = []
    report = verify(progress=lambda done, total: seen.append((done, total)))
    assert (report.sound, report.count) == (True, 1050)
    assert seen == [(n, 1050) for n in range(100, 1050, 100)] + [(1050, 1050)]
    assert last_number() == 1050
