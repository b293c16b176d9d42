"""Words too long for a cell of Excel and characters no database holds are refused or marked, at the page and the interface."""

import json
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.domains.progress.reports.conftest import SCENE
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.models import Claim

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["happened", "next_step"])
def test_words_longer_than_a_cell_are_refused_at_their_field(report, save, field):
    save(report, **{field: "长" * 32_767})
    with pytest.raises(BadFields) as refused:
        save(report, **{field: "长" * 32_768})
    assert [name for name, _words in refused.value.faults] == [field]


def test_a_note_longer_than_a_cell_is_refused_at_its_claim(report, save):
    with pytest.raises(BadFields) as refused:
        save(report, {"new-1": {"note": "长" * 32_768}})
    assert [name for name, _words in refused.value.faults] == ["claims.new-1.note"]


def test_a_nul_given_to_the_interface_is_marked(client_of, report, again):
    claim = {**SCENE, "name": "示例\x00场景", "target": ""}
    draft = {"revision": 0, "standing": "on_track", "happened": "完成\x00。", "next_step": "", "claims": [claim]}
    answer = client_of("city").post(
        f"/api/v1/progress/reports/{report.pk}/draft", json.dumps(draft), content_type="application/json"
    )
    assert answer.status_code == 200
    assert again(report).happened == "完成\ufffd。"
    assert Claim.objects.for_system("tests").get().name == "示例\ufffd场景"


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000])
def test_numbers_no_row_has_mark_nothing_and_judge_nothing(client_of, report, submit, number):
    submitted, _claims = submit(report, {"new-1": {}})
    browser = client_of("coordinator")
    marked = browser.post(reverse("progress:verification-bulk"), {"report": f"{number}-1", "step": "verify"})
    assert marked.status_code == 422
    judged = browser.post(
        reverse("progress:report-verify", args=[submitted.pk]),
        urlencode({f"judgements.{number}.same": "yes", "revision": submitted.revision}),
        content_type="application/x-www-form-urlencoded",
    )
    assert judged.status_code == 422
    raised = client_of("city").get(reverse("progress:problem-new"), {"report": number})
    assert raised.status_code == 200
