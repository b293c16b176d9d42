"""`xiandao plan compile`: every format, every way to give the text, every error."""

import io
import json
import random
import time
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from xiandao.cli import console
from xiandao.cli.main import app
from xiandao.engines.breakdown import build, from_document
from xiandao.engines.policytext import compile_text, to_schema
from xiandao.packs import packs_dir, parse_plan

SOURCE = (packs_dir() / "jiangsu_2024_2026" / "source.txt").read_text(encoding="utf-8")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "方案.txt"
    file.write_text(SOURCE, encoding="utf-8")
    return file


def run(*words: object, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["plan", "compile", *map(str, words)], input=given)


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads(json.dumps(to_schema(compile_text(SOURCE))))


class TestFormats:
    def test_json_is_the_schema_on_stdout_and_nothing_else(self, plan: Path, expected: dict) -> None:
        result = run(plan)
        assert (result.exit_code, result.stderr) == (0, "")
        assert json.loads(result.stdout) == expected
        assert "江苏省发展改革委" in result.stdout, "Chinese is not escaped"
        measures = [measure for action in expected["actions"] for measure in action["measures"]]
        assert (len(expected["actions"]), len(measures)) == (8, 25)
        assert sum(len(measure["targets"]) for measure in measures) == 15
        start, end = measures[1]["targets"][0]["span"]
        assert SOURCE[start:end] == measures[1]["targets"][0]["quote"]

    def test_yaml_is_a_plan_file_a_pack_can_start_from(self, plan: Path) -> None:
        result = run(plan, "--format", "yaml")
        assert result.exit_code == 0
        document = parse_plan(result.stdout, text=SOURCE)
        assert (len(document.actions), sum(1 for _ in document.measures()), sum(1 for _ in document.targets())) == (
            8,
            25,
            15,
        )
        assert not any(measure.reviewed for measure in document.measures())

    def test_table_is_aligned_and_folded_to_the_terminal(self, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "120")
        lines = run(plan, "-f", "table").stdout.split("\n")
        assert lines[0] == build(from_document(compile_text(SOURCE))).title
        start = next(index for index, line in enumerate(lines) if line.startswith("序号"))
        assert all(console.width(line) <= 120 for line in lines[start:])
        assert lines[start + 1].startswith("────  ──")

    @pytest.mark.parametrize("form", ["xlsx", "docx"])
    def test_an_office_file_holds_the_breakdown_cell_by_cell(self, plan: Path, tmp_path: Path, form: str) -> None:
        target = tmp_path / f"out.{form}"
        result = run(plan, "--format", form, "-o", target)
        assert result.exit_code == 0
        assert result.stderr == f"已写入 {target}：8 项行动、25 项任务、15 个量化目标。\n"
        cells = [row.cells() for row in build(from_document(compile_text(SOURCE))).rows]
        assert rows_of(target) == cells

    @pytest.mark.parametrize("form", ["xlsx", "docx"])
    def test_without_a_name_an_office_file_stands_beside_and_never_replaces_one(self, plan: Path, form: str) -> None:
        first, second = run(plan, "-f", form), run(plan, "-f", form)
        names = [f"方案-任务分解表.{form}", f"方案-任务分解表(2).{form}"]
        assert (first.exit_code, second.exit_code) == (0, 0)
        assert sorted(file.name for file in plan.parent.iterdir()) == sorted([plan.name, *names])
        assert names[0] in first.stderr
        assert names[1] in second.stderr

    def test_the_suffix_of_the_output_chooses_the_format(self, plan: Path, tmp_path: Path) -> None:
        run(plan, "-o", tmp_path / "a.docx")
        run(plan, "-o", tmp_path / "a.yml")
        run(plan, "-o", tmp_path / "a.out")
        assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")
        assert (tmp_path / "a.yml").read_text(encoding="utf-8").startswith("# 由 xiandao plan compile")
        assert json.loads((tmp_path / "a.out").read_text(encoding="utf-8"))["number"] == "苏发改高技发〔2024〕229号"

    def test_an_office_file_can_go_to_stdout(self, plan: Path) -> None:
        result = run(plan, "-f", "xlsx", "-o", "-")
        assert CalamineWorkbook.from_filelike(io.BytesIO(result.stdout_bytes)).sheet_names == ["任务分解表", "目标"]


def rows_of(file: Path) -> list[tuple[str, ...]]:
    if file.suffix == ".docx":
        return [tuple(cell.text for cell in row.cells) for row in docx.Document(str(file)).tables[0].rows][1:]
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_name("任务分解表")
    return [tuple(row) for row in sheet.to_python(skip_empty_area=False)[4:]]


class TestInput:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
    def test_other_encodings_give_the_same_json(self, plan: Path, expected: dict, encoding: str) -> None:
        plan.write_bytes(SOURCE.encode(encoding))
        assert json.loads(run(plan).stdout) == expected

    def test_stdin_is_read(self, expected: dict) -> None:
        assert json.loads(run("-", given=SOURCE.encode()).stdout) == expected

    def test_a_word_document_is_read(self, tmp_path: Path, expected: dict) -> None:
        document = docx.Document()
        for line in SOURCE.split("\n"):
            document.add_paragraph(line)
        document.save(str(tmp_path / "方案.docx"))
        assert json.loads(run(tmp_path / "方案.docx").stdout) == expected

    def test_a_table_of_a_word_document_is_part_of_the_plan(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.add_paragraph("临江市算力产业行动方案（2025—2027年）")
        document.add_paragraph("临政办发〔2025〕9号")
        document.add_paragraph("一、重点任务")
        document.add_paragraph("1.建设算力底座。推进算力设施建设。")
        document.add_paragraph("2.培育服务企业。支持企业发展。")
        document.add_paragraph("附件：任务分解表")
        table = document.add_table(rows=3, cols=4)
        texts = ["序号", "任务", "牵头单位", "完成时限", "1", "建设算力底座", "市数据局", "2026年"]
        for cell, text in zip(table._cells, [*texts, "2", "培育服务企业", "市工业和信息化局", "2027年"], strict=True):
            cell.text = text
        document.save(str(tmp_path / "方案.docx"))
        measures = json.loads(run(tmp_path / "方案.docx").stdout)["actions"][0]["measures"]
        assert [measure["duty"]["lead"] for measure in measures] == [["市数据局"], ["市工业和信息化局"]]


class TestErrors:
    @pytest.mark.parametrize(
        ("content", "found"),
        [
            (b"", "空文件"),
            (bytes(range(256)) * 100, "二进制文件"),
            (b"%PDF-1.4", "PDF 文件"),
            ("今天天气很好，我们去公园。\n".encode() * 50, "没有找到"),
            ("一、买菜\n二、做饭\n三、洗碗，然后看电视。\n".encode() * 5, ""),
            (b"hello world\n" * 100, "几乎没有汉字"),
        ],
    )
    def test_what_is_no_plan_is_refused_with_code_2_and_nothing_written(
        self, tmp_path: Path, content: bytes, found: str
    ) -> None:
        file = tmp_path / "坏.txt"
        file.write_bytes(content)
        result = run(file, "-f", "xlsx")
        assert (result.exit_code, result.stdout) == (2, "")
        lines = result.stderr.split("\n")
        assert lines[0] == f"错误：{file}"
        assert [line[:5] for line in lines[1:4]] == ["  发现：", "  应为：", "  处理："]
        assert found in lines[1]
        assert list(tmp_path.iterdir()) == [file]

    @pytest.mark.parametrize("noise", ["bytes", "letters", "characters"])
    def test_five_megabytes_of_noise_are_refused_quickly(self, tmp_path: Path, noise: str) -> None:
        source = random.Random(3)  # noqa: S311 — noise
        raw = source.randbytes(5_000_000)
        if noise == "letters":
            raw = raw.hex()[:5_000_000].encode()
        if noise == "characters":
            raw = "".join(map(chr, source.choices(range(0x4E00, 0x9FA5), k=1_700_000))).encode()
        (tmp_path / "noise.txt").write_bytes(raw)
        start = time.process_time()
        result = run(tmp_path / "noise.txt")
        assert (result.exit_code, result.stdout) == (2, "")
        assert time.process_time() - start < 3

    def test_a_missing_file_a_folder_and_a_path_through_a_file_are_named(self, plan: Path, tmp_path: Path) -> None:
        for path, found in (
            (tmp_path / "无.txt", "没有这个文件"),
            (tmp_path, "这是文件夹"),
            (plan / "x", "不是文件夹"),
        ):
            result = run(path)
            assert result.exit_code == 2
            assert result.stderr.startswith(f"错误：{path}\n  发现：读不了：")
            assert found in result.stderr

    def test_an_unknown_format_lists_those_there_are(self, plan: Path) -> None:
        result = run(plan, "--format", "pdf")
        assert result.exit_code == 2
        assert "不认识的格式“pdf”" in result.stderr
        assert "json、yaml、table、xlsx、docx" in result.stderr

    def test_the_plan_itself_is_never_overwritten(self, plan: Path) -> None:
        assert run(plan, "-o", plan).exit_code == 2
        assert plan.read_text(encoding="utf-8") == SOURCE

    def test_an_output_that_cannot_be_written_leaves_nothing(self, plan: Path, tmp_path: Path) -> None:
        result = run(plan, "-o", tmp_path / "无" / "a.json")
        assert (result.exit_code, "没有文件夹" in result.stderr) == (2, True)
        result = run(plan, "-o", tmp_path)
        assert (result.exit_code, "这是文件夹" in result.stderr) == (2, True)
        assert list(tmp_path.iterdir()) == [plan]

    def test_a_write_that_breaks_off_keeps_the_old_file(
        self, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        target = tmp_path / "a.json"
        target.write_text("旧", encoding="utf-8")

        def full(self: Path, data: bytes) -> int:
            with self.open("wb") as handle:
                handle.write(data[:10])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        result = run(plan, "-o", target)
        assert (result.exit_code, "无法写入" in result.stderr) == (2, True)
        assert target.read_text(encoding="utf-8") == "旧"
        assert sorted(tmp_path.iterdir()) == sorted([plan, target])
