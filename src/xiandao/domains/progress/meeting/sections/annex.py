"""The annex: what has come to count since the papers before."""

from django.utils import timezone

from xiandao.domains.progress.meeting.model import Block, Column, Grid, Number, Section, Sentence, Words
from xiandao.domains.progress.meeting.paths import rows_path, utc
from xiandao.domains.progress.meeting.pen import Pen, moment_text, short_day, shown
from xiandao.domains.progress.models import ResultCount
from xiandao.domains.shared.format import number


def new_results(pen: Pen) -> Section:
    """Return the annex: how many by target, the list, and how many of those counted before were voided."""
    facts, since = pen.facts, pen.at.since
    begun = f"自上次会议材料（{moment_text(since)}）以来" if since else "自方案实施以来（此前没有会议材料）"
    title = "上次会议材料以来新认定的成果" if since else "已认定的成果"
    after = utc(since) if since else ""
    where = rows_path(pen.at, "counts", since=after)
    words: list[str | Number] = [begun]
    if facts.new_count:
        what = f"{begun}新计入本方案目标且未撤销的成果，一项成果计入几个目标的分别列出"
        words += [
            "，新认定成果计入目标",
            pen.count("new/all", facts.new_count, what, "counts", unit="项次", since=after),
        ]
    else:
        words += ["，没有新认定的成果"]
    if facts.void_count:
        what = f"{begun}撤销认定、不再计入目标的成果"
        words += [
            "；撤销",
            pen.count("void/all", facts.void_count, what, "counts", unit="项次", since=after, state="void"),
        ]
    blocks: list[Block] = [Sentence((*words, "。"))]
    if facts.new_count:
        blocks += [_by_target(pen, after), _list(pen), *shown(facts.new_count, len(facts.new), where)]
    return Section("new", title, tuple(blocks))


def _by_target(pen: Pen, after: str) -> Grid:
    names = {target.key: target.name for target in pen.facts.targets}
    column = pen.column(
        "new_by_target", "新认定", "新计入该目标且未撤销的成果（项数）", "counts", by="target", since=after
    )
    rows = tuple(
        ((names.get(key, key),), pen.cell("new_by_target", key, n, "counts", target=key, since=after))
        for key, n in sorted(pen.facts.new_by_target.items())
    )
    return Grid("各目标新认定的成果", (Column("目标"), column), rows)


def _list(pen: Pen) -> Grid:
    names = {target.key: target.name for target in pen.facts.targets}
    columns = tuple(
        Column(name, width=width)
        for name, width in (
            ("编号", 17),
            ("成果", 29),
            ("计入的目标", 22),
            ("数量", 8),
            ("所在地", 10),
            ("认定日期", 14),
        )
    )

    def line(row: ResultCount) -> tuple[Words, ...]:
        result = row.result
        return (
            (result.code,),
            (result.name,),
            (names.get(row.target_key, row.target_key),),
            (f"{number(result.quantity)}{result.unit}",),
            (result.region.name if result.region else "—",),
            (short_day(timezone.localtime(row.counted_at)),),
        )

    return Grid("新认定成果清单", columns, tuple(map(line, pen.facts.new)))
