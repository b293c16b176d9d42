"""Drawing samples: strata, repeatability, what is uncertain or disagreeing, permission, tasks, ending."""

import pytest

from tests.domains.labelling.conftest import H2, STORAGE
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.models import Enterprise, Run
from xiandao.domains.inbox.models import Task
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling.actions.desk import Judgement, judge
from xiandao.domains.labelling.actions.objections import raise_objection
from xiandao.domains.labelling.actions.samples import Asked, close_sample, draw_sample, withdraw_sample
from xiandao.domains.labelling.frame import frame
from xiandao.domains.labelling.models import Item, ItemState, Label, Sample
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused


def tasks(kind):
    return sorted(Task.objects.for_system("tests").filter(kind=kind, state="open").values_list("subject", flat=True))


@pytest.fixture
def world(firm):
    """Six counted in hydrogen, four to review, three in storage and weaker in hydrogen, five without a term."""
    for n in range(6):
        firm(f"甲{n}", hydrogen=("in", "core", 0.9))
    for n in range(4):
        firm(f"乙{n}", hydrogen=("review", "core", 0.55 - 0.05 * n))
    for n in range(3):
        firm(f"丙{n}", hydrogen=("out", "mention", 0.1), energy_storage=("in", "core", 0.8))
    for n in range(5):
        firm(f"丁{n}", scope="餐饮服务。")


def test_everybody_is_in_one_stratum(world, run, firm):
    gone = firm("注销", hydrogen=("in", "core", 0.9))
    gone.status = "注销"
    gone.save()
    found = frame(run, industries=(), region=None)
    sizes = {code: len(each.keys) for code, each in found.strata.items()}
    assert sizes == {"hydrogen:in": 6, "hydrogen:review": 4, "energy-storage:in": 3, "none": 5}
    assert found.size == 18
    assert found.strata["hydrogen:in"].share == pytest.approx(0.9)


def test_limits_on_industries_and_place(world, run, firm, cities):
    firm("外", region=cities[1], hydrogen=("in", "core", 0.9))
    limited = frame(run, industries=(STORAGE,), region=None)
    assert {code: len(each.keys) for code, each in limited.strata.items()} == {
        "energy-storage:in": 3,
        "other": 11,
        "none": 5,
    }
    place = frame(run, industries=(), region=cities[1])
    assert {code: len(each.keys) for code, each in place.strata.items()} == {"hydrogen:in": 1, "none": 0}


def test_a_sample_says_what_it_was_drawn_from(world, drawn, office):
    sample, items = drawn(random=8, unseen=2, uncertain=1)
    assert sample.seed == 7
    assert {code: each["size"] for code, each in sample.strata.items()} == {
        "hydrogen:in": 6,
        "hydrogen:review": 4,
        "energy-storage:in": 3,
        "none": 5,
    }
    assert sum(each["drawn"] for each in sample.strata.values()) == 10
    assert sample.strata["none"]["drawn"] == 2
    random = [item for item in items if item.reason == "random"]
    assert len(random) == 10
    assert sum(item.weight for item in random) == pytest.approx(18)
    record = AuditRecord.objects.filter(action="labelling.sample_drawn").get()
    assert record.after["seed"] == 7
    assert record.actor == office.account


def test_the_same_seed_draws_the_same_and_another_does_not(world, drawn):
    one, again, other = (drawn(random=6, unseen=2, seed=seed)[1] for seed in (7, 7, 8))
    assert [item.enterprise_id for item in one] == [item.enterprise_id for item in again]
    assert [item.enterprise_id for item in one] != [item.enterprise_id for item in other]


def test_uncertain_are_nearest_to_a_threshold(world, drawn):
    _sample, items = drawn(uncertain=2)
    # thresholds 0.6 and 0.3; scores 0.55, 0.50, 0.45, 0.40: nearest are 0.55 (0.05) and then 0.50 or 0.40 (0.10 each)
    assert {item.enterprise.name for item in items} <= {"乙0公司（演示）", "乙1公司（演示）", "乙3公司（演示）"}
    assert "乙0公司（演示）" in {item.enterprise.name for item in items}


def test_disagreeing_are_objections_changed_texts_and_changed_results(
    world, drawn, run, firm, people, register, office
):
    applicant = people("applicant")
    own = firm(
        "自己", organisation=Organisation.objects.get(pk=applicant.organisation_id), hydrogen=("out", "mention", 0.1)
    )
    raise_objection(
        applicant, enterprise=own, industry=Industry.objects.get(code=H2), asked_role="core", text="本企业制造"
    )
    changed = Enterprise.objects.for_system("tests").get(name="甲0公司（演示）")
    Label.objects.create(
        enterprise=changed, name=changed.name, scope="旧文本", source="review", at=run.register.created_at, by="x"
    )
    before = Run.objects.create(number=0, register=register, catalogue=run.catalogue, state="superseded", by="x")
    lost = firm("曾计", hydrogen=("out", "mention", 0.2))
    lost.classifications.create(
        run=before, industry_id=H2, role="core", decision="in", model_role="core", model_decision="in", score=0.9
    )
    _sample, items = drawn(disagreeing=3)
    found = {item.enterprise.name: item.why for item in items}
    assert found["自己公司（演示）"] == "objection"
    assert found["甲0公司（演示）"] == "text"
    assert "run" in found.values()


def test_it_goes_to_the_inbox_of_those_asked_with_what_they_see(world, drawn, bodies, cities):
    drawn(random=4, title="一季度复核")
    assert tasks("labelling.judge") == ["一季度复核：待判断 4 家", "一季度复核：待判断 4 家"]


def test_a_label_that_holds_is_not_asked_again(firm, drawn, now):
    known = firm("已知", hydrogen=("in", "core", 0.9))
    Label.objects.create(
        enterprise=known, name=known.name, scope=known.scope, labels={H2: "trade"}, source="review", at=now, by="x"
    )
    sample, items = drawn(random=1)
    assert items[0].state == ItemState.SETTLED
    assert items[0].outcome == {H2: "trade"}
    assert tasks("labelling.judge") == []
    assert tasks("labelling.finish") == [sample.title]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"random": 0}, "1 至 2000 家"),
        ({"random": 3000}, "1 至 2000 家"),
        ({"random": 5, "unseen": -1}, "1 至 2000 家"),
        ({"random": 5, "readers": 3}, "1 人或 2 人"),
        ({"random": 5, "title": " "}, "批次名称"),
        ({"random": 5, "seed": -1}, "随机种子"),
        ({"random": 5, "bodies": ()}, "哪些单位"),
        ({"disagreeing": 5}, "没有可抽的企业"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_nothing(world, drawn, asked, reason):
    with pytest.raises(Refused, match=reason):
        drawn(**asked)
    assert not Sample.objects.for_system("tests").exists()
    assert not AuditRecord.objects.filter(action__startswith="labelling.").exists()


def test_only_who_settles_draws(world, run, people, bodies):
    for account in ("department", "city", "auditor", "applicant"):
        with pytest.raises(Refused, match="不能抽取"):
            draw_sample(people(account), asked=Asked("批", 1, random=2, bodies=bodies))


def test_without_a_run_nothing_is_drawn(office, bodies, db):
    with pytest.raises(Conflict, match="还没有现行的识别批次"):
        draw_sample(office, asked=Asked("批", 1, random=2, bodies=bodies))


def test_ending_early_needs_a_reason_and_leaves_the_rest_out(world, drawn, office, people, now):
    sample, items = drawn(random=3)
    judge(people("department"), pk=items[0].pk, judgement=Judgement({H2: "core", STORAGE: "none"}), now=now)
    with pytest.raises(Refused, match="还有 2 家没有判断"):
        close_sample(office, pk=sample.pk)
    with pytest.raises(Refused, match="不能完成"):
        close_sample(people("department"), pk=sample.pk, reason="够了")
    close_sample(office, pk=sample.pk, reason="够了", now=now)
    states = list(Item.objects.for_system("tests").filter(sample=sample).values_list("state", flat=True))
    assert sorted(states) == ["settled", "skipped", "skipped"]
    assert tasks("labelling.judge") == []
    assert AuditRecord.objects.filter(action="labelling.sample_closed").get().reason == "够了"
    with pytest.raises(Conflict, match="已完成"):
        close_sample(office, pk=sample.pk)


def test_withdrawing_needs_a_reason(world, drawn, office):
    sample, _items = drawn(random=3)
    with pytest.raises(Refused, match="理由"):
        withdraw_sample(office, pk=sample.pk, reason=" ")
    withdraw_sample(office, pk=sample.pk, reason="抽错了市")
    assert Sample.objects.for_system("tests").get().state == "withdrawn"
    assert tasks("labelling.judge") == []
