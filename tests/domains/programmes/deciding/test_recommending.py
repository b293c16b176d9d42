"""Recommending within the quota, in order, before the deadline, and only what lies with the body."""

import pytest

from tests.domains.programmes.deciding.conftest import NOW, S, at
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import recommending
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Application, Recommendation

pytestmark = pytest.mark.django_db


def test_the_order_follows_and_the_quota_holds(people, call, applied):
    call.quotas = {"*": 2}
    call.save()
    made = [applied(n, S.CHECKED) for n in (1, 2, 3)]
    city = people("city")
    for one in made[:2]:
        recommending.recommend(city, code=one.code, now=NOW)
    with pytest.raises(Conflict, match="推荐名额 2 个已用完"):
        recommending.recommend(city, code=made[2].code, now=NOW)
    assert list(Recommendation.objects.order_by("place").values_list("application__code", "place")) == [
        ("SB2026-001-0001", 1),
        ("SB2026-001-0002", 2),
    ]
    recommending.not_recommend(city, code=made[2].code, reason="名额所限", now=NOW)
    assert Application.objects.for_system("tests").get(pk=made[2].pk).state == "not_recommended"


def test_a_city_recommends_only_what_lies_with_it(people, applied):
    one = applied(1, S.CHECKED, recommender="city-other")
    with pytest.raises((Refused, Application.DoesNotExist)):
        recommending.recommend(people("city"), code=one.code, now=NOW)


def test_late_is_late_by_the_server(people, applied):
    one = applied(1, S.CHECKED)
    with pytest.raises(Conflict, match="2026-05-15 18:00 截止"):
        recommending.recommend(people("city"), code=one.code, now=at("2026-05-15 18:00:01"))
    recommending.recommend(people("city"), code=one.code, now=at("2026-05-15 18:00:00"))


def test_not_recommending_needs_a_reason(people, applied):
    one = applied(1, S.CHECKED)
    with pytest.raises(BadFields, match="不推荐的理由"):
        recommending.not_recommend(people("city"), code=one.code, reason=" ", now=NOW)


def test_places_are_changed_and_never_shared(people, call, applied):
    city = people("city")
    made = [applied(n, S.CHECKED) for n in (1, 2)]
    for one in made:
        recommending.recommend(city, code=one.code, now=NOW)
    with pytest.raises(BadFields, match="都排在第 2"):
        recommending.set_order(city, call=call, places={made[0].code: "2"}, now=NOW)
    assert recommending.set_order(city, call=call, places={made[0].code: "2", made[1].code: "1"}, now=NOW) == 2
    assert Recommendation.objects.get(application=made[1]).place == 1
