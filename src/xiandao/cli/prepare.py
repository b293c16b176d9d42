"""Makes an installation ready to serve: tables, policy pack, demonstration people. Does only what is missing."""

from contextlib import suppress
from pathlib import Path

import typer

from xiandao.cli import audit, console, database


def prepare(*, demo_data: bool = False) -> None:
    """Bring the database to the state the server expects. Fails with a reason where it cannot.

    With `demo_data` invented progress is loaded where the demonstration has none yet.
    """
    database.start_django()
    _check()
    if database.pending():
        typer.echo(f"正在建立或更新数据表（{database.database_label()}）……")
        database.migrate()
    _check(database=True)
    from django.conf import settings
    from django.db import connection

    fault = audit.catch_up() if settings.AUDIT_ANCHOR else ""
    if fault:
        typer.echo(f"提示：审计锚没有补写：{fault}", err=True)
    _load(settings.PACK, [Path(folder) for folder in settings.PACK_DIRS])
    if settings.DEMO_MODE:
        from xiandao.domains.orgs import actions
        from xiandao.domains.orgs.viewer import system

        made = actions.ensure_demo_people(system("run"))
        if made:
            typer.echo(f"已建立 {made} 个演示账号。")
        if demo_data:
            _invent()
    connection.close()


def _invent() -> None:
    """Load invented progress, entries, an invented register and its review, each unless there is one already."""
    from xiandao.cli.demo import (
        fill_applications,
        fill_firms,
        fill_ledger,
        fill_progress,
        fill_review,
        told,
        told_applications,
        told_firms,
        told_ledger,
        told_review,
    )
    from xiandao.domains.orgs.permission import Conflict, Refused

    with suppress(Conflict):
        typer.echo(told(fill_progress()))
    with suppress(Conflict):
        typer.echo(told_ledger(fill_ledger()))
    with suppress(Conflict):
        typer.echo(told_applications(fill_applications()))
    try:
        with suppress(Conflict):
            typer.echo(told_firms(fill_firms()))
        typer.echo(told_review(fill_review()))
    except Conflict:
        return
    except Refused as refusal:
        typer.echo(f"没有载入演示名录：{refusal.reason}", err=True)


def _check(*, database: bool = False) -> None:
    """Fail where a setting cannot be right, such as a map file that is not there.

    With `database` the data is looked at instead, such as demonstration people outside the demonstration.
    """
    from django.core.checks import Error, Tags, run_checks

    faults = run_checks(tags=[Tags.database], databases=["default"]) if database else run_checks()
    for fault in faults:
        if isinstance(fault, Error):
            console.fail("设置", found=fault.msg, mend=fault.hint or "更正设置后重新启动")


def _load(name: str, homes: list[Path]) -> None:
    """Load the pack of the settings unless this very version is in the database."""
    from xiandao.domains.orgs import actions
    from xiandao.domains.orgs.viewer import system
    from xiandao.packs import PackError, load_pack

    folder = next((home / name for home in homes if (home / name).is_dir()), None)
    if folder is None:
        console.fail(
            f"政策包 {name}", found="没有这个政策包", expected="PACK_DIRS 中的文件夹", mend="核对环境变量 XIANDAO_PACK"
        )
    try:
        pack = load_pack(folder)
    except PackError as error:
        found = f"{len(error.faults)} 处错误，第一处：{error.faults[0]}"
        console.fail(
            f"政策包 {folder}",
            found=found,
            expected="没有错误的政策包",
            mend=f"运行 xiandao pack check {folder}",
            code=console.FAULTS,
        )
    if actions.load_pack(system("run"), pack=pack):
        typer.echo(f"已载入 {pack.meta.title}。")
    else:
        _complete_duties()


def _complete_duties() -> None:
    """Make the duties of plans that were loaded by a release that did not keep them yet."""
    from django.utils import timezone

    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.progress.actions.assignments import sync_all

    sync_all(system("run"), now=timezone.now())


def accounts() -> str:
    """Return the table of demonstration accounts, "" outside demonstration mode."""
    from django.conf import settings

    if not settings.DEMO_MODE:
        return ""
    from django.db import connection

    from xiandao.domains.orgs.actions.demo import DEMO_PASSWORD
    from xiandao.domains.orgs.queries import demo_accounts

    rows = [
        (
            person.name,
            person.username,
            DEMO_PASSWORD,
            "；".join(f"{post.organisation.name}：{post.role.may}" for post in person.posts.all()),
        )
        for person in demo_accounts()
    ]
    connection.close()
    table = console.table(("姓名", "账号", "密码", "可以做什么"), rows, shrink=(3,))
    return f"{table}\n管理员账号首次登录须登记第二因素：手机上任何一款验证器（TOTP）扫描网页上的二维码即可。"
