"""What the office prints: decision letters, certificates, answers to objections, as official documents."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from xiandao.domains.programmes.models import Certificate, DecisionRow, NoticeObjection, Outcome
from xiandao.printing.official import Block, Heading, OfficialDocument, Paragraph

_DEMO = "（演示数据，不是真实公文）"
_VERDICTS = {"upheld": "异议成立", "dismissed": "异议不成立", "refused": "不予受理"}


def letter(row: DecisionRow) -> OfficialDocument:
    """Return the letter that tells an applicant what was decided. The decision has been announced."""
    application, decision = row.application, row.decision
    programme = application.call.version.programme
    issuer = application.call.organiser.name
    blocks: list[Block] = [
        Paragraph(
            f"你单位申报的“{application}”（申报编号{application.code}，{application.call.title}）已办结，现通知如下："
        ),
        Heading(1, "办理结果"),
        Paragraph(_result(row, programme.name)),
    ]
    if row.outcome != Outcome.APPROVE:
        blocks += [Heading(1, "理由"), *_paragraphs(row.reason or row.deviation)]
    blocks += [Heading(1, "依据"), Paragraph(f"{decision.body}会议决定，公布文件：{_document(row)}。")]
    if application.call.contact:
        blocks.append(Paragraph(f"如有疑问，请联系：{application.call.contact}。"))
    return OfficialDocument(
        title=f"{programme.name}申报结果通知书",
        subtitle=_DEMO if settings.DEMO_MODE or application.is_demo else None,
        date=timezone.localdate(decision.announced_at),
        blocks=tuple(blocks),
        issuer=issuer,
        number=application.code,
        addressee=application.applicant.name,
        signature=issuer,
    )


def _result(row: DecisionRow, programme: str) -> str:
    if row.outcome == Outcome.APPROVE:
        level = f"，级别为{row.level}" if row.level else ""
        money = f"，支持资金{row.amount:,.2f}元" if row.amount is not None else ""
        return f"列入{programme}{level}{money}。"
    if row.outcome == Outcome.RESERVE:
        return f"本批次未列入{programme}，列入储备。"
    return f"本批次未列入{programme}。"


def _document(row: DecisionRow) -> str:
    number = f"（{row.decision.document_number}）" if row.decision.document_number else ""
    return f"{row.decision.document}{number}"


def _paragraphs(text: str) -> list[Block]:
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def certificate(paper: Certificate) -> OfficialDocument:
    """Return a certificate, with the code by which it can be checked."""
    application = paper.application
    row = application.decision
    definition = application.call.version.definition.get("certificate", {})
    until = _day(paper.valid_to) if paper.valid_to else "长期"
    words = str(definition.get("wording", "")).format(
        holder=paper.holder, name=str(application), level=row.level, valid_to=until
    )
    issuer = application.call.organiser.name
    blocks: list[Block] = [
        *_paragraphs(words),
        Paragraph(f"证书编号：{paper.number}"),
        Paragraph(f"查验码：{spaced(paper.check_code)}（在本平台“证书查验”中输入，可查真伪和现在的效力）"),
    ]
    return OfficialDocument(
        title=str(definition.get("title", "证书")),
        subtitle=_DEMO if settings.DEMO_MODE or application.is_demo else None,
        date=paper.issued_on,
        blocks=tuple(blocks),
        issuer=issuer,
        number=paper.number,
        addressee=paper.holder,
        signature=issuer,
    )


def spaced(code: str) -> str:
    """Return a code in groups of four, as people read it out."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def objection_answer(objection: NoticeObjection) -> OfficialDocument:
    """Return the written answer to an objection. It has been answered."""
    issuer = objection.notice.decision.call.organiser.name
    received = timezone.localdate(objection.received_at)
    about = f"中“{objection.application}”（{objection.application.code}）" if objection.application else ""
    opening = (
        f"{'你（单位）' if objection.named else '提出人'}{_day(received)}对“{objection.notice.title}”"
        f"（{objection.notice.code}）{about}提出的异议（编号{objection.code}）收悉。经核查，现答复如下："
    )
    blocks: list[Block] = [
        Paragraph(opening),
        Heading(1, "结论"),
        Paragraph(f"{_VERDICTS[objection.state]}。"),
        Heading(1, "核查情况和理由"),
        *_paragraphs(objection.answer),
    ]
    return OfficialDocument(
        title="公示异议答复书",
        subtitle=_DEMO if settings.DEMO_MODE else None,
        date=timezone.localdate(objection.answered_at),
        blocks=tuple(blocks),
        issuer=issuer,
        number=objection.code,
        addressee=objection.name if objection.named else "异议提出人",
        signature=issuer,
    )
