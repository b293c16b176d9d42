"""`xiandao audit verify` and `xiandao manage`."""

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.actions import sign_in_recorded
from xiandao.domains.orgs.viewer import system


def verify() -> Result:
    return CliRunner().invoke(app, ["audit", "verify"])


@pytest.fixture
def records(db: None) -> list[int]:
    for name in ("甲", "乙", "丙"):
        sign_in_recorded(system(name))
    return list(AuditRecord.objects.values_list("number", flat=True))


def tamper(statement: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE number = %s", [number])


def test_a_whole_log_is_said_to_be_whole(records: list[int]) -> None:
    result = verify()
    assert (result.exit_code, result.stdout) == (0, f"审计日志完好：{len(records)} 条记录首尾相连。\n")


def test_an_altered_record_is_named_with_what_it_says_now(records: list[int]) -> None:
    number = records[-2]
    tamper("UPDATE audit_auditrecord SET actor_name = '改名'", number)
    result = verify()
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"第 {number} 条记录内容被改动" in result.stderr
    assert "改名（system:乙）" in result.stderr
    assert "处理：" in result.stderr


def test_a_removed_record_is_named(records: list[int]) -> None:
    tamper("DELETE FROM audit_auditrecord", records[-2])
    assert f"第 {records[-2]} 条记录缺失" in verify().stderr


def test_records_cut_off_at_the_end_are_noticed(records: list[int]) -> None:
    tamper("DELETE FROM audit_auditrecord", records[-1])
    result = verify()
    assert result.exit_code == 1
    assert f"第 {records[-1]} 条记录缺失" in result.stderr


def test_a_record_with_another_predecessor_is_named(records: list[int]) -> None:
    tamper("UPDATE audit_auditrecord SET previous_hash = 'x'", records[-1])
    assert f"第 {records[-1]} 条记录与前一条不衔接" in verify().stderr


def test_manage_hands_everything_on_to_django(capfd: pytest.CaptureFixture[str]) -> None:
    result = CliRunner().invoke(app, ["manage", "diffsettings", "--all"])
    assert result.exit_code == 0
    assert "DEMO_MODE" in result.stdout
    assert "xiandao manage" in CliRunner().invoke(app, ["manage", "--help"]).stdout
