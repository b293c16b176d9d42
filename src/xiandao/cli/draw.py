"""`xiandao draw`: commit to a seed, draw, record who cannot serve, and let anybody repeat it. Without a database."""

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from xiandao.engines.draw import Record

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

_SECRET_BYTES = 32
File = Annotated[
    str,
    typer.Argument(metavar="FILE", show_default=False, help="JSON 文件：pool、strata，可有 excluded、public_source"),
]
Secret = Annotated[
    str, typer.Option("--secret", metavar="FILE", help="存放种子的文件；默认在 FILE 旁，后缀 .secret.json")
]


@app.command("commit", cls=Command, help="生成种子并写入承诺值、名单摘要，此后名单不能再改")
def commit(
    file: File,
    secret: Secret = "",
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="自定的种子；默认随机生成")] = "",
) -> None:
    """Write commitment and hashes into the file, seed and nonce into another one that stays closed until the draw."""
    from xiandao.engines.draw import commit as commitment_of
    from xiandao.engines.draw import plan_from_json, plan_to_json
    from xiandao.kernel import InvalidValue

    given = _read(file)
    if "commitment" in given:
        console.fail(
            file, found="已有承诺值", expected="还没有承诺的文件", mend="名单改过就另存一份，删去 commitment 后重新承诺"
        )
    hidden = _secret_place(file, secret)
    if hidden.exists():
        console.fail(str(hidden), found="文件已存在", expected="新的文件名", mend="用 --secret 换一个文件名")
    seed = seed or secrets.token_hex(_SECRET_BYTES)
    nonce = secrets.token_hex(_SECRET_BYTES)
    try:
        plan = plan_from_json(given)
        shown = {"commitment": commitment_of(seed, nonce), "pool_hash": plan.pool_hash, "plan_hash": plan.plan_hash}
    except InvalidValue as error:
        _refuse(file, error)
    _write(hidden, {"seed": seed, "nonce": nonce})
    hidden.chmod(0o600)
    _write(Path(file), {**plan_to_json(plan), **shown})
    typer.echo(f"承诺值    {shown['commitment']}\n名单摘要  {shown['pool_hash']}\n方案摘要  {shown['plan_hash']}")
    typer.echo(f"请公布以上各值。种子在 {hidden}，抽取前不要给人看。", err=True)


@app.command("run", cls=Command, help="揭示种子，抽取并写下记录")
def run(
    file: File,
    secret: Secret = "",
    public: Annotated[str, typer.Option("--public", metavar="TEXT", help="方案约定的公开数，如某日开奖号码")] = "",
) -> None:
    """Draw from a file that was committed to; the record replaces it."""
    from xiandao.engines.draw import draw, plan_from_json, record_to_json
    from xiandao.kernel import InvalidValue

    given, hidden = _read(file), _secret_place(file, secret)
    if "drawn" in given:
        console.fail(file, found="已经抽取", expected="还没有抽取的文件", mend="查看结果用 xiandao draw replay")
    if "commitment" not in given:
        console.fail(file, found="没有承诺值", expected="先承诺、后抽取", mend="先运行 xiandao draw commit")
    opened = _read(str(hidden))
    try:
        plan = plan_from_json(given)
        if (given.get("pool_hash"), given.get("plan_hash")) != (plan.pool_hash, plan.plan_hash):
            mend = "恢复承诺时的名单，或删去 commitment 后重新承诺"
            console.fail(file, found="名单、排除或名额在承诺后改过", mend=mend, code=console.FAULTS)
        record = draw(
            plan,
            seed=str(opened.get("seed", "")),
            nonce=str(opened.get("nonce", "")),
            commitment=str(given["commitment"]),
            public=public,
        )
    except InvalidValue as error:
        _refuse(file, error)
    _write(Path(file), record_to_json(record))
    _show(record)


@app.command("decline", cls=Command, help="登记不能参加的人，由候补依次递补")
def decline(
    file: File,
    who: Annotated[str, typer.Argument(metavar="ID", show_default=False, help="不能参加的人的编号")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", show_default=False, help="理由")],
) -> None:
    """Record one more round of a draw."""
    from xiandao.engines.draw import decline as one_round
    from xiandao.engines.draw import record_to_json
    from xiandao.kernel import InvalidValue

    record = _verified(file)
    try:
        after = one_round(record, who, reason)
    except InvalidValue as error:
        _refuse(file, error)
    _write(Path(file), record_to_json(after))
    taken_by = after.events[-1].taken_by
    typer.echo(f"{who} 退出，" + (f"由 {taken_by} 递补。" if taken_by else "没有人递补。"))


@app.command("replay", cls=Command, help="由任何人重做一次抽取，核对名单")
def replay(file: File) -> None:
    """Repeat a draw; exit code 1 when the record does not follow from its seed and pool."""
    _show(_verified(file))
    typer.echo("核对无误：种子与承诺值相符，名单与摘要相符，结果可重现。", err=True)


def _verified(file: str) -> "Record":
    """Return the record in a file; leave with code 1 and every fault where it does not hold."""
    from xiandao.engines.draw import record_from_json, verify
    from xiandao.kernel import InvalidValue

    given = _read(file)
    if "drawn" not in given:
        console.fail(file, found="还没有抽取", expected="抽取记录", mend="先运行 xiandao draw run")
    try:
        record = record_from_json(given)
    except InvalidValue as error:
        _refuse(file, error)
    faults = verify(record)
    if faults:
        console.fail(
            file,
            found="记录不能重现：\n    " + "\n    ".join(faults),
            mend="以公布的承诺值和摘要为准",
            code=console.FAULTS,
        )
    return record


def _show(record: "Record") -> None:
    rows = []
    for name, ids in record.drawn.items():
        rows += [(name, "抽中" if key in record.names else "抽中后退出", key) for key in ids]
        rows += [(name, "递补" if key in record.names else "候补", key) for key in record.reserves[name]]
    typer.echo(console.table(("层", "结果", "编号"), rows))
    typer.echo("名单：" + "、".join(record.names))


def _read(file: str) -> dict[str, Any]:
    try:
        value = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except OSError as error:
        console.fail(file, found=f"读不了：{console.reason(error)}", expected="JSON 文件", mend="核对文件名和位置")
    except ValueError as error:
        console.fail(file, found=f"不是 JSON：{error}", expected="UTF-8 编码的 JSON 文件", mend="改正后重试")
    if not isinstance(value, dict):
        console.fail(file, found="最外层不是对象", expected="含 pool、strata 的 JSON 对象", mend="改正后重试")
    return value


def _write(target: Path, value: dict[str, Any]) -> None:
    console.write_file(target, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def _secret_place(file: str, secret: str) -> Path:
    return Path(secret) if secret else Path(file).with_suffix(".secret.json")


def _refuse(file: str, error: Exception) -> NoReturn:
    console.fail(file, found=str(error))
