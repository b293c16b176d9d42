"""The review desk: reviewers, who settles, and the enterprise that objects."""

import datetime as dt

from tests.security.matrix import MISSING, ROLES, Row, only, same
from xiandao.domains.enterprises.models import Classification, Enterprise, RegisterVersion, Run
from xiandao.domains.industries.models import CatalogueVersion
from xiandao.domains.labelling.actions import desk, objections, samples
from xiandao.domains.labelling.models import Item
from xiandao.domains.orgs.models import Organisation

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
REVIEWERS = (
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "coordinator",
)
OWN = ("city", "city-head", "department-other", "department", "department-head", "coordinator")
OWN_PLACE = "本市企业 an enterprise of the city"
DISPUTED = "判断不一 disputed"
RAISED = "本企业提出 raised by the enterprise"
NAMES = frozenset({"$sample", "$sample-item", "$dispute", "$objection"})


def things(people) -> dict[str, str]:
    """Return an open sample with an item in the first city, one on which two readers differ, and an objection."""
    office, city, firm = people("coordinator"), people("city"), people("applicant")
    run = _run(office)
    region = Organisation.objects.get(pk=city.organisation_id).region
    made = [
        _enterprise(run, "矩阵甲", region),
        _enterprise(run, "矩阵乙", region),
        _enterprise(run, "矩阵丙", region, organisation=firm.organisation_id),
    ]
    bodies = tuple(Organisation.objects.filter(pk=city.organisation_id))
    asked = samples.Asked("矩阵批次", 1, random=2, readers=1, bodies=bodies)
    one = samples.draw_sample(office, asked=asked)
    two = samples.draw_sample(office, asked=samples.Asked("矩阵两人", 2, random=3, readers=2, bodies=bodies))
    rows = Item.objects.for_system("tests")
    disputed = rows.filter(sample=two).first()
    for account, role in (("city", "core"), ("department", "trade")):
        desk.judge(people(account), pk=disputed.pk, judgement=desk.Judgement({"hydrogen": role}))
    objection = objections.raise_objection(
        firm,
        enterprise=made[2],
        industry=made[2].classifications.for_system("tests").get().industry,
        asked_role="",
        text="否",
    )
    return {
        "$sample": str(one.pk),
        "$sample-item": str(rows.filter(sample=one).first().pk),
        "$dispute": str(disputed.pk),
        "$objection": objection.code,
    }


def _run(office) -> Run:
    now = dt.datetime.now(dt.UTC)
    Run.objects.for_system("tests").filter(state="current").update(state="superseded")
    numbers = Run.objects.for_system("tests").count() + RegisterVersion.objects.for_system("tests").count() + 900
    register = RegisterVersion.objects.create(
        number=numbers,
        title="矩阵",
        as_of=now.date(),
        file_name="x",
        state="superseded",
        created_at=now,
        by=office.name,
    )
    catalogue = CatalogueVersion.objects.for_system("tests").first() or CatalogueVersion.objects.create(
        name="目录", origin="pack", created_at=now, created_by="x"
    )
    return Run.objects.create(
        number=numbers, register=register, catalogue=catalogue, state="current", accept=0.6, reject=0.3, by="x"
    )


def _enterprise(run, name, region, organisation=None) -> Enterprise:
    row = Enterprise.objects.create(
        key=f"matrix:{name}", name=name, name_key=name, region=region, scope="氢能", organisation_id=organisation
    )
    Classification.objects.create(
        run=run,
        enterprise=row,
        industry_id="hydrogen",
        role="core",
        decision="in",
        model_role="core",
        model_decision="in",
        score=0.9,
    )
    return row


def _answers(**by_status: tuple[str, ...]) -> dict[str, int]:
    """Return the expectation: the roles named under s200, s409 …, everybody else 404."""
    found = dict.fromkeys(ROLES, 404)
    for status, roles in by_status.items():
        found |= dict.fromkeys(roles, int(status[1:]))
    return found


SAMPLE = {"pk": "$sample"}
ITEM = SAMPLE | {"item": "$sample-item"}
OBJECTION = {"code": "$objection"}
SETTLER = ("coordinator",)
ROWS = [
    Row("labelling:home", "—", only(*REVIEWERS)),
    Row("labelling:sample-new", "—", only(*SETTLER)),
    Row("labelling:sample-new", "空白 nothing written", only(*SETTLER, status=422), method="POST"),
    Row("labelling:sample", OWN_PLACE, only(*REVIEWERS), SAMPLE),
    Row("labelling:sample", MISSING, same(404), {"pk": "999999"}),
    Row(
        "labelling:sample-step",
        "未写理由 without a reason",
        _answers(s422=REVIEWERS),
        SAMPLE | {"step": "withdraw"},
        "POST",
    ),
    Row("labelling:agreement", OWN_PLACE, only(*REVIEWERS), SAMPLE),
    Row("labelling:desk", "—", _answers(s302=OWN, s200=("city-other",)), SAMPLE),
    Row("labelling:item", OWN_PLACE, _answers(s200=OWN), ITEM),
    Row("labelling:item", "没有判断 nothing said", _answers(s422=OWN), ITEM, "POST"),
    Row("labelling:undo", "没有可撤回的 nothing to take back", _answers(s302=REVIEWERS), SAMPLE, "POST"),
    Row("labelling:undo", "GET", same(405), SAMPLE),
    Row("labelling:disputes", "—", only(*SETTLER)),
    Row("labelling:dispute", DISPUTED, only(*SETTLER), {"pk": "$dispute"}),
    Row("labelling:dispute", "未写理由 without a reason", only(*SETTLER, status=422), {"pk": "$dispute"}, "POST"),
    Row("labelling:labels", "—", only(*REVIEWERS)),
    Row("labelling:quality", "—", only(*READERS)),
    Row("labelling:objections", "—", only(*REVIEWERS, "applicant")),
    Row("labelling:objection-new", "—", only("applicant")),
    Row("labelling:objection-new", "空白 nothing written", only("applicant", status=422), method="POST"),
    Row("labelling:objection", RAISED, only(*OWN, "applicant"), OBJECTION),
    Row("labelling:objection", MISSING, same(404), {"code": "YY2099-0001"}),
    Row(
        "labelling:objection-step",
        "未写理由的答复 answered without a reason",
        _answers(s422=(*OWN, "applicant")),
        OBJECTION | {"step": "answer"},
        "POST",
    ),
    Row("labelling:objection-step", "GET", same(405), OBJECTION | {"step": "answer"}),
    Row("labelling:objection-answer", "未答复 not answered", same(404), OBJECTION | {"form": "docx"}),
    Row("GET /api/v1/labelling/samples", "—", only(*REVIEWERS)),
    Row("GET /api/v1/labelling/labels", "—", only(*REVIEWERS)),
    Row("GET /api/v1/labelling/objections", "—", only(*REVIEWERS, "applicant")),
    Row("GET /api/v1/labelling/quality", "—", only(*READERS)),
]
