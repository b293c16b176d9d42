"""What nobody would type on purpose is refused beside its field; no page breaks by it, now or afterwards."""

import pytest
from django.urls import reverse

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress.actions.subtasks import Part, split_measure
from xiandao.domains.progress.actions.targets_check import BadFields
from xiandao.domains.progress.views.planning_parse import day_in, moment_in, number_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["1e30", "9" * 40, "-1e16", "1e999999", "1000000000000000"])
def test_a_number_no_target_has_is_refused_in_words(text):
    with pytest.raises(ValueError, match="太大"):
        number_in(text)


def test_the_greatest_number_that_is_kept_is_read():
    assert str(number_in("999999999999999.999999")) == "999999999999999.999999"


@pytest.mark.parametrize("text", ["99999999999999999999-1-1", "2026-13-1", "9" * 5000 + "-1-1", "2026-1"])
def test_a_day_that_is_none_is_refused_in_words(text):
    with pytest.raises(ValueError, match="不是日期"):
        day_in(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "1899-12-31T00:00:00+00:00", "2026-04-01T00:00"]
)
def test_a_moment_outside_the_times_a_plan_can_have_is_none(text):
    assert moment_in(text) is None


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00%2B08:00", "9999-12-31T23:59:59-08:00", "%00"])
def test_the_rows_behind_a_number_stand_any_address(client_of, plan, target, as_of):
    address = reverse("progress:target-rows", args=[plan.code, target.key, "counted"])
    assert client_of("coordinator").get(f"{address}?as_of={as_of}").status_code == 200


def test_the_roll_up_stands_a_day_far_beyond_the_calendar(client_of, plan):
    page = client_of("coordinator").get(
        reverse("progress:rollup", args=[plan.code]), {"on": "99999999999999999999-1-1"}
    )
    assert page.status_code == 200


def test_a_share_too_large_is_refused_beside_its_city_with_all_that_was_typed(client_of, plan, target):
    address = reverse("progress:target-shares", args=[plan.code, target.key])
    page = client_of("coordinator").post(address, {"320100": "1e30", "320200": "3", "reason": "试"})
    assert page.status_code == 422
    words = page.content.decode()
    assert "太大" in words
    assert 'value="1e30"' in words


@pytest.mark.parametrize("weight", ["0.00001", "0.33333"])
def test_a_weight_finer_than_it_is_kept_is_refused(people, plan, target, weight):
    lead = Organisation.objects.get(pk=people("department").organisation_id)
    parts = [Part(name, number_in(weight), lead) for name in ("甲", "乙")]
    with pytest.raises(BadFields, match="四位小数"):
        split_measure(people("coordinator"), plan=plan.code, measure=target.measure.key, parts=parts)
