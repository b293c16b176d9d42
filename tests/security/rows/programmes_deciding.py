"""The office of a call, who recommends, what the public sees of notices and certificates."""

import datetime as dt

from django.utils import timezone

from tests.security.matrix import MISSING, PUBLISHED, Row, only, same
from xiandao.domains.orgs.viewer import PUBLIC
from xiandao.domains.programmes.actions import deciding, noticing, objections
from xiandao.domains.programmes.models import Application, Call, Programme, ProgrammeVersion, ReviewResult

RUNNERS = ("department-other", "department", "department-head", "coordinator")
LEADS = ("department", "department-head")
READERS = (*LEADS, "auditor")
CITY = ("city", "city-head")
RECOMMENDERS = (*RUNNERS, "city-other", *CITY)
OWN = "本单位组织的 of one's own call"
EMPTY = "空白 nothing written"
NAMES = frozenset({"$work", "$submitted", "$decision", "$notice", "$notice_objection"})


def things(people) -> dict[str, str]:
    """Return a call with something to check and to recommend, one being decided, and one noticed with an objection."""
    office, city, firm = people("department"), people("city"), people("applicant")
    lead = Programme.objects.filter(lead=office.organisation_id, kind="funding", in_force=True).first()
    version = ProgrammeVersion.objects.get(programme=lead, current=True)
    now = timezone.now()
    calls = [
        Call.objects.create(
            code=f"TZM-{number}",
            version=version,
            organiser_id=office.organisation_id,
            title="矩阵",
            opens_at=now - dt.timedelta(days=60),
            closes_at=now - dt.timedelta(days=20),
            contact="电话",
            state="closed",
        )
        for number in (1, 2)
    ]
    made = [
        Application.objects.create(
            code=f"SBM-{number}",
            call=call,
            applicant_id=firm.organisation_id,
            recommender_id=city.organisation_id,
            title="矩阵",
            state=state,
            submitted_at=now,
        )
        for number, (call, state) in enumerate(
            [(calls[0], "submitted"), (calls[0], "checked"), (calls[1], "reviewed")], 1
        )
    ]
    ReviewResult.objects.create(
        application=made[2], advice="approve", panel="组", held_on=now.date(), at=now, by=office.name
    )
    head = {"title": "名单", "body": "会议", "met_on": timezone.localdate(now), "minute": "1号"}
    preparing = deciding.prepare(office, call=calls[0], **head)
    decided = deciding.prepare(office, call=calls[1], **head)
    levels = version.definition.get("levels", [])
    yes = deciding.Verdict("approve", level=levels[0] if levels else "", amount=1)
    deciding.set_row(office, pk=decided.pk, code=made[2].code, verdict=yes)
    notice = noticing.publish(office, pk=decided.pk, title="矩阵公示", contact="电话")
    objected = objections.Objected(True, "异议", "某人", "电话")
    objection = objections.object_to(PUBLIC, notice_code=notice.code, objected=objected)
    return {
        "$work": calls[0].code,
        "$submitted": made[0].code,
        "$decision": str(preparing.pk),
        "$notice": notice.code,
        "$notice_objection": objection.code,
    }


WORK, APPLICATION, DECISION = {"code": "$work"}, {"code": "$submitted"}, {"pk": "$decision"}
NOTICE, OBJECTION = {"code": "$notice"}, {"code": "$notice_objection"}
ROWS = [
    Row("programmes:office", "—", only(*RUNNERS, "auditor")),
    Row("programmes:work", OWN, only(*READERS), WORK),
    Row("programmes:work", MISSING, same(404), {"code": "TZ2099-001"}),
    Row("programmes:work-bulk", EMPTY, only(*LEADS, status=422), WORK, "POST"),
    Row("programmes:work-bulk", "GET", same(405), WORK),
    Row("programmes:review", OWN, only(*LEADS), WORK),
    Row("programmes:review", EMPTY, only(*LEADS, status=422), WORK, "POST"),
    Row("programmes:decision-new", OWN, only(*LEADS), WORK),
    Row("programmes:decision-new", EMPTY, only(*LEADS, status=422), WORK, "POST"),
    Row("programmes:office-application", OWN, only(*READERS), APPLICATION),
    Row("programmes:office-application", MISSING, same(404), {"code": "SB2099-001"}),
    Row("programmes:office-step", EMPTY, only(*LEADS, status=422), APPLICATION | {"step": "unfit"}, "POST"),
    Row("programmes:decision", OWN, only(*READERS), DECISION),
    Row("programmes:decision", MISSING, same(404), {"pk": "999999"}),
    Row("programmes:decision-step", EMPTY, only(*LEADS, status=422), DECISION | {"step": "row"}, "POST"),
    Row("programmes:objections", "—", only(*RUNNERS)),
    Row("programmes:objection", OWN, only(*LEADS), OBJECTION),
    Row("programmes:objection", MISSING, same(404), {"code": "GY2099-0001"}),
    Row("programmes:objection-step", EMPTY, only(*LEADS, status=422), OBJECTION | {"step": "refuse"}, "POST"),
    Row("programmes:objection-answer", "没有答复 not answered", same(404), OBJECTION | {"form": "docx"}),
    Row("programmes:recommend", "—", only(*RECOMMENDERS)),
    Row("programmes:recommend-call", "由本市推荐 the city's to recommend", only(*CITY), WORK),
    Row("programmes:recommend-call", MISSING, same(404), {"code": "TZ2099-001"}),
    Row("programmes:recommend-step", EMPTY, only(*CITY, status=422), WORK | {"step": "yes"}, "POST"),
    Row("programmes:outcome", "本单位的 one's own", only("applicant", *LEADS), APPLICATION),
    Row("programmes:outcome", MISSING, same(404), {"code": "SB2099-001"}),
    Row("programmes:paper", "没有公布 not announced", same(404), APPLICATION | {"what": "letter", "form": "docx"}),
    Row("programmes:notices", "—", same(200)),
    Row("programmes:notice", PUBLISHED, same(200), NOTICE),
    Row("programmes:notice", MISSING, same(404), {"code": "GS2099-001"}),
    Row("programmes:notice-object", PUBLISHED, same(200), NOTICE),
    Row("programmes:notice-object", EMPTY, same(422), NOTICE, "POST"),
    Row("programmes:objection-query", "—", same(200)),
    Row("programmes:objection-query", "没有的查询码 no such code", same(422), method="POST", data={"code": "A"}),
    Row("programmes:certificate-check", "—", same(200)),
]
