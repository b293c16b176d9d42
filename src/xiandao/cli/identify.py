"""`xiandao identify`: which enterprises of a register belong to which future industries; fit the model anew. No
Django.
"""

import json
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from xiandao.domains.industries.registers.errors import RegisterError
    from xiandao.domains.industries.registers.reading import Register
    from xiandao.engines.identify import Catalogue, Identifier
    from xiandao.packs import PolicyPack

ENGINES: Final = ("auto", "hyperscan", "automaton", "spark")


class _Identify(Group):
    """A group whose command may be left out: `xiandao identify REGISTER` is `xiandao identify run REGISTER`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_Identify, no_args_is_help=True, rich_markup_mode=None)

Chosen = Annotated[
    str,
    typer.Option(
        "--catalogue",
        "-c",
        metavar="VERSION|DIR",
        help="产品目录的版本（政策包的，或本机已发布的），或带目录的政策包文件夹",
    ),
]


@app.command("run", cls=Command, help="识别登记名录中的企业属于哪些未来产业（run 可以省略）")
def run(  # noqa: PLR0917 — typer passes options by name
    register: Annotated[
        str,
        typer.Argument(
            metavar="REGISTER", show_default=False, help="名录：.parquet、.csv 或 .xlsx，含企业名称和经营范围"
        ),
    ],
    out: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="结果文件（.parquet）")] = "",
    industry: Annotated[
        list[str] | None, typer.Option("--industry", "-i", metavar="CODE", help="只识别这一产业，可重复；默认全部")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", "-t", min=1, max=256, help="同时工作的线程数")] = 2,
    catalogue: Chosen = "",
    explain: Annotated[
        str, typer.Option("--explain", metavar="CODE", help="只看一家企业（统一社会信用代码或记录编号），说明依据")
    ] = "",
    engine: Annotated[str, typer.Option("--engine", metavar="ENGINE", help="、".join(ENGINES))] = "auto",
    master: Annotated[str, typer.Option("--master", metavar="URL", help="--engine spark 时的集群地址")] = "local[*]",
) -> None:
    """Identify a register and write the result, or explain one enterprise."""
    from xiandao.domains.industries.registers.errors import RegisterError

    if engine not in ENGINES:
        console.fail(f"--engine {engine}", found="没有这个引擎", expected="、".join(ENGINES), mend="从中选一个")
    if not explain:
        _check_out(register, out)
    try:
        pack, terms = _chosen(catalogue)
        identifier = _identifier(pack, terms, tuple(industry or ()), engine)
        opened = _open(register)
        if explain:
            _explain(opened, identifier, pack, explain)
        elif engine == "spark":
            _on_spark(opened, identifier, Path(out), master)
        else:
            _here(opened, identifier, Path(out), threads)
    except RegisterError as error:
        _fail(register, error)


@app.command("fit", cls=Command, help="用标注数据重新拟合识别模型")
def fit(
    labels: Annotated[str, typer.Argument(metavar="LABELS", show_default=False, help="标注：每行一个 JSON 对象")],
    out: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="写入的模型文件（.json）")] = "model.json",
    catalogue: Chosen = "",
    seed: Annotated[int, typer.Option("--seed", help="交叉验证分组的随机种子")] = 0,
) -> None:
    """Fit the model and print its cross-validated scores."""
    from xiandao.domains.industries.registers.errors import RegisterError
    from xiandao.domains.industries.registers.labels import fit_labels, read_labels
    from xiandao.engines.identify import Identifier
    from xiandao.engines.identify.fit import TooFewLabelsError

    pack, terms = _chosen(catalogue)
    try:
        labelled = read_labels(Path(labels), terms.industries)
        model = fit_labels(Identifier(terms, None), labelled, date=f"{datetime.now(UTC):%Y-%m-%d}", seed=seed)
    except RegisterError as error:
        _fail(labels, error)
    except TooFewLabelsError as error:
        console.fail(labels, found=f"标注太少：{error}", expected="各种角色都有标注", mend="补充标注后再拟合")
    console.write_file(Path(out), (json.dumps(model.to_json(), ensure_ascii=False, indent=1) + "\n").encode())
    names = {each.code: each.name for each in pack.industries.industries}
    rows = [
        (names.get(code, code), *(f"{row[key]:.3f}" for key in ("precision", "recall", "f1")), str(row["positives"]))
        for code, row in model.card["by_industry"].items()
    ]
    total = model.card["cross_validated"]
    rows.append(("合计", *(f"{total[key]:.3f}" for key in ("precision", "recall", "f1")), str(total["positives"])))
    typer.echo(console.table(("产业", "查准率", "查全率", "F1", "正例"), rows))
    typer.echo(
        f"已写入 {out}：交叉验证校准误差 {model.card['calibration_error']:.3f}，采纳线 {model.accept}。", err=True
    )


def _check_out(register: str, out: str) -> None:
    """Fail where the result cannot be written, before the work is done."""
    target = Path(out)
    if not out:
        console.fail(
            "-o", found="没有指定结果文件", expected="-o OUT.parquet", mend="补上 -o，或用 --explain 只看一家企业"
        )
    if target.is_dir() or target.suffix.lower() != ".parquet":
        console.fail(out, found="不是 .parquet 文件名", expected="如 结果.parquet", mend="换一个文件名")
    if not target.parent.is_dir():
        console.fail(
            out, found=f"没有文件夹 {target.parent}", expected="已有的文件夹", mend="先建立文件夹，或换一个位置"
        )
    if target.exists() and Path(register).exists() and target.samefile(register):
        console.fail(out, found="结果文件就是名录文件", expected="另一个文件", mend="用 -o 换一个文件名")


def _chosen(chosen: str) -> "tuple[PolicyPack, Catalogue]":
    """Return the pack and the catalogue chosen: a pack's, else one published in this machine's database."""
    from xiandao.packs import PackError
    from xiandao.packs.catalogue import engine_catalogue

    if chosen and not Path(chosen).is_dir() and chosen not in _shipped():
        found = _published(chosen)
        if found is not None:
            return found
    pack = _pack(chosen)
    try:
        return pack, engine_catalogue(pack)
    except PackError as error:
        fault = error.faults[0]
        console.fail(fault.file, found=fault.found, expected=fault.expected, mend=fault.mend)


def _shipped() -> list[str]:
    """Return the versions of the catalogues of the packs shipped, read from their headers alone."""
    from xiandao.packs import packs_dir

    headers = [file.read_text(encoding="utf-8") for file in packs_dir().glob("*/catalogue/catalogue.yaml")]
    found = (re.search(r"^version:\s*['\"]?([^\s'\"#]+)", text, re.MULTILINE) for text in headers)
    return [match[1] for match in found if match is not None]


def _pack(chosen: str) -> "PolicyPack":
    """Return the pack with the catalogue chosen: a folder, a version of the packs shipped, or the first that has
    one.
    """
    from xiandao.packs import PackError, load_pack, packs_dir

    folders = (
        [Path(chosen)]
        if chosen and Path(chosen).is_dir()
        else sorted(file.parent.parent for file in packs_dir().glob("*/catalogue/catalogue.yaml"))
    )
    versions = []
    for folder in folders:
        try:
            pack = load_pack(folder)
        except PackError as error:
            mend = f"运行 xiandao pack check {folder} 查看全部错误"
            console.fail(str(folder), found=f"{len(error.faults)} 处错误", expected="没有错误的政策包", mend=mend)
        versions.append((pack.catalogue_header.version if pack.catalogue_header else "", pack))
    fitting = [pack for version, pack in versions if version and (chosen in {"", version} or Path(chosen).is_dir())]
    if not fitting:
        known = "、".join(version for version, _ in versions if version) or "无"
        console.fail(
            f"--catalogue {chosen}",
            found="没有这一版产品目录",
            expected=f"政策包中的版本（{known}），或本机数据库中已发布的版本",
            mend="从中选一个",
        )
    return fitting[0]


def _published(chosen: str) -> "tuple[PolicyPack, Catalogue] | None":
    """Return the pack in use and a version of the catalogue published in this machine's database; None where there is
    no database, or none of that code. A database that does not answer is no fault: the pack's own versions do.
    """
    if not chosen or Path(chosen).is_dir():
        return None
    from xiandao.cli.database import choose_settings

    choose_settings()
    try:
        import django

        django.setup()
        from django.db import connection

        if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).is_file():
            return None  # asking would make an empty one
        from xiandao.domains.enterprises.pack import current_pack
        from xiandao.domains.industries.queries import catalogue
        from xiandao.domains.orgs.viewer import system

        version = catalogue.by_code(system("identify"), chosen)
        return current_pack(), catalogue.engine_catalogue(version)
    except Exception:  # noqa: BLE001 — whatever keeps the product or its database from answering, a pack will do
        return None


def _identifier(pack: "PolicyPack", terms: "Catalogue", industries: tuple[str, ...], engine: str) -> "Identifier":
    from xiandao.engines.identify import Identifier
    from xiandao.packs import PackError
    from xiandao.packs.catalogue import MODEL, load_model

    try:
        model = load_model(pack.path / MODEL)
    except PackError as error:
        fault = error.faults[0]
        console.fail(fault.file, found=fault.found, expected=fault.expected, mend=fault.mend)
    unknown = [code for code in industries if code not in terms.industries]
    if unknown:
        known = "、".join(terms.industries)
        console.fail(f"--industry {unknown[0]}", found="目录中没有这个产业", expected=known, mend="从中选一个")
    scanner: Any = "auto" if engine == "spark" else engine
    try:
        return Identifier(terms, model, industries=industries, engine=scanner)
    except RuntimeError as error:
        console.fail(f"--engine {engine}", found=str(error), expected="auto 或 automaton", mend="换一个引擎")


def _open(path: str) -> "Register":
    from xiandao.domains.industries.registers.reading import open_register

    return open_register(Path(path))


def _here(register: "Register", identifier: "Identifier", out: Path, threads: int) -> None:
    from xiandao.domains.industries.registers.running import identify_register

    total = f" / {register.rows:,}" if register.rows is not None else ""
    terminal = typer.get_text_stream("stderr").isatty()

    def progress(rows: int) -> None:
        if terminal:
            typer.echo(f"\r已读 {rows:,}{total} 行", nl=False, err=True)

    try:
        done = identify_register(register, identifier, out, threads=threads, progress=progress)
    except OSError as error:
        console.fail(
            str(out), found=f"无法写入（{console.reason(error)}）", expected="可写的位置", mend="检查权限和磁盘空间"
        )
    if terminal:
        typer.echo("", err=True)
    found = f"{done.pairs:,} 条企业—产业记录，其中 {done.counted:,} 条计入（{done.enterprises:,} 家企业）"
    typer.echo(f"已写入 {out}：{done.rows:,} 行，{found}。", err=True)
    if done.bad_file is not None:
        typer.echo(f"有 {done.bad:,} 行读不了，另存于 {done.bad_file}。", err=True)
        raise typer.Exit(console.FAULTS)


def _on_spark(register: "Register", identifier: "Identifier", out: Path, master: str) -> None:
    from xiandao.domains.industries.registers.running import metadata, write, write_bad
    from xiandao.domains.industries.registers.spark import identify_on_spark, session

    spark = session(master)
    try:
        with tempfile.TemporaryDirectory(dir=out.resolve().parent, prefix=".xiandao-") as work:
            table = identify_on_spark(spark, register, identifier, Path(work))
    finally:
        spark.stop()
    pairs, counted, enterprises = write(table.to_batches(), out, metadata(identifier))
    typer.echo(
        f"已写入 {out}：{pairs:,} 条企业—产业记录，其中 {counted:,} 条计入（{enterprises:,} 家企业）。", err=True
    )
    bad = write_bad(register.bad, out)
    if bad is not None:
        typer.echo(f"有 {len(register.bad):,} 行读不了，另存于 {bad}。", err=True)
        raise typer.Exit(console.FAULTS)


def _explain(register: "Register", identifier: "Identifier", pack: "PolicyPack", code: str) -> None:
    """Print why one enterprise was identified as it was."""
    from xiandao.domains.industries.registers.explaining import explain, find

    found = find(register, code)
    if found is None:
        console.fail(code, found="名录中没有这家企业", expected="名录中的统一社会信用代码或记录编号", mend="核对代码")
    typer.echo(explain(found, identifier, pack))


def _fail(what: str, error: "RegisterError") -> None:
    console.fail(what, found=error.found, expected=error.expected, mend=error.mend)
