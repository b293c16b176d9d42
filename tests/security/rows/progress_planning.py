"""Planning: the coordinator steers, the lead department confirms shares, who reports reads along, others see nothing."""

from decimal import Decimal

from tests.security.matrix import MISSING, PLAN, Row, only, same
from xiandao.domains.orgs.models import Region
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.actions.targets_shares import propose_shares
from xiandao.domains.progress.queries.targets import confirmers_of

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
SEE = only(*READERS)
STEER = only("coordinator")
EMPTY = "空表单 empty form"
PROPOSAL = "待确认 waiting"
NAMES = frozenset({"$target", "$shares"})
TARGET = {"plan": PLAN, "key": "$target"}
NO_TARGET = {"plan": PLAN, "key": "T99-1"}
MEASURE = {"plan": PLAN, "key": "M07"}


def things(people) -> dict[str, str]:
    """Return a target that the account `department` leads, and a proposal of its shares that waits."""
    actor, lead = people("coordinator"), people("department").organisation_id
    target = next(
        row
        for row in targets_in_force(actor).filter(version__plan__code=PLAN, measure__isnull=False)
        if [body.pk for body in confirmers_of(row)] == [lead]
    )
    city = Region.objects.filter(kind="city").order_by("code").first()
    made = propose_shares(actor, plan=PLAN, key=target.key, shares={city.code: Decimal(target.value)})
    return {"$target": target.key, "$shares": str(made.pk)}


CONFIRM = {**only("department", "department-head", status=302), "department-other": 422}

ROWS = [
    Row("progress:overview", "—", SEE),
    Row("progress:standing", "—", SEE),
    Row("progress:rollup", "—", SEE, {"plan": PLAN}),
    Row("progress:rollup", MISSING, same(404), {"plan": "nothing"}),
    Row("progress:targets", "—", SEE),
    Row("progress:target-plan", "—", SEE, TARGET),
    Row("progress:target-plan", MISSING, same(404), NO_TARGET),
    Row("progress:target-baseline", EMPTY, only("coordinator", status=422), TARGET, "POST"),
    Row("progress:target-baseline", MISSING, same(404), NO_TARGET, "POST"),
    Row("progress:target-path", EMPTY, only("coordinator", status=422), TARGET, "POST"),
    Row("progress:target-path-remove", "没有安排 no path", only("coordinator", status=409), TARGET, "POST"),
    Row("progress:target-shares", "—", STEER, TARGET),
    Row("progress:target-shares", EMPTY, only("coordinator", status=422), TARGET, "POST"),
    Row("progress:target-shares-withdraw", PROPOSAL, only("coordinator", status=302), TARGET, "POST"),
    Row("progress:target-rows", "申报 claimed", SEE, TARGET | {"kind": "self_reported"}),
    Row("progress:target-rows", "认定 counted", SEE, TARGET | {"kind": "counted"}),
    Row("progress:target-rows", MISSING, same(404), TARGET | {"kind": "guessed"}),
    Row("progress:share-set", PROPOSAL, SEE, {"pk": "$shares"}),
    Row("progress:share-set", MISSING, same(404), {"pk": "999999"}),
    Row("progress:share-set", "确认 confirm", CONFIRM, {"pk": "$shares"}, "POST", {"decision": "confirm"}),
    Row("progress:share-set", "无此决定 no such decision", same(404), {"pk": "$shares"}, "POST", {"decision": "x"}),
    Row("progress:measure-split", "—", SEE, MEASURE),
    Row("progress:measure-split", MISSING, same(404), {"plan": PLAN, "key": "M99"}),
    Row("progress:measure-split", EMPTY, only("coordinator", status=422), MEASURE, "POST"),
    Row(
        "progress:measure-split-withdraw",
        "没有拆分 not split",
        only("coordinator", status=409),
        MEASURE,
        "POST",
        {"text": "试"},
    ),
]
