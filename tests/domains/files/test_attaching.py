"""Attaching and removing files: who may, what is stored, what is recorded, what is refused."""

import io
import sys
import types
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.files.samples import BOX, PDF, PNG
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.files import queries, scanning
from xiandao.domains.files.actions import attach, detach
from xiandao.domains.files.checks import scanner_exists
from xiandao.domains.files.models import AllowedType, Attachment, StoredFile
from xiandao.domains.files.registry import register_holder
from xiandao.domains.orgs.models import SecurityValue
from xiandao.domains.orgs.permission import Conflict, Refused

pytestmark = pytest.mark.django_db


def records(code):
    return list(AuditRecord.objects.filter(action=code).order_by("number"))


def kept():
    home = Path(default_storage.location)
    return [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()]


def test_a_file_is_stored_under_its_hash_with_who_and_when(me, put):
    row = put(note="首批")
    assert (row.name, row.media_type, row.note) == ("进展.pdf", "application/pdf", "首批")
    assert (row.uploaded_by_id, row.uploader, row.organisation_id) == (me.user_id, me.name, me.organisation_id)
    assert (row.file.size, len(row.file.sha256)) == (len(PDF), 64)
    assert kept() == [f"content/{row.file.sha256[:2]}/{row.file.sha256[2:4]}/{row.file.sha256}"]
    with default_storage.open(row.file.path) as stored:
        assert stored.read() == PDF
    (record,) = records("files.attached")
    assert (record.object_kind, record.object_key, record.object_label) == ("test.box", "open-city", "进展.pdf")
    assert record.after == {"attachment": row.pk, "sha256": row.file.sha256, "size": len(PDF), "note": "首批"}


def test_the_same_content_is_stored_once_for_all_who_upload_it(people, put):
    first = put()
    second = put(name="另名.pdf", key="open-shared", who=people("department"))
    assert first.file_id == second.file_id
    assert StoredFile.objects.for_system("test").count() == 1
    assert len(kept()) == 1


def test_a_content_cut_short_by_a_power_failure_is_written_anew(put):
    row = put()
    Path(default_storage.path(row.file.path)).write_bytes(PDF[:5])
    put(key="open-shared")
    with default_storage.open(row.file.path) as stored:
        assert stored.read() == PDF


def test_a_hidden_holder_looks_like_a_missing_one(people, put):
    for who, key, kind in ((people("county"), "open-city", BOX.code), (people("city"), "open-city", "test.none")):
        with pytest.raises(LookupError):
            attach(who, holder_kind=kind, holder_key=key, name="a.pdf", content=io.BytesIO(PDF))
    assert not kept()


REFUSED = {
    "holder locked": ({"key": "locked-city"}, Refused, "已核实，不能再改"),
    "wrong type": ({"name": "a.exe"}, Refused, "不接收"),
    "not what it says": ({"content": PNG}, Refused, "内容与扩展名不符"),
    "no name": ({"name": "/"}, Refused, "没有名称"),
}


@pytest.mark.parametrize(("change", "error", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_leaves_nothing(put, change, error, reason):
    with pytest.raises(error, match=reason):
        put(**change)
    assert not kept()
    assert not records("files.attached")
    assert Attachment.objects.for_system("test").count() == 0


def test_the_same_file_twice_in_one_place_is_a_conflict(put):
    put()
    with pytest.raises(Conflict, match="已经在这里了"):
        put(name="换个名.pdf")
    assert len(records("files.attached")) == 1


def test_a_place_takes_no_more_than_its_cap(put):
    SecurityValue.objects.filter(key="files_per_holder").update(own_value=2)
    put()
    put(content=PNG, name="a.png")
    with pytest.raises(Conflict, match="已有 2 个附件"):
        put(content=b"text", name="a.txt")


def test_a_file_over_the_cap_is_refused_with_both_sizes(put):
    SecurityValue.objects.filter(key="file_max_size").update(own_value=1)
    with pytest.raises(Refused, match=r"文件 1.5 MB，超过 1 MB 的上限"):
        put(content=b"a" * 1024 * 1536, name="a.txt")


def test_without_limits_in_the_pack_nothing_is_taken(put):
    AllowedType.objects.all().delete()
    with pytest.raises(Refused, match=r"files\.yaml"):
        put()


def test_an_exception_before_the_record_leaves_no_attachment(put, monkeypatch):
    from xiandao.domains.audit import actions as audit

    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        put()
    assert Attachment.objects.for_system("test").count() == StoredFile.objects.for_system("test").count() == 0


def test_removing_keeps_row_and_content_and_says_why(me, put):
    row = put()
    detach(me, pk=row.pk, reason=" 传错文件 ")
    row = Attachment.objects.for_system("test").get(pk=row.pk)
    assert (row.removed_by, row.removed_reason) == (me.name, "传错文件")
    assert row.removed_at is not None
    assert len(kept()) == 1
    (record,) = records("files.detached")
    assert (record.object_key, record.reason, record.before["attachment"]) == ("open-city", "传错文件", row.pk)
    assert queries.attachments(me, BOX.code, ["open-city"]) == {"open-city": []}
    assert queries.attachments(me, BOX.code, ["open-city"], removed=True) == {"open-city": [row]}
    put()  # the same content may come again


def test_removing_is_refused_without_reason_twice_when_locked_and_to_strangers(me, people, put):
    row = put()
    with pytest.raises(Refused, match="请写明移除理由"):
        detach(me, pk=row.pk, reason=" ")
    with pytest.raises(Attachment.DoesNotExist):
        detach(people("county"), pk=row.pk, reason="甲")
    with pytest.raises(Attachment.DoesNotExist):
        detach(me, pk=0, reason="甲")
    Attachment.objects.for_system("test").filter(pk=row.pk).update(holder_key="locked-city")
    with pytest.raises(Refused, match="已核实"):
        detach(me, pk=row.pk, reason="甲")
    Attachment.objects.for_system("test").filter(pk=row.pk).update(holder_key="open-city")
    detach(me, pk=row.pk, reason="甲")
    with pytest.raises(Conflict, match=f"已由{me.name}移除"):
        detach(me, pk=row.pk, reason="甲")
    assert len(records("files.detached")) == 1


def test_lists_show_only_what_the_viewer_sees(me, people, put):
    mine, shared = put(), put(key="open-shared")
    keys = ["open-city", "open-shared", "open-county"]
    assert queries.attachments(me, BOX.code, keys) == {"open-city": [mine], "open-shared": [shared]}
    assert queries.attachments(people("county"), BOX.code, keys) == {"open-shared": [shared], "open-county": []}
    assert queries.attachments(me, "test.none", keys) == {}
    assert queries.counts(BOX.code, keys) == {"open-city": 1, "open-shared": 1, "open-county": 0}


def test_many_holders_cost_as_many_queries_as_one(me, put):
    put()
    counts = set()
    for number in (1, 3, 200):
        keys = ["open-city", *(f"open{n}-city" for n in range(number))]
        with CaptureQueriesContext(connection) as captured:
            queries.attachments(me, BOX.code, keys)
            queries.counts(BOX.code, keys)
        counts.add(len(captured))
    assert counts == {2}


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="重复登记"):
        register_holder(BOX)


# ---- The scanner


def finds(path):
    return "Eicar" if b"EICAR" in path.read_bytes() else ""


def broken(_path):
    raise ConnectionRefusedError


def test_a_scanner_that_finds_something_and_one_that_fails_say_different_things(put, settings, monkeypatch):
    module = types.ModuleType("office_scanner")
    module.finds, module.broken = finds, broken
    monkeypatch.setitem(sys.modules, "office_scanner", module)
    settings.FILE_SCANNER = "office_scanner.finds"
    put()
    with pytest.raises(scanning.Infected, match="病毒扫描发现 Eicar"):
        put(content=b"EICAR", name="a.txt")
    settings.FILE_SCANNER = "office_scanner.broken"
    with pytest.raises(scanning.ScannerFailed, match="没有正常应答"):
        put(content=b"text", name="a.txt")
    assert len(records("files.attached")) == 1


@pytest.mark.parametrize(
    ("script", "error", "reason"),
    [
        ("exit 0", None, ""),
        ("echo $1: Win.Test.EICAR FOUND; exit 1", scanning.Infected, "发现 Win.Test.EICAR"),
        ("echo no daemon >&2; exit 2", scanning.ScannerFailed, "没有正常应答"),
    ],
)
def test_a_command_answers_as_clamdscan_does(put, settings, tmp_path, script, error, reason):
    command = tmp_path / "scan"
    command.write_text(f'#!/bin/sh\ntest -r "$2" || exit 3\n{script}\n')
    command.chmod(0o755)
    settings.FILE_SCANNER = f"{command} --fdpass"
    assert scanner_exists() == []
    if error is None:
        assert put()
        return
    with pytest.raises(error, match=reason):
        put()


def test_a_scanner_that_does_not_exist_is_said_at_start_up(settings):
    settings.FILE_SCANNER = "/nowhere/clamdscan"
    assert [fault.id for fault in scanner_exists()] == ["files.E001"]
    settings.FILE_SCANNER = ""
    assert scanner_exists() == []
