"""`xiandao people`: the first administrators, and the way back in."""

from typing import Annotated

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
_SHAPE = "账号:姓名"


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


def _person(option: str, given: str) -> tuple[str, str]:
    """Return account and name of one administrator. Fails with exit code 2 where the option does not give both."""
    account, mark, name = given.replace("：", ":").partition(":")
    if not (mark and account.strip() and name.strip()):
        console.fail(option, found=f"“{given}”", expected=_SHAPE, mend=f"如 {option} zhang.san:张三")
    return account.strip(), name.strip()


@app.command("bootstrap", cls=Command, help="设立首批系统、安全、审计管理员（三个不同的人），打印一次性密码")
def bootstrap(
    system: Annotated[str, typer.Option(metavar=_SHAPE, help="系统管理员")],
    security: Annotated[str, typer.Option(metavar=_SHAPE, help="安全管理员")],
    audit: Annotated[str, typer.Option(metavar=_SHAPE, help="审计管理员")],
    organisation: Annotated[str, typer.Option(metavar="机构代码", help="所在机构，默认统筹协调单位")] = "",
) -> None:
    """Make the three first administrators and print their one-time passwords, once."""
    people = [_person(f"--{name}", given) for name, given in zip(_OPTIONS, (system, security, audit), strict=True)]
    _start()
    from xiandao.domains.orgs.actions import bootstrap_administrators
    from xiandao.domains.orgs.actions.bootstrap import FIRST
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system as system_viewer

    try:
        made = bootstrap_administrators(
            system_viewer("people bootstrap"), people=dict(zip(FIRST, people, strict=True)), organisation=organisation
        )
    except Refused as refusal:
        console.fail("首批管理员", found=str(refusal.reason), mend="改正后重试；一个账号也没有建立")
    rows = [(role.label, user.name, user.username, password) for user, role, password in made]
    typer.echo(console.table(("角色", "姓名", "账号", "一次性密码"), rows))
    typer.echo("密码只显示这一次。首次登录须修改密码，并登记第二因素（验证器或通行密钥）。")


_OPTIONS = ("system", "security", "audit")


@app.command("rescue", cls=Command, help="管理员无法登录时在服务器上恢复：新的一次性密码，清除第二因素和锁定")
def rescue(account: Annotated[str, typer.Argument(metavar="账号", help="管理员的账号")]) -> None:
    """Let an administrator back in and print a one-time password, once."""
    _start()
    from xiandao.domains.orgs import actions
    from xiandao.domains.orgs.models import User
    from xiandao.domains.orgs.permission import Refused
    from xiandao.domains.orgs.viewer import system

    try:
        password = actions.rescue(system("people rescue"), account=account)
    except User.DoesNotExist:
        console.fail(f"账号 {account}", found="没有这个账号", mend="核对账号")
    except Refused as refusal:
        console.fail(f"账号 {account}", found=str(refusal.reason), mend="没有作任何改动")
    typer.echo(f"{account} 的一次性密码：{password}")
    typer.echo("密码只显示这一次；已记入审计。登录后须修改密码，并重新登记第二因素。")
