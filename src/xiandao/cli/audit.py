"""`xiandao audit`: verify the hash chain of the audit log."""

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

_WRONG = {
    "altered": "内容被改动",
    "removed": "缺失（记录被删除）",
    "inserted": "与前一条不衔接（记录被插入或替换）",
}


@app.callback()
def audit() -> None:
    """Make `audit` a group though it has one command today."""


@app.command("verify", cls=Command, help="核验日志链，指出第一条被改动、删除或插入的记录")
def verify() -> None:
    """Say that the log is whole, or name the first record that breaks it and leave with exit code 1."""
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()
    from xiandao.domains.audit import queries
    from xiandao.domains.audit.models import AuditRecord

    fault = queries.verify()
    if fault is None:
        typer.echo(f"审计日志完好：{AuditRecord.objects.count()} 条记录首尾相连。")
        return
    number, what = fault
    typer.echo(f"审计日志已被破坏：第 {number} 条记录{_WRONG[what]}。", err=True)
    record = AuditRecord.objects.filter(number=number).first()
    if record is not None:
        at = record.at.strftime("%Y-%m-%d %H:%M:%S %Z")
        typer.echo(
            f"  现存内容：{at} {record.actor_name}（{record.actor}） {record.action} {record.object_label}", err=True
        )
    typer.echo("  处理：停止写入，保全数据库，与备份逐条比对，并按安全事件报告。", err=True)
    raise typer.Exit(console.FAULTS)
