"""`xiandao demo`: invented progress to look at, and the end of the demonstration."""

from collections.abc import Callable
from typing import Annotated

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


@app.command(
    "fill",
    cls=Command,
    help="载入演示数据：虚构的填报期、成果、难点堵点，虚构的登记名录、识别结果、复核和台账（逐条注明“演示”，可整体移除）",
)
def fill(
    rounds: Annotated[int, typer.Option(metavar="N", help="季度数", min=1, max=12)] = 6,
    claims: Annotated[int, typer.Option(metavar="N", help="成果数，0 为按各目标进度", min=0, max=200_000)] = 0,
) -> None:
    """Invent progress on the main plan and a register of enterprises, each where there is none yet."""
    _start()
    from xiandao.domains.orgs.permission import Conflict, Refused

    refusals = []
    makers: tuple[tuple[str, Callable[[], str]], ...] = (
        ("演示进展", lambda: told(fill_progress(rounds=rounds, claims=claims or None))),
        ("演示名录", lambda: told_firms(fill_firms())),
        ("演示复核", lambda: told_review(fill_review())),
        ("演示台账", lambda: told_ledger(fill_ledger())),
    )
    for what, make in makers:
        try:
            typer.echo(make())
        except Conflict as refusal:
            refusals.append((what, str(refusal.reason)))
        except Refused as refusal:
            console.fail(what, found=str(refusal.reason), mend="没有作任何改动")
    if len(refusals) == len(makers):
        console.fail(refusals[0][0], found="".join(reason for _what, reason in refusals), mend="没有作任何改动")
    for what, reason in refusals:
        typer.echo(f"{what}：{reason}")


def fill_progress(*, rounds: int = 6, claims: int | None = None) -> dict[str, int]:
    """Invent progress on the main plan and return how much of what. Raises Refused where there is some already."""
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.plans.models import Plan
    from xiandao.domains.progress.demo import Scale, fill_demo

    plan = Plan.objects.for_system("the main plan").order_by("order").first()
    return fill_demo(system("demo fill"), plan=plan, scale=Scale(rounds=rounds, claims=claims))


def told(made: dict[str, int]) -> str:
    """Return what was invented as a sentence."""
    return "已载入演示进展：填报期 {rounds} 个、进展 {reports} 份、成果 {claims} 项、难点堵点 {problems} 件。".format(
        **made
    )


def fill_firms() -> dict[str, int]:
    """Load and identify the invented register; return how much of what. Raises Refused where there is one already."""
    from xiandao.domains.enterprises.demo import fill_demo
    from xiandao.domains.orgs.viewer import system

    return fill_demo(system("demo fill"))


def told_firms(made: dict[str, int]) -> str:
    """Return what was loaded as a sentence."""
    return "已载入演示名录 {registers} 版并识别：企业 {enterprises} 家、识别结果 {results} 条。".format(**made)


def fill_review() -> dict[str, int]:
    """Invent a review of the invented register; return how much of what. Raises Refused where there is one already."""
    from xiandao.domains.labelling.demo import fill_demo
    from xiandao.domains.orgs.viewer import system

    return fill_demo(system("demo fill"))


def told_review(made: dict[str, int]) -> str:
    """Return what was invented as a sentence."""
    return "已载入演示复核：批次 {samples} 个、标注 {labels} 条、企业异议 {objections} 件。".format(**made)


def fill_ledger() -> dict[str, int]:
    """Invent entries of the ledger; return how many. Raises Refused where there are some already."""
    from xiandao.domains.ledger.demo import fill_demo
    from xiandao.domains.orgs.viewer import system

    return fill_demo(system("demo fill"))


def told_ledger(made: dict[str, int]) -> str:
    """Return what was invented as a sentence."""
    return "已载入演示台账 {entries} 条。".format(**made)


def fill_applications() -> dict[str, int]:
    """Invent calls, needs and applications; return how many. Raises Conflict where there are calls already."""
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.programmes.demo import fill_demo

    return fill_demo(system("demo fill"))


def told_applications(made: dict[str, int]) -> str:
    """Return what was invented as a sentence."""
    return "已载入演示申报通知 {calls} 份、榜单需求 {needs} 项、申报 {applications} 份。".format(**made)


@app.command("remove", cls=Command, help="移除演示账号、演示机构和演示数据")
def remove() -> None:
    """Remove demonstration people and bodies with what is marked as demonstration elsewhere."""
    _start()
    from django.conf import settings

    from xiandao.domains.orgs.actions import remove_demo_people
    from xiandao.domains.orgs.viewer import system

    done = remove_demo_people(system("demo remove"))
    typer.echo(f"已删除演示账号 {done.people} 个、演示机构 {done.bodies} 个。")
    if done.people_closed or done.bodies_closed:
        kept = f"账号 {done.people_closed} 个、机构 {done.bodies_closed} 个"
        typer.echo(f"另有{kept}被业务记录引用，已停用：不能登录，不能再设岗位。")
    if settings.DEMO_MODE:
        typer.echo("提示：当前是演示方式，下次 xiandao run 会重新建立演示账号；正式使用请换用正式设置。")
