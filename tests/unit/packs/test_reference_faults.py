"""A name, code or quote that does not agree with the other files is reported with file, line, field and mend."""

import pytest

# file, words replaced, words instead, field, part of what was found, part of what was expected or the mend
REFERENCE_FAULTS = [
    ("pack.yaml", "main_plan: js-wlcy", "main_plan: js-wlcx", "main_plan", "js-wlcx-2024-2026", "改成一致"),
    ("pack.yaml", "region: '320000'", "region: '330000'", "jurisdiction.region", "330000", "改成"),
    (
        "pack.yaml",
        "parents: [miit-opinions-2024",
        "parents: [miit-opinion-2024",
        "documents[0].parents[0]",
        "miit-opinion-2024",
        "改成 miit-opinions-2024？",
    ),
    ("pack.yaml", "id: sti-law", "id: pipl", "documents[11].id", "pipl 已在", "改用另一个"),
    (
        "plan.yaml",
        "document: js-plan-2024",
        "document: js-plan-2025",
        "source.document",
        "js-plan-2025",
        "改成 js-plan-2024？",
    ),
    (
        "plan.yaml",
        "issuers: [江苏省发展改革委",
        "issuers: [江苏发展改革委员会",
        "issuers[0]",
        "江苏发展改革委员会",
        "改成",
    ),
    (
        "plan.yaml",
        "lead: [省科技厅]",
        "lead: [省科枝厅]",
        "actions[0].measures[0].duty.lead[0]",
        "省科枝厅",
        "改成 省科技厅？",
    ),
    (
        "plan.yaml",
        "with: [省教育厅, 省发展改革委]",
        "with: [省教育厅, 省数据局]",
        "actions[0].measures[0].duty.with[1]",
        "省数据局",
        "按原文",
    ),
    (
        "plan.yaml",
        "key: M02",
        "key: M01",
        "actions[0].measures[1].key",
        "键 M01 已在 actions[0].measures[0].key",
        "改用另一个",
    ),
    (
        "organisations.yaml",
        "organisation: js-drc",
        "organisation: js-dcr",
        "coordinator.organisation",
        "js-dcr",
        "改成 js-drc？",
    ),
    ("organisations.yaml", "code: js-miit,", "code: js-drc,", "organisations[1].code", "js-drc 已在", "改用另一个"),
    (
        "organisations.yaml",
        "aliases: [省工信厅]",
        "aliases: [省教育厅]",
        "organisations[2].name",
        "省教育厅 已在",
        "改用另一个",
    ),
    ("organisations.yaml", "region: '320000'", "region: '330000'", "organisations[0].region", "330000", "改成"),
    ("organisations.yaml", "of: js-ip,", "of: js-iq,", "counterparts[17].of", "js-iq", "改成"),
    (
        "organisations.yaml",
        "served_by: js-amr",
        "served_by: js-ip",
        "counterparts[17].served_by",
        "js-ip",
        "counterparts",
    ),
    ("organisations.yaml", "suffix: miit", "suffix: drc", "counterparts[1].suffix", "drc 已在", "改用另一个"),
    (
        "organisations.yaml",
        "'{city}教育局', full_name",
        "'{city}{county}教育局', full_name",
        "counterparts[2].name",
        "county",
        "{city}",
    ),
    (
        "organisations.yaml",
        "absent_in: ['320100']",
        "absent_in: ['320102']",
        "counterparts[27].absent_in[0]",
        "320102",
        "改成",
    ),
    (
        "organisations.yaml",
        "'320100': {name: 南京市文化",
        "'320199': {name: 南京市文化",
        "counterparts[5].overrides.320199",
        "320199",
        "改成",
    ),
    ("regions.yaml", "code: '320104'", "code: '320102'", "regions[15].code", "320102 已在", "改用另一个"),
    ("regions.yaml", "name: 秦淮区", "name: 玄武区", "regions[15].name", "玄武区", "名称不重复"),
    (
        "regions.yaml",
        "kind: district, parent: '320100'",
        "kind: district, parent: '320200'",
        "regions[14].parent",
        "上级 320200",
        "320100",
    ),
    ("regions.yaml", "en: Nanjing, kind: city", "en: Nanjing, kind: district", "regions[1].kind", "“district”", "city"),
    ("regions.yaml", "members: ['320600'", "members: ['320602'", "groups[1].members[0]", "320602", "改成"),
    ("regions.yaml", "members: ['320600'", "members: ['320100'", "groups[1].members[0]", "320100 已在", "改用另一个"),
    ("industries.yaml", "group: X", "group: Y", "industries[10].group", "“Y”", "groups"),
    (
        "industries.yaml",
        "industry: hydrogen, name",
        "industry: hydrogn, name",
        "versions[0].wordings[2].industry",
        "hydrogn",
        "改成 hydrogen？",
    ),
    ("industries.yaml", "absent: [low-altitude]", "absent: [vr]", "versions[1].absent[0]", "vr 已在", "产业不重复"),
    (
        "industries.yaml",
        "plan: js-wlcy-2024-2026",
        "plan: js-wlcy-2027-2029",
        "versions[0].plan",
        "js-wlcy-2027-2029",
        "改成",
    ),
    (
        "industries.yaml",
        "{name: 通用人工智能, relation: same",
        "{name: 类人机器人, relation: same",
        "industries[6].aliases[0].name",
        "类人机器人 已在",
        "改用另一个",
    ),
    (
        "industries.yaml",
        "document: js-opinion-2023",
        "document: js-opinion-2022",
        "versions[1].document",
        "js-opinion-2022",
        "改成",
    ),
    ("also_counts.yaml", "target: T02-1", "target: T02-2", "links[0].target.target", "T02-2", "改成"),
    (
        "also_counts.yaml",
        "also: {plan: js-sci-5x100, target: H1}",
        "also: {plan: js-sci, target: H1}",
        "links[0].also.plan",
        "js-sci",
        "改成",
    ),
    (
        "also_counts.yaml",
        "also: {plan: js-sci-5x100, target: H1}",
        "also: {plan: js-wlcy-2024-2026, target: T03-1}",
        "links[0].also.plan",
        "同一方案",
        "另一个方案",
    ),
    (
        "also_counts.yaml",
        "target: T09-2}\n    also: {plan: js-sci-5x100, target: H2}",
        "target: T02-1}\n    also: {plan: js-sci-5x100, target: H1}",
        "links[1]",
        "已在 links[0]",
        "改用另一个",
    ),
    (
        "deadlines.yaml",
        "key: report.verify",
        "key: report.submit",
        "deadlines[1].key",
        "report.submit 已在",
        "改用另一个",
    ),
    (
        "plans/sci-5x100.yaml",
        "code: js-sci-5x100",
        "code: js-wlcy-2024-2026",
        "code",
        "方案代码 js-wlcy-2024-2026 已在 plan.yaml",
        "改用另一个",
    ),
    (
        "plans/sci-5x100.yaml",
        "key: H1, value",
        "key: H1, span: [0, 2], value",
        "headline_targets[0].span",
        "起止位置",
        "删去 span",
    ),
]


@pytest.mark.parametrize("case", REFERENCE_FAULTS)
def test_a_reference_that_leads_nowhere_is_named(spoil, case):
    file, old, new, field, found, mend = case
    faults = [f for f in spoil(file, old, new) if f.field == field and found in f.found]
    assert faults, "the fault is not reported"
    assert faults[0].file == file
    assert mend in f"{faults[0].expected} {faults[0].mend}"
    assert faults[0].line > 0


@pytest.mark.parametrize(
    "case",
    [
        (
            "span: [1189, 1211]",
            "span: [1190, 1212]",
            "actions[0].measures[1].targets[0].span",
            "span 改为 [1189, 1211]",
        ),
        (
            "quote: 组织实施100项",
            "quote: 组织实施１００项",
            "actions[0].measures[1].targets[0].span",
            "原文中没有这些字",
        ),
        (
            "span: [1167, 1171]",
            "span: [1167, 1170]",
            "actions[0].measures[1].mechanisms[0].span",
            "span 改为 [1167, 1171]",
        ),
        ("span: [1136, 1374]", "span: [1136, 1140]", "actions[0].measures[1].span", "span 改为 [1138, 1146]"),
        ("span: [1189, 1211]", "span: [1429, 1446]", "actions[0].measures[1].targets[0].span", "移到 M03"),
        ("span: [307, 365]", "span: [99307, 99365]", "addressees.span", "span 改为 [307, 365]"),
        ("  span: [531, 774]\n", "", "preamble.quote", "span 改为 [531, 774]"),
    ],
)
def test_words_that_do_not_stand_at_their_span_are_named_with_the_right_place(spoil, line_of, case):
    old, new, field, mend = case
    faults = [f for f in spoil("plan.yaml", old, new) if f.field == field]
    assert faults
    assert mend in faults[0].mend
    if new:
        assert abs(faults[0].line - line_of("plan.yaml", new)) <= 30


def test_a_changed_source_text_is_noticed_everywhere_after_the_change(spoil):
    faults = spoil("source.txt", "组织实施100项", "组织实施 100 项")
    assert len(faults) > 50
    assert {f.file for f in faults} == {"plan.yaml"}
    quote = next(f for f in faults if f.field == "actions[0].measures[1].targets[0].span")
    assert "原文中没有这些字" in quote.mend
