"""Invented calls that are further on: a running notice with an open objection, and a list that was announced."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from xiandao.domains.files.actions import attach
from xiandao.domains.files.models import Attachment
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.viewer import PUBLIC, Viewer, system
from xiandao.domains.programmes import office as names
from xiandao.domains.programmes.actions import (
    announcing,
    calls,
    checking,
    deciding,
    noticing,
    objections,
    recommending,
    reviewing,
)
from xiandao.domains.programmes.demo import wording
from xiandao.domains.programmes.demo.writing import firm_viewer, hand_in, write
from xiandao.domains.programmes.models import (
    Application,
    Call,
    DecisionList,
    Notice,
    NoticeObjection,
    Programme,
)
from xiandao.domains.programmes.office_evidence import OBJECTION

_WHY = "filling the demonstration"
_DAY = dt.timedelta(days=1)
_ADVICE = (("approve", "91.5"), ("approve", "86.0"), ("refuse", "58.5"))


def fill_office(office: Viewer, firm: Viewer, programme: Programme, *, moment: dt.datetime) -> None:
    """Carry two earlier calls on: one announced, one being noticed with an objection open."""
    announced = _noticed(
        office, firm, programme, closed=moment - 75 * _DAY, batch="往年批次", noticed=moment - 50 * _DAY
    )
    after = announced.notices.get().ends_on + _DAY
    noticing.end_if_due(system("demo"), pk=announced.pk, today=after, now=moment - 35 * _DAY)
    document = f"关于公布{programme.name}名单的通知{wording.MARK}"
    announcing.announce(office, pk=announced.pk, document=document, now=moment - 34 * _DAY)
    running = _noticed(office, firm, programme, closed=moment - 25 * _DAY, batch="上一批次", noticed=moment - _DAY)
    notice = running.notices.get()
    objected = objections.Objected(
        True,
        "该项目的检测报告与公开的产品参数不一致，请核查。",
        f"示例同行单位{wording.MARK}",
        "025-00000009",
        application=notice.rows[0]["code"],
    )
    objections.object_to(PUBLIC, notice_code=notice.code, objected=objected, now=moment)


def _noticed(
    office: Viewer, firm: Viewer, programme: Programme, *, closed: dt.datetime, batch: str, noticed: dt.datetime
) -> DecisionList:
    """Invent a call that has come as far as its notice."""
    opened = closed - 40 * _DAY
    content = calls.CallContent(
        title=f"{programme.name}申报通知（{batch}）{wording.MARK}",
        opens_at=opened,
        closes_at=closed,
        batch=batch,
        text=wording.CALL_TEXT,
        contact=wording.CONTACT,
        places=10,
    )
    draft = calls.draft_call(office, programme=programme, content=content, now=opened)
    call = calls.publish_call(office, code=draft.code, now=opened)
    call.is_demo = True
    call.save(update_fields=["is_demo"])
    codes = []
    for place, (code, name, industry) in enumerate(wording.FIRMS):
        who = firm_viewer(firm, code, name)
        begun = write(who, call, place=place, industry=industry, moment=opened + _DAY)
        hand_in(who, begun, moment=opened + 2 * _DAY)
        codes.append(begun.code)
    Application.objects.for_system(_WHY).filter(code__in=codes).update(is_demo=True)
    for code in codes:
        passed = checking.pass_check(office, code=code, now=closed + 2 * _DAY)
        if checking.recommends(call) and passed.recommender_id:
            body = replace(office, organisation_id=passed.recommender_id, organisation_code="")
            recommending.recommend(body, code=code, text="同意推荐。", now=closed + 5 * _DAY)
    _review(office, call, codes, closed + 12 * _DAY)
    return _decide(office, call, codes, noticed)


def _review(office: Viewer, call: Call, codes: list[str], held: dt.datetime) -> None:
    attach(
        office,
        holder_kind=reviewing.REPORT,
        holder_key=call.code,
        name=wording.FILE_NAME,
        content=io.BytesIO(f"{call.code} {wording.FILE_TEXT}".encode()),
        now=held,
    )
    rows = [
        reviewing.Outcome(code, advice, Decimal(score), place, "专家组意见一致。")
        for place, (code, (advice, score)) in enumerate(zip(codes, _ADVICE, strict=True), 1)
    ]
    panel = f"示例评审中心组织，7位专家{wording.MARK}"
    reviewing.record_reviews(office, call=call, panel=panel, held_on=held.date(), rows=rows, now=held)


def _decide(office: Viewer, call: Call, codes: list[str], moment: dt.datetime) -> DecisionList:
    day = timezone.localdate(moment) - _DAY
    decision = deciding.prepare(
        office,
        call=call,
        title=f"{call.title}：拟定名单",
        body=call.version.definition["decision"]["body"],
        met_on=day,
        minute="〔演示〕1号",
        now=moment,
    )
    levels = call.version.definition.get("levels") or [""]
    for code, (advice, _score) in zip(codes, _ADVICE, strict=True):
        amount = Decimal(1_000_000) if call.version.definition.get("asks_money") else None
        verdict = deciding.Verdict(
            advice, levels[0], amount, "" if advice == "approve" else "名次靠后，可完善后再申报。"
        )
        deciding.set_row(office, pk=decision.pk, code=code, verdict=verdict, now=moment)
    noticing.publish(office, pk=decision.pk, title=f"{call.title}拟入选名单公示", contact=wording.CONTACT, now=moment)
    return decision


def remove_office() -> None:
    """Remove tasks and files of the invented decisions, notices and objections, before these go themselves."""
    decisions = DecisionList.objects.for_system(_WHY).filter(call__is_demo=True)
    objected = NoticeObjection.objects.for_system(_WHY).filter(notice__decision__in=decisions)
    keys = {
        names.DECISION: [str(pk) for pk in decisions.values_list("pk", flat=True)],
        names.OBJECTION: list(objected.values_list("code", flat=True)),
        names.NOTICE: list(Notice.objects.filter(decision__in=decisions).values_list("code", flat=True)),
    }
    for kind, held in keys.items():
        Task.objects.for_system(_WHY).filter(object_kind=kind, object_key__in=held).delete()
    reports = list(Call.objects.for_system(_WHY).filter(is_demo=True).values_list("code", flat=True))
    for kind, held in ((reviewing.REPORT, reports), (OBJECTION, keys[names.OBJECTION])):
        Attachment.objects.for_system(_WHY).filter(holder_kind=kind, holder_key__in=held).delete()
