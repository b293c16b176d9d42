"""The interface: entries as the page filters them, unknown as null, persons and what is not public kept in."""

from tests.domains.ledger.conftest import MAIN
from xiandao.domains.ledger.actions import Holder


def test_entries_and_one_with_what_it_serves(entered, client_of):
    entry = entered(holders=[Holder("示例园区管委会（演示）"), Holder("某某某", role="person")], decided_on=None)
    entered(name="内部园（演示）", public=False, serves=[])
    entered(name="别处园（演示）", elsewhere=True, serves=[], source="https://example.org/a", source_grade="A")
    client = client_of()
    found = client.get("/api/v1/ledger/entries").json()
    assert found["count"] == 1
    (row,) = found["items"]
    assert (row["code"], row["decided_on"], row["valid_to"], row["counts"]) == (entry.code, None, None, True)
    assert row["holders"] == [{"name": "示例园区管委会（演示）", "credit_code": "", "role": "lead"}]
    one = client.get(f"/api/v1/ledger/entries/{entry.code}").json()
    assert sorted((each["plan"], each["target"], each["until"]) for each in one["served"]) == [
        ("js-sci-5x100", "H3", None),
        (MAIN, "T03-2", None),
    ]
    (other,) = client.get("/api/v1/ledger/entries?state=elsewhere").json()["items"]
    assert (other["counts"], other["source"], other["source_grade"]) == (False, "https://example.org/a", "A")
    assert client_of("department").get("/api/v1/ledger/entries").json()["count"] == 2


def test_bad_filters_are_named(client_of):
    answer = client_of().get("/api/v1/ledger/entries?city=999999&state=nothing")
    assert answer.status_code == 404
    assert {fault.partition("：")[0] for fault in answer.json()["detail"].split("；")} == {"city", "state"}
