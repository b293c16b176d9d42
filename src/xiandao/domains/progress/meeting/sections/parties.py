"""四、分部门情况 and 五、分设区市情况: a line each, however little or much there is."""

from collections import Counter
from typing import Any

from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.progress.meeting.facts import Counts, unknown_city
from xiandao.domains.progress.meeting.model import Block, Column, Grid, Remark, Section, Sentence, Words
from xiandao.domains.progress.meeting.pen import UNKNOWN_REMARK, Pen
from xiandao.domains.progress.models import AssignmentRole, ReportEvent, Standing
from xiandao.engines.attainment import State


def by_department(pen: Pen) -> Section:
    """Return the section of the bodies of the plan's own level."""
    bodies = pen.facts.departments
    if not bodies:
        return Section("departments", "分部门情况", (Sentence(("当时没有部门承担责任项。",)),))
    held = Counter(row.holder for row in pen.facts.problems)
    columns = (Column("部门", width=25), *_columns(pen, "departments", "organisation"), *_department_columns(pen))
    rows = tuple(_department(pen, body, held[body.pk]) for body in bodies)
    return Section(
        "departments", "分部门情况", (Grid("省级部门承担任务和进展情况", columns, rows), Remark(UNKNOWN_REMARK))
    )


def _columns(pen: Pen, table: str, by: str) -> tuple[Column, ...]:
    """Return the columns both tables share: duties and reports of the round in force."""
    found = pen.at.round
    which, period = (f"{found.label}填报期", found.period) if found else ("填报期", "")
    here: dict[str, Any] = {"by": by, "round": period}
    duties = (
        ("duties_lead", "牵头", "牵头的责任项", {"role": AssignmentRole.LEAD.value})
        if by == "organisation"
        else ("duties", "责任项", "市、县单位承担的责任项", {})
    )
    name, label, what, filters = duties
    return (
        pen.column(f"{table}/{name}", label, f"当时有效的{what}", "duties", by=by, width=11, **filters),
        pen.column(f"{table}/due", "应报", f"{which}应报的进展报告", "reports", **here, width=9),
        pen.column(
            f"{table}/spoken", "已报", f"{which}已提交的进展报告，含已核实", "reports", **here, width=9, state="spoken"
        ),
        pen.column(
            f"{table}/verified", "已核实", f"{which}已核实的进展报告", "reports", **here, width=11, state="verified"
        ),
        pen.column(f"{table}/late", "逾期", "各填报期逾期未报的进展报告", "reports", by=by, width=9, state="late"),
        pen.column(
            f"{table}/blocked",
            "受阻",
            f"{which}已提交且自评为“受阻”的进展报告",
            "reports",
            **here,
            width=9,
            standing="blocked",
        ),
    )


def _counts(pen: Pen, table: str, line: str, counts: Counts, **mine: str) -> tuple[Words, ...]:
    here = {**mine, "round": pen.at.round.period if pen.at.round else ""}
    return (
        pen.cell(f"{table}/due", line, counts.due, "reports", **here),
        pen.cell(f"{table}/spoken", line, counts.spoken, "reports", **here, state="spoken"),
        pen.cell(f"{table}/verified", line, counts.verified, "reports", **here, state="verified"),
        pen.cell(f"{table}/late", line, counts.late, "reports", **mine, state="late"),
        pen.cell(f"{table}/blocked", line, counts.standing(Standing.BLOCKED), "reports", **here, standing="blocked"),
    )


def _department_columns(pen: Pen) -> tuple[Column, ...]:
    return (
        pen.column(
            "departments/problems", "待办\n难点", "轮到该部门办理的未办结难点堵点", "problems",
            by="organisation", width=8,
        ),
        pen.told("departments/targets", "牵头\n目标", "所牵头任务的量化目标，明细为方案目标清单", width=8),
        pen.told(
            "departments/behind", "其中\n落后",
            "所牵头任务的量化目标中进度判断为“略低于进度”或“落后于进度”的，进度均未知的不填数；明细见本材料“总体情况”的目标表",
            width=8,
        ),
    )  # fmt: skip


def _department(pen: Pen, body: Organisation, held: int) -> tuple[Words, ...]:
    facts, code = pen.facts, body.code
    lead = facts.duties_by_body[body.pk].get(AssignmentRole.LEAD, 0)
    mine = [
        facts.statuses[target.pk]
        for target in facts.targets
        if target.measure and code in facts.leads.get(target.measure.key, ())
    ]
    known = [status for status in mine if status.state not in {State.UNKNOWN, State.NOT_STARTED}]
    behind = sum(1 for status in known if status.behind) if known or not mine else None
    counts = facts.by_body.get(body.pk, Counts())
    return (
        (body.name,),
        pen.cell("departments/duties_lead", code, lead, "duties", organisation=code, role=AssignmentRole.LEAD.value),
        *_counts(pen, "departments", code, counts, organisation=code),
        pen.cell("departments/problems", code, held, "problems", organisation=code),
        pen.plain("departments/targets", code, len(mine)),
        pen.plain("departments/behind", code, behind),
    )


def by_city(pen: Pen) -> Section:
    """Return the section of the cities, counties counted with their city."""
    cities = pen.at.cities
    if not cities:
        return Section("cities", "分设区市情况", (Sentence(("本方案没有分设区市的责任项。",)),))
    open_ = Counter(row.city for row in pen.facts.problems)
    columns = (
        Column("设区市", width=13),
        *_columns(pen, "cities", "region"),
        *(
            pen.column(f"cities/{name}", label, what, name, by="region", width=9.5)
            for name, label, what in (
                ("claims", "申报\n成果", "已提交、未撤回未否决、在该市的申报成果项数"),
                ("results", "认定\n成果", "计入本方案目标、未撤销、在该市的成果项数"),
                ("problems", "难点\n堵点", "该市提出的未办结难点堵点"),
            )
        ),
    )
    rows = tuple(_city(pen, city, open_[city.code]) for city in cities)
    blocks: tuple[Block, ...] = (
        Grid("设区市承担任务和进展情况", columns, rows),
        Remark(f"县（市、区）的事项计入所在设区市。{UNKNOWN_REMARK}"),
    )
    return Section("cities", "分设区市情况", blocks)


def _city(pen: Pen, city: Region, problems: int) -> tuple[Words, ...]:
    facts, code = pen.facts, city.code
    claims, results = facts.claims_by_city.get(code, 0), facts.results_by_city.get(code, 0)
    no_claims = not claims and unknown_city(facts, code, ReportEvent.SUBMITTED)
    no_results = not results and unknown_city(facts, code, ReportEvent.VERIFIED)
    return (
        (city.name,),
        pen.cell("cities/duties", code, facts.duties_by_city.get(code, 0), "duties", region=code),
        *_counts(pen, "cities", code, facts.by_city.get(code, Counts()), region=code),
        pen.cell("cities/claims", code, None if no_claims else claims, "claims", region=code),
        pen.cell("cities/results", code, None if no_results else results, "results", region=code),
        pen.cell("cities/problems", code, problems, "problems", region=code),
    )
