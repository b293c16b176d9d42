"""`xiandao plan`: compile the text of a plan, without Django."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from xiandao.engines.breakdown import Breakdown
    from xiandao.engines.policytext import PlanDocument
    from xiandao.packs import PlanDoc

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

FORMATS: Final = ("json", "yaml", "table", "xlsx", "docx")
_BY_SUFFIX: Final = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".txt": "table",
}
_OFFICE: Final = ("xlsx", "docx")
_STREAM: Final = "-"
_FOLDED: Final = (1, 2, 3, 4, 5)


@app.callback()
def plan() -> None:
    """Make `plan` a group though it has one command today."""


@app.command("compile", cls=Command, help="把方案文本编译成结构化数据或任务分解表")
def compile_plan(
    file: Annotated[
        str, typer.Argument(metavar="FILE", show_default=False, help="方案全文：.txt 或 .docx；- 为标准输入")
    ],
    form: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{'、'.join(FORMATS)}；默认看 -o 的后缀，否则 json")
    ] = "",
    out: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="写入的文件；- 为标准输出")] = "",
) -> None:
    """Compile a plan and print it, or write it to a file."""
    chosen = _format(form, out)
    document = _compile(file)
    data = _render(document, chosen, file)
    if out == _STREAM or (not out and chosen not in _OFFICE):
        console.show_bytes(data)
        return
    target = Path(out) if out else _default_name(file, chosen)
    if file != _STREAM and target.exists() and Path(file).samefile(target):
        console.fail(out, found="输出文件就是方案文件", expected="另一个文件", mend="用 -o 换一个文件名")
    console.write_file(target, data)
    measures = sum(1 for _ in document.measures())
    targets = sum(1 for _ in document.targets())
    typer.echo(f"已写入 {target}：{len(document.actions)} 项行动、{measures} 项任务、{targets} 个量化目标。", err=True)


def _format(form: str, out: str) -> str:
    wanted = form.lower() or _BY_SUFFIX.get(Path(out).suffix.lower(), "json")
    if wanted not in FORMATS:
        console.fail(f"--format {form}", found=f"不认识的格式“{form}”", expected="、".join(FORMATS), mend="从中选一个")
    return wanted


def _default_name(file: str, form: str) -> Path:
    source = Path("方案.txt") if file == _STREAM else Path(file)
    return console.free_name(source.with_name(f"{source.stem}-任务分解表.{form}"))


def _read(file: str) -> bytes:
    """Return the bytes of the file, no more than one past the limit of the reader."""
    from xiandao.packs.printing.incoming import EXPECTED, MAX_BYTES

    try:
        if file == _STREAM:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(file).open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except OSError as error:
        mend = "核对文件名和位置；文件名含空格时加引号" if isinstance(error, FileNotFoundError) else "检查路径和权限"
        console.fail(file, found=f"读不了：{console.reason(error)}", expected=EXPECTED, mend=mend)


def _compile(file: str) -> "PlanDocument":
    from xiandao.engines.policytext import NotAPlan, compile_text
    from xiandao.packs.printing.incoming import Unreadable, read_policy_text

    label = "标准输入" if file == _STREAM else file
    try:
        text = read_policy_text(_read(file)).text
        return compile_text(text, name=label)
    except Unreadable as error:
        console.fail(label, found=error.found, expected=error.expected, mend=error.mend)
    except NotAPlan as error:
        console.fail(label, found=error.reason, expected="行动方案、实施意见、若干措施一类公文的全文", mend=error.mend)


def _render(document: "PlanDocument", form: str, file: str) -> bytes:
    """Return the plan in the format asked for."""
    if form == "json":
        import json

        from xiandao.engines.policytext import to_schema

        return (json.dumps(to_schema(document), ensure_ascii=False, indent=1) + "\n").encode()
    if form == "yaml":
        return _yaml(document, file)
    from xiandao.engines.breakdown import build, from_document

    breakdown = build(from_document(document))
    if form == "table":
        return _table(breakdown).encode()
    from xiandao.packs.printing import breakdown_docx, breakdown_xlsx

    return breakdown_xlsx(breakdown) if form == "xlsx" else breakdown_docx(breakdown)


def _yaml(document: "PlanDocument", file: str) -> bytes:
    """Return the plan as the plan.yaml of a pack, to be reviewed."""
    from xiandao.engines.policytext import to_schema
    from xiandao.packs import PackError, dump_record, plan_doc_from_compiled

    try:
        plan_doc: PlanDoc = plan_doc_from_compiled(to_schema(document), document.text)
    except PackError as error:
        console.fail(
            file, found=str(error), expected="可写成 plan.yaml 的方案", mend="改用 --format json，并报告这一方案"
        )
    head = "# 由 xiandao plan compile 自动提取，未经核对。code 待改；逐项核对后把 reviewed 写为 true。\n"
    return (head + dump_record(plan_doc)).encode()


def _table(breakdown: "Breakdown") -> str:
    """Return the breakdown for a terminal."""
    from xiandao.engines.breakdown import HEADERS

    parts = [breakdown.title, breakdown.number or "", *breakdown.notes]
    text = "\n".join(part for part in parts if part)
    text += "\n\n" + console.table(HEADERS, [row.cells() for row in breakdown.rows], shrink=_FOLDED)
    if breakdown.headline:
        rows = [(str(number), line, due) for number, (line, due) in enumerate(breakdown.headline, start=1)]
        text += "\n\n" + console.table(("序号", "总体目标", "完成时限"), rows, shrink=(1,))
    return text + "\n"
