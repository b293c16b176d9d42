"""The rows of a task breakdown, worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.breakdown import HEADERS, PlanSource, Promise, Section, Task, build

PROMISE = Promise(
    value=Decimal(100),
    low=None,
    high=None,
    unit="项",
    comparator="=",
    year=2025,
    object="攻关项目",
    kind="count",
    quote="实施攻关项目100项",
)
TASK = Task(
    no="1", title="强化攻关", lead=("市科技局",), helping=("市财政局", "市教育局"), cities=False, promises=(PROMISE,)
)
PLAN = PlanSource(
    title="临江市行动方案（2025—2027年）",
    number="临政发〔2025〕3号",
    issuers=("临江市人民政府",),
    issued_on="2025-03-01",
    period=(2025, 2027),
    sections=(Section("一", "科技攻关行动", (TASK,)),),
)


def plan(*tasks: Task, **changes: object) -> PlanSource:
    sections = (Section("一", "科技攻关行动", tasks),)
    return replace(PLAN, sections=sections, **changes)


def cells(task: Task, **changes: object) -> dict[str, str]:
    return dict(zip(HEADERS, build(plan(task, **changes)).rows[0].cells(), strict=True))


def test_a_row_holds_the_seven_columns_of_an_office() -> None:
    assert cells(TASK) == {
        "序号": "1",
        "行动": "一、科技攻关行动",
        "任务": "强化攻关",
        "目标": "实施攻关项目100项",
        "牵头单位": "市科技局",
        "配合单位": "市财政局、市教育局",
        "完成时限": "2025年",
    }


def test_the_title_names_the_plan_and_turns_inner_title_marks() -> None:
    assert build(PLAN).title == "《临江市行动方案（2025—2027年）》任务分解表"
    inner = build(replace(PLAN, title="贯彻落实《指导意见》实施方案"))
    assert inner.title == "《贯彻落实〈指导意见〉实施方案》任务分解表"


def test_rows_are_numbered_through_all_actions_and_stretches_name_their_rows() -> None:
    sections = (
        Section("一", "甲行动", (TASK, replace(TASK, no="2", title="乙"))),
        Section("二", "丙行动", (replace(TASK, no="1"),)),
    )
    table = build(replace(PLAN, sections=sections))
    assert [row.no for row in table.rows] == [1, 2, 3]
    assert table.actions() == (("一、甲行动", 0, 1), ("二、丙行动", 2, 2))
    assert table.rows[2].task == "1. 强化攻关", "a number that starts anew is printed with the title"


@pytest.mark.parametrize(
    ("no", "shown"),
    [
        ("（三）", "（三）强化攻关"),
        ("第三条", "第三条　强化攻关"),
        ("三", "三、强化攻关"),
        ("", "强化攻关"),
        ("7", "7. 强化攻关"),
    ],
)
def test_the_number_of_a_task_keeps_the_form_of_the_text(no: str, shown: str) -> None:
    assert cells(replace(TASK, no=no))["任务"] == shown


def test_several_targets_are_numbered_lines_and_those_of_one_clause_are_one_line() -> None:
    shared = replace(PROMISE, quote="覆盖面分别达到80%、70%", unit="%", object="甲业覆盖面")
    other = replace(shared, value=Decimal(70), object="乙业覆盖面")
    assert cells(replace(TASK, promises=(PROMISE, shared, other)))["目标"] == (
        "1. 实施攻关项目100项\n2. 覆盖面分别达到80%、70%"
    )


def test_a_clause_that_does_not_name_its_object_gets_it_in_brackets() -> None:
    part = replace(PROMISE, quote="其中卓越级20个", object="标杆场景中的卓越级")
    assert cells(replace(TASK, promises=(part,)))["目标"] == "其中卓越级20个（标杆场景中的卓越级）"


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"comparator": "≥"}, "攻关项目不低于100项"),
        ({"value": None, "low": Decimal(5), "high": Decimal(8)}, "攻关项目5—8项"),
        ({"value": Decimal("1.20"), "unit": "亿元"}, "攻关项目1.2亿元"),
        ({"value": Decimal("1E+3")}, "攻关项目1000项"),
        ({"value": Decimal(0)}, "攻关项目0项"),
        ({"value": None}, "攻关项目"),
    ],
)
def test_a_target_written_by_a_person_without_quote_is_worded_from_its_number(
    changes: dict[str, object], shown: str
) -> None:
    assert cells(replace(TASK, promises=(replace(PROMISE, quote="", **changes),)))["目标"] == shown


def test_without_a_number_the_first_three_firm_promises_stand_as_qualitative() -> None:
    long = "建设" + "很" * 90
    task = replace(TASK, promises=(), commitments=("建立机制", long, "建立机制", "完善体系", "编制路线图", "发布清单"))
    assert cells(task)["目标"] == "定性要求：\n1. 建立机制\n2. 完善体系\n3. 编制路线图"
    assert "没有量化目标的任务，摘列原文的定性要求。" in build(plan(task)).notes


def test_with_neither_number_nor_promise_a_dash_is_shown() -> None:
    assert cells(replace(TASK, promises=()))["目标"] == "——"
    assert "没有量化目标的任务，摘列原文的定性要求。" not in build(plan(replace(TASK, promises=()))).notes


class TestDeadline:
    def test_the_end_of_the_plan_is_marked_where_no_year_is_printed(self) -> None:
        task = replace(TASK, promises=(replace(PROMISE, year=None),))
        assert cells(task)["完成时限"] == "方案期末（2027年）"
        assert "原文未载明完成时限的，按方案期末标注。" in build(plan(task)).notes

    def test_a_plan_without_period_says_that_no_deadline_is_stated(self) -> None:
        assert cells(replace(TASK, promises=()), period=None)["完成时限"] == "未注明"

    def test_targets_of_different_years_say_which_is_due_when(self) -> None:
        years = (2026, 2026, 2026, None, 2027)
        promises = tuple(replace(PROMISE, quote=f"目标{n}", year=year) for n, year in enumerate(years))
        assert cells(replace(TASK, promises=promises))["完成时限"] == (
            "目标1—3：2026年\n目标4：方案期末（2027年）\n目标5：2027年"
        )

    def test_a_yearly_target_is_due_every_year(self) -> None:
        yearly = replace(PROMISE, quote="每年发布清单2批", year=None)
        assert cells(replace(TASK, promises=(yearly,)))["完成时限"] == "每年"

    def test_one_clause_with_two_years_is_due_in_both(self) -> None:
        first, second = (replace(PROMISE, quote="2025、2026年分别达到5家、8家", year=year) for year in (2025, 2026))
        assert cells(replace(TASK, promises=(first, second)))["完成时限"] == "2025年、2026年"

    def test_the_printed_deadline_stands_first_and_other_years_follow(self) -> None:
        assert cells(replace(TASK, deadline="2025年12月"))["完成时限"] == "2025年12月"
        assert cells(replace(TASK, deadline="长期"))["完成时限"] == "长期\n目标：2025年"


class TestDuty:
    def test_lower_governments_help_collectively(self) -> None:
        assert cells(replace(TASK, cities=True))["配合单位"] == "市财政局、市教育局、各地区（按职责分工）"

    def test_lower_governments_lead_where_nobody_else_is_named(self) -> None:
        row = cells(replace(TASK, lead=(), helping=(), cities=True))
        assert (row["牵头单位"], row["配合单位"]) == ("各地区（按职责分工）", "——")

    def test_a_measure_without_duty_says_so(self) -> None:
        row = cells(replace(TASK, lead=(), helping=()))
        assert (row["牵头单位"], row["配合单位"]) == ("未注明", "——")


class TestReview:
    def test_nothing_reviewed_all_reviewed_and_half(self) -> None:
        done = replace(TASK, reviewed=True, promises=(replace(PROMISE, reviewed=True),))
        assert "未经人工核对" in build(plan(TASK)).notes[0]
        assert build(plan(done)).notes[0] == "本表由程序从方案文本提取，已逐项经人工核对。"
        assert build(plan(done, TASK)).notes[0] == "本表由程序从方案文本提取，2 项已经人工核对，2 项尚未核对。"

    def test_an_unsure_item_marks_its_row_until_it_is_reviewed(self) -> None:
        unsure = replace(PROMISE, sureness=0.7, doubts=("没有单位",))
        row = build(plan(replace(TASK, promises=(unsure,)))).rows[0]
        assert row.cells()[0] == "1＊"
        assert row.doubts == ("攻关项目：没有单位",)
        reviewed = build(plan(replace(TASK, promises=(replace(unsure, reviewed=True),))))
        assert reviewed.rows[0].cells()[0] == "1"
        assert not any("＊" in note for note in reviewed.notes)

    def test_an_implied_action_is_not_invented(self) -> None:
        table = build(replace(PLAN, sections=(Section("", PLAN.title, (TASK,), implied=True),)))
        assert table.rows[0].action == "——"


def test_headline_targets_stand_apart_and_come_first_among_the_numbers() -> None:
    table = build(replace(PLAN, headline=(replace(PROMISE, quote="产业规模达到100亿元", object="产业规模"),)))
    assert table.headline == (("产业规模达到100亿元", "2025年"),)
    assert [(line.no, line.place) for line in table.promises] == [(1, "总体目标"), (2, "强化攻关")]


@given(st.lists(st.tuples(st.sampled_from([None, 2025, 2026, 2027]), st.integers(0, 4)), max_size=8))
def test_every_target_is_in_exactly_one_deadline_line(given: list[tuple[int | None, int]]) -> None:
    promises = tuple(replace(PROMISE, quote=f"第{clause}句", year=year) for year, clause in given)
    row = build(plan(replace(TASK, promises=promises))).rows[0]
    clauses = list(dict.fromkeys(clause for _, clause in given))
    assert len(row.targets) == len(clauses)
    for number, clause in enumerate(clauses, start=1):
        years = {year for year, own in given if own == clause}
        lines = [line for line in row.due if "：" not in line or number in _numbers(line.split("：")[0])]
        assert len(lines) == 1
        assert all(str(year or "方案期末") in lines[0] for year in years)


def _numbers(label: str) -> set[int]:
    found: set[int] = set()
    for part in label.removeprefix("目标").split("、"):
        first, _, last = part.partition("—")
        found |= set(range(int(first), int(last or first) + 1))
    return found
