"""`xiandao ledger`: what it prints and refuses."""

import pytest
from typer.testing import CliRunner

from xiandao.cli import database
from xiandao.cli.main import app
from xiandao.domains.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    """The command on the tests' own database."""
    monkeypatch.setattr(database, "start_django", lambda: None)
    monkeypatch.setattr(database, "require_current", lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["ledger", *arguments])


def test_the_records_of_the_pack_are_listed(run):
    answer = run("list", "--kind", "fund", "--state", "elsewhere")
    assert answer.exit_code == 0
    assert "共 18 条。" in answer.stderr
    assert len(answer.stdout.splitlines()) == 18
    assert answer.stdout.splitlines()[0].count("\t") == 5


def test_an_unknown_state_is_refused(run):
    answer = run("list", "--state", "nothing")
    assert answer.exit_code == 2
    assert "listed、rectifying" in answer.stderr


def test_a_file_is_loaded_once_with_what_is_odd(run, tmp_path):
    file = tmp_path / "a.csv"
    head = "type,name,city,industry,date,source_url,source_quality\n"
    file.write_text(head + "park,命令行园（演示）,火星,氢能,2024-08-31,https://e.org,B\n", encoding="utf-8")
    answer = run("load-published", str(file))
    assert answer.exit_code == 0
    assert "已登记 1 条" in answer.stdout
    assert "火星" in answer.stderr
    assert "已登记 0 条（他处公布，不计数），原已登记 1 条" in run("load-published", str(file)).stdout
    assert Entry.objects.for_system("tests").filter(name="命令行园（演示）").count() == 1


def test_files_that_cannot_be_read(run, tmp_path):
    assert "读不了" in run("load-published", str(tmp_path / "none.csv")).stderr
    (tmp_path / "b.csv").write_text("a,b\n", encoding="utf-8")
    assert "缺少列 type" in run("load-published", str(tmp_path / "b.csv")).stderr
    (tmp_path / "c.csv").write_bytes("名称".encode("gbk"))
    assert "不是 UTF-8" in run("load-published", str(tmp_path / "c.csv")).stderr
