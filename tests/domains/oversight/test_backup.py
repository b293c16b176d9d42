"""What a backup refuses: to overwrite, to be damaged, to be of another version, to be somebody else's."""

import gzip
import hashlib
import io
import json
import os
import tarfile

import pytest
from django.core.management import call_command

from tests.domains.audit.support import last_number, write
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.oversight.backup import BackupError, make_backup, restore_backup
from xiandao.domains.oversight.backup.manifest import FORMAT

pytestmark = pytest.mark.django_db
ME = system("test")


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.AUDIT_ARCHIVES = str(tmp_path / "archives")
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "one").write_bytes(b"one")
    return tmp_path


@pytest.fixture
def file(place):
    make_backup(ME, target=place / "all.tar")
    return place / "all.tar"


def rebuild(file, change):
    """Write a backup anew with its parts changed: `change` takes and returns {name: bytes}."""
    with tarfile.open(file) as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}
    parts = change(parts)
    with tarfile.open(file, "w") as tar:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def manifest_with(**changes):
    def change(parts):
        told = json.loads(parts["manifest.json"]) | changes
        return parts | {"manifest.json": json.dumps(told).encode()}

    return change


def refused(file, match, **more):
    """Restore over what is there and expect a refusal that changed nothing."""
    before = (last_number(), User.objects.count())
    with pytest.raises(BackupError, match=match) as caught:
        restore_backup(ME, source=file, replace=True, **more)
    assert caught.value.mend
    assert (last_number(), User.objects.count()) == before


def test_a_backup_is_recorded_and_readable_by_its_owner_only(file):
    row = AuditRecord.objects.get(number=last_number())
    assert (row.action, row.object_label) == ("installation.backed_up", "all.tar")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [name.name for name in file.parent.iterdir() if name.name.startswith(".")] == []


def test_what_was_changed_since_is_undone(file):
    people = User.objects.count()
    User.objects.create(username="later", name="后来")
    write(3)
    manifest = restore_backup(ME, source=file, replace=True)
    assert User.objects.count() == people
    assert last_number() == manifest.audit["number"] + 1
    assert AuditRecord.objects.get(number=last_number()).after["manifest"] == manifest.fingerprint


def test_an_existing_file_is_never_overwritten(file):
    content = file.read_bytes()
    with pytest.raises(BackupError, match="已存在"):
        make_backup(ME, target=file)
    assert file.read_bytes() == content


def test_a_disk_without_hard_links_will_do(place, monkeypatch):
    def fail(*_args, **_kwargs):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", fail)
    make_backup(ME, target=place / "usb.tar")
    assert sorted(path.name for path in place.iterdir()) == ["files", "usb.tar"]


def test_a_full_disk_leaves_nothing(place, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        make_backup(ME, target=place / "full.tar")
    assert sorted(path.name for path in place.iterdir()) == ["files"]


def test_people_neither_back_up_nor_restore(people, place, file):
    with pytest.raises(Refused):
        make_backup(people("system"), target=place / "x.tar")
    with pytest.raises(Refused):
        restore_backup(people("system"), source=file, replace=True)


def test_a_database_in_use_is_not_overwritten_unasked(file):
    with pytest.raises(BackupError, match="不是空的"):
        restore_backup(ME, source=file)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda p: p | {"files/ab/one": b"two"}, "files/ab/one 与清单所记的指纹不同"),
        (lambda p: p | {"database/orgs.user.jsonl.gz": b""}, "orgs.user"),
        (lambda p: {k: v for k, v in p.items() if k != "files/ab/one"}, "缺少 files/ab/one"),
        (lambda p: p | {"files/more": b"x"}, "files/more 不在清单中"),
        (lambda p: {k: v for k, v in p.items() if k != "manifest.json"}, "没有读得懂的清单"),
        (lambda p: p | {"manifest.json": b"{"}, "没有读得懂的清单"),
        (lambda p: p | {"manifest.json": b"[]"}, "不是先导写的"),
        (lambda p: p | {"manifest.json": b"{}"}, "不是先导写的"),
        (manifest_with(format=FORMAT + 1), "格式比本程序新"),
        (manifest_with(extra=1), "清单不完整"),
        (manifest_with(tables=[]), "清单不完整"),
    ],
)
def test_a_damaged_backup_is_refused(file, change, match):
    rebuild(file, change)
    refused(file, match)


def test_a_newer_schema_is_refused(file):
    with tarfile.open(file) as tar:
        known = json.load(tar.extractfile("manifest.json"))["migrations"]
    rebuild(file, manifest_with(migrations=[*known, ["audit", "9999_future"]], version="99.0"))
    refused(file, r"更新的版本 99\.0（本程序没有迁移 audit\.9999_future")


def test_an_older_schema_is_refused(file):
    with tarfile.open(file) as tar:
        known = json.load(tar.extractfile("manifest.json"))["migrations"]
    rebuild(file, manifest_with(migrations=[m for m in known if m[0] != "audit"]))
    refused(file, "较早的版本")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside"])
def test_a_name_that_leads_outside_is_refused(file, name):
    def change(parts):
        told = json.loads(parts["manifest.json"])
        told["members"][name] = {
            "size": 1,
            "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        }
        return parts | {name: b"x", "manifest.json": json.dumps(told).encode()}

    rebuild(file, change)
    refused(file, "不在清单中")


def test_a_link_in_the_file_is_refused(file):
    with tarfile.open(file, "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    refused(file, "files/link 不在清单中")


@pytest.mark.parametrize("data", [b"", b"no tar", b"\x1f\x8b" + b"x" * 600])
def test_what_is_no_backup_is_refused(place, data):
    (place / "no.tar").write_bytes(data)
    refused(place / "no.tar", r"读不了|没有读得懂的清单")


def test_a_file_in_the_way_with_other_content_stops_the_restore(file, place):
    (place / "files" / "ab" / "one").write_bytes(b"other")
    refused(file, "已存在，内容与备份中的不同")
    assert (place / "files" / "ab" / "one").read_bytes() == b"other"


def test_rows_that_contradict_the_manifest_are_refused(file):
    with tarfile.open(file) as tar:
        tables = json.load(tar.extractfile("manifest.json"))["tables"]
    rebuild(file, manifest_with(tables=tables | {"orgs.user": tables["orgs.user"] + 1}))
    refused(file, "orgs.user 有")


def test_a_reference_to_a_row_that_is_not_there_is_refused(file):
    def change(parts):
        name = "database/orgs.post.jsonl.gz"
        lines = gzip.decompress(parts[name]).decode().splitlines()
        fields = json.loads(lines[0])["fields"]
        row = json.loads(lines[1])
        row[fields.index("user_id")] = 999_999
        data = gzip.compress(("\n".join([lines[0], json.dumps(row), *lines[2:]]) + "\n").encode())
        told = json.loads(parts["manifest.json"])
        told["members"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        return parts | {name: data, "manifest.json": json.dumps(told).encode()}

    rebuild(file, change)
    refused(file, "写入数据库失败，没有改动")


def test_there_is_no_migration_the_models_lack():
    call_command("makemigrations", "audit", check=True, dry_run=True, verbosity=0)
