"""Which enterprises may be one: asked of people, decided, undone; who is merged counts once."""

import pytest

from tests.domains.enterprises.registers.conftest import row
from xiandao.domains.enterprises.actions import twins as act
from xiandao.domains.enterprises.models import Enterprise, EnterpriseChange, Twin, TwinState
from xiandao.domains.enterprises.queries import registers as queries
from xiandao.domains.enterprises.queries import runs as run_queries
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db
WHY = "换领代码，名称未变"


@pytest.fixture
def pair(load):
    """Two rows of one name in one city, one without a code."""
    load(
        [row(1, "甲示例氢能科技有限公司"), row(2, "甲示例氢能科技有限公司", 统一社会信用代码="", 成立日期="2018-01-01")]
    )
    return Twin.objects.for_system("tests").get()


def counted():
    run = run_queries.run_in_force(system("tests"))
    return {line.industry.pk: line.counts for line in run_queries.by_industry(system("tests"), run)}


def test_equal_names_in_one_city_are_asked_not_decided(pair):
    assert (pair.state, pair.likeness, pair.asked_in.number) == (TwinState.OPEN, 0.95, 1)
    assert pair.why.split(",") == ["same_name", "same_place"]
    assert counted() == {"hydrogen": 2}


def test_two_living_firms_with_codes_are_two(load):
    load([row(1, "甲示例氢能科技有限公司"), row(2, "甲示例氢能科技有限公司")])
    assert Twin.objects.for_system("tests").count() == 0


def test_one_enterprise_counts_once_and_can_be_two_again(pair, people):
    coordinator = people("coordinator")
    twin = act.decide_twin(coordinator, pk=pair.pk, verdict="same", reason=WHY)
    assert (twin.state, twin.decided_by, twin.reason) == (TwinState.SAME, "周统筹（演示）", WHY)
    merged = Enterprise.objects.for_system("tests").get(uscc="")
    assert merged.same_as.uscc != ""
    assert counted() == {"hydrogen": 1}
    told = EnterpriseChange.objects.get(enterprise=merged, kind="merged")
    assert (told.after, told.register) == ("甲示例氢能科技有限公司", None)
    with pytest.raises(Conflict, match="先撤回"):
        act.decide_twin(coordinator, pk=pair.pk, verdict="different", reason=WHY)
    twin = act.reopen_twin(coordinator, pk=pair.pk, reason="看错了")
    assert (twin.state, twin.reason, twin.decided_by) == (TwinState.OPEN, "", "")
    merged.refresh_from_db(from_queryset=Enterprise.objects.for_system("tests"))
    assert merged.same_as is None
    assert counted() == {"hydrogen": 2}


def test_different_stays_different_with_the_next_version(pair, people, load):
    act.decide_twin(people("coordinator"), pk=pair.pk, verdict="different", reason="是两家")
    load(
        [row(1, "甲示例氢能科技有限公司"), row(2, "甲示例氢能科技有限公司", 统一社会信用代码="", 成立日期="2018-01-01")]
    )
    assert [twin.state for twin in Twin.objects.for_system("tests")] == [TwinState.DIFFERENT]


def test_three_that_are_one(load, people):
    without = {"统一社会信用代码": ""}
    load(
        [
            row(1, "甲示例氢能科技有限公司"),
            row(2, "甲示例氢能科技有限公司", 成立日期="2018-01-01", **without),
            row(3, "甲示例氢能科技有限公司", 成立日期="2017-01-01", **without),
        ]
    )
    twins = list(Twin.objects.for_system("tests").order_by("left", "right"))
    assert len(twins) == 3
    coordinator = people("coordinator")
    act.decide_twin(coordinator, pk=twins[2].pk, verdict="same", reason=WHY)
    act.decide_twin(coordinator, pk=twins[1].pk, verdict="same", reason=WHY)
    head = Enterprise.objects.for_system("tests").exclude(uscc="").get()
    assert Enterprise.objects.for_system("tests").filter(same_as=head).count() == 2
    act.reopen_twin(coordinator, pk=twins[1].pk, reason="看错了")
    assert Enterprise.objects.for_system("tests").filter(same_as=head).count() == 0
    assert Enterprise.objects.for_system("tests").exclude(same_as=None).count() == 1


def test_refusals(pair, people):
    with pytest.raises(Refused, match="请写明理由"):
        act.decide_twin(people("coordinator"), pk=pair.pk, verdict="same", reason=" ")
    with pytest.raises(Refused, match="请选择"):
        act.decide_twin(people("coordinator"), pk=pair.pk, verdict="open", reason=WHY)
    with pytest.raises(Conflict):
        act.reopen_twin(people("coordinator"), pk=pair.pk, reason=WHY)
    with pytest.raises(Refused, match="有权复核"):
        act.decide_twin(people("auditor"), pk=pair.pk, verdict="same", reason=WHY)
    with pytest.raises(Twin.DoesNotExist):  # the pair is in another city
        act.decide_twin(people("city"), pk=pair.pk, verdict="same", reason=WHY)
    assert queries.open_twins(people("coordinator")) == 1
    assert queries.open_twins(people("city")) == 0
