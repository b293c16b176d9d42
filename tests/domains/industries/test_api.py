"""The catalogue over the interface: public, read-only."""

import pytest

from xiandao.domains.industries.actions import publishing, words


@pytest.fixture
def client(client_of):
    return client_of()


def test_versions(client):
    (version,) = client.get("/api/v1/catalogue").json()
    assert version["code"] == "2026.1"
    assert version["state"] == "published"
    assert version["based_on"] is None
    assert len(version["digest"]) == 64


def test_a_whole_version(client):
    current = client.get("/api/v1/catalogue/current").json()
    assert current == client.get("/api/v1/catalogue/versions/2026.1").json()
    assert len(current["industries"]) == 15
    hydrogen = next(each for each in current["industries"] if each["code"] == "hydrogen")
    storage = next(each for each in hydrogen["segments"] if each["code"] == "storage")
    assert storage["gbt4754"] == ["3332", "3240", "5720"]
    product = next(each for each in storage["products"] if each["code"] == "hp-storage")
    assert {"text": "储氢瓶", "weight": "core", "of": None} in product["terms"]
    assert {"text": "储氢气瓶", "weight": "core", "of": "储氢瓶"} in product["terms"]


def test_two_versions_are_compared(client, draft, editor, office):
    words.add_terms(editor, pk=draft.pk, industry="hydrogen", product="station", text="演示甲词", weight="weak")
    publishing.publish_draft(office, pk=draft.pk, note="补词", untried="演示")
    found = client.get("/api/v1/catalogue/compare", {"a": "2026.1", "b": "2026.2"}).json()
    assert found["count"] == 1
    assert found["changes"] == [
        {"kind": "term", "nature": "added", "path": ["hydrogen", "station", "演示甲词"], "fields": {}}
    ]


def test_what_is_missing_or_hidden(client, draft):
    assert client.get("/api/v1/catalogue/versions/1999.1").status_code == 404
    assert client.get("/api/v1/catalogue/versions/").status_code == 404
    assert client.get("/api/v1/catalogue/compare", {"a": "2026.1"}).status_code == 422
