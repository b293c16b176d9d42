"""Entry point of the `xiandao` command. Imports nothing heavy: each command loads what it needs when it runs."""

from typing import Annotated

import typer

from xiandao.cli import (
    audit,
    backup,
    catalogue,
    clocks,
    demo,
    draw,
    identify,
    labels,
    ledger,
    manage,
    meeting,
    pack,
    people,
    plan,
    register,
    serve,
)
from xiandao.cli.chinese import Command, Group

app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=(
        "先导：未来产业行动方案的编制、执行与统计平台。\n\n"
        "Xiandao: plans for future industries, read, run and measured."
    ),
)


def _version(wanted: bool) -> None:  # noqa: FBT001 — typer calls it with the flag's value
    if wanted:
        from importlib.metadata import version

        typer.echo(version("xiandao"))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)] = False,  # noqa: FBT002 — a flag
) -> None:
    """Carry the options that stand before any command."""


app.add_typer(plan.app, name="plan", help="编译方案文本")
app.add_typer(catalogue.app, name="catalogue", help="产品目录：各版本、导出、读入、比较")
app.add_typer(draw.app, name="draw", help="随机抽取：承诺、抽取、递补、重现")
app.add_typer(identify.app, name="identify", help="识别企业所属的未来产业")
app.add_typer(register.app, name="register", help="登记名录：载入、检查、比较、识别")
app.add_typer(labels.app, name="labels", help="人工标注：导出、重新拟合识别模型")
app.add_typer(ledger.app, name="ledger", help="台账：列出、载入公开记录")
app.add_typer(pack.app, name="pack", help="检查、载入政策包")
app.add_typer(clocks.app, name="clocks", help="检查时限")
app.add_typer(audit.app, name="audit", help="核验、归档审计日志")
app.add_typer(meeting.app, name="meeting", help="编制协调会议材料")
app.command("backup", cls=Command, help="把全部数据和文件备份到一个文件")(backup.backup)
app.command("restore", cls=Command, help="从备份恢复全部数据和文件")(backup.restore)
app.add_typer(people.app, name="people", help="设立首批管理员、恢复管理员登录")
app.add_typer(demo.app, name="demo", help="载入、移除演示数据")
app.command("run", cls=Command, help="准备数据库并启动网站")(serve.run)
app.command("manage", cls=Command, help="运行 Django 管理命令", context_settings=manage.PASS_ON)(manage.manage)
