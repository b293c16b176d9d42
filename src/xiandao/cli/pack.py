"""`xiandao pack`: check a policy pack, list those that came with the product, load one into the database."""

from pathlib import Path
from typing import Annotated

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

_HEADERS = ("文件", "行", "字段", "发现", "应为", "处理")


@app.command("check", cls=Command, help="检查政策包，逐条列出错误")
def check(place: Annotated[str, typer.Argument(metavar="DIR", help="政策包文件夹，或随产品提供的政策包名称")]) -> None:
    """Print every fault of a pack; exit code 1 when there is one."""
    from xiandao.packs import check_pack

    folder = _folder(place, [_shipped()])
    faults = check_pack(folder)
    if not faults:
        typer.echo(f"{folder}：没有发现错误。")
        return
    rows = [(f.file, str(f.line) if f.line else "", f.field, f.found, f.expected, f.mend) for f in faults]
    typer.echo(console.table(_HEADERS, rows, shrink=(2, 3, 4, 5)))
    typer.echo(f"\n{folder}：共 {len(faults)} 处错误。", err=True)
    raise typer.Exit(console.FAULTS)


@app.command("list", cls=Command, help="列出随产品提供的政策包")
def show() -> None:
    """Print name, plan, period and state of each pack shipped."""
    from xiandao.packs import PackError, load_pack

    rows = []
    for file in sorted(_shipped().glob("*/pack.yaml")):
        folder = file.parent
        try:
            pack = load_pack(folder)
        except PackError as error:
            rows.append((folder.name, "", "", f"有 {len(error.faults)} 处错误，见 xiandao pack check {folder.name}"))
        else:
            period = f"{pack.meta.period[0]}—{pack.meta.period[1]}"
            rows.append((folder.name, pack.meta.title, period, f"可用，版本 {pack.version[:12]}"))
    typer.echo(console.table(("名称", "方案", "期间", "状态"), rows, shrink=(1, 3)))


@app.command("load", cls=Command, help="把政策包载入数据库")
def load(
    place: Annotated[str, typer.Argument(metavar="DIR|NAME", help="政策包文件夹或名称；默认为设置中的 PACK")] = "",
) -> None:
    """Load a pack, all of it or nothing."""
    from xiandao.cli.database import require_current, start_django

    start_django()
    from django.conf import settings

    from xiandao.domains.orgs import actions
    from xiandao.domains.orgs.viewer import system
    from xiandao.packs import PackError, load_pack

    folder = _folder(place or settings.PACK, [Path(each) for each in settings.PACK_DIRS])
    try:
        pack = load_pack(folder)
    except PackError as error:
        found = f"{len(error.faults)} 处错误，第一处：{error.faults[0]}"
        mend = f"运行 xiandao pack check {folder} 查看全部错误"
        console.fail(str(folder), found=found, expected="没有错误的政策包", mend=mend, code=console.FAULTS)
    require_current()
    if actions.load_pack(system("pack load"), pack=pack):
        typer.echo(f"已载入 {pack.meta.title}（版本 {pack.version[:12]}）。")
    else:
        typer.echo(f"{pack.meta.title} 的这一版本（{pack.version[:12]}）此前已经载入，未作改动。")


def _shipped() -> Path:
    from xiandao.packs import packs_dir

    return packs_dir()


def _folder(place: str, homes: list[Path]) -> Path:
    """Return the folder of a pack given as a path or by name. Fails with exit code 2 where it is no pack."""
    from xiandao.packs.loader import REQUIRED

    given = Path(place)
    named = [home / place for home in homes] if given.name == place else []
    folder = next((each for each in [given, *named] if each.is_dir()), None)
    if folder is None:
        found = "这是文件，不是文件夹" if given.exists() else "没有这个文件夹，也没有这个名称的政策包"
        console.fail(
            place, found=found, expected="政策包文件夹或名称", mend="核对路径；随产品提供的政策包见 xiandao pack list"
        )
    if not any((folder / name).exists() for name in REQUIRED):
        found = f"文件夹中没有政策包的文件（{'、'.join(REQUIRED)}）"
        console.fail(str(folder), found=found, expected="政策包文件夹", mend="核对路径，给出 pack.yaml 所在的文件夹")
    return folder
