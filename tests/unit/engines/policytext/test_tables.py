"""Task tables flattened to lines, in every way they come: the same rows must be read from all of them."""

import pytest

from xiandao.engines.policytext import compile_text
from xiandao.engines.policytext.lines import split_lines
from xiandao.engines.policytext.normalise import fold
from xiandao.engines.policytext.tables import find_tables
from xiandao.engines.policytext.taskrows import is_indicator_table, read_indicators, read_rows

HEADER = ["序号", "重点任务", "工作目标", "牵头单位", "完成时限"]
ROWS = [
    ["一", "平台建设行动"],
    ["1", "建设中试平台", "建成中试平台45个，其中省级以上15个", "市科技局（市财政局、各区人民政府配合）", "2027年12月"],
    ["2", "完善运行机制", "出台服务规范1部；服务企业超3000家次", "市科技局、市教育局", "2025年6月"],
    ["二", "服务提升行动"],
    ["3", "壮大人才队伍", "培养技术经理人五百名", "市人力资源社会保障局", "长期"],
]


def in_cells(separator):
    return "\n".join(separator.join(row) for row in [HEADER, *ROWS])


def piped():
    rule = "|" + "---|" * 5
    lines = ["| " + " | ".join(row + [""] * (5 - len(row))) + " |" for row in [HEADER, *ROWS]]
    return "\n".join([lines[0], rule, *lines[1:]])


def wrapped_in_a_cell():
    lines = ["\t".join(HEADER)]
    for row in ROWS:
        if len(row) == 2:
            lines.append("\t".join(row))
        else:
            lines += ["\t".join([*row[:2], row[2][:7]]), "\t".join([row[2][7:], *row[3:]])]
    return "\n".join(lines)


FORMS = {
    "tabs": in_cells("\t"),
    "blanks": in_cells("    "),
    "two blanks": in_cells("  "),
    "one blank": in_cells(" "),
    "pipes": in_cells(" | "),
    "markdown": piped(),
    "one cell a line": "\n".join("\n".join(row) for row in [HEADER, *ROWS]),
    "one cell a line, rows apart": "\n\n".join("\n".join(row) for row in [HEADER, *ROWS]),
    "broken in a cell": wrapped_in_a_cell(),
}


def table_of(text):
    flat = fold(text)
    (table,) = find_tables(flat, split_lines(flat))
    return flat, table


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_flattening_gives_the_same_rows(text):
    rows = read_rows(*table_of(text))
    assert [(r.number, r.title.text, r.section.text) for r in rows] == [
        (1, "建设中试平台", "平台建设行动"),
        (2, "完善运行机制", "平台建设行动"),
        (3, "壮大人才队伍", "服务提升行动"),
    ]
    assert [r.goals[0][0].text for r in rows] == [ROWS[1][2], ROWS[2][2], ROWS[4][2]]
    assert [[b.name for b in r.duty.duty().lead] for r in rows] == [
        ["市科技局"],
        ["市科技局", "市教育局"],
        ["市人力资源社会保障局"],
    ]
    assert [b.name for b in rows[0].duty.duty().with_] == ["市财政局"]
    assert [r.duty.cities for r in rows] == [True, False, False]
    assert [(r.deadline, r.year) for r in rows] == [("2027年12月", 2027), ("2025年6月", 2025), ("长期", None)]


def test_separate_columns_for_leading_and_helping_bodies():
    text = "序号\t任务\t牵头单位\t责任单位\n1\t建设平台\t市科技局\t市财政局、市教育局"
    (row,) = read_rows(*table_of(text))
    assert [b.name for b in row.duty.duty().lead] == ["市科技局"]
    assert [b.name for b in row.duty.duty().with_] == ["市财政局", "市教育局"]


def test_in_a_column_of_responsible_bodies_the_first_leads():
    text = "序号\t任务\t责任单位\t时限\n1\t建设平台\t市科技局、市财政局\t2026年"
    (row,) = read_rows(*table_of(text))
    assert [b.name for b in row.duty.duty().lead] == ["市科技局"]
    assert [b.name for b in row.duty.duty().with_] == ["市财政局"]


def test_a_row_without_number_goes_on_with_the_measure_above():
    text = "序号\t任务\t目标\t责任单位\n1\t建设平台\t建成平台5个\t市科技局\n\t\t服务企业100家\t市财政局"
    (row,) = read_rows(*table_of(text))
    assert [g.text for g, _ in row.goals] == ["建成平台5个", "服务企业100家"]


def test_a_table_ends_where_the_text_goes_on():
    text = "序号 指标 2026年 2027年\n1 规模（亿元） 10 20\n第三章 重点任务\n第一节 夯实基础\n加快建设。"
    _, table = table_of(text)
    assert len(table.rows) == 1


def test_indicator_tables_give_a_figure_for_each_year_but_the_base_year():
    text = "序号\t指标\t单位\t2024年（基期）\t2026年\t2027年\n1\t产业规模\t亿元\t800\t1500\t3000\n2\t覆盖率（%）\t\t10\t40\t60以上"
    flat, table = table_of(text)
    assert is_indicator_table(table)
    found = [(f.name.text, f.unit, f.cell.text, f.year) for f in read_indicators(flat, table)]
    assert found == [
        ("产业规模", "亿元", "1500", 2026),
        ("产业规模", "亿元", "3000", 2027),
        ("覆盖率（%）", "%", "40", 2026),
        ("覆盖率（%）", "%", "60以上", 2027),
    ]


PLAN = """南河市数字乡村行动方案（2025—2027年）
南政办发〔2025〕8号
一、工作目标
到2027年，行政村覆盖率达到100%。
二、重点任务
（一）建设中试平台。推进平台布局。
（二）完善运行机制。推行预约服务。
（三）壮大人才队伍。打通评审通道。
附件：任务分解表
附件
任务分解表
"""


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_rows_of_an_annexed_table_belong_to_the_measures_they_name(text):
    plan = compile_text(PLAN + text)
    measures = list(plan.measures())
    assert [m.title for m in measures] == ["建设中试平台", "完善运行机制", "壮大人才队伍"]
    assert [[b.name for b in m.duty.lead] for m in measures] == [
        ["市科技局"],
        ["市科技局", "市教育局"],
        ["市人力资源社会保障局"],
    ]
    assert [[(t.value, t.unit, t.year) for t in m.targets] for m in measures] == [
        [(45, "个", 2027), (15, "个", 2027)],
        [(1, "部", 2025), (3000, "家次", 2025)],
        [(500, "名", None)],
    ]
    assert measures[0].deadline == "2027年12月"


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_plan_that_is_only_a_table_has_rows_for_measures(text):
    plan = compile_text("西江县振兴行动任务分解表\n西政发〔2025〕3号\n" + text)
    assert [a.title for a in plan.actions] == ["平台建设行动", "服务提升行动"]
    assert [m.title for m in plan.measures()] == ["建设中试平台", "完善运行机制", "壮大人才队伍"]
    assert plan.title == "西江县振兴行动任务分解表"
