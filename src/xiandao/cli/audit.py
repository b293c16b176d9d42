"""`xiandao audit`: verify the log, move old records into sealed archives, mend anchor and triggers."""

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
_STEP = 20_000  # records between two signs of progress


@app.callback()
def audit() -> None:
    """Make `audit` a group."""


@app.command("verify", cls=Command, help="核验日志链、归档文件和锚文件，指出第一条被改动、删除或插入的记录")
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", metavar="FILE", help="锚文件；默认为设置 AUDIT_ANCHOR 的文件")
    ] = None,
    archives: Annotated[
        Path | None, typer.Option("--archives", metavar="DIR", help="归档文件夹；默认为设置 AUDIT_ARCHIVES 的文件夹")
    ] = None,
) -> None:
    """Say that the log is whole, or name the first record that breaks it and leave with exit code 1."""
    _start()
    from xiandao.domains.audit.verify import verify as verify_log

    report = verify_log(anchor=anchor, archive_folder=archives, progress=_progress())
    lines = report.lines()
    if report.sound:
        typer.echo("\n".join(lines))
        return
    typer.echo("审计日志没有通过核验：", err=True)
    for fault in report.faults:
        typer.echo(f"  {fault.sentence}", err=True)
        _show(fault.number)
    for line in lines[len(report.faults) :]:
        typer.echo(f"  {line}", err=True)
    typer.echo("  处理：停止写入，保全数据库和锚文件，与备份逐条比对，并按安全事件报告。", err=True)
    raise typer.Exit(console.FAULTS)


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


def _show(number: int | None) -> None:
    """Print what a record says now, if it is there."""
    from xiandao.domains.audit.models import AuditRecord
    from xiandao.domains.audit.verify.report import when

    record = AuditRecord.objects.filter(number=number).first() if number else None
    if record is not None:
        who = f"{record.actor_name}（{record.actor}）"
        typer.echo(f"    现存内容：{when(record.at)} {who} {record.action} {record.object_label}", err=True)


class _Progress:
    """Shows on a terminal how far a long verification is."""

    def __init__(self) -> None:
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        """Show every so many records, and wipe the line at the end."""
        if done == total and self._shown:
            typer.echo("\r" + " " * 60 + "\r", nl=False, err=True)
        elif done - self._shown >= _STEP:
            self._shown = done
            typer.echo(f"\r已核验 {done:,} / {total:,} 条", nl=False, err=True)


def _progress() -> _Progress | None:
    return _Progress() if sys.stderr.isatty() else None


@app.command("archive", cls=Command, help="把保存期满的记录移入归档文件，链不中断")
def archive(
    before: Annotated[str, typer.Option("--before", metavar="YYYY-MM-DD", help="归档这一天以前的记录")],
) -> None:
    """Archive the records made before a day; refuses what the retention keeps."""
    try:
        day = dt.date.fromisoformat(before)
    except ValueError:
        console.fail("--before", found=f"“{before}”", expected="日期，如 2023-01-01", mend="改正日期")
    _start()
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.oversight import actions
    from xiandao.domains.oversight.retention import months_kept

    try:
        made = actions.archive(system("audit archive"), before=day, keep_months=months_kept())
    except Refused as refused:
        console.fail("归档", found=str(refused.reason), mend="改正后重试", code=console.FAULTS)
    except OSError as error:
        console.fail("归档文件夹", found=console.reason(error), mend="检查权限和磁盘空间", code=console.FAULTS)
    if made is None:
        typer.echo(f"{before} 以前没有在库的记录，无需归档。")
        return
    typer.echo(f"已归档第 {made.first} 至 {made.last} 条：{made.file}\nSHA-256 {made.sha256}")


@app.command("anchor", cls=Command, help="断电或进程被终止后，把链头补写到锚文件")
def anchor() -> None:
    """Bring the anchor up to the log."""
    _start()
    fault = catch_up()
    if fault:
        console.fail("锚文件", found=fault, mend="改正后重试", code=console.FAULTS)
    typer.echo("锚文件与链头一致。")


def catch_up() -> str:
    """Bring the anchor up to the log after an interruption; return why it could not be done, "" when it was."""
    from django.conf import settings

    from xiandao.domains.audit.anchor import AnchorError
    from xiandao.domains.audit.repair import catch_up as write

    if not settings.AUDIT_ANCHOR:
        return "没有设置 AUDIT_ANCHOR"
    try:
        write()
    except AnchorError as error:
        return str(error)
    except OSError as error:
        return f"{settings.AUDIT_ANCHOR} 无法写入：{console.reason(error)}"
    return ""


@app.command("guard", cls=Command, help="补上数据库中防止改动审计记录的触发器")
def guard() -> None:
    """Put the triggers back in place."""
    _start()
    from django.db import connection, transaction

    from xiandao.domains.audit import guard as triggers

    gone = triggers.missing(connection)
    with transaction.atomic():
        triggers.install(connection)
    typer.echo(f"触发器已补上：{'、'.join(gone)}。" if gone else "触发器齐全。")
