"""`xiandao draw`: commit, run, decline, replay, and every way it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app

POOL = [{"id": f"E{index}", "stratum": "技术"} for index in range(6)]
PLAN = {"pool": POOL, "strata": [{"name": "技术", "take": 2, "reserves": 2}]}


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["draw", *map(str, words)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "抽取.json"
    place.write_text(json.dumps(PLAN), encoding="utf-8")
    return place


def saved(file: Path) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


def test_a_draw_from_commitment_to_replay(file: Path) -> None:
    result = run("commit", file)
    assert result.exit_code == 0
    shown = saved(file)
    secret = file.with_suffix(".secret.json")
    assert shown["commitment"] in result.stdout
    assert shown["plan_hash"] in result.stdout
    assert "seed" not in shown
    assert saved(secret)["seed"] not in result.output
    assert secret.stat().st_mode & 0o077 == 0
    result = run("run", file)
    assert result.exit_code == 0
    record = saved(file)
    assert record["seed"] == saved(secret)["seed"]
    assert "名单：" + "、".join(record["names"]) in result.stdout
    result = run("decline", file, record["names"][0], "--reason", "出差")
    assert result.stdout == f"{record['names'][0]} 退出，由 {record['reserves']['技术'][0]} 递补。\n"
    result = run("replay", file)
    assert (result.exit_code, "核对无误" in result.stderr) == (0, True)
    assert "名单：" + "、".join(saved(file)["names"]) in result.stdout
    assert record["reserves"]["技术"][0] in saved(file)["names"]


def test_a_chosen_seed_gives_the_same_names_everywhere(file: Path) -> None:
    """The names are written down: another version, machine or language has to give them too."""
    run("commit", file, "--seed", "2026-07-01")
    run("run", file)
    assert saved(file)["drawn"] == {"技术": ["E3", "E2"]}


def test_a_public_value_is_part_of_the_draw(file: Path) -> None:
    file.write_text(json.dumps({**PLAN, "public_source": "双色球 2026075 期"}), encoding="utf-8")
    run("commit", file)
    result = run("run", file)
    assert result.exit_code == 2
    assert "双色球 2026075 期公布的数" in result.stderr
    assert run("run", file, "--public", "03 07 12").exit_code == 0
    assert run("replay", file).exit_code == 0


def test_a_changed_record_is_refused_with_code_1(file: Path) -> None:
    run("commit", file)
    run("run", file)
    record = saved(file)
    file.write_text(json.dumps({**record, "names": ["E0"], "seed": "别的"}), encoding="utf-8")
    result = run("replay", file)
    assert result.exit_code == 1
    assert "算不出事先公布的承诺值" in result.stderr
    assert "最后名单应为" in result.stderr


def test_a_pool_changed_after_the_commitment_is_not_drawn_from(file: Path) -> None:
    run("commit", file)
    shown = saved(file)
    file.write_text(json.dumps({**shown, "pool": shown["pool"][1:]}), encoding="utf-8")
    result = run("run", file)
    assert result.exit_code == 1
    assert "在承诺后改过" in result.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "不是 JSON"),
        ("[]", "最外层不是对象"),
        ('{"pool": [], "strata": [{"name": "甲"}]}', "不小于 0 的整数"),
        ('{"pool": []}', "strata"),
    ],
)
def test_a_file_that_is_none_is_refused(file: Path, text: str, words: str) -> None:
    file.write_text(text, encoding="utf-8")
    result = run("commit", file)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not file.with_suffix(".secret.json").exists()


def test_order_of_the_steps_is_kept(file: Path, tmp_path: Path) -> None:
    assert "没有承诺值" in run("run", file).stderr
    assert "还没有抽取" in run("replay", file).stderr
    run("commit", file)
    assert "已有承诺值" in run("commit", file).stderr
    run("run", file)
    assert "已经抽取" in run("run", file).stderr
    assert run("decline", file, "E9", "--reason", "出差").exit_code == 2
    assert "读不了" in run("replay", tmp_path / "没有.json").stderr
    other = tmp_path / "另一份.json"
    other.write_text(json.dumps(PLAN), encoding="utf-8")
    assert "文件已存在" in run("commit", other, "--secret", file.with_suffix(".secret.json")).stderr
    other.write_text(json.dumps({**PLAN, "strata": [{"name": "技术", "take": 9}]}), encoding="utf-8")
    run("commit", other)
    assert "请减少 3 名" in run("run", other).stderr


def test_it_needs_no_django(file: Path) -> None:
    code = (
        "import sys\nfrom xiandao.cli.main import app\n"
        f"try: app(['draw', 'commit', {str(file)!r}])\nexcept SystemExit: pass\n"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
