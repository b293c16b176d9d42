"""`xiandao catalogue`: versions listed, out to Excel, back into a draft, compared."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries.catalogue import content_of, in_force, open_draft
from xiandao.domains.industries.workbook.writing import workbook

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture(autouse=True)
def _running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiandao.cli.database.start_django", lambda: None)
    monkeypatch.setattr("xiandao.cli.database.require_current", lambda: None)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["catalogue", *map(str, words)])


def test_versions_are_listed() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "2026.1" in result.stdout
    assert "现行" in result.stdout


def test_out_and_back_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "目录.xlsx"
    result = run("export", "2026.1", "-o", file)
    assert result.exit_code == 0, result.output
    assert "207 个产品" in result.stdout
    result = run("import", file)
    assert result.exit_code == 0, result.output
    assert "没有什么要保存的" in result.stdout
    assert open_draft() is None


def test_a_changed_workbook_goes_into_a_draft(tmp_path: Path) -> None:
    version = in_force()
    assert version is not None
    content = content_of(version)
    digest = content.digest
    path = ("hydrogen", "hp-storage", "储氢罐")
    changed = content.drop("term", path)
    file = tmp_path / "目录.xlsx"
    file.write_bytes(workbook(changed, code="2026.1", digest=digest, names={}))
    result = run("import", file, "--check")
    assert "会改动 1 处，没有保存" in result.stdout
    assert open_draft() is None
    result = run("import", file)
    assert result.exit_code == 0, result.output
    draft = open_draft()
    assert draft is not None
    assert path not in content_of(draft).terms
    result = run("compare", "2026.1", "draft")
    assert "储氢罐" in result.stdout
    assert "共 1 处不同" in result.stdout


def test_faults_are_listed(tmp_path: Path) -> None:
    version = in_force()
    assert version is not None
    content = content_of(version)
    spoiled = content.drop("term", ("hydrogen", "hp-storage", "储氢罐"))
    spoiled = spoiled.put("term", ("hydrogen", "hp-storage", "加氢站"), content.terms["hydrogen", "station", "加氢站"])
    file = tmp_path / "目录.xlsx"
    file.write_bytes(workbook(spoiled, code="2026.1", digest=content.digest, names={}))
    result = run("import", file)
    assert result.exit_code == 1
    assert "一个产业里只能有一处" in "".join(result.stdout.split())
    assert not CatalogueVersion.objects.for_system("tests").filter(state=CatalogueState.DRAFT).exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [(("export", "1999.1", "-o", "x.xlsx"), "没有这一版"), (("compare", "2026.1", "draft"), "没有正在修订的草案")],
)
def test_what_is_not_there(words: tuple[str, ...], says: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert says in result.stderr


def test_another_file(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"no workbook")
    assert run("import", file).exit_code == 2
    assert run("import", tmp_path / "none.xlsx").exit_code == 2
