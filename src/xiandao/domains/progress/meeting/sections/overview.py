"""一、总体情况: the round in force, and every target with what was claimed, verified and counted."""

from collections import Counter
from decimal import Decimal

from django.utils.translation import gettext as _

from xiandao.domains.plans.models import Target
from xiandao.domains.progress.figures import STATE_WORDS, Status
from xiandao.domains.progress.meeting.model import (
    Block,
    Column,
    Grid,
    KeyNumbers,
    Number,
    Remark,
    Section,
    Sentence,
    Words,
)
from xiandao.domains.progress.meeting.paths import plan_path
from xiandao.domains.progress.meeting.pen import Pen, day_text
from xiandao.domains.progress.models import Standing
from xiandao.domains.shared.format import goal, number
from xiandao.engines.attainment import State

_ROUNDED_FROM = 10
"""Projections of at least so much are printed as whole numbers, smaller ones with one decimal."""


def overview(pen: Pen) -> Section:
    """Return the section: reports of the round in words, targets in words and in a table."""
    blocks: list[Block] = [_plan(pen)]
    if pen.at.before_plan:
        blocks.append(Remark("所选时点早于方案录入平台的时间，任务和目标按最早录入的版本列示。"))
    blocks += _round(pen)
    if pen.facts.targets:
        blocks += [_states(pen), _targets(pen), _remark(pen)]
    return Section("overview", "总体情况", tuple(blocks))


def _plan(pen: Pen) -> Sentence:
    facts, where = pen.facts, plan_path(pen.at)
    version = f"方案第{pen.at.version.number}版"
    actions = pen.fact("plan/actions", facts.actions, f"{version}所列行动", where, unit="项")
    measures = pen.fact("plan/measures", len(facts.measures), f"{version}所列任务", where, unit="项")
    targets = pen.fact("plan/targets", len(facts.targets), f"{version}所列量化目标", where, unit="个")
    return Sentence(("截至", pen.stamp, "，方案共", actions, "行动、", measures, "任务、", targets, "量化目标。"))


def _round(pen: Pen) -> list[Block]:
    found, counts = pen.at.round, pen.facts.whole
    if found is None:
        return [Sentence(("当时尚未开启填报期，没有进展报告。",))]
    which = f"{found.label}填报期"
    here = {"round": found.period}
    due = pen.count("reports/due", counts.due, f"{which}应报的进展报告", "reports", unit="份", **here)
    spoken = pen.count(
        "reports/spoken",
        counts.spoken,
        f"{which}已提交的进展报告，含已核实",
        "reports",
        unit="份",
        **here,
        state="spoken",
    )
    verified = pen.count(
        "reports/verified", counts.verified, f"{which}已核实的进展报告", "reports", unit="份", **here, state="verified"
    )
    late = pen.count(
        "reports/late",
        counts.late,
        "各填报期截止日已过、尚未提交或退回未再报的进展报告",
        "reports",
        unit="份",
        state="late",
    )
    words: Words = (
        f"{which}截止日为{day_text(found.due_on)}，应报", due, "，已提交", spoken, "，其中已核实", verified,
        "；连同以前各期，逾期未报", late, "。",
    )  # fmt: skip
    items = (("应报", due), ("已提交", spoken), ("已核实", verified), ("逾期未报", late))
    return [KeyNumbers(items), Sentence(words), *_standings(pen, which, here)]


def _standings(pen: Pen, which: str, here: dict[str, str]) -> list[Block]:
    """Return the sentence on how the work stands in the reporters' words; none where nobody has reported."""
    counts = pen.facts.whole
    if not counts.spoken:
        return [Sentence(("尚无单位提交进展报告，各任务进展未知。",))]
    words: list[str | Number] = ["已提交的报告中"]
    for standing in (Standing.ON_TRACK, Standing.DONE, Standing.AT_RISK, Standing.BLOCKED):
        n = counts.standings.get(standing.value, 0)
        if n:
            what = f"{which}已提交且自评为“{standing.label}”的进展报告"
            key = f"reports/standing/{standing.value}"
            words += [
                "，" if len(words) > 1 else "",
                f"{standing.label}",
                pen.count(key, n, what, "reports", unit="份", **here, standing=standing.value),
            ]
    return [Sentence((*(word for word in words if word), "。"))] if len(words) > 1 else []


def _states(pen: Pen) -> Sentence:
    found = Counter(pen.facts.statuses[target.pk].state for target in pen.facts.targets)
    words: list[str | Number] = ["量化目标中"]
    for state in State:
        if found[state]:
            label = str(STATE_WORDS[state])
            what = f"进度判断为“{label}”的量化目标（判断口径见表下说明）"
            url = plan_path(pen.at)
            words += [
                "、" if len(words) > 1 else "",
                label,
                pen.fact(f"targets/state/{state.value}", found[state], what, url, unit="个"),
            ]
    return Sentence((*(word for word in words if word), "。"))


def _targets(pen: Pen) -> Grid:
    columns = (
        Column("目标", width=24),
        Column("目标值", align="center", width=13),
        pen.told(
            "claimed",
            "已申报",
            "已提交、未撤回也未被否决的申报成果的数量之和，按目标归集，明细为本行目标的申报成果清单",
            width=11,
        ),
        pen.told(
            "verified", "已核实", "经牵头部门核实且附有佐证的申报成果的数量之和，明细为本行目标的核实成果清单", width=11
        ),
        pen.told(
            "counted",
            "已认定",
            "计入本目标且未撤销的成果的数量之和，同一成果只计一次，明细为本行目标的认定成果清单",
            width=11,
        ),
        Column("进度判断", width=18),
        pen.told(
            "projected",
            "期末预计",
            "按各填报期末累计已认定数作线性外推至目标期末，括号内为80%预测区间；不足四期不作预测",
            width=17,
        ),
    )
    return Grid("量化目标进度", columns, tuple(_target(pen, target) for target in pen.facts.targets))


def _target(pen: Pen, target: Target) -> tuple[Words, ...]:
    status, tally = pen.facts.statuses[target.pk], pen.facts.tallies[target.pk]
    key = target.key
    return (
        (f"{target.name}",),
        (f"{goal(target)}{target.unit}",),
        (pen.figure(f"claimed/{key}", tally.claimed, "claimed"),),
        (pen.figure(f"verified/{key}", tally.verified, "verified"),),
        (pen.figure(f"counted/{key}", tally.counted, "counted"),),
        (_verdict(status),),
        _projected(key, status),
    )


def _verdict(status: Status) -> str:
    """Return the state in words; with the share reached where it is known, also beyond the whole."""
    if status.share is None:
        return status.label
    over = _("，已超过目标值") if status.attainment and status.attainment.over else ""
    return f"{status.label}（{Decimal(str(status.share)):.0%}{over}）"


def _projected(key: str, status: Status) -> Words:
    found = status.attainment.projection if status.attainment else None
    if found is None:
        return ("—",)
    low, high = found.interval80
    return (Number(f"projected/{key}", _rounded(found.value), "", "projected"), f"（{_plain(low)}—{_plain(high)}）")


def _rounded(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= _ROUNDED_FROM else f"{value:.1f}".removesuffix(".0")


def _plain(value: float) -> str:
    return number(Decimal(_rounded(value)))


def _remark(pen: Pen) -> Remark:
    share = number(Decimal(pen.facts.tolerance) * 100)
    return Remark(
        f"进度判断：已认定数（有登记基数的加基数）与当日进度安排相比，没有进度安排的按直线；低于进度不超过起点到目标值之差的{share}%为"
        "“略低于进度”。括号内为已认定数占目标值的比例。目标值、已认定数未知或没有登记基数的，为“未知”。"
    )
