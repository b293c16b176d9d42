"""六、需协调机制研究的事项: escalated problems, blocked duties, targets that are behind with the pace they need."""

from decimal import Decimal

from xiandao.domains.plans.models import Target
from xiandao.domains.progress.figures import Status
from xiandao.domains.progress.meeting.facts import SHOWN
from xiandao.domains.progress.meeting.model import Block, Column, Grid, Number, Section, Sentence, Words
from xiandao.domains.progress.meeting.paths import rows_path
from xiandao.domains.progress.meeting.pen import UNKNOWN, Pen, short_day, shown
from xiandao.domains.progress.meeting.sections.problems import shortened
from xiandao.domains.shared.format import goal


def matters(pen: Pen) -> Section:
    """Return the section; where nothing has to be dealt with it says so."""
    blocks = [*_escalated(pen), *_blocked(pen), *_behind(pen)]
    return Section("matters", "需协调机制研究的事项", tuple(blocks or [Sentence(("无。",))]))


def _escalated(pen: Pen) -> list[Block]:
    found = sorted((row for row in pen.facts.problems if row.escalated), key=lambda row: (row.escalated, row.code))
    if not found:
        return []
    rows = tuple(
        (
            (f"{row.code} {row.title}",),
            (pen.facts.body_name(row.raised_by),),
            (shortened(row.request) or "—",),
            (pen.facts.body_name(row.given or row.asked_of),),
            (short_day(row.escalated),),
        )
        for row in found[:SHOWN]
    )
    heads = (("难点堵点", 26), ("提出单位", 14), ("请求事项", 30), ("承办单位", 14), ("升级日期", 16))
    columns = tuple(Column(name, width=width) for name, width in heads)
    where = rows_path(pen.at, "problems", state="escalated")
    return [Grid("已升级至协调机制的难点堵点", columns, rows), *shown(len(found), SHOWN, where)]


def _blocked(pen: Pen) -> list[Block]:
    found = pen.facts.blocked
    if not found:
        return []
    rows = tuple(
        (
            (pen.facts.measure_name(row.measure),),
            (pen.facts.body_name(row.body),),
            (shortened(row.happened) or "—",),
        )
        for row in found[:SHOWN]
    )
    columns = (Column("任务", width=26), Column("单位", width=22), Column("报告的情况", width=52))
    period = pen.at.round.period if pen.at.round else ""
    where = rows_path(pen.at, "reports", round=period, standing="blocked")
    return [Grid("报告受阻的任务", columns, rows), *shown(len(found), SHOWN, where)]


def _behind(pen: Pen) -> list[Block]:
    found = [(target, pen.facts.statuses[target.pk]) for target in pen.facts.targets]
    behind = [(target, status) for target, status in found if status.behind]
    if not behind:
        return []
    columns = (
        Column("目标"),
        Column("目标值", align="center"),
        pen.told("behind_counted", "已认定", "计入本目标且未撤销的成果的数量之和，明细为本行目标的认定成果清单"),
        Column("进度判断", align="center"),
        pen.told("needed", "每月需增", "自数据截至日到目标期末，按期完成平均每月（365.2425÷12天）需要的增量"),
        pen.told("pace", "目前每月", "已有各填报期末累计已认定数之间，平均每月的增量；不足两期不填数"),
    )
    return [Grid("落后于进度的量化目标", columns, tuple(_target(pen, *row) for row in behind))]


def _target(pen: Pen, target: Target, status: Status) -> tuple[Words, ...]:
    attainment, key = status.attainment, target.key
    return (
        (target.name,),
        (f"{goal(target)}{target.unit}",),
        (pen.figure(f"behind_counted/{key}", status.counted, "behind_counted"),),
        (status.label,),
        _pace(key, "needed", attainment.pace_needed if attainment else None),
        _pace(key, "pace", attainment.pace if attainment else None),
    )


def _pace(key: str, column: str, value: float | None) -> Words:
    """Return a pace to two decimals; a dash where it cannot be told."""
    if value is None:
        return (UNKNOWN,)
    return (Number(f"{column}/{key}", f"{Decimal(str(value)):.2f}".rstrip("0").rstrip("."), "", column),)
