"""A reminder letter as an official document, and its Word and PDF."""

from django.conf import settings
from django.utils import timezone

from xiandao.domains.progress.models import Letter
from xiandao.printing.official import Block, Heading, OfficialDocument, Paragraph, Table


def letter_document(letter: Letter, *, issuer: str, measures: dict[tuple[int, str], str]) -> OfficialDocument:
    """Return the letter laid out after GB/T 9704. `measures` maps (plan id, measure key) to the measure's name."""
    blocks: list[Block] = [Heading(1, "督办事项"), *_paragraphs(letter.text)]
    reports = list(letter.reports.all())
    if reports:
        rows = tuple(
            (
                str(number),
                measures.get((r.assignment.plan_id, r.assignment.measure_key), r.assignment.measure_key),
                r.round.period,
                f"{r.round.due_on:%Y-%m-%d}",
                str(r.get_state_display()),
            )
            for number, r in enumerate(reports, 1)
        )
        blocks.append(Table(("序号", "任务", "填报期", "截止", "状态"), rows, caption="未按期办理的填报事项"))
    problems = list(letter.problems.all())
    if problems:
        lines = tuple((p.code, p.title, str(p.get_state_display()), _day(p.due_on)) for p in problems)
        blocks.append(Table(("编号", "难点堵点", "状态", "本环节截止"), lines, caption="涉及的难点堵点"))
    blocks += [
        Heading(1, "办理要求"),
        *_paragraphs(letter.demand),
        Paragraph(
            f"请于{letter.due_on.year}年{letter.due_on.month}月{letter.due_on.day}日前办结，并将办理结果在平台回复。"
        ),
    ]
    return OfficialDocument(
        title=letter.title,
        subtitle="（演示数据，不是真实公文）" if settings.DEMO_MODE else None,
        date=timezone.localdate(letter.issued_at or letter.created_at),
        blocks=tuple(blocks),
        issuer=issuer,
        number=letter.number,
        addressee=letter.to.full_name or letter.to.name,
        signature=issuer,
    )


def _paragraphs(text: str) -> list[Block]:
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _day(day: object) -> str:
    return "—" if day is None else str(day)
