"""The answer to an objection as an official document."""

from django.conf import settings
from django.utils import timezone

from xiandao.domains.enterprises.models import EnterpriseRole
from xiandao.domains.labelling.models import Objection, ObjectionState
from xiandao.printing.official import Block, Heading, OfficialDocument, Paragraph

_VERDICTS = {
    ObjectionState.UPHELD.value: "采纳贵单位的异议",
    ObjectionState.PARTLY.value: "部分采纳贵单位的异议",
    ObjectionState.DISMISSED.value: "对贵单位的异议不予采纳，识别结果维持不变",
}


def objection_document(objection: Objection, *, issuer: str) -> OfficialDocument:
    """Return the answer laid out after GB/T 9704. The objection has been answered."""
    raised = timezone.localdate(objection.raised_at)
    industry = objection.industry.name
    wish = _role(objection.asked_role, industry)
    opening = (
        f"贵单位{raised.year}年{raised.month}月{raised.day}日提出的异议（编号{objection.code}）收悉。"
        f"贵单位认为，在“{industry}”产业识别中应认定为{wish}。经研究，现答复如下："
    )
    blocks: list[Block] = [
        Paragraph(opening),
        Heading(1, "答复结论"),
        Paragraph(f"{_VERDICTS[objection.state]}。{_holds(objection, industry)}"),
        Heading(1, "理由"),
        *(Paragraph(line.strip()) for line in objection.answer.splitlines() if line.strip()),
        Paragraph("识别结果用于产业统计和分析，不作为资格认定、资金安排和行政处罚的依据。"),
    ]
    return OfficialDocument(
        title=f"关于{objection.enterprise.name}产业识别异议的答复",
        subtitle="（演示数据，不是真实公文）" if settings.DEMO_MODE or objection.is_demo else None,
        date=timezone.localdate(objection.answered_at),
        blocks=tuple(blocks),
        issuer=issuer,
        number=objection.code,
        addressee=objection.enterprise.name,
        signature=issuer,
    )


def _role(role: str, industry: str) -> str:
    return f"{industry}{EnterpriseRole(role).label}企业" if role else f"不属于{industry}"


def _holds(objection: Objection, industry: str) -> str:
    if objection.state == ObjectionState.DISMISSED:
        return ""
    return f"自答复之日起，识别结果改为：{_role(objection.answered_role, industry)}。"
