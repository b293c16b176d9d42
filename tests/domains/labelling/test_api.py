"""The review desk over the API: the same rows, the same scope, unknown as null."""

import pytest

from tests.domains.labelling.conftest import H2
from xiandao.domains.labelling.actions import desk
from xiandao.domains.labelling.actions.desk import Judgement
from xiandao.domains.labelling.actions.samples import close_sample


@pytest.fixture
def judged(firm, drawn, people, office, now):
    enterprise = firm("甲", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=1)
    desk.judge(people("department"), pk=items[0].pk, judgement=Judgement({H2: "trade"}), now=now)
    close_sample(office, pk=sample.pk, now=now)
    return enterprise, sample


def test_what_it_says(judged, client_of):
    enterprise, _sample = judged
    client = client_of("department")
    found = client.get("/api/v1/labelling/samples").json()
    assert found["count"] == 1
    assert (found["items"][0]["seed"], found["items"][0]["settled"]) == (7, 1)
    labels = client.get("/api/v1/labelling/labels").json()["items"]
    assert labels[0]["enterprise"] == enterprise.key
    assert labels[0]["labels"] == {H2: "trade"}
    assert labels[0]["text_unchanged"] is True
    quality = client.get("/api/v1/labelling/quality").json()
    line = next(each for each in quality["industries"] if each["industry"] == H2)
    assert (line["estimate"], line["counted_by_model"], line["precision"]["value"]) == (0, 1, 0.0)
    assert line["recall"]["value"] is None
    assert client.get("/api/v1/labelling/objections").json()["items"] == []


def test_a_city_that_is_none_is_missing(judged, client_of):
    assert client_of("department").get("/api/v1/labelling/quality?city=000000").status_code == 404
    assert client_of("department").get("/api/v1/labelling/samples?limit=0").status_code == 422


def test_nothing_known_is_null(client_of, db):
    found = client_of("department").get("/api/v1/labelling/quality").json()
    assert found["run"] is None
    assert found["total"] is None
    assert found["industries"] == []


def test_a_city_sees_its_own_labels(judged, client_of, people):
    assert client_of("city").get("/api/v1/labelling/labels").json()["count"] == 1
    assert client_of("city-other").get("/api/v1/labelling/labels").json()["count"] == 0
