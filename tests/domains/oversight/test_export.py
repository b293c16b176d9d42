"""Exports: the very records filtered, all of them, harmless, and recorded."""

import csv
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from tests.domains.audit.support import fill, last_number, start_anew, write
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.oversight import exports
from xiandao.domains.oversight.actions import export
from xiandao.domains.oversight.queries import Filters

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client_of):
    return client_of("audit")


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def rows(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))


def sheet(response) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content(response))).get_sheet_by_index(0).to_python()


def test_csv_holds_every_record_that_matches(admin, monkeypatch):
    monkeypatch.setattr(exports, "_BATCH", 100)
    start_anew()
    fill(350)
    write(3, key="别的")
    got = rows(admin.post("/audit/export/", {"form": "csv", "action": "tests.done", "words": "例行"}))
    assert [int(row[0]) for row in got[1:]] == list(range(350, 0, -1))
    assert len(got[0]) == 20
    assert got[1][8] == "省发展改革委"
    assert json.loads(got[1][14]) == {"n": 349, "名称": "旧"}


def test_excel_holds_the_same(admin):
    start_anew()
    fill(20)
    got = sheet(admin.post("/audit/export/", {"form": "xlsx", "actor": "person3"}))
    assert [row[0] for row in got[1:]] == [18.0, 11.0, 4.0]
    assert got[1][12] == "物17"


def test_formulas_cannot_act(admin):
    start_anew()
    write(label="=HYPERLINK(1)", reason="@x", key="+1", kind="-k")
    row = rows(admin.post("/audit/export/", {"form": "csv"}))[1]
    assert (row[12], row[13], row[11], row[9]) == ("'=HYPERLINK(1)", "'@x", "'+1", "'-k")
    workbook = admin.post("/audit/export/", {"form": "xlsx"})
    assert sheet(workbook)[2][12] == "=HYPERLINK(1)"  # a text, as calamine reads no formulas' source


def test_the_export_is_recorded_before_it_leaves_and_is_not_part_of_itself(admin):
    start_anew()
    write(2)
    got = rows(admin.post("/audit/export/", {"form": "csv", "kind": "thing"}))
    assert len(got) == 3
    made = AuditRecord.objects.get(number=last_number())
    assert (made.action, made.actor) == ("audit.exported", "audit")
    assert made.after == {"form": "csv", "filters": {"kind": "thing"}}


def test_what_is_written_while_it_streams_is_not_in_it(admin):
    start_anew()
    write(2)
    response = admin.post("/audit/export/", {"form": "csv"})
    write(5)
    assert len(rows(response)) == 3


def test_more_than_a_sheet_holds_is_said_and_nothing_is_exported(admin, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 5)
    start_anew()
    fill(6)
    refused = admin.post("/audit/export/", {"form": "xlsx"})
    assert refused.status_code == 422
    assert "超过 Excel 工作表的上限（5 行），请导出 CSV" in refused.content.decode()
    assert last_number() == 6
    monkeypatch.setattr(exports, "MOST_ROWS", 6)
    assert len(sheet(admin.post("/audit/export/", {"form": "xlsx"}))) == 7


def test_a_cell_too_long_for_excel_says_so_and_is_whole_in_csv(admin):
    start_anew()
    write(after={"text": "长" * 40_000})
    assert "请看 CSV 导出" in sheet(admin.post("/audit/export/", {"form": "xlsx"}))[1][15]
    assert len(rows(admin.post("/audit/export/", {"form": "csv"}))[2][15]) > 40_000


@pytest.mark.parametrize("data", [{"form": "exe"}, {}, {"form": "csv", "since": "昨天"}])
def test_a_wrong_request_exports_nothing_and_keeps_the_form(admin, data):
    number = last_number()
    refused = admin.post("/audit/export/", data | {"words": "留着"})
    assert (refused.status_code, last_number()) == (422, number)
    assert 'value="留着"' in refused.content.decode()


@pytest.mark.parametrize("account", ["auditor", "coordinator", ""])
def test_reading_is_not_exporting(client_of, account):
    number = last_number()
    assert client_of(account).post("/audit/export/", {"form": "csv"}).status_code == 404
    assert last_number() == number
    assert "导出 CSV" not in client_of(account).get("/audit/").content.decode()


def test_the_action_itself_refuses(people):
    with pytest.raises(Refused, match="审计管理员"):
        export(people("auditor"), filters=Filters(), form="csv")
