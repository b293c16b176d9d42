"""`xiandao identify`: a register in, a result out; one enterprise explained; the model fitted anew."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app

ROWS = """统一社会信用代码,企业名称,经营范围
91320000000000001A,甲氢能科技有限公司,燃料电池、储氢瓶的研发、生产；加氢精制
91320000000000002B,乙商贸有限公司,日用百货销售
91320000000000003C,丙农业服务有限公司,无人机植保服务
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "名录.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["identify", *map(str, words)])


def test_a_register_is_identified_into_a_parquet_file(register: Path, tmp_path: Path) -> None:
    result = run(register, "-o", tmp_path / "结果.parquet")
    assert result.exit_code == 0
    assert "3 行，2 条企业—产业记录，其中 2 条计入（2 家企业）" in result.stderr
    table = pq.read_table(tmp_path / "结果.parquet")
    assert table.schema.metadata[b"catalogue"] == b"2026.1"
    assert [(row["uscc"], row["industry"], row["role"], row["decision"]) for row in table.to_pylist()] == [
        ("91320000000000001A", "hydrogen", "core", "in"),
        ("91320000000000003C", "low-altitude", "service", "in"),
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["名录.csv", "结果.parquet"]


@pytest.mark.parametrize("options", [["-t", 1], ["-t", 4], ["--engine", "automaton"], ["-c", "2026.1"]])
def test_options_of_speed_and_catalogue_change_nothing(register: Path, tmp_path: Path, options: list[object]) -> None:
    run(register, "-o", tmp_path / "a.parquet")
    assert run("run", register, "-o", tmp_path / "b.parquet", *options).exit_code == 0
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))


def test_only_the_industries_asked_for(register: Path, tmp_path: Path) -> None:
    assert run(register, "-o", tmp_path / "a.parquet", "-i", "hydrogen").exit_code == 0
    assert pq.read_table(tmp_path / "a.parquet")["industry"].to_pylist() == ["hydrogen"]


def test_bad_rows_are_kept_aside_and_end_with_code_1(register: Path, tmp_path: Path) -> None:
    register.write_text(ROWS + "丁,戊\n", encoding="utf-8")
    result = run(register, "-o", tmp_path / "a.parquet")
    assert result.exit_code == 1
    assert "有 1 行读不了" in result.stderr
    aside = (tmp_path / "a-未读行.csv").read_text(encoding="utf-8-sig")
    assert aside.splitlines()[:2] == ["行,原因,内容", '4,应有 3 列，实有 2 列,"丁,戊"']
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 2


def test_one_enterprise_is_explained(register: Path) -> None:
    result = run(register, "--explain", "91320000000000001A")
    assert result.exit_code == 0
    assert "氢能：计入，核心，概率 0.9" in result.stdout
    assert "【燃料电池】、储氢瓶的研发" in result.stdout
    assert "动词：研发、制造" in result.stdout
    assert "没有找到产品目录中的词" in run(register, "--explain", "乙商贸有限公司").stdout
    missing = run(register, "--explain", "91320000000000009X")
    assert (missing.exit_code, "名录中没有这家企业" in missing.stderr) == (2, True)


def test_discounts_are_explained(register: Path) -> None:
    register.write_text("name,scope\n甲,氢气球销售；建材（不含燃料电池）\n", encoding="utf-8")
    text = run(register, "--explain", "甲").stdout
    assert "在排除语中，不计" in text
    assert "属于“氢气球”，另有所指，不计" in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["{register}"], "没有指定结果文件"),
        (["{register}", "-o", "{folder}/a.csv"], "不是 .parquet 文件名"),
        (["{register}", "-o", "{folder}/无/a.parquet"], "没有文件夹"),
        (["{folder}/无.csv", "-o", "{folder}/a.parquet"], "没有这个文件"),
        (["{register}", "-o", "{folder}/a.parquet", "-i", "tea"], "目录中没有这个产业"),
        (["{register}", "-o", "{folder}/a.parquet", "-c", "1999.1"], "没有这一版产品目录"),
        (["{register}", "-o", "{folder}/a.parquet", "--engine", "abacus"], "没有这个引擎"),
    ],
)
def test_what_cannot_be_done_is_said_with_code_2(register: Path, tmp_path: Path, words: list[str], found: str) -> None:
    result = run(*(word.format(register=register, folder=tmp_path) for word in words))
    assert result.exit_code == 2
    assert found in result.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["名录.csv"]


def test_a_pack_of_ones_own(register: Path, tmp_path: Path) -> None:
    from xiandao.packs import packs_dir

    copy = shutil.copytree(packs_dir() / "jiangsu_2024_2026", tmp_path / "pack", ignore=shutil.ignore_patterns("map"))
    (copy / "catalogue" / "model.json").unlink()
    result = run(register, "-o", tmp_path / "a.parquet", "-c", copy)
    assert (result.exit_code, "缺少该文件" in result.stderr) == (2, True)


class TestFit:
    def labels(self, count: int) -> list[dict]:
        kinds = {"core": "的研发、生产", "service": "技术服务", "trade": "销售", "mention": "除外"}
        industries = {"hydrogen": "燃料电池", "humanoid": "工业机器人"}
        return [
            {"name": f"某{n}公司", "scope": f"{term}{does}", "labels": [{"industry": code, "role": role}]}
            for n in range(count)
            for code, term in industries.items()
            for role, does in kinds.items()
        ]

    def test_labels_give_a_model_and_its_scores(self, tmp_path: Path) -> None:
        lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in self.labels(8))
        (tmp_path / "labels.jsonl").write_text(lines, encoding="utf-8")
        result = run("fit", tmp_path / "labels.jsonl", "-o", tmp_path / "model.json")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1].split() == ["合计", "1.000", "1.000", "1.000", "32"]
        model = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
        assert model["catalogue"] == "2026.1"
        assert model["card"]["enterprises"] == 64

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("{", "第 1 行不是一条标注"),
            ('{"name": "a", "scope": "b", "labels": [{"industry": "tea", "role": "core"}]}', "目录中没有产业 tea"),
            ('{"name": "a", "scope": "b", "labels": [{"industry": "agi", "role": "king"}]}', "角色 king 不在"),
            ('{"name": "a", "scope": "b", "labels": []}', "标注太少"),
        ],
    )
    def test_what_is_no_label_is_said(self, tmp_path: Path, line: str, found: str) -> None:
        (tmp_path / "labels.jsonl").write_text(line, encoding="utf-8")
        result = run("fit", tmp_path / "labels.jsonl", "-o", tmp_path / "model.json")
        assert result.exit_code == 2
        assert found in result.stderr
        assert not (tmp_path / "model.json").exists()
