"""`xiandao meeting`: make papers for the coordination mechanism as of any past moment and write them to a file."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from xiandao.domains.plans.models import Plan

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
_FORMS: Final = (".docx", ".pdf")


@app.callback()
def meeting() -> None:
    """Make `meeting` a group though it has one command today."""


@app.command("pack", cls=Command, help="编制协调会议材料：存入平台，并写成 Word 或 PDF")
def pack(
    plan: Annotated[str, typer.Option("--plan", metavar="CODE", show_default=False, help="方案代码")],
    out: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", show_default=False, help="写入的文件：.docx 或 .pdf")
    ],
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="数据截至：2026-06-30（当日24时）或 2026-06-30T09:30；默认现在",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Make the papers with the same action as the page and write them: both or neither."""
    target = Path(out)
    if target.suffix.lower() not in _FORMS:
        console.fail(out, found=f"后缀“{target.suffix}”", expected="、".join(_FORMS), mend="用 -o 指定 .docx 或 .pdf")
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()
    from django.db import transaction

    from xiandao.domains.inbox.packvalues import value
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.progress.actions.meetings import make_meeting_pack
    from xiandao.domains.progress.meeting import MeetingContent, meeting_document
    from xiandao.printing import official

    chosen, moment = _plan(plan), _moment(as_of)
    printer = official.pdf if target.suffix.lower() == ".pdf" else official.word
    with transaction.atomic():  # what cannot be printed or written is not kept either
        try:
            made = make_meeting_pack(system("xiandao meeting pack"), plan=chosen, as_of=moment)
            data = printer(meeting_document(MeetingContent.from_json(made.content), issuer=str(value("letter_issuer"))))
        except Refused as refusal:
            console.fail("编制会议材料", found=str(refusal.reason), mend="换一个时间或方案")
        except official.NoChineseFont as missing:
            console.fail("PDF", found=str(missing), mend="安装中文字体，或写成 .docx", code=console.FAULTS)
        console.write_file(target, data)
    typer.echo(f"已写入 {target}：{made.title}，内容指纹 {made.sha256}。", err=True)


def _plan(code: str) -> "Plan":
    """Return the plan with a code. Fails naming those there are."""
    from xiandao.domains.plans.models import Plan

    plans = {row.code: row for row in Plan.objects.for_system("an administrator at the machine")}
    if code not in plans:
        console.fail(
            f"--plan {code}", found="没有这个方案", expected="、".join(plans) or "先载入方案", mend="改正方案代码"
        )
    found: Plan = plans[code]
    return found


def _moment(text: str) -> dt.datetime | None:
    """Return the local moment typed: a day means its end, today means now. Fails where it cannot be read."""
    from django.utils import timezone

    if not text:
        return None
    try:
        given = dt.datetime.fromisoformat(text)
    except ValueError:
        console.fail(
            f"--as-of {text}", found="不是日期或时间", expected="2026-06-30 或 2026-06-30T09:30", mend="改正日期"
        )
    if given.tzinfo is not None:
        return given
    now = timezone.now()
    if len(text.strip()) > len("2026-06-30"):
        return timezone.make_aware(given)
    if given.date() == timezone.localdate(now):
        return None
    return timezone.make_aware(dt.datetime.combine(given.date(), dt.time(23, 59, 59)))
