"""Registers, runs and pairs that may be one: loaded by the coordinator, read by who reads enterprises, decided by who
reviews them – in their own region.
"""

import datetime as dt

from tests.security.matrix import MISSING, Row, only, same

NAMES = frozenset({"$register", "$run", "$twin"})
READERS = (
    "county",
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "auditor",
    "coordinator",
)
PROVINCE = ("department-other", "department", "department-head", "auditor", "coordinator")
LOADER = ("coordinator",)
OWN_CITY = ("city", "city-head", "county")
REGISTER, RUN, TWIN = {"number": "$register"}, {"number": "$run"}, {"pk": "$twin"}
IN_FORCE, FINISHED, PAIR = "现行名录 in force", "完成的识别 finished", "本市的一对 a pair of the first city"


def things(people) -> dict[str, str]:
    """Return a register in force, a finished run of it (another waits), and a pair of firms in the first city's county."""
    from django.utils import timezone

    from xiandao.domains.enterprises.models import Enterprise, RegisterVersion, Run, Twin
    from xiandao.domains.industries.queries import catalogue
    from xiandao.domains.orgs.models import Region

    now = timezone.now()
    version = RegisterVersion.objects.create(
        number=1,
        title="示例名录",
        as_of=dt.date(2026, 6, 30),
        file_name="a.csv",
        state="current",
        created_at=now,
        by="测试",
    )
    terms = catalogue.in_force()
    common = {"register": version, "catalogue": terms, "by": "测试", "started_at": now}
    Run.objects.create(number=1, state="current", counts={"rows": 10, "enterprises": 2}, **common)
    Run.objects.create(number=2, state="waiting", beat_at=now, **common)
    region = Region.objects.get(code=people("county").region)
    pair = [
        Enterprise.objects.create(key=f"k{number}", name="示例有限公司", name_key="示例", region=region)
        for number in (1, 2)
    ]
    twin = Twin.objects.create(left=pair[0], right=pair[1], likeness=0.95, why="same_name", asked_in=version)
    return {"$register": "1", "$run": "1", "$twin": str(twin.pk)}


def pair(status: int, *, refused: int | None = None) -> dict[str, int]:
    """Who sees the pair gets this answer; who may not decide, a refusal."""
    answers = only(*PROVINCE, *OWN_CITY, status=status)
    return answers if refused is None else {**answers, "auditor": refused, "county": refused}


ROWS = [
    Row("enterprises:registers", "全部 all", only(*READERS)),
    Row("enterprises:register-new", "新的 new", only(*LOADER)),
    Row("enterprises:register-new", "没有文件 without a file", only(*LOADER, status=422), {}, "POST"),
    Row("enterprises:register", IN_FORCE, only(*READERS), REGISTER),
    Row("enterprises:register", MISSING, same(404), {"number": "99"}),
    Row("enterprises:register-progress", IN_FORCE, only(*LOADER), REGISTER),
    Row("enterprises:register-changes", IN_FORCE, only(*READERS), REGISTER),
    Row("enterprises:register-changes", MISSING, same(404), {"number": "99"}),
    Row("enterprises:register-file", "没有清单 no list", same(404), {**REGISTER, "what": "findings"}),
    Row(
        "enterprises:register-step", "已载入 loaded", only(*LOADER, status=409), {**REGISTER, "step": "confirm"}, "POST"
    ),
    Row(
        "enterprises:register-step", "已载入 loaded", only(*LOADER, status=409), {**REGISTER, "step": "cancel"}, "POST"
    ),
    Row(
        "enterprises:register-step",
        "现行的 in force",
        only(*LOADER, status=409),
        {**REGISTER, "step": "reinstate"},
        "POST",
    ),
    Row("enterprises:runs", "全部 all", only(*READERS)),
    Row("enterprises:run", FINISHED, only(*READERS), RUN),
    Row("enterprises:run", MISSING, same(404), {"number": "99"}),
    Row("enterprises:run-progress", FINISHED, only(*LOADER), RUN),
    Row("enterprises:run-cancel", FINISHED, only(*LOADER, status=409), RUN, "POST"),
    Row("enterprises:run-changes", "没有上一批 no former one", same(404), RUN),
    Row("enterprises:run-start", "已有一批在进行 one is under way", only(*LOADER, status=409), {}, "POST"),
    Row("enterprises:twins", "全部 all", only(*READERS)),
    Row("enterprises:twin", PAIR, pair(200), TWIN),
    Row("enterprises:twin", MISSING, same(404), {"pk": "999999"}),
    Row("enterprises:twin-decide", "没有理由 without a reason", pair(422), TWIN, "POST", {"verdict": "same"}),
    Row(
        "enterprises:twin-reopen", "没有判断过 not decided", pair(409, refused=422), TWIN, "POST", {"reason": "看错了"}
    ),
    Row("GET /api/v1/registers", "全部 all", only(*READERS)),
    Row("GET /api/v1/registers/{number}", IN_FORCE, only(*READERS), REGISTER),
    Row("GET /api/v1/registers/{number}", MISSING, same(404), {"number": "99"}),
    Row("GET /api/v1/runs", "全部 all", only(*READERS)),
    Row("GET /api/v1/runs/{number}", FINISHED, only(*READERS), RUN),
    Row("GET /api/v1/runs/{number}", MISSING, same(404), {"number": "99"}),
]
