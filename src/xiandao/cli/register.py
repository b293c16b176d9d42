"""`xiandao register`: registers as versions – checked, loaded, compared – and their identification."""

import datetime as dt
import json
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


@app.command("list", cls=Command, help="列出登记名录各版和识别批次")
def list_(
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,  # noqa: FBT002 — a flag
) -> None:
    """List versions and runs, newest first."""
    _start()
    from xiandao.domains.enterprises.queries import registers, runs
    from xiandao.domains.orgs.viewer import system

    viewer = system("register list")
    versions, done = list(registers.registers(viewer)), list(runs.runs(viewer))
    if json_:
        typer.echo(json.dumps({"registers": [_told(each) for each in versions]}, ensure_ascii=False, indent=1))
        return
    rows = [
        (str(each.number), each.title, str(each.get_state_display()), f"{each.as_of}", f"{each.rows:,}", each.source)
        for each in versions
    ]
    typer.echo(console.table(("版次", "名称", "状态", "截止日", "行数", "来源"), rows, shrink=(1, 5)))
    lines = [
        (str(each), str(each.get_state_display()), str(each.register.number), str(each.catalogue)) for each in done
    ]
    if lines:
        typer.echo(console.table(("批次", "状态", "名录版次", "产品目录"), lines))


Number = Annotated[int, typer.Argument(metavar="NUMBER", show_default=False, help="版次")]


@app.command("check", cls=Command, help="检查一个名录文件：读到什么、读不了什么；不载入，不需要数据库")
def check(
    file: File,
    findings: Annotated[
        str, typer.Option("--findings", metavar="CSV", help="把读不了的单元格和重复行写入这个文件")
    ] = "",
) -> None:
    """Read a file as `load` would and say what was found. Exit code 1 where something could not be read."""
    import tempfile

    from xiandao.cli.database import read_settings
    from xiandao.domains.industries.registers.errors import RegisterError
    from xiandao.domains.industries.registers.normal import write_normal
    from xiandao.domains.industries.registers.places import Places
    from xiandao.domains.industries.registers.reading import open_register

    read_settings()
    tell = _teller("已读") or (lambda _rows: None)
    try:
        opened = open_register(file)
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(findings) if findings else Path(folder) / "findings.csv"
            counts = write_normal(opened, Places(_table()), Path(folder) / "register.parquet", listed, tell)
    except RegisterError as error:
        console.fail(str(file), found=error.found, expected=error.expected, mend=error.mend)
    except OSError as error:
        console.fail(findings or str(file), found=console.reason(error), mend="检查权限和磁盘空间")
    _newline()
    rows = [(_LABELS[name], f"{value:,}") for name, value in counts.plain().items() if name in _LABELS]
    typer.echo(console.table(("项目", "数量"), rows))
    if opened.bad or counts.wrong_codes or counts.capital_unread or counts.dates_unread:
        raise typer.Exit(console.FAULTS)


_LABELS = {
    "rows": "可载入的行",
    "bad": "读不了的行",
    "duplicates": "重复的行",
    "codes": "信用代码有效",
    "legacy": "15位旧注册号",
    "wrong_codes": "代码有误",
    "without_code": "没有代码",
    "inside": "本省",
    "outside": "外省",
    "without_region": "地区没有识别",
    "region_partly": "地区识别到市",
    "capital_read": "注册资本读到",
    "capital_unread": "注册资本读不了",
    "capital_foreign": "注册资本为外币",
    "capital_without_unit": "注册资本没有写单位（按元读）",
    "dates_unread": "日期读不了",
    "patents_unread": "专利数读不了",
    "activity_unread": "行业代码读不了",
}


def _table() -> Any:
    """Return the table of places of the pack in the settings."""
    from django.conf import settings

    from xiandao.packs import PackError, load_pack

    homes = [Path(folder) / settings.PACK for folder in settings.PACK_DIRS]
    folder = next((home for home in homes if home.is_dir()), None)
    if folder is None:
        console.fail(f"政策包 {settings.PACK}", found="没有这个政策包", mend="核对环境变量 XIANDAO_PACK")
    try:
        return load_pack(folder).regions.table()
    except PackError as error:
        console.fail(str(folder), found=f"{len(error.faults)} 处错误", mend=f"运行 xiandao pack check {folder}")


@app.command("changes", cls=Command, help="一版名录与上一版相比的变化（按设区市）")
def changes(
    number: Number,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,  # noqa: FBT002 — a flag
) -> None:
    """Show what changed when a version was loaded, over all rows of the register."""
    _start()
    from xiandao.domains.enterprises.models import ChangeKind, RegisterVersion
    from xiandao.domains.enterprises.queries import registers
    from xiandao.domains.industries.registers.comparing import KINDS
    from xiandao.domains.orgs.viewer import system

    try:
        version = registers.register_by_number(system("register changes"), number)
    except RegisterVersion.DoesNotExist:
        console.fail(str(number), found="没有这一版名录", expected="xiandao register list 中的版次", mend="核对版次")
    if json_:
        typer.echo(json.dumps(_told(version), ensure_ascii=False, indent=1))
        return
    if not version.preview:
        typer.echo("这一版没有可以比较的上一版。")
        return
    heads = ("设区市", *(str(ChangeKind(kind).label) for kind in KINDS))
    totals = version.preview["totals"]
    rows = [("合计", *(f"{totals[kind]:,}" for kind in KINDS))]
    rows += [
        (line.label, *(f"{line.counts.get(kind, 0):,}" for kind in KINDS)) for line in registers.cities_of(version)
    ]
    typer.echo(console.table(heads, rows))


def _told(version: "RegisterVersion") -> dict[str, Any]:
    return {
        "number": version.number,
        "title": version.title,
        "state": str(version.state),
        "as_of": version.as_of.isoformat(),
        "rows": version.rows,
        "bad_rows": version.bad_rows,
        "sha256": version.sha256,
        "counts": version.counts,
        "changes": {key: value for key, value in version.preview.items() if key != "examples"},
    }
