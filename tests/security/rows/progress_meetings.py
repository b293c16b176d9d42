"""Meeting papers: made by the coordinating office, read by heads and auditors; the rows behind are what each may see."""

import datetime as dt

from django.utils import timezone

from tests.security.matrix import MISSING, PLAN, Row, only, same
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions.meetings import make_meeting_pack

READERS = ("city-head", "department-head", "auditor", "coordinator")
PAPERS = "会议材料 papers"
NAMES = frozenset({"$papers", "$earlier"})


def things(people) -> dict[str, str]:
    """Return two sets of papers on the provincial plan."""
    plan = Plan.objects.for_system("tests").order_by("order").first()
    now = timezone.now()
    earlier, papers = (
        make_meeting_pack(people("coordinator"), plan=plan, as_of=now - dt.timedelta(hours=hours), now=now)
        for hours in (2, 1)
    )
    return {"$papers": str(papers.pk), "$earlier": str(earlier.pk)}


ONE = {"pk": "$papers"}
THEN = {"plan": PLAN, "as_of": "2024-06-01T00:00:00Z"}
ROWS = [
    Row("progress:meetings", "—", only(*READERS)),
    Row("progress:meeting-new", "—", only("coordinator")),
    Row("progress:meeting-new", "没有方案 no plan", only("coordinator", status=422), method="POST"),
    Row("progress:meeting", PAPERS, only(*READERS), ONE),
    Row("progress:meeting", MISSING, same(404), {"pk": "999999"}),
    Row("progress:meeting-check", PAPERS, only(*READERS), ONE),
    Row("progress:meeting-diff", PAPERS, only(*READERS), ONE, data={"with": "$earlier"}),
    Row("progress:meeting-diff", "没有另一份 no other papers", same(404), ONE),
    Row("progress:meeting-download", PAPERS, only(*READERS), ONE | {"form": "docx"}),
    Row("progress:meeting-rows", "—", only(*READERS), {"kind": "reports"}, data=THEN),
    Row("progress:meeting-rows", "没有时间 no moment", same(404), {"kind": "reports"}),
]
