"""`xiandao labels`: labels out as the fitting reads them; fitting in one command beside the model in use."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.labelling.models import Label

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 10, tzinfo=dt.UTC)
TEXTS = {
    "core": "{0}、{1}的研发、生产。",
    "service": "{0}的检测、维修服务；{1}运营。",
    "trade": "{0}、{1}销售；日用百货销售。",
    "mention": "建筑材料销售（不含{0}、{1}）。",
}
WORDS = ("燃料电池", "储氢瓶", "电解水制氢设备", "加氢站设备")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["labels", *map(str, words)])


def label(number: int, role: str, scope: str, *, demo: bool = False, **fields: object) -> Label:
    enterprise = Enterprise.objects.create(
        key=f"k{number:04}", name=f"试{number}公司", name_key="试", scope=scope, is_demo=demo
    )
    given = {"labels": {"hydrogen": role}, "about": [], "doubtful": False} | fields
    made: Label = Label.objects.create(
        enterprise=enterprise, name=enterprise.name, scope=scope, source="review", at=NOW, by="x", is_demo=demo, **given
    )
    return made


@pytest.fixture
def labels() -> None:
    for number in range(60):
        role = list(TEXTS)[number % 4]
        pair = (WORDS[number // 4 % 4], WORDS[(number // 4 + 1) % 4])
        label(number, role, TEXTS[role].format(*pair))


def test_labels_are_written_as_the_fitting_reads_them(tmp_path: Path) -> None:
    label(2, "trade", "燃料电池销售。", doubtful=True)
    label(1, "core", "燃料电池的生产。")
    label(3, "core", "储氢瓶的生产。", demo=True)
    label(4, "core", "储氢瓶的研发。", about=["hydrogen"])
    label(5, "core", "旧。", current=False)
    result = run("export", "-o", tmp_path / "labels.jsonl")
    assert result.exit_code == 0, result.output
    assert "2 条标注" in result.stderr
    assert "另有 1 条只涉及部分产业" in result.stderr
    lines = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines == [
        {
            "name": "试1公司",
            "scope": "燃料电池的生产。",
            "labels": [{"industry": "hydrogen", "role": "core"}],
            "doubt": False,
        },
        {
            "name": "试2公司",
            "scope": "燃料电池销售。",
            "labels": [{"industry": "hydrogen", "role": "trade"}],
            "doubt": True,
        },
    ]
    assert run("export", "--demo", "-o", tmp_path / "all.jsonl").exit_code == 0
    assert len((tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_without_labels_it_says_what_to_do(tmp_path: Path) -> None:
    result = run("export", "-o", tmp_path / "labels.jsonl")
    assert result.exit_code == 2
    assert "没有可导出的标注" in result.stderr
    assert "处理：先抽取复核批次" in result.stderr
    assert not list(tmp_path.iterdir())


def test_refitting_is_one_command(labels: None, tmp_path: Path) -> None:
    result = run("refit", "-o", tmp_path / "model.json")
    assert result.exit_code == 0, result.output
    model = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    assert set(model["weights"]) == {"core", "service", "trade", "mention"}
    assert "现用 F1" in result.stdout
    assert "氢能" in result.stdout
    assert "合计" in result.stdout
    assert "catalogue/model.json" in result.stderr
    # The same labels out and in by the other two commands give the same model.
    run("export", "-o", tmp_path / "labels.jsonl")
    again = CliRunner().invoke(app, ["identify", "fit", str(tmp_path / "labels.jsonl"), "-o", str(tmp_path / "b.json")])
    assert again.exit_code == 0, again.output
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8")) == model


def test_labels_of_a_file_join_and_count_once(labels: None, tmp_path: Path) -> None:
    run("export", "-o", tmp_path / "labels.jsonl")
    with (tmp_path / "labels.jsonl").open("a", encoding="utf-8") as file:
        more = {"name": "另", "scope": "燃料电池的生产。", "labels": [{"industry": "hydrogen", "role": "core"}]}
        file.write(json.dumps(more, ensure_ascii=False) + "\n")
    result = run("refit", "--with", tmp_path / "labels.jsonl", "-o", tmp_path / "model.json")
    assert result.exit_code == 0, result.output
    assert "61 条标注" in result.stderr


def test_too_few_and_unreadable_are_said(tmp_path: Path) -> None:
    label(1, "core", "燃料电池的生产。")
    few = run("refit", "-o", tmp_path / "model.json")
    assert few.exit_code == 2
    assert "太少" in few.stderr
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")
    bad = run("refit", "--with", tmp_path / "bad.jsonl", "-o", tmp_path / "model.json")
    assert bad.exit_code == 2
    assert "第 1 行不是一条标注" in bad.stderr
    assert not (tmp_path / "model.json").exists()
