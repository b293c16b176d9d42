"""A need of an open bid from being raised to being bid for."""

from decimal import Decimal

import pytest

from tests.domains.programmes.conftest import NOW
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import applications, needs
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Need, Programme

pytestmark = pytest.mark.django_db
VETO = needs.Indicator("比能量", "Wh/kg", "≥", "400", "第三方检测", "国家级检测中心", veto=True)
OPINION = needs.Opinion("秦专家", "示例大学", "同意发榜", agrees=True)


@pytest.fixture
def office(people):
    return people("department")


@pytest.fixture
def need(firm):
    content = needs.NeedContent("高比能储氢", "现有材料比能量不足。", budget=Decimal("5000000.00"))
    return needs.raise_need(firm, programme=Programme.objects.get(code="open-bid"), content=content, now=NOW)


def test_a_need_goes_from_raised_to_listed_and_is_bid_for(firm, rival, office, public, need, call_of):
    assert need.code == "XQ2026-0001"
    assert not Need.objects.visible_to(rival).exists()
    with pytest.raises(Conflict, match="先记录专家论证"):
        needs.accept_need(office, code=need.code)
    needs.argue_need(office, code=need.code, opinions=[OPINION], indicators=[VETO], minute="纪要1号", now=NOW)
    needs.accept_need(office, code=need.code, now=NOW)
    call = call_of(office, "open-bid")
    with pytest.raises(Refused, match="请先在榜单里选定"):
        applications.start_application(rival, call_code=call.code, now=NOW)
    with pytest.raises(Refused, match="榜单里没有"):
        applications.start_application(rival, call_code=call.code, need_code=need.code, now=NOW)
    needs.list_need(office, code=need.code, call_code=call.code, now=NOW)
    assert Need.objects.visible_to(public).get().indicators[0]["value"] == "400"
    bid = applications.start_application(rival, call_code=call.code, need_code=need.code, now=NOW)
    assert bid.need_id == need.pk
    assert bid.data["item"] == "XQ2026-0001"
    assert [e.state for e in need.events.all()] == ["raised", "arguing", "accepted", "listed"]


def test_no_need_is_accepted_without_a_hard_indicator(office, need):
    soft = needs.Indicator("成本", "元", "≤", "100", "核算")
    needs.argue_need(office, code=need.code, opinions=[OPINION], indicators=[soft], now=NOW)
    with pytest.raises(Conflict, match="否决性的硬指标"):
        needs.accept_need(office, code=need.code)
    needs.argue_need(office, code=need.code, opinions=[], indicators=[VETO], now=NOW)
    with pytest.raises(Conflict, match="还没有专家意见"):
        needs.accept_need(office, code=need.code)


def test_what_is_missing_of_an_argument_is_told_by_row(office, need):
    with pytest.raises(BadFields) as caught:
        needs.argue_need(
            office,
            code=need.code,
            opinions=[OPINION, needs.Opinion("", "某单位", "可", agrees=True)],
            indicators=[needs.Indicator("x", "", "~", "1", "检测")],
        )
    assert [field for field, _words in caught.value.faults] == ["opinions", "indicators"]
    assert "第 2 条专家意见" in caught.value.faults[0][1]


def test_a_need_is_refused_with_a_reason_and_withdrawn_by_its_own(firm, rival, office, need, people):
    with pytest.raises(BadFields):
        needs.refuse_need(office, code=need.code, reason=" ")
    with pytest.raises(Refused, match="由省科技厅组织申报"):
        needs.refuse_need(people("department-other"), code=need.code, reason="x")
    with pytest.raises(Need.DoesNotExist):
        needs.withdraw_need(rival, code=need.code)
    needs.withdraw_need(firm, code=need.code, now=NOW)
    with pytest.raises(Conflict):
        needs.refuse_need(office, code=need.code, reason="晚了")


def test_only_an_open_bid_takes_needs(firm):
    with pytest.raises(Refused, match="不征集需求"):
        needs.raise_need(
            firm, programme=Programme.objects.get(code="scenario"), content=needs.NeedContent("甲", "乙"), now=NOW
        )
