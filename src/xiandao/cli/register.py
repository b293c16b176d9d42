"""`xiandao register`: registers as versions – checked, loaded, compared – and their identification."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiandao.domains.enterprises.models import RegisterVersion

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="名录：.parquet、.csv 或 .xlsx")]


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


@app.command("load", cls=Command, help="载入一版登记名录：检查、与现行版比较、更新企业，然后识别")
def load(  # noqa: PLR0917 — typer passes options by name
    file: File,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="名录的名称")] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="数据截止日")] = "",
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="来源，如提供单位和文号")] = "",
    check: Annotated[bool, typer.Option("--check", help="只检查和比较，待网页上确认")] = False,  # noqa: FBT002 — a flag
    identify: Annotated[bool, typer.Option("--identify/--no-identify", help="载入后立即识别")] = True,  # noqa: FBT002 — a flag
    demo: Annotated[bool, typer.Option("--demo", help="演示名录：移除演示数据时一并移除")] = False,  # noqa: FBT002 — a flag
) -> None:
    """Load a file of this machine as a new version, all of it or nothing."""
    if not file.is_file():
        console.fail(str(file), found="没有这个文件", expected="登记名录文件", mend="核对文件名和位置")
    if not title:
        console.fail("--title", found="没有填写", expected="名录的名称", mend="如 --title 企业登记名录（2026年6月）")
    day = _day(as_of)
    _start()
    from xiandao.domains.enterprises.actions import registers
    from xiandao.domains.enterprises.models import RegisterState
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system

    about = registers.About(title=title, as_of=day, source=source, is_demo=demo, identify=identify)
    try:
        version = registers.load_register(
            system("register load"), path=file, about=about, told=_teller("已读"), check_only=check
        )
    except Refused as refusal:
        console.fail("登记名录", found=str(refusal.reason), mend="没有作任何改动")
    _newline()
    if version.state in {RegisterState.FAULTY, RegisterState.FAILED}:
        console.fail(str(file), found=version.reason, mend="没有作任何改动", code=console.FAULTS)
    _tell(version)
    if check:
        typer.echo("已检查，待确认：在网页“登记名录”中确认或取消。")
        return
    typer.echo(f"已载入第 {version.number} 版“{version.title}”。")
    if identify:
        _identify()


@app.command("identify", cls=Command, help="用现行的产品目录和模型识别现行的登记名录")
def identify() -> None:
    """Start a run and wait for it."""
    _start()
    _identify()


def _identify() -> None:
    from xiandao.domains.enterprises.actions.runs import start_run
    from xiandao.domains.enterprises.models import RunState
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system

    try:
        run = start_run(system("register identify"), at_once=True, told=_teller("已识别"))
    except Refused as refusal:
        console.fail("识别", found=str(refusal.reason), mend="没有作任何改动")
    _newline()
    if run.state != RunState.CURRENT:
        console.fail(f"识别批次 {run}", found=run.reason or str(run.state), mend="重新识别", code=console.FAULTS)
    counts = run.counts
    typer.echo(
        f"识别批次 {run}：{counts['rows']:,} 行，{counts['enterprises']:,} 家企业中有目录词条，"
        f"计入 {counts['enterprises_in']:,} 家；疑似同一企业 {counts['asked']:,} 对待判断。"
    )


def _tell(version: "RegisterVersion") -> None:
    from xiandao.domains.enterprises.queries.registers import findings_file, summary

    for line in summary(version):
        typer.echo(line)
    file = findings_file(version)
    if file is not None:
        typer.echo(f"逐条清单：{file}")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        found = f"“{text}”" if text else "没有填写"
        console.fail("--as-of", found=found, expected="日期，如 2026-06-30", mend="填写数据截止日")


def _teller(what: str) -> "Callable[[int], None] | None":
    if not sys.stderr.isatty():
        return None

    def tell(rows: int) -> None:
        typer.echo(f"\r{what} {rows:,} 行", nl=False, err=True)

    return tell


def _newline() -> None:
    if sys.stderr.isatty():
        typer.echo("", err=True)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
