"""`xiandao backup` and `xiandao restore`: everything in one file, and back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from xiandao.cli import console

_STEPS = {"manifest": "核对备份", "files": "文件", "lake": "登记名录", "commit": "提交"}
_LEFT_OUT = "登录会话不在备份中（恢复后请各人重新登录）；密钥 XIANDAO_SECRET_KEY 或 secret.key 不在备份中，请另行保管。"


def backup(target: Annotated[Path, typer.Argument(metavar="FILE.tar", help="备份文件，不得已存在")]) -> None:
    """Write everything into a new file."""
    from xiandao.cli.database import require_current, start_django

    if not target.parent.is_dir():
        console.fail(str(target), found=f"没有文件夹 {target.parent}", expected="已有的文件夹", mend="先建立文件夹")
    start_django()
    require_current()
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.oversight.backup import BackupError, make_backup

    try:
        manifest = make_backup(system("backup"), target=target, progress=_tell)
    except BackupError as error:
        console.fail("备份", found=error.found, mend=error.mend, code=console.FAULTS)
    except OSError as error:
        console.fail(str(target), found=console.reason(error), mend="检查权限和磁盘空间", code=console.FAULTS)
    files = sum(name.startswith(("files/", "lake/")) for name in manifest.members)
    typer.echo(
        f"已备份到 {target}（{target.stat().st_size:,} 字节，只有本账号可读）："
        f"{len(manifest.tables)} 张表 {sum(manifest.tables.values()):,} 行，{files:,} 个文件，"
        f"审计日志到第 {manifest.audit['number']} 条。"
    )
    typer.echo(f"指纹 {manifest.fingerprint}（抄存到别处，恢复时核对）")
    typer.echo(_LEFT_OUT)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE.tar", help="xiandao backup 做的备份文件")],
    yes: Annotated[bool, typer.Option("--yes", help="确认恢复")] = False,  # noqa: FBT002 — a flag
    replace: Annotated[bool, typer.Option("--replace", help="数据库不空时，以备份取代全部现有数据")] = False,  # noqa: FBT002 — a flag
) -> None:
    """Put a backup in the place of what is there, all of it or nothing; then verify the audit log."""
    from xiandao.cli.database import database_label, start_django

    if not source.is_file():
        console.fail(str(source), found="没有这个文件", expected="xiandao backup 做的备份文件", mend="核对文件名")
    start_django()
    if not yes:
        console.fail(
            "恢复",
            found=f"没有确认：备份将写入 {database_label()}",
            expected="--yes",
            mend="先停止服务（xiandao run），再加 --yes",
        )
    _set_up()
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.oversight.backup import BackupError, restore_backup

    try:
        manifest = restore_backup(system("restore"), source=source, replace=replace, progress=_tell)
    except BackupError as error:
        console.fail(f"恢复 {source}", found=error.found, mend=error.mend, code=console.FAULTS)
    except OSError as error:
        where = str(error.filename or source)
        console.fail(where, found=console.reason(error), mend="检查权限和磁盘空间", code=console.FAULTS)
    typer.echo(
        f"已恢复 {manifest.made_at} 的备份（版本 {manifest.version}，指纹 {manifest.fingerprint}）："
        f"{sum(manifest.tables.values()):,} 行。{_LEFT_OUT}"
    )
    _verify()


def _tell(step: str) -> None:
    typer.echo(f"正在处理：{_STEPS.get(step, step)}", err=True)
    sys.stderr.flush()


def _set_up() -> None:
    """Make the tables of an empty database; fail where there are tables of another version."""
    from django.db import connection

    from xiandao.cli import database

    database.require_answer()
    if not connection.introspection.table_names():
        database.migrate()
    database.require_current()


def _verify() -> None:
    from xiandao.domains.audit.verify import verify

    report = verify()
    typer.echo("\n".join(report.lines()), err=not report.sound)
    if not report.sound:
        raise typer.Exit(console.FAULTS)
