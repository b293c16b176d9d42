"""The interface to reports: the same scope, the same rules and the same refusals as the pages."""

import json

import pytest
from django.test import Client

from xiandao.domains.orgs.models import User
from xiandao.domains.progress.models import Claim

pytestmark = pytest.mark.django_db
API = "/api/v1/progress"


def draft(**more):
    claim = {"name": "示例场景", "item": "应用场景", "region": "320100", "happened_on": "2026-03-01", "unit": "个"}
    return {"revision": 0, "standing": "on_track", "happened": "启用。", "next_step": "", "claims": [claim], **more}


def post(client, url, data):
    return client.post(url, json.dumps(data), content_type="application/json")


def test_a_report_is_saved_and_submitted(client_of, report, again):
    client, url = client_of("city"), f"{API}/reports/{report.pk}"
    saved = post(client, f"{url}/draft", draft())
    assert (saved.status_code, saved.json()["state"], saved.json()["revision"]) == (200, "draft", 1)
    (claim,) = saved.json()["claims"]
    assert Claim.objects.for_system("tests").get(pk=claim).name == "示例场景"
    done = client.post(f"{url}/submit", {"revision": 1})
    assert (done.status_code, done.json()["state"]) == (200, "submitted")
    told = client.get(url).json()
    assert (told["state"], told["claims"][0]["quantity"], [v["event"] for v in told["versions"]]) == (
        "submitted", "1", ["submitted"],
    )  # fmt: skip


def test_a_fault_names_its_field(client_of, report):
    bad = draft()
    bad["claims"][0]["happened_on"] = "三月"
    answer = post(client_of("city"), f"{API}/reports/{report.pk}/draft", bad)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["claims", "new-0", "happened_on"]


def test_what_is_missing_on_submission_is_named(client_of, report, save):
    save(report, standing="")
    answer = client_of("city").post(f"{API}/reports/{report.pk}/submit", {"revision": 1})
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["standing"])


def test_who_was_slower_is_told_both_texts(client_of, report, save):
    save(report, happened="甲写的")
    answer = post(client_of("city"), f"{API}/reports/{report.pk}/draft", draft(happened="乙写的", claims=[]))
    assert answer.status_code == 409
    assert {"field": "happened", "mine": "乙写的", "theirs": "甲写的"} in answer.json()["clashes"]


@pytest.mark.parametrize(
    ("account", "status"), [("city-other", 404), ("applicant", 404), ("coordinator", 403), ("auditor", 403), ("", 401)]
)
def test_others_do_not_write_it(client_of, report, again, account, status):
    client, url = client_of(account), f"{API}/reports/{report.pk}"
    assert post(client, f"{url}/draft", draft()).status_code == status
    assert client.post(f"{url}/submit", {"revision": 0}).status_code == status
    assert again(report).state == "empty"


def test_a_page_of_another_site_cannot_write_with_the_readers_cookie(report, again):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="city"))
    assert post(client, f"{API}/reports/{report.pk}/draft", draft()).status_code == 403
    assert again(report).state == "empty"


@pytest.mark.parametrize("path", ["duties", "rounds", "reports", "claims", "results"])
@pytest.mark.parametrize(
    ("account", "status"), [("", 404), ("applicant", 404), ("system", 404), ("county", 200), ("auditor", 200)]
)
def test_lists_are_for_those_who_report_verify_or_oversee(client_of, report, path, account, status):
    assert client_of(account).get(f"{API}/{path}").status_code == status


def test_lists_hold_what_one_sees(client_of, report, submit, verify, people):
    submit(report, {"new-1": {"target_key": "T06-1"}})
    verify(report)
    mine, other = client_of("city"), client_of("city-other")
    assert [row["code"] for row in mine.get(f"{API}/results").json()["items"]] == ["R2026-000001"]
    assert other.get(f"{API}/results").json()["count"] == 0
    assert other.get(f"{API}/results/R2026-000001").status_code == 404
    assert mine.get(f"{API}/reports?own=true").json()["count"] == 9
    assert mine.get(f"{API}/duties?own=true").json()["items"][0]["organisation"] == people("city").organisation_code
    detail = client_of("coordinator").get(f"{API}/results/R2026-000001").json()
    assert {(row["plan"], row["target"]) for row in detail["counts"]} == {
        ("js-wlcy-2024-2026", "T06-1"),
        ("js-sci-5x100", "H4"),
    }


def test_numbers_beyond_every_id_are_not_found(client_of, report):
    assert client_of("city").get(f"{API}/reports/{10**30}").status_code in {404, 422}
