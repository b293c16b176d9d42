"""Missing, misplaced and unreadable files; all faults at once, never only the first."""

import os
import shutil

import pytest

from xiandao.packs import PackError, check_pack, load_pack


def test_the_line_is_that_of_the_spoilt_words(spoil, line_of):
    (fault,) = spoil("organisations.yaml", "aliases: [江苏省科技厅]", "aliases: [江苏省科技厅], colour: red")
    assert fault.line == line_of("organisations.yaml", "colour: red")
    assert str(fault) == (
        f"organisations.yaml:{fault.line} organisations[3].colour：发现未知字段 colour；"
        f"应为{fault.expected}；处理：{fault.mend}"
    )


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
    shutil.rmtree(pack_copy / "programmes")  # some of them serve the other plan too
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
