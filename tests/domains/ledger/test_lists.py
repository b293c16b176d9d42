"""Published lists: read from Word, Excel and text, matched, decided, entered all or nothing, never twice."""

import datetime as dt
import io

import docx
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.domains.ledger.conftest import MAIN
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.models import Enterprise, EnterpriseChange
from xiandao.domains.files.limits import file_limits
from xiandao.domains.ledger.actions import lists as act
from xiandao.domains.ledger.lists.reading import rows_of, table_of, table_of_text
from xiandao.domains.ledger.models import Entry, ListImport
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.faults import BadFields
from xiandao.engines.sameness import normalise_name

TEXT = "序号\t名称\t单位\n1\t甲场景（演示）\t示例氢动科技有限公司\n2\t乙场景（演示）\t没人认识研究所\n"


def firm(name, code="", pk_key=None):
    return Enterprise.objects.create(
        key=f"demo:{name}", name=name, name_key=normalise_name(name, ()), uscc=code, region_id="320100", is_demo=True
    )


def read(text=TEXT):
    return rows_of(table_of_text(text))


@pytest.fixture
def started(people, now):
    def make(text=TEXT, **given):
        asked = {"kind": "scenario", "title": "关于公布场景名单的通知（演示）", "shared": {}, "now": now} | given
        return act.start_list(people("department"), rows=read(text), **asked)

    return make


def test_text_word_and_excel_give_the_same_rows(db):
    document = docx.Document()
    document.add_paragraph("附件")
    document.add_table(rows=1, cols=1)
    table = document.add_table(rows=3, cols=3)
    workbook_bytes, word_bytes = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(workbook_bytes)
    sheet = book.add_worksheet()
    for at, line in enumerate(TEXT.splitlines()):
        for place, cell in enumerate(line.split("\t")):
            table.rows[at].cells[place].text = cell
            sheet.write(at, place, int(cell) if cell.isdigit() else cell)
    book.close()
    document.save(word_bytes)
    limits = file_limits().archive
    pasted = read()
    assert [(row.line, row.number, row.name, row.unit) for row in pasted] == [
        (2, "1", "甲场景（演示）", "示例氢动科技有限公司"),
        (3, "2", "乙场景（演示）", "没人认识研究所"),
    ]
    assert rows_of(table_of(word_bytes.getvalue(), "a.docx", limits)) == pasted
    assert rows_of(table_of(workbook_bytes.getvalue(), "a.xlsx", limits)) == pasted


def test_three_columns_need_no_heading_and_further_columns_are_read(db):
    (row,) = read("1\t甲场景\t某单位")
    assert (row.number, row.name, row.unit) == ("1", "甲场景", "某单位")
    (row,) = read(
        "附件：名单\n序号\t项目名称\t承担单位\t所在地\t所属产业\t统一社会信用代码\n1\t甲\t某单位\t南京\t氢能\t\n"
    )
    assert (row.name, row.unit, row.place, row.industry) == ("甲", "某单位", "南京", "氢能")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("甲\t乙\n丙\t丁\n", "找不到表头"),
        ("序号\t名称\t单位\n", "没有数据行"),
        ("序号\t名称\t单位\n1\t\t某单位\n", "第 2 行“名称”为空"),
        ("名称\t统一社会信用代码\n甲\t123\n", "第 2 行“统一社会信用代码”应为 18 位"),
        ("序号\t名称\t单位\n" + "1\t甲\t乙\n" * 501, "最多 500 行"),
        ("序号\t名称\t单位\n1\t" + "长" * 301 + "\t乙\n", "超过 300 字"),
    ],
)
def test_faults_say_row_and_column(db, text, told):
    with pytest.raises(BadFields, match=told):
        read(text)


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"x"), ("a.docx", b"PK"), ("a.xlsx", b"no"), ("a.docx", b"")])
def test_files_that_are_none_are_refused(db, name, content):
    with pytest.raises(BadFields):
        table_of(content, name, file_limits().archive)


def test_certain_asked_and_unknown(started):
    same = firm("示例氢动科技有限公司")
    like = firm("示例光储智能装备股份有限公司")
    old = firm("改过名的示例有限公司")
    EnterpriseChange.objects.create(
        enterprise=old,
        kind="renamed",
        before="从前的示例有限公司",
        after=old.name,
        at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    )
    text = (
        TEXT
        + "3\t丙场景\t示例光储智能装备有限公司\n4\t丁场景\t从前的示例有限公司\n5\t戊场景\t示例光储智能装配有限公司\n"
    )
    rows = list(started(text).rows.all())
    assert [row.match for row in rows] == ["certain", "unknown", "asked", "asked", "asked"]
    assert rows[0].enterprise_id == same.pk
    assert [(c["key"], c["likeness"], c["why"]) for c in rows[2].candidates] == [
        (f"e{like.pk}", 0.99, "去掉括号、公司形式后相同")
    ]
    assert [(c["key"], c["why"]) for c in rows[3].candidates] == [(f"e{old.pk}", "曾用名相同")]
    assert [(c["key"], c["why"]) for c in rows[4].candidates] == [(f"e{like.pk}", "名称相近")]


def test_two_of_one_name_are_asked_and_a_code_decides(started):
    one = firm("示例双生有限公司", "91320000MA1234567A")
    Enterprise.objects.create(
        key="demo:two", name=one.name, name_key=one.name_key, uscc="91320000MA7654321B", region_id="320200"
    )
    text = "名称\t单位\t统一社会信用代码\n甲\t示例双生有限公司\t\n乙\t示例双生有限公司\t91320000MA1234567A\n"
    first, second = started(text).rows.all()
    assert (first.match, len(first.candidates)) == ("asked", 2)
    assert (second.match, second.enterprise_id) == ("certain", one.pk)


def test_decided_row_by_row_and_entered_together(started, people, now):
    like = firm("示例光储智能装备股份有限公司")
    office = people("department")
    batch = started(
        TEXT + "3\t丙场景\t示例光储智能装备有限公司\n",
        shared={"decision": "通知（演示）", "decided_on": "2026-03-01", "serves": [[MAIN, "T06-1"]]},
    )
    with pytest.raises(Conflict, match="3 条没有核对"):
        act.finish_list(office, pk=batch.pk, now=now)
    with pytest.raises(BadFields, match="第 1 条没有这个选项"):
        act.decide_rows(office, pk=batch.pk, choices={1: "e999999"})
    assert act.decide_rows(office, pk=batch.pk, choices={3: f"e{like.pk}", 2: "skip"}) == 2
    assert act.rest_as_new(office, pk=batch.pk) == 1
    assert act.finish_list(office, pk=batch.pk, now=now) == 2
    entries = list(Entry.objects.for_system("tests").order_by("code"))
    assert [entry.name for entry in entries] == ["甲场景（演示）", "丙场景"]
    assert [entry.holders.get().enterprise_id for entry in entries] == [None, like.pk]
    assert [entry.regions.count() for entry in entries] == [0, 1]
    assert all(entry.result_id and entry.decided_on == dt.date(2026, 3, 1) for entry in entries)
    with pytest.raises(Conflict, match="已登记"):
        act.decide_rows(office, pk=batch.pk, choices={1: "skip"})


def test_the_same_list_again_adds_nothing(started, people, now):
    office = people("department")
    first = started()
    act.rest_as_new(office, pk=first.pk)
    assert act.finish_list(office, pk=first.pk, now=now) == 2
    again = started()
    assert [row.match for row in again.rows.all()] == ["skipped", "skipped"]
    assert act.finish_list(office, pk=again.pk, now=now) == 0
    assert Entry.objects.for_system("tests").count() == 2


def test_one_bad_row_and_nothing_is_entered(started, people, now):
    office = people("department")
    batch = started(TEXT + "3\t甲场景（演示）\t示例氢动科技有限公司\n")
    act.rest_as_new(office, pk=batch.pk)
    before = AuditRecord.objects.count()
    with pytest.raises(BadFields, match="第 3 条：“甲场景"):
        act.finish_list(office, pk=batch.pk, now=now)
    assert not Entry.objects.for_system("tests").exists()
    assert AuditRecord.objects.count() == before
    assert ListImport.objects.for_system("tests").get().state == "matching"


def test_who_may_not_is_refused_and_a_list_can_be_given_up(started, people, now):
    with pytest.raises(Refused):
        act.start_list(people("city"), kind="scenario", title="名单", rows=read(), shared={}, now=now)
    batch = started()
    act.cancel_list(people("department"), pk=batch.pk)
    with pytest.raises(Conflict, match="已取消"):
        act.finish_list(people("department"), pk=batch.pk)
    assert not Entry.objects.for_system("tests").exists()


def test_lists_published_elsewhere_never_count(started, people, now):
    batch = started(elsewhere=True, shared={"source": "https://example.org/a"})
    act.rest_as_new(people("department"), pk=batch.pk)
    act.finish_list(people("department"), pk=batch.pk, now=now)
    assert set(Entry.objects.for_system("tests").values_list("state", "result")) == {("elsewhere", None)}


def test_in_the_browser(client_of):
    firm("示例氢动科技有限公司")
    client = client_of("department")
    given = {"kind": "scenario", "title": "场景名单（演示）", "text": TEXT, "serves": [f"{MAIN}:T06-1"]}
    assert client.post("/ledger/imports/new/", given | {"text": ""}).status_code == 422
    wrong = client.post("/ledger/imports/new/", given | {"text": "序号\t名称\t单位\n1\t\t乙\n"})
    assert wrong.status_code == 422
    assert "第 2 行“名称”为空" in wrong.content.decode()
    answer = client.post("/ledger/imports/new/", given)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "1 条待核对" in page
    open_list = client.post(f"{answer.url}finish/", {})
    assert open_list.status_code == 409
    assert "没有核对" in open_list.content.decode()
    # What was chosen on the page is saved with the very click that enters everything.
    assert client.post(f"{answer.url}finish/", {"row-2": "new"}).status_code == 302
    assert Entry.objects.for_system("tests").count() == 2
    assert "场景名单" in client.get("/ledger/imports/").content.decode()


def test_a_file_in_the_browser(client_of):
    document, out = docx.Document(), io.BytesIO()
    table = document.add_table(rows=2, cols=3)
    for place, cell in enumerate(("序号", "名称", "单位")):
        table.rows[0].cells[place].text = cell
    for place, cell in enumerate(("1", "甲场景", "某单位")):
        table.rows[1].cells[place].text = cell
    document.save(out)
    given = {"kind": "scenario", "title": "名单", "file": SimpleUploadedFile("名单.docx", out.getvalue())}
    answer = client_of("department").post("/ledger/imports/new/", given)
    assert answer.status_code == 302
    assert ListImport.objects.for_system("tests").get().file_name == "名单.docx"
