"""Checking a file: every fault with sheet, row, column, what was found, what was expected; what would change."""

import datetime as dt

import pytest

from tests.domains.progress.excel.support import claim_cells, exported, with_part
from xiandao.domains.progress.models import ClaimState, ProblemState, ReportState

pytestmark = pytest.mark.django_db
DUTY = "3 加速创新成果转化（南京市科技局）"
TARGET = "概念验证中心、中小试基地"


def test_an_untouched_template_changes_nothing(book, checked):
    found = checked(book)
    assert (found.faults, found.changes, found.problems) == ([], [], [])


def test_words_and_claims_of_a_whole_city_are_read(book, checked):
    book.set("进展", 0, standing="有风险", happened="  完成选址 ", next_step="开工")
    book.add("成果", **claim_cells(DUTY, target_key=TARGET, unit=""))
    found = checked(book)
    first, second = found.changes
    assert found.faults == []
    assert (first.after.standing, first.after.happened, first.after.next_step) == ("at_risk", "完成选址", "开工")
    (fields,) = second.added
    assert fields["target_key"] == "T03-1"
    assert fields["unit"] == "个"
    assert fields["region"] == "320102"
    assert fields["identifier_kind"] == "certificate"
    assert second.report.assignment.organisation.name == "南京市科技局"


@pytest.mark.parametrize(
    ("cells", "column", "found", "expected"),
    [
        ({"duty": "99 没有的任务"}, "任务", "99 没有的任务", "应为“进展”表中的任务。"),
        (
            {"target_key": "未来产业科创园区x"},
            "计入目标",
            "未来产业科创园区x",
            "应为：概念验证中心、中小试基地、未来产业科创园区。",
        ),
        ({"item": ""}, "成果类别", "", "请写明成果类别"),
        ({"name": ""}, "名称", "", "请写明成果名称"),
        ({"identifier_kind": "身份证号"}, "编号类型", "身份证号", "应为：统一社会信用代码"),
        ({"identifier_kind": ""}, "编号类型", "", "填了编号，请选择它是哪种编号"),
        ({"identifier": ""}, "编号", "", "选了编号类型，请填写编号"),
        ({"identifier": 913200001234567890.0}, "编号", "913200001234567936", "第 15 位以后的数字已经丢失"),
        (
            {"identifier_kind": "统一社会信用代码", "identifier": "91320000MA1Y5CK48X"},
            "编号",
            "91320000MA1Y5CK48X",
            "有误",
        ),
        ({"holder_code": "123"}, "承担单位信用代码", "123", "应为18位"),
        ({"region": "姑苏区"}, "所在地", "姑苏区", "应为列表中的一项，如 南京市"),
        ({"region": ""}, "所在地", "", "请选择所在地"),
        ({"industry": "红烧肉"}, "产业", "红烧肉", "应为列表中的一项"),
        ({"happened_on": "去年三月"}, "日期", "去年三月", "应如 2026-03-31"),
        ({"happened_on": ""}, "日期", "", "请写明取得成果的日期"),
        ({"happened_on": dt.date(2026, 5, 1)}, "日期", "2026-05-01", "还没有到"),
        ({"happened_on": dt.date(2023, 5, 1)}, "日期", "2023-05-01", "早于方案起始"),
        ({"quantity": -3}, "数量", "-3", "不是大于零的数"),
        ({"quantity": "三个"}, "数量", "三个", "不是大于零的数"),
        ({"target_key": TARGET, "quantity": 1.5}, "数量", "1.5", "应为整数"),
        ({"target_key": TARGET, "unit": "家"}, "单位", "家", "以“个”计"),
        ({"unit": ""}, "单位", "", "请写明计量单位"),
        ({"name": "长" * 301}, "名称", "长" * 60 + "…", "最多 300 个字，现有 301 个"),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(book, faults, cells, column, found, expected):
    row = book.add("成果", **claim_cells(DUTY, **cells))
    places, (fault,) = faults(book)
    assert places == [("成果", row, column)]
    assert fault.found == found
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.date(2026, 3, 1), "2026-03-01"),
        ("2026/3/1", "2026-03-01"),
        ("2026年3月1日", "2026-03-01"),
        ("20260301", "2026-03-01"),
        (20260301.0, "2026-03-01"),
        (46082.0, "2026-03-01"),
    ],
)
def test_a_day_may_be_written_as_people_write_it(book, checked, cell, day):
    book.add("成果", **claim_cells(DUTY, happened_on=cell))
    found = checked(book)
    assert found.faults == []
    assert found.changes[0].added[0]["happened_on"] == day


def test_every_fault_of_every_row_is_told_at_once(book, faults):
    book.set("进展", 2, standing="很好")
    first = book.add("成果", **claim_cells(DUTY, region="月球", happened_on="去年", quantity=0))
    second = book.add("成果", **claim_cells("没有", name="", industry="无"))
    problem = book.add("难点堵点", duty=DUTY, title="缺检测能力", text="", request="")
    places, _found = faults(book)
    assert places == [
        ("进展", 5, "进展状态"),
        ("成果", first, "所在地"),
        ("成果", first, "日期"),
        ("成果", first, "数量"),
        ("成果", second, "任务"),
        ("成果", second, "产业"),
        ("成果", second, "名称"),
        ("难点堵点", problem, "具体情况"),
        ("难点堵点", problem, "请求事项"),
    ]


def test_a_row_of_reports_without_key_twice_or_of_somebody_else_is_told(book, faults, people, opened):
    other = exported(people("city-other"), opened).rows("进展")[0]["progress.report"]
    book.set("进展", 0, **{"progress.report": ""})
    book.set("进展", 1, **{"progress.report": other})
    book.set("进展", 3, **{"progress.report": book.rows("进展")[2]["progress.report"]})
    places, found = faults(book)
    assert places == [("进展", 3, ""), ("进展", 4, ""), ("进展", 6, "")]
    assert "没有编号" in found[0].expected
    assert "不在本次填报的责任项之内" in found[1].expected
    assert "与第 5 行是同一项任务" in found[2].expected


def test_the_same_row_twice_and_one_number_twice_are_told(book, faults):
    first = book.add("成果", **claim_cells(DUTY, target_key=TARGET))
    same = book.add("成果", **claim_cells(DUTY, target_key=TARGET))
    number = book.add("成果", **claim_cells(DUTY, target_key=TARGET, name="另一名称", identifier="苏示批(2026)1号"))
    places, found = faults(book)
    assert places == [("成果", same, ""), ("成果", number, "编号")]
    assert f"与第 {first} 行完全相同" in found[0].expected
    assert f"与第 {first} 行的编号相同" in found[1].expected


def test_a_row_copied_with_its_hidden_key_is_a_new_claim(city, opened, report_of, claim, checked):
    kept = claim(report_of("city"), name="示例中心", state=ClaimState.DRAFT, claimed_at=None)
    book = exported(city, opened)
    (row,) = book.rows("成果")
    book.add("成果", **{**row, "name": "示例中心二期"})
    (change,) = checked(book).changes
    assert list(change.before.claims) == [str(kept.pk)]
    assert [fields["name"] for fields in change.added] == ["示例中心二期"]
    assert (change.edited, change.removed) == ([], [])


def test_rows_changed_and_deleted_are_told_apart(city, opened, report_of, claim, checked):
    report = report_of("city")
    claim(report, name="改动的", state=ClaimState.DRAFT, claimed_at=None)
    claim(report, name="删去的", state=ClaimState.DRAFT, claimed_at=None)
    claim(report, name="不动的", state=ClaimState.DRAFT, claimed_at=None)
    book = exported(city, opened)
    book.set("成果", 0, note="补充说明")
    book.remove("成果", 1)
    (change,) = checked(book).changes
    assert [fields["name"] for fields in change.edited] == ["改动的"]
    assert [fields["name"] for fields in change.removed] == ["删去的"]
    assert change.added == []


def test_a_row_cleared_but_for_its_hidden_key_is_a_claim_taken_back(city, opened, report_of, claim, checked):
    claim(report_of("city"), name="清空的", state=ClaimState.DRAFT, claimed_at=None)
    book = exported(city, opened)
    book.set("成果", 0, **{key: "" for key in book.rows("成果")[0] if key != "progress.claim"})
    (change,) = checked(book).changes
    assert [fields["name"] for fields in change.removed] == ["清空的"]


def test_a_duty_whose_row_is_deleted_is_left_alone(city, opened, report_of, claim, checked, faults):
    report = report_of("city")
    claim(report, state=ClaimState.DRAFT, claimed_at=None)
    book = exported(city, opened)
    at = next(n for n, row in enumerate(book.rows("进展")) if row["progress.report"] == report.pk)
    book.remove("进展", at)
    places, found = faults(book)
    assert places == [("成果", 3, "任务")]
    assert "“进展”表中没有这项任务的行" in found[0].expected
    book.remove("成果", 0)
    assert checked(book).changes == []


def test_what_somebody_changed_since_is_a_conflict_and_not_overwritten(city, opened, book, report_of, faults, now):
    report = report_of("city")
    report.happened, report.revision, report.state = "别人写的", 1, ReportState.DRAFT
    report.saved_at, report.saved_by = now, "顾负责"
    report.save()
    at = next(n for n, row in enumerate(book.rows("进展")) if row["progress.report"] == report.pk)
    book.set("进展", at, standing="按期推进", happened="我写的")
    places, (fault,) = faults(book)
    assert places == [("进展", at + 3, "")]
    assert "顾负责于 2026-04-10 09:30 在平台上改过这项任务" in fault.expected
    assert "重新导出" in fault.mend


def test_who_writes_the_same_words_meanwhile_is_no_conflict(city, opened, book, report_of, checked):
    report = report_of("city")
    report.standing, report.happened, report.revision, report.state = "done", "建成", 1, ReportState.DRAFT
    report.save()
    at = next(n for n, row in enumerate(book.rows("进展")) if row["progress.report"] == report.pk)
    book.set("进展", at, standing="已完成", happened="建成")
    found = checked(book)
    assert (found.faults, found.changes) == ([], [])


def test_a_submitted_report_cannot_be_changed(book, report_of, mark, faults):
    report = report_of("city")
    mark(report, ReportState.SUBMITTED)
    at = next(n for n, row in enumerate(book.rows("进展")) if row["progress.report"] == report.pk)
    book.set("进展", at, happened="再改一改")
    places, (fault,) = faults(book)
    assert places == [("进展", at + 3, "")]
    assert "未核实的可以先撤回" in fault.expected


def test_a_claim_decided_meanwhile_may_stand_in_the_file_but_not_be_changed(city, opened, report_of, claim, faults):
    report = report_of("city")
    decided = claim(report, name="示例中心", state=ClaimState.CLAIMED)
    report.state = ReportState.RETURNED
    report.save()
    book = exported(city, opened)
    decided.state = ClaimState.VERIFIED
    decided.save()
    assert faults(book) == ([], [])
    book.set("成果", 0, quantity=9)
    places, (fault,) = faults(book)
    assert places == [("成果", 3, "")]
    assert "现在是“已核实”，不能再改" in fault.expected


def test_problems_are_new_rows_only(city, opened, checked, faults, book):
    row = book.add(
        "难点堵点", duty=DUTY, title="缺检测能力", text="省内无机构", request="请省里布局", asked_of="省科技厅"
    )
    (problem,) = checked(book).problems
    assert (problem.row, problem.body, problem.new.title) == (row, "js-sci", "缺检测能力")


def test_a_problem_raised_before_stays_as_it_is(city, opened, duty, faults, checked):
    from xiandao.domains.progress.models import Problem

    Problem.objects.create(
        code="W2026-0001",
        assignment=duty("city"),
        title="缺资金",
        text="缺",
        request="拨",
        raised_by=duty("city").organisation,
        state=ProblemState.RAISED,
    )
    book = exported(city, opened)
    assert checked(book).problems == []
    book.add("难点堵点", **{**book.rows("难点堵点")[0], "progress.problem": "", "state": ""})
    assert checked(book).problems == []
    book.set("难点堵点", 0, title="缺很多资金")
    places, (fault,) = faults(book)
    assert places == [("难点堵点", 3, "难点堵点")]
    assert "W2026-0001 已经提出" in fault.expected


def test_a_file_of_another_round_organisation_or_scope_is_told_as_a_whole(
    city, book, people, opened, open_round, faults
):
    own = exported(city, opened, "own")
    assert "应为“南京市”" in faults(own)[1][0].expected
    other = exported(people("city-other"), opened)
    assert "应为本单位（320100-drc）的模板" in faults(other)[1][0].expected
    later = exported(city, open_round("2026Q2"))
    assert "应为 2026年一季度 填报期的模板" in faults(later)[1][0].expected
    book.sheets["说明"][0] = []
    assert "不是平台导出的填报模板" in faults(book)[1][0].expected


def test_a_missing_sheet_and_a_missing_column_are_told(book, faults):
    for row in book.sheets["成果"]:
        del row[4:6]
    del book.sheets["难点堵点"]
    _places, found = faults(book)
    assert [fault.expected for fault in found] == ["缺少列：名称、编号类型。", "缺少“难点堵点”表。"]


def test_columns_may_be_moved_added_and_renamed_and_sheets_renamed(book, checked):
    book.add("成果", **claim_cells(DUTY))
    rows = book.sheets.pop("成果")
    rows[1] = [f"{name}（改名）" for name in rows[1]]
    book.sheets["成果一览"] = [["", *row[::-1]] for row in rows]
    book.sheets["我的备注"] = [["随便写写"], [1, 2, 3]]
    found = checked(book)
    assert found.faults == []
    assert [fields["name"] for fields in found.changes[0].added] == ["示例量子概念验证中心"]


def test_a_cell_that_shows_an_excel_error_is_told(book, faults):
    row = book.add("成果", **claim_cells(DUTY, holder=7))
    content = with_part(
        book.bytes(),
        "xl/worksheets/sheet3.xml",
        lambda text: text.replace(f'<c r="H{row}"><v>7</v></c>', f'<c r="H{row}" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    )
    places, (fault,) = faults(content)
    assert places == [("成果", row, "承担单位")]
    assert (fault.found, fault.expected) == ("#DIV/0!", "公式出错，没有值。")
