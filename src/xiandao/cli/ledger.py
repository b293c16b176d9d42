"""`xiandao ledger`: the entries of the ledger as a table, published records loaded."""

from pathlib import Path
from typing import Annotated

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
_WHAT = "公开记录"


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


@app.command("list", cls=Command, help="列出台账（制表符分隔：编号、类别、名称、状态、公布日期、地区）")
def list_entries(
    kind: Annotated[str, typer.Option(metavar="KIND", help="只列一个类别（代码）")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="只列一种状态，默认全部")] = "",
) -> None:
    """Print public entries, one a line."""
    _start()
    from xiandao.domains.ledger.models import EntryState
    from xiandao.domains.ledger.queries.entries import entries
    from xiandao.domains.orgs.viewer import system

    if state and state not in EntryState.values:
        console.fail("状态", found=f"“{state}”", expected="、".join(EntryState.values), mend="改用其中之一")
    rows = entries(system("ledger list"))
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(state=state) if state else rows
    number = 0
    for row in rows:
        places = "、".join(region.name for region in row.regions.all())
        fields = (row.code, row.kind_name, row.name, row.get_state_display(), str(row.decided_on or ""), places)
        typer.echo("\t".join(fields))
        number += 1
    typer.echo(f"共 {number:,} 条。", err=True)


@app.command("load-published", cls=Command, help="载入他处公布的记录（CSV），注明来源，不计数；重复载入不会重复登记")
def load_published(file: Annotated[str, typer.Argument(metavar="FILE", help="CSV 文件")]) -> None:
    """Load published records from a file and say what is odd in it."""
    _start()
    from xiandao.domains.ledger.actions.publishing import load_published as load
    from xiandao.domains.ledger.published import Unreadable
    from xiandao.domains.orgs.viewer import system

    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        console.fail(_WHAT, found=f"读不了 {file}（{error.strerror}）", mend="核对路径和权限")
    except UnicodeDecodeError:
        console.fail(_WHAT, found=f"{file} 不是 UTF-8 文本", mend="另存为 UTF-8 的 CSV 后重试")
    try:
        done = load(system("ledger load-published"), text, file=path.name)
    except Unreadable as unreadable:
        console.fail(_WHAT, found=str(unreadable), mend="没有载入任何一行")
    for odd in done.odd:
        typer.echo(str(odd), err=True)
    typer.echo(
        f"已登记 {done.entered:,} 条（他处公布，不计数），原已登记 {done.known:,} 条，待核对 {len(done.odd):,} 处。"
    )
