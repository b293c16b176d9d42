"""二、逾期事项: who is late with reports, and which reminder letters are."""

from xiandao.domains.progress.meeting.facts import SHOWN
from xiandao.domains.progress.meeting.model import Block, Column, Grid, Section, Sentence
from xiandao.domains.progress.meeting.paths import rows_path
from xiandao.domains.progress.meeting.pen import Pen, short_day, shown
from xiandao.domains.progress.models import LetterState

_LETTER_WORDS = {
    LetterState.ISSUED: "待签收",
    LetterState.RECEIVED: "办理中",
    LetterState.REPLIED: "已回复，待核销",
}


def late_matters(pen: Pen) -> Section:
    """Return the section: late reports by organisation, letters that are late, and how many run."""
    return Section("late", "逾期事项", (*_reports(pen), *_letters(pen)))


def _reports(pen: Pen) -> list[Block]:
    late = pen.facts.late
    if not late:
        return [Sentence(("没有逾期未报的进展报告。",))]
    bodies = pen.count(
        "late/bodies", len(late), "有逾期未报进展报告的单位，即明细所涉单位的个数", "reports", unit="个", state="late"
    )
    reports = pen.count(
        "late/reports",
        pen.facts.whole.late,
        "各填报期截止日已过、尚未提交或退回未再报的进展报告",
        "reports",
        unit="份",
        state="late",
    )
    found = pen.at.round
    period = found.period if found else ""
    columns = (
        Column("单位"),
        pen.column(
            "late_now", "本期逾期", f"{found.label if found else ''}填报期逾期未报的进展报告", "reports",
            by="organisation", round=period, state="late",
        ),
        pen.column(
            "late_all", "各期合计", "各填报期逾期未报的进展报告", "reports", by="organisation", state="late"
        ),
        Column("最早截止日", align="center"),
    )  # fmt: skip
    rows = tuple(
        (
            (row.body.name,),
            pen.cell(
                "late_now", row.body.code, row.now, "reports", organisation=row.body.code, round=period, state="late"
            ),
            pen.cell(
                "late_all", row.body.code, row.now + row.before, "reports", organisation=row.body.code, state="late"
            ),
            (short_day(row.since),),
        )
        for row in late[:SHOWN]
    )
    return [
        Sentence((bodies, "单位共有", reports, "进展报告逾期未报。")),
        Grid("逾期未报的单位", columns, rows),
        *shown(len(late), SHOWN, rows_path(pen.at, "reports", state="late")),
    ]


def _letters(pen: Pen) -> list[Block]:
    running = pen.facts.letters
    if not running:
        return [Sentence(("没有办理中的督办单。",))]
    late = [row for row in running if row.late(pen.at.day)]
    whole = pen.count("letters/open", len(running), "已签发、未办结的督办单", "letters", unit="件")
    overdue = pen.count(
        "letters/late",
        len(late),
        "超过签收时限未签收，或超过办理时限未回复的督办单",
        "letters",
        unit="件",
        state="late",
    )
    head = Sentence(("已签发、未办结的督办单", whole, "，其中逾期", overdue, "。"))
    if not late:
        return [head]
    heads = (("文号", 20), ("受文单位", 20), ("事项", 30), ("状态", 14), ("时限", 16))
    columns = tuple(Column(name, width=width) for name, width in heads)
    rows = tuple(
        (
            (row.number or "",),
            (pen.facts.body_name(row.to),),
            (row.title,),
            (_LETTER_WORDS[LetterState(row.state_at)],),
            (short_day(row.receive_by if row.state_at == LetterState.ISSUED else row.due_on),),
        )
        for row in late[:SHOWN]
    )
    return [
        head,
        Grid("逾期的督办单", columns, rows),
        *shown(len(late), SHOWN, rows_path(pen.at, "letters", state="late")),
    ]
