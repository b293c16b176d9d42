"""The template: sheets, hidden keys, prefilled rows, lists, locks; nothing in it is a formula."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.domains.progress.excel.support import MADE, Workbook, exported, parts
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.excel.frame import frame_of
from xiandao.domains.progress.excel.scope import scope_of, scopes_of
from xiandao.domains.progress.excel.template import as_cell, template
from xiandao.domains.progress.models import AssignmentRole, ClaimState, ReportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(city, opened):
    return template(frame_of(opened, scope_of(city, "city")), made_at=MADE, by="林承办")


def test_a_city_has_five_sheets_and_a_row_for_each_leading_duty(book, made):
    assert list(book.sheets) == ["说明", "进展", "成果", "难点堵点", "字典"]
    rows = book.rows("进展")
    assert len(rows) == 24
    assert {row["organisation"] for row in rows} >= {"南京市科技局", "南京市发展改革委", "南京市教育局"}
    assert {row["role"] for row in rows} == {"牵头"}
    assert {row["state"] for row in rows} == {"未填"}
    assert book.rows("成果") == []


def test_it_says_what_it_is_for(book):
    assert book.sheets["说明"][0] == [
        "xiandao-progress",
        "1",
        "js-wlcy-2024-2026",
        "2026Q1",
        "320100-drc",
        "320100",
        "zh-hans",
    ]
    words = {row[0]: row[1] for row in book.sheets["说明"]}
    assert words["填报期"] == "2026年一季度"
    assert words["填报截止"] == "2026-04-20"
    assert words["范围"] == "南京市"
    assert words["责任项"] == "24 项"
    assert words["导出"] == "2026-04-10 09:30 测试"


def test_an_organisation_gets_its_own_duties_only(people, opened):
    own = exported(people("city"), opened, "own").rows("进展")
    assert len(own) == 9
    assert {row["organisation"] for row in own} == {"南京市发展改革委"}
    department = exported(people("department"), opened, "own").rows("进展")
    assert len({row["organisation"] for row in department}) == 1
    assert not {row["progress.report"] for row in department} & {row["progress.report"] for row in own}


def test_a_whole_city_is_for_the_counterpart_of_the_coordinator_alone(people):
    assert [scope.code for scope in scopes_of(people("city"))] == ["own", "city"]
    assert [scope.code for scope in scopes_of(people("department"))] == ["own"]
    assert scopes_of(people("auditor")) == []
    assert scopes_of(people("applicant")) == []
    with pytest.raises(Refused, match="整市"):
        scope_of(people("department"), "city")


def test_what_was_saved_is_filled_in(city, opened, report_of, claim):
    report = report_of("city")
    report.standing, report.happened, report.state, report.revision = "at_risk", "已选址", ReportState.DRAFT, 3
    report.save()
    kept = claim(
        report,
        name="示例中心",
        state=ClaimState.DRAFT,
        claimed_at=None,
        identifier_kind="certificate",
        identifier="苏批1号",
        quantity=Decimal("2.5"),
        region_id="320102",
    )
    claim(report, name="已核实的", state=ClaimState.VERIFIED)
    book = exported(city, opened)
    row = next(row for row in book.rows("进展") if row["progress.report"] == report.pk)
    assert (row["standing"], row["happened"], row["state"], row["revision"]) == ("有风险", "已选址", "草稿", 3)
    (only,) = book.rows("成果")
    assert only["progress.claim"] == kept.pk
    assert only["identifier_kind"] == "证书、批文号"
    assert only["region"] == "玄武区"
    assert only["happened_on"] == dt.date(2026, 3, 1)
    assert only["quantity"] == 2.5


def test_claims_of_a_submitted_report_are_left_out(city, opened, report_of, claim, mark):
    report = report_of("city")
    claim(report)
    mark(report, ReportState.SUBMITTED)
    book = exported(city, opened)
    assert book.rows("成果") == []
    row = next(row for row in book.rows("进展") if row["progress.report"] == report.pk)
    assert row["state"] == "待核实"


def test_what_looks_like_a_formula_is_text(city, opened, report_of):
    report = report_of("city")
    report.happened, report.next_step = '=HYPERLINK("http://example.com")', "+86"
    report.save()
    content = template(frame_of(opened, scope_of(city, "city")), made_at=MADE, by="=1+1")
    assert not [name for name, text in parts(content).items() if name.startswith("xl/worksheets") and "<f>" in text]
    row = next(row for row in Workbook(content).rows("进展") if row["progress.report"] == report.pk)
    assert row["happened"] == '=HYPERLINK("http://example.com")'
    assert 'quotePrefix="1"' in parts(content)["xl/styles.xml"]


def test_keys_are_hidden_headers_locked_panes_frozen_and_cells_chosen_from_lists(made):
    sheets = parts(made)
    claims = sheets["xl/worksheets/sheet3.xml"]
    assert re.search(r'<col min="1" max="1"[^>]* hidden="1"', claims)
    assert re.search(r'<row r="1"[^>]* hidden="1"', claims)
    assert 'state="frozen"' in claims
    assert "<sheetProtection" in claims
    assert 'insertRows="0"' in claims
    assert 'deleteRows="0"' in claims
    rules = dict(re.findall(r'<dataValidation type="list"[^>]*sqref="(\w+:\w+)"><formula1>([^<]*)', claims))
    assert rules["B3:B20002"] == "'字典'!$B$2:$B$25"
    assert rules["F3:F20002"].startswith("'字典'!$C$2")
    assert rules["C3:C20002"].startswith("OFFSET('字典'!$H$2,MATCH($B3,")
    assert "宋体" in sheets["xl/styles.xml"]


def test_lists_hold_own_places_and_the_targets_of_each_duty(book):
    lists = book.sheets["字典"]
    places = [row[3] for row in lists[1:] if row[3]]
    assert places[0] == "南京市"
    assert "玄武区" in places
    assert "姑苏区" not in places
    pairs = [(row[6], row[7], row[8]) for row in lists[1:] if row[6]]
    assert ("7 强化未来产业场景应用服务（南京市工业和信息化局）", "应用场景促进机构", "家") in pairs


def test_words_too_long_for_a_cell_are_cut_and_say_so(city, opened, report_of, checked):
    report = report_of("city")
    report.happened = "长" * 40_000
    report.save()
    assert as_cell(report.happened).endswith("…（过长，请在页面上修改）")
    book = exported(city, opened)
    found = checked(book)
    assert found.faults == []
    assert found.changes == []


def test_the_number_of_queries_is_the_same_for_none_and_for_many_claims(city, opened, report_of, claim):
    report, scope = report_of("city"), scope_of(city, "city")
    with CaptureQueriesContext(connection) as none:
        frame_of(opened, scope)
    for n in range(30):
        claim(report, name=f"示例{n}", state=ClaimState.DRAFT)
    with CaptureQueriesContext(connection) as many:
        frame_of(opened, scope)
    assert len(none) == len(many)


def test_it_opens_with_the_lists_in_the_language_of_the_reader(city, opened):
    from django.utils.translation import override

    with override("en"):
        content = template(frame_of(opened, scope_of(city, "own")), made_at=MADE, by="x")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_index(0).to_python()[0][-1] == "en"
    assert AssignmentRole.LEAD.value == "lead"
