"""`xiandao catalogue`: the versions of the product catalogue, out to Excel, back into a draft, compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from xiandao.domains.industries.models import CatalogueVersion

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
Code = Annotated[str, typer.Argument(metavar="VERSION", help="版本，如 2026.1；draft 为修订草案")]


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


def _find(code: str) -> "CatalogueVersion":
    """Return a version by its code or the open draft; exit with a message where there is none."""
    from xiandao.domains.industries.models import CatalogueVersion
    from xiandao.domains.industries.queries import catalogue as queries
    from xiandao.domains.orgs.viewer import system

    if code == "draft":
        draft = queries.open_draft()
        if draft is None:
            console.fail("draft", found="没有正在修订的草案", mend="在网页的“产品目录”中开始修订")
        return draft
    try:
        return queries.by_code(system("xiandao catalogue"), code)
    except CatalogueVersion.DoesNotExist:
        console.fail(code, found="没有这一版产品目录", mend="有哪些版本见 xiandao catalogue list")


@app.command("list", cls=Command, help="列出产品目录的各版本和草案")
def show() -> None:
    """Print code, state, origin, day and note of each version."""
    _start()
    from django.utils import timezone

    from xiandao.domains.industries.queries import catalogue as queries
    from xiandao.domains.orgs.viewer import system

    rows = [
        (
            row.code or ("draft" if row.state == "draft" else "—"),
            str(row.get_state_display()),
            str(row.get_origin_display()),
            timezone.localtime(row.published_at).strftime("%Y-%m-%d") if row.published_at else "—",
            row.note.partition("\n")[0],
        )
        for row in queries.versions(system("xiandao catalogue"))
    ]
    typer.echo(console.table(("版本", "状态", "来源", "发布", "说明"), rows, shrink=(4,)))


@app.command("export", cls=Command, help="把一版目录导出为 Excel")
def export(
    code: Code,
    out: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="写到哪个 .xlsx 文件")],
) -> None:
    """Write the workbook of a version."""
    _start()
    from xiandao.domains.industries.models import Industry
    from xiandao.domains.industries.queries.catalogue import content_of
    from xiandao.domains.industries.workbook.writing import workbook

    version = _find(code)
    content = content_of(version)
    names = {row.code: row.name for row in Industry.objects.all()}
    book = workbook(content, code=version.code or "草案", digest=content.digest, names=names)
    console.write_file(out, book)
    typer.echo(f"已写出 {out}：{len(content.products)} 个产品，{len(content.terms)} 个词条。")


@app.command("import", cls=Command, help="把 Excel 读入修订草案；没有草案就新开一份")
def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="从平台导出、改好的 .xlsx 文件")],
    check: Annotated[bool, typer.Option("--check", help="只列出会改什么，不保存")] = False,  # noqa: FBT002 — a flag
) -> None:
    """Read a workbook into the draft, whole or not at all; exit code 1 where it has faults."""
    _start()
    from django.db import transaction

    from xiandao.domains.industries.actions import drafts, excel
    from xiandao.domains.industries.queries import catalogue as queries
    from xiandao.domains.industries.queries.differences import groups
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system

    actor = system("xiandao catalogue import")
    if not file.is_file():
        console.fail(str(file), found="没有这个文件", mend="先用 xiandao catalogue export 导出，改好再读入")
    try:
        with transaction.atomic(), file.open("rb") as stream:
            draft = queries.open_draft() or drafts.start_draft(actor)
            reading = excel.check_workbook(actor, draft=draft, name=file.name, content=stream)
            if reading.faults:
                rows = [(f.sheet, str(f.row or ""), f.column, f.found, f.message) for f in reading.faults]
                typer.echo(console.table(("工作表", "行", "列", "写的是", "问题"), rows, shrink=(3, 4)))
                typer.echo(f"\n{file}：共 {len(rows)} 处错误，没有读入。", err=True)
                raise typer.Exit(console.FAULTS)
            changes = reading.changes
            for group in groups(reading.before, reading.after, changes):
                for line in group.lines:
                    typer.echo(f"{group.name}  {line.nature_label}{line.kind_label}  {line.text}")
            if check or not changes:
                transaction.set_rollback(True)
                typer.echo(f"会改动 {len(changes)} 处，没有保存。" if changes else "与草案内容相同，没有什么要保存的。")
                return
            excel.save_workbook(actor, pk=draft.pk, token=reading.token)
    except Refused as refused:
        console.fail(str(file), found=str(refused.reason))
    typer.echo(f"已读入草案，改动 {len(changes)} 处。发布在网页的“产品目录”中办理。")


@app.command("compare", cls=Command, help="列出两版目录的不同")
def compare(old: Code, new: Code) -> None:
    """Print what differs between two versions."""
    _start()
    from xiandao.domains.industries.content import diff
    from xiandao.domains.industries.queries.catalogue import content_of
    from xiandao.domains.industries.queries.differences import groups

    before, after = content_of(_find(old)), content_of(_find(new))
    changes = diff(before, after)
    rows = [
        (
            group.name,
            f"{line.nature_label}{line.kind_label}",
            line.where,
            line.text,
            "；".join(f"{name}：{a}→{b}" for name, a, b in line.details) or "、".join(line.words),
        )
        for group in groups(before, after, changes)
        for line in group.lines
    ]
    if rows:
        typer.echo(console.table(("产业", "改动", "位置", "对象", "内容"), rows, shrink=(2, 3, 4)))
    typer.echo(f"共 {len(changes)} 处不同。" if changes else "内容相同。")
