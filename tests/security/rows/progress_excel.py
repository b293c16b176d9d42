"""Excel of progress: an office's own file, or its city's; nobody else's."""

import io

from tests.security.matrix import MISSING, Row, only, same

NAMES = frozenset({"$round-xlsx", "$file-xlsx"})
REPORTERS = (
    "county",
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "coordinator",
)
OWN_OFFICE = ("city", "city-head")
BUREAUS = ("city-other", "city", "city-head")
ROUND = {"pk": "$round-xlsx"}
FILE = {"pk": "$file-xlsx"}
OPEN, HANDED_IN = "开启的填报期 open round", "本市上传的文件 the city's file"


def things(people) -> dict[str, str]:
    """Return an open round, and a file the first city's bureau has handed in for it."""
    from django.utils import timezone

    from xiandao.domains.plans.models import Plan
    from xiandao.domains.progress.actions.excel_import import start_import
    from xiandao.domains.progress.actions.rounds import open_round
    from xiandao.domains.progress.excel.frame import frame_of
    from xiandao.domains.progress.excel.scope import scope_of
    from xiandao.domains.progress.excel.template import template

    now = timezone.now()
    plan = Plan.objects.for_system("tests").order_by("order").first()
    opened = open_round(
        people("coordinator"), plan=plan, period="2026Q1", due_on=timezone.localdate(now), scope="all", now=now
    )
    city = people("city")
    content = template(frame_of(opened, scope_of(city, "city")), made_at=now, by=city.name)
    job = start_import(city, opened=opened, scope="city", name="a.xlsx", content=io.BytesIO(content), now=now)
    return {"$round-xlsx": str(opened.pk), "$file-xlsx": str(job.pk)}


def reporters(status: int, *, without: str = "", instead: int = 404) -> dict[str, int]:
    """Everybody who reports gets this answer; who has nothing to report in the round, another."""
    answers = only(*REPORTERS, status=status)
    return {**answers, without: instead} if without else answers


ROWS = [
    Row("progress:excel", OPEN, reporters(200), ROUND),
    Row("progress:excel", MISSING, same(404), {"pk": "999999"}),
    Row("progress:excel", "没有文件 without a file", reporters(422), ROUND, "POST", {"scope": "own"}),
    Row("progress:excel-template", OPEN, reporters(200, without="county", instead=409), {**ROUND, "scope": "own"}),
    Row("progress:excel-template", "整市 the whole city", only(*BUREAUS), {**ROUND, "scope": "city"}),
    Row("progress:excel-file", HANDED_IN, only(*OWN_OFFICE), FILE),
    Row("progress:excel-file", MISSING, same(404), {"pk": "999999"}),
    Row("progress:excel-progress", HANDED_IN, only(*OWN_OFFICE), FILE),
    Row("progress:excel-download", HANDED_IN, only(*OWN_OFFICE), {**FILE, "kind": "original"}),
    Row("progress:excel-download", "没有标注件 none annotated", same(404), {**FILE, "kind": "annotated"}),
    Row(
        "progress:excel-step",
        "没有改动 nothing to save",
        only(*OWN_OFFICE, status=409),
        {**FILE, "step": "confirm"},
        "POST",
    ),
    Row(
        "progress:excel-step",
        "已检查完 done already",
        only(*OWN_OFFICE, status=409),
        {**FILE, "step": "cancel"},
        "POST",
    ),
    Row("progress:excel-step", "重新检查 again", only(*OWN_OFFICE, status=302), {**FILE, "step": "repeat"}, "POST"),
]
