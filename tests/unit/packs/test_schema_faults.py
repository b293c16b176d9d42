"""A field that breaks the schema is reported with file, line, field, what was found and the mend."""

import pytest

# file, words replaced, words instead, field, part of what was found, part of what was expected or the mend
SCHEMA_FAULTS = [
    ("pack.yaml", "main_plan:", "main_plam:", "main_plan", "缺少该字段", "main_plan"),
    ("pack.yaml", "main_plan:", "main_plam:", "main_plam", "未知字段 main_plam", "改成 main_plan？"),
    ("pack.yaml", "schema_version: 1", "schema_version: 2", "schema_version", "数字 2", "1"),
    ("pack.yaml", "period: [2024, 2026]", "period: [2026, 2024]", "", "2026 至 2024", "调换 period"),
    ("pack.yaml", "period: [2024, 2026]", "period: [2024]", "period[1]", "缺少", "补上"),
    ("pack.yaml", "period: [2024, 2026]", "period: 2024", "period", "数字 2024", "列表"),
    ("pack.yaml", "date: 2024-02-27", "date: 2024-02-30", "documents[0].date", "“2024-02-30”", "2024-02-27 的形式"),
    ("pack.yaml", "confidence: law", "confidence: lawful", "documents[0].confidence", "“lawful”", "改成 law？"),
    ("pack.yaml", "region: '320000'", "region: 320000", "jurisdiction.region", "数字 320000", "加上引号"),
    ("plan.yaml", "value: 100", "value: '100'", "actions[0].measures[1].targets[0].value", "“100”", "不带引号"),
    ("plan.yaml", "value: 100", "value: 一百", "actions[0].measures[1].targets[0].value", "“一百”", "不带引号"),
    ("plan.yaml", "value: 100", "low: 100", "actions[0].measures[1].targets[0]", "low 100、high 空", "low 和 high"),
    ("plan.yaml", "kind: count", "kind: counts", "actions[0].measures[1].targets[0].kind", "“counts”", "改成 count？"),
    ("plan.yaml", "cities: true", "cities: 'yes'", "actions[0].measures[0].duty.cities", "“yes”", "true 或 false"),
    ("plan.yaml", "lead: [省科技厅]", "lead: 省科技厅", "actions[0].measures[0].duty.lead", "“省科技厅”", "列表"),
    ("plan.yaml", "with: [省教育厅", "wiht: [省教育厅", "actions[0].measures[0].duty.wiht", "未知字段", "改成 with？"),
    ("plan.yaml", "with: [省教育厅", "helping: [省教育厅", "actions[0].measures[0].duty.helping", "未知字段", "with"),
    ("plan.yaml", "span: [307, 365]", "span: [365, 307]", "addressees.span", "[365, 307]", "0 ≤ 起 < 止"),
    ("plan.yaml", "title: 科技创新攻关行动", "title: ' 科技创新攻关行动'", "actions[0].title", "“ 科技", "合乎样式"),
    ("plan.yaml", "key: A1\n", "key: a1\n", "actions[0].key", "“a1”", "合乎样式"),
    ("plan.yaml", "title: 科技创新攻关行动", "title:", "actions[0].title", "空值", "文本"),
    ("organisations.yaml", "kind: party_organ", "kind: party", "organisations[23].kind", "“party”", "party_organ"),
    ("organisations.yaml", "served_by: js-amr, ", "", "counterparts[17]", "写了 0 种", "三者取一"),
    ("organisations.yaml", "suffix: drc, ", "", "counterparts[0]", "缺少 suffix", "补齐"),
    ("organisations.yaml", "'{city}财政局'", "'财政局'", "counterparts[7].name", "“财政局”", "合乎样式"),
    ("regions.yaml", "code: '320102'", "code: '32010'", "regions[14].code", "“32010”", "6位数字"),
    ("regions.yaml", "kind: zone", "kind: park", "regions[109].kind", "“park”", "zone"),
    ("regions.yaml", "point: [118.796682", "point: [18.796682", "regions[1].point[0]", "数字 18", "不小于 73"),
    ("industries.yaml", "code: wbg-semi", "code: WBG", "industries[0].code", "“WBG”", "小写英文字母"),
    ("also_counts.yaml", "rule: same", "rule: sum", "links[0].rule", "“sum”", "subset"),
    ("deadlines.yaml", "days: 10", "days: 0", "deadlines[0].days", "数字 0", "不小于 1"),
    ("deadlines.yaml", "unit: working", "unit: workdays", "deadlines[0].unit", "“workdays”", "working"),
    (
        "deadlines.yaml",
        "bound: at_least, on_lapse: next_step",
        "bound: at_least, on_lapse: remind",
        "deadlines[9]",
        "on_lapse remind",
        "next_step",
    ),
    ("security.yaml", "value: 8", "value: 8.5", "password_min_length.value", "数字 8.5", "整数"),
    (
        "security.yaml",
        "password_history:",
        "password_histroy:",
        "password_histroy",
        "未知字段",
        "改成 password_history？",
    ),
    (
        "plans/sci-5x100.yaml",
        "confidence: read, document: js-sci-5x100",
        "confidence: read",
        "source",
        "read 而没有 document",
        "document",
    ),
]


@pytest.mark.parametrize("case", SCHEMA_FAULTS)
def test_a_field_that_breaks_the_schema_is_named(spoil, line_of, case):
    file, old, new, field, found, mend = case
    place = line_of(file, old.rstrip())
    faults = [f for f in spoil(file, old, new) if f.field == field and found in f.found]
    assert faults, "the fault is not reported"
    fault = faults[0]
    assert fault.file == file
    assert mend in f"{fault.expected} {fault.mend}"
    assert fault.mend
    if field and found != "缺少该字段":  # a missing field has the line of what should hold it
        assert place - 8 <= fault.line <= place
