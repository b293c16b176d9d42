"""`xiandao meeting pack`: papers kept and written, or neither."""

import io
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.progress.models import MeetingPack

pytestmark = pytest.mark.django_db
PLAN = "js-wlcy-2024-2026"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["meeting", "pack", *map(str, words)])


def kept() -> list[MeetingPack]:
    return list(MeetingPack.objects.for_system("tests"))


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_papers_of_a_day_are_kept_and_written(tmp_path: Path, form: str, begins: bytes) -> None:
    target = tmp_path / f"材料.{form}"
    result = run("--plan", PLAN, "--as-of", "2024-06-30", "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    (made,) = kept()
    assert made.sha256 in result.stderr
    assert made.content["as_of"] == "2024-06-30T23:59:59+08:00"
    assert target.read_bytes().startswith(begins)


def test_a_moment_may_be_given_to_the_minute(tmp_path: Path) -> None:
    target = tmp_path / "材料.docx"
    assert run("--plan", PLAN, "--as-of", "2024-06-30T09:30", "-o", target).exit_code == 0
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(target.read_bytes())).paragraphs)
    assert "数据截至2024年6月30日9时30分" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--plan", "none", "-o", "材料.docx"), "没有这个方案"),
        (("--plan", PLAN, "-o", "材料.txt"), ".docx、.pdf"),
        (("--plan", PLAN, "--as-of", "昨天", "-o", "材料.docx"), "不是日期或时间"),
        (("--plan", PLAN, "--as-of", "2999-01-01", "-o", "材料.docx"), "不能晚于现在"),
        (("--plan", PLAN, "-o", "没有的文件夹/材料.docx"), "没有文件夹"),
    ],
)
def test_what_cannot_be_made_or_written_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "处理：" in result.stderr
    assert not kept()
    assert not list(tmp_path.iterdir())
