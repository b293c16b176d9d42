"""`xiandao pack`: check, list, load."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.orgs.models import LoadedPack
from xiandao.packs import check_pack, packs_dir

JIANGSU = packs_dir() / "jiangsu_2024_2026"


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(JIANGSU, copy, ignore=shutil.ignore_patterns("map"))
    return copy


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["pack", *map(str, words)])


class TestCheck:
    @pytest.mark.parametrize("place", [JIANGSU, "jiangsu_2024_2026"])
    def test_a_pack_without_faults_says_so(self, place: object) -> None:
        result = run("check", place)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == f"{JIANGSU}：没有发现错误。\n"

    def test_each_fault_is_a_row_with_file_line_field_found_expected_and_mend(
        self, pack_copy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "400")
        spoil(pack_copy, "plan.yaml", "unit: 项", "unit: 5")
        spoil(pack_copy, "pack.yaml", "schema_version: 1", "schema_version: 1\nnonsense: 2")
        faults = check_pack(pack_copy)
        assert len(faults) == 2
        result = run("check", pack_copy)
        assert result.exit_code == 1
        lines = result.stdout.split("\n")
        assert lines[0].split() == ["文件", "行", "字段", "发现", "应为", "处理"]
        for fault, line in zip(faults, lines[2:], strict=False):
            for value in (fault.file, str(fault.line), fault.field, fault.found, fault.expected, fault.mend):
                assert value in line
        assert "共 2 处错误" in result.stderr

    def test_what_is_no_pack_ends_with_code_2(self, tmp_path: Path) -> None:
        file = tmp_path / "a.txt"
        file.touch()
        for place, found in (
            (tmp_path / "无", "没有这个文件夹"),
            (file, "这是文件，不是文件夹"),
            (tmp_path, "文件夹中没有政策包的文件"),
            ("zhejiang_2030", "没有这个名称的政策包"),
        ):
            result = run("check", place)
            assert result.exit_code == 2
            assert found in result.stderr


def test_the_list_names_each_pack_with_its_state(monkeypatch: pytest.MonkeyPatch, pack_copy: Path) -> None:
    monkeypatch.setattr("xiandao.packs.packs_dir", lambda: pack_copy.parent)
    good = run("list")
    assert good.exit_code == 0
    assert "2024—2026  可用，版本" in good.stdout
    spoil(pack_copy, "plan.yaml", "unit: 项", "unit: 5")
    assert "有 1 处错误，见 xiandao pack check pack" in run("list").stdout


@pytest.mark.django_db
class TestLoad:
    def test_a_version_already_there_is_left_alone(self) -> None:
        before = LoadedPack.objects.count()
        result = run("load")
        assert result.exit_code == 0, result.stderr
        assert "此前已经载入，未作改动" in result.stdout
        assert LoadedPack.objects.count() == before

    def test_a_changed_pack_is_loaded(self, pack_copy: Path) -> None:
        spoil(pack_copy, "industries.yaml", "\n", "\n# 注释不算改动\n")
        assert "未作改动" in run("load", pack_copy).stdout
        spoil(pack_copy, "pack.yaml", "title: 江苏省", "title: 江苏")
        result = run("load", pack_copy)
        assert (result.exit_code, result.stdout[:5]) == (0, "已载入 江")
        assert LoadedPack.objects.first().title.startswith("江苏未来产业")

    def test_a_pack_with_faults_is_refused_and_nothing_changes(self, pack_copy: Path) -> None:
        before = LoadedPack.objects.count()
        spoil(pack_copy, "plan.yaml", "unit: 项", "unit: 5")
        result = run("load", pack_copy)
        assert result.exit_code == 1
        assert "1 处错误，第一处：plan.yaml:" in result.stderr
        assert "xiandao pack check" in result.stderr
        assert LoadedPack.objects.count() == before

    def test_a_name_that_is_no_pack_is_refused(self) -> None:
        assert run("load", "nothing").exit_code == 2

    def test_a_database_not_yet_set_up_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("xiandao.cli.database.pending", lambda: True)
        result = run("load")
        assert result.exit_code == 1
        assert "数据表尚未建立" in result.stderr
        assert "xiandao manage migrate" in result.stderr
