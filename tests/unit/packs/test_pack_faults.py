"""Each kind of fault in a pack is reported with file, line, field and mend; all of them, not only the first."""

import os
import shutil

import pytest

from xiandao.packs import PackError, check_pack, load_pack

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
        "deadlines[7]",
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


def test_the_line_is_that_of_the_spoilt_words(spoil, line_of):
    (fault,) = spoil("organisations.yaml", "aliases: [江苏省科技厅]", "aliases: [江苏省科技厅], colour: red")
    assert fault.line == line_of("organisations.yaml", "colour: red")
    assert str(fault) == (
        f"organisations.yaml:{fault.line} organisations[3].colour：发现未知字段 colour；"
        f"应为{fault.expected}；处理：{fault.mend}"
    )


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
        ("span: [1136, 1374]", "span: [1136, 1200]", "actions[0].measures[1].targets[0].span", "哪一条任务"),
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


def test_a_plan_without_its_text_names_the_file_that_is_missing(pack_copy):
    (pack_copy / "source.txt").unlink()
    faults = check_pack(pack_copy)
    assert ("source.txt", "缺少该文件") in {(f.file, f.found) for f in faults}


@pytest.mark.parametrize("name", ["pack.yaml", "plan.yaml", "organisations.yaml", "regions.yaml", "industries.yaml"])
def test_a_missing_required_file_is_one_fault_and_hides_no_other(pack_copy, name):
    (pack_copy / name).unlink()
    other = pack_copy / "security.yaml"
    other.write_bytes(other.read_bytes().replace(b"value: 90", b"value: ninety", 1))
    faults = check_pack(pack_copy)
    assert [f.found for f in faults if f.file == name] == ["缺少该文件"]
    assert "password_max_age.value" in {f.field for f in faults}


@pytest.mark.parametrize("name", ["also_counts.yaml", "deadlines.yaml", "security.yaml"])
def test_an_optional_file_may_be_missing(pack_copy, name):
    (pack_copy / name).unlink()
    assert check_pack(pack_copy) == []
    assert load_pack(pack_copy).plan.code == "js-wlcy-2024-2026"


def test_a_misspelt_file_name_is_recognised(pack_copy):
    (pack_copy / "deadlines.yaml").rename(pack_copy / "deadline.yaml")
    (fault,) = check_pack(pack_copy)
    assert (fault.file, fault.found, fault.mend) == ("deadline.yaml", "不认识的文件", "改名为 deadlines.yaml？")


def test_a_folder_in_place_of_a_file_is_named(pack_copy):
    (pack_copy / "security.yaml").unlink()
    (pack_copy / "security.yaml").mkdir()
    assert ("security.yaml", "不是普通文件") in {(f.file, f.found) for f in check_pack(pack_copy)}


def test_a_pipe_in_place_of_a_file_does_not_hang(pack_copy):
    (pack_copy / "security.yaml").unlink()
    os.mkfifo(pack_copy / "security.yaml")
    assert ("security.yaml", "不是普通文件") in {(f.file, f.found) for f in check_pack(pack_copy)}


@pytest.mark.parametrize(
    ("make", "found"), [(None, "没有这个文件夹"), ("file", "不是文件夹"), ("folder", "缺少该文件")]
)
def test_a_path_that_is_no_pack_is_named(tmp_path, make, found):
    path = tmp_path / "pack"
    if make == "file":
        path.write_text("x", encoding="utf-8")
    elif make == "folder":
        path.mkdir()
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert {f.found for f in caught.value.faults} == {found}


def test_a_source_text_that_is_not_utf8_is_named_with_its_line(pack_copy):
    raw = (pack_copy / "source.txt").read_bytes()
    at = raw.index(b"229")
    (pack_copy / "source.txt").write_bytes(raw[:at] + b"\xff" + raw[at:])
    (fault,) = [f for f in check_pack(pack_copy) if f.file == "source.txt"]
    assert fault.line == raw[:at].count(b"\n") + 1
    assert "0xFF" in fault.found


def test_an_anchor_in_a_pack_is_refused_and_the_other_files_are_still_checked(spoil):
    faults = spoil("regions.yaml", "groups:", "groups: &g")
    assert "锚点 &g" in {f.found for f in faults}.pop()
    assert {f.file for f in faults} == {"regions.yaml"}


def test_a_duplicate_field_is_named(spoil, line_of):
    faults = spoil("security.yaml", "lockout_time:", "idle_timeout:")
    (fault,) = [f for f in faults if "又出现一次" in f.found]
    assert fault.line == line_of("security.yaml", "idle_timeout: {value: 15")
    assert fault.field == "idle_timeout"
    assert "lockout_time" in {f.field for f in faults}


def test_all_faults_of_all_files_are_reported_at_once_in_order(spoil):
    spoil("security.yaml", "value: 90", "value: ninety")
    spoil("security.yaml", "unit: passwords", "unit: secrets")
    spoil("deadlines.yaml", "days: 10", "days: -1")
    spoil("plan.yaml", "span: [1189, 1211]", "span: [1, 2]")
    spoil("plan.yaml", "key: M02", "key: M01")
    spoil("plan.yaml", "code: js-wlcy", "colour: red\ncode: js-wlcy")
    faults = spoil("organisations.yaml", "of: js-ip", "of: js-iq")
    assert {(f.file, f.field) for f in faults} >= {
        ("security.yaml", "password_max_age.value"),
        ("security.yaml", "password_history.unit"),
        ("deadlines.yaml", "deadlines[0].days"),
        ("plan.yaml", "actions[0].measures[1].targets[0].span"),
        ("plan.yaml", "actions[0].measures[1].key"),
        ("plan.yaml", "colour"),
        ("organisations.yaml", "counterparts[17].of"),
    }
    assert faults == sorted(faults)


def test_loading_a_spoilt_pack_raises_with_the_same_faults_and_prints_them(spoil, pack_copy):
    faults = spoil("security.yaml", "value: 90", "value: ninety")
    with pytest.raises(PackError) as caught:
        load_pack(pack_copy)
    assert caught.value.faults == faults
    assert str(faults[0]) in str(caught.value)
    assert str(caught.value).startswith("政策包有 1 处错误：")


def test_a_circle_of_successors_is_named(spoil):
    faults = spoil("regions.yaml", "name: 玄武区,", "name: 玄武区, successor: '320102',")
    assert [f.field for f in faults] == ["regions"]
    assert "不回到自身" in faults[0].expected


def test_a_pack_without_cities_or_links_loads(pack_copy):
    shutil.rmtree(pack_copy / "plans")
    (pack_copy / "also_counts.yaml").unlink()
    pack = load_pack(pack_copy)
    assert list(pack.plans) == ["js-wlcy-2024-2026"]
    assert pack.also_counts.links == ()


def test_a_second_plan_with_its_own_text_is_checked_against_that_text(pack_copy):
    sister = pack_copy / "plans" / "sci-5x100.yaml"
    text = sister.read_text(encoding="utf-8").replace("text_available: false\n", "")
    sister.write_text(
        text.replace("headline_targets:", "preamble: {quote: 五个一百, span: [0, 4]}\nheadline_targets:"),
        encoding="utf-8",
    )
    assert [(f.file, f.found) for f in check_pack(pack_copy)] == [("plans/sci-5x100.txt", "缺少该文件")]
    (pack_copy / "plans" / "sci-5x100.txt").write_text("五个一百行动", encoding="utf-8")
    assert load_pack(pack_copy).texts["js-sci-5x100"] == "五个一百行动"
    (pack_copy / "plans" / "sci-5x100.txt").write_text("“五个一百”行动", encoding="utf-8")
    (fault,) = check_pack(pack_copy)
    assert (fault.field, fault.mend) == ("preamble.span", "span 改为 [1, 5]")


def test_a_plan_that_cannot_be_read_does_not_make_every_reference_to_it_a_fault(spoil):
    faults = spoil("plans/sci-5x100.yaml", "headline_targets:", "headline_targets: [")
    assert [f.file for f in faults] == ["plans/sci-5x100.yaml"]
    assert "YAML 语法错误" in faults[0].found
