"""`xiandao audit` and `xiandao manage`."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.audit import actions as audit
from xiandao.domains.audit import anchor, guard
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.registry import registered
from xiandao.domains.orgs.viewer import system


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["audit", *map(str, words)])


@pytest.fixture
def records(db: None) -> list[int]:
    for name in ("甲", "乙", "丙"):
        with transaction.atomic():
            audit.record(system(name), registered()["orgs.pack_loaded"], kind="pack", key="p", label=name)
    return list(AuditRecord.objects.order_by("number").values_list("number", flat=True))


def tamper(statement: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE number = %s", [number])


def test_a_whole_log_is_said_to_be_whole_with_its_ends_and_last_hash(records: list[int]) -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert f"审计日志完好：{len(records)} 条记录首尾相连" in result.stdout
    assert AuditHead.objects.get().hash in result.stdout
    assert result.stderr == ""


def test_an_altered_record_is_named_with_what_it_says_now(records: list[int]) -> None:
    number = records[-2]
    tamper("UPDATE audit_auditrecord SET actor_name = '改名'", number)
    result = run("verify")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"第 {number} 条记录内容被改动" in result.stderr
    assert "改名（system:乙）" in result.stderr
    assert "处理：" in result.stderr


def test_a_removed_record_is_named(records: list[int]) -> None:
    tamper("DELETE FROM audit_auditrecord", records[-2])
    assert f"第 {records[-2]} 条记录缺失" in run("verify").stderr


def test_records_cut_off_at_the_end_are_noticed(records: list[int]) -> None:
    tamper("DELETE FROM audit_auditrecord", records[-1])
    result = run("verify")
    assert result.exit_code == 1
    assert f"第 {records[-1]} 条记录缺失" in result.stderr


def test_a_record_with_another_predecessor_is_named(records: list[int]) -> None:
    tamper("UPDATE audit_auditrecord SET previous_hash = 'x'", records[-1])
    assert f"第 {records[-1]} 条记录与前一条不衔接" in run("verify").stderr


def test_an_anchor_given_by_name_tells_what_was_cut(records: list[int], tmp_path: Path) -> None:
    head, last = AuditHead.objects.get(), AuditRecord.objects.get(number=records[-1])
    file = tmp_path / "anchor.jsonl"
    anchor.append(file, anchor.Head(last.number, last.hash, last.at, head.ledger))
    assert run("verify", "--anchor", file).exit_code == 0
    tamper("DELETE FROM audit_auditrecord", records[-1])
    before = AuditRecord.objects.get(number=records[-2])
    AuditHead.objects.update(number=before.number, hash=before.hash)
    assert run("verify").exit_code == 0
    result = run("verify", "--anchor", file)
    assert result.exit_code == 1
    assert f"第 {records[-1]} 条起的记录缺失：锚文件第 1 行证明" in result.stderr


def test_an_anchor_that_lags_is_brought_up(records: list[int], tmp_path: Path, settings) -> None:
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor.jsonl")
    assert run("verify").exit_code == 1
    assert run("anchor").stdout == "锚文件与链头一致。\n"
    assert run("verify").exit_code == 0


def test_an_anchor_that_cannot_be_written_is_said(records: list[int], tmp_path: Path, settings) -> None:
    (tmp_path / "plain").write_text("")
    settings.AUDIT_ANCHOR = str(tmp_path / "plain" / "anchor.jsonl")
    result = run("anchor")
    assert (result.exit_code, "无法写入" in result.stderr) == (1, True)
    settings.AUDIT_ANCHOR = ""
    assert "没有设置 AUDIT_ANCHOR" in run("anchor").stderr


def test_triggers_that_are_missing_are_put_back(records: list[int]) -> None:
    assert "audit_record_update" in run("guard").stdout
    assert guard.missing(connection) == []
    assert run("guard").stdout == "触发器齐全。\n"


def test_manage_hands_everything_on_to_django(capfd: pytest.CaptureFixture[str]) -> None:
    result = CliRunner().invoke(app, ["manage", "diffsettings", "--all"])
    assert result.exit_code == 0
    assert "DEMO_MODE" in result.stdout
    assert "xiandao manage" in CliRunner().invoke(app, ["manage", "--help"]).stdout
