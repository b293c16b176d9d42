"""Pages of reporting: they show where things stand, keep what was typed, and say why not."""

import html
import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook

from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.models import Claim, Result, Round, SamenessQuestion

pytestmark = pytest.mark.django_db


def text(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form_of(client, report):
    """Return what the form of a report would post as it stands."""
    page = client.get(f"/progress/reports/{report.pk}/").content.decode()
    base = html.unescape(re.search(r'id="report-base" hidden>(.*?)</textarea>', page, re.DOTALL)[1])
    revision = re.search(r'id="report-revision" value="(\d+)"', page)[1]
    content = json.loads(base)
    data = {"base": base, "revision": revision, "claim": list(content["claims"])}
    data |= {name: content[name] for name in ("standing", "happened", "next_step")}
    for key, fields in content["claims"].items():
        data |= {f"claims.{key}.id": key, **{f"claims.{key}.{name}": value for name, value in fields.items()}}
    return data


def new_claim(key="new-1", **fields):
    given = {
        "name": "示例场景",
        "item": "应用场景",
        "region": "320100",
        "happened_on": "2026-03-01",
        "quantity": "1",
        "unit": "个",
    }
    return {"claim": [key], **{f"claims.{key}.{name}": value for name, value in {**given, **fields}.items()}}


def test_filling_in_without_scripts(client_of, report, again):
    client = client_of("city")
    data = form_of(client, report) | new_claim() | {"standing": "on_track", "happened": "启用。", "step": "save"}
    answer = client.post(f"/progress/reports/{report.pk}/save/", data)
    assert answer.status_code == 302
    assert (again(report).state, Claim.objects.for_system("tests").get(report=report).name) == ("draft", "示例场景")
    data = form_of(client, report) | {"step": "submit"}
    answer = client.post(f"/progress/reports/{report.pk}/save/", data)
    # On to the next one that is to be written.
    assert answer.status_code == 302
    assert again(report).state == "submitted"
    assert answer.url != f"/progress/reports/{report.pk}/"


def test_what_cannot_be_read_comes_back_with_everything_typed(client_of, report, again):
    client = client_of("city")
    data = form_of(client, report) | new_claim(happened_on="三月一日") | {"happened": "启用。", "step": "save"}
    answer = client.post(f"/progress/reports/{report.pk}/save/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“三月一日”不是日期，应如 2026-03-31。" in html.unescape(page)
    assert 'value="三月一日"' in page
    assert "启用。" in page
    assert again(report).state == "empty"


def test_a_submission_that_lacks_something_is_saved_and_told(client_of, report, again):
    client = client_of("city")
    data = form_of(client, report) | new_claim(name="") | {"happened": "启用。", "step": "submit"}
    answer = client.post(f"/progress/reports/{report.pk}/save/", data)
    assert answer.status_code == 422
    assert "还不能提交，已保存为草稿" in text(answer)
    assert "请选择进展状态。" in text(answer)
    assert "请写明成果名称" in text(answer)
    assert (again(report).state, again(report).happened) == ("draft", "启用。")


def test_two_clerks_without_scripts_the_second_sees_both_and_chooses(client_of, report, again):
    first, second = client_of("city"), client_of("city-head")
    mine, other = form_of(first, report), form_of(second, report)
    first.post(f"/progress/reports/{report.pk}/save/", mine | {"happened": "甲写的", "next_step": "甲的下一步"})
    answer = second.post(f"/progress/reports/{report.pk}/save/", other | {"happened": "乙写的"})
    assert answer.status_code == 409
    assert "甲写的" in text(answer)
    assert "乙写的" in text(answer)
    assert again(report).happened == "甲写的"
    page = answer.content.decode()
    base = html.unescape(re.search(r'id="report-base" hidden>(.*?)</textarea>', page, re.DOTALL)[1])
    revision = re.search(r'id="report-revision" value="(\d+)"', page)[1]
    again_posted = other | {
        "base": base, "revision": revision, "happened": "乙写的", "next_step": "甲的下一步", "choice-happened": "theirs",
    }  # fmt: skip
    assert second.post(f"/progress/reports/{report.pk}/save/", again_posted).status_code == 302
    assert (again(report).happened, again(report).next_step) == ("甲写的", "甲的下一步")


HTMX = {"HTTP_HX_REQUEST": "true"}


def test_saving_while_typing_answers_with_a_line_the_revision_and_the_ids(client_of, report):
    client = client_of("city")
    data = form_of(client, report) | new_claim("new-abc") | {"happened": "启用。", "step": "autosave"}
    answer = client.post(f"/progress/reports/{report.pk}/save/", data, **HTMX)
    claim = Claim.objects.for_system("tests").get(report=report)
    page = answer.content.decode()
    assert "已保存草稿" in page
    assert f'id="claim-id-new-abc" value="{claim.pk}"' in page
    assert 'id="report-revision" value="1"' in page
    # The same form again, its claim now known by its id, adds nothing.
    data |= {"revision": "1", "claims.new-abc.id": str(claim.pk)}
    client.post(f"/progress/reports/{report.pk}/save/", data, **HTMX)
    assert Claim.objects.for_system("tests").filter(report=report).count() == 1


def test_a_save_whose_answer_was_lost_adds_no_second_claim(client_of, report):
    client = client_of("city")
    data = form_of(client, report) | new_claim("new-abc") | {"happened": "启用。", "step": "autosave"}
    for _time in range(2):
        assert client.post(f"/progress/reports/{report.pk}/save/", data, **HTMX).status_code == 200
    assert Claim.objects.for_system("tests").filter(report=report).count() == 1


def test_saving_while_typing_tells_a_fault_in_the_line_and_leaves_the_form_alone(client_of, report):
    client = client_of("city")
    data = form_of(client, report) | new_claim(quantity="许多") | {"step": "autosave"}
    answer = client.post(f"/progress/reports/{report.pk}/save/", data, **HTMX)
    assert answer.status_code == 422
    assert "HX-Retarget" not in answer.headers
    assert "没有自动保存" in answer.content.decode()


def test_words_of_another_come_in_with_the_whole_form(client_of, report):
    first, second = client_of("city"), client_of("city-head")
    other = form_of(second, report)
    first.post(f"/progress/reports/{report.pk}/save/", form_of(first, report) | {"next_step": "甲的下一步"})
    answer = second.post(
        f"/progress/reports/{report.pk}/save/", other | {"happened": "乙写的", "step": "autosave"}, **HTMX
    )
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#report-panel")
    assert "甲的下一步" in answer.content.decode()


def test_a_broken_base_or_a_wild_form_is_no_server_error(client_of, report):
    client = client_of("city")
    url = f"/progress/reports/{report.pk}/save/"
    for data in (
        {"base": "{", "revision": "x"},
        {"base": '{"standing": 1}', "revision": "99999999999"},
        {"base": "[]", "claim": ["a", "a", "<b>"], "claims.a.id": "999999999"},
        {"claim": [f"c{n}" for n in range(1000)]},
    ):
        assert client.post(url, data).status_code in {302, 409, 422}


def test_the_department_returns_and_the_city_reads_why(client_of, report, submit, again):
    submit(report, {"new-1": {}})
    department, city = client_of("coordinator"), client_of("city")
    page = department.get(f"/progress/reports/{report.pk}/verify/")
    assert page.status_code == 200
    answer = department.post(f"/progress/reports/{report.pk}/return/", {"revision": "1", "reason": ""})
    assert answer.status_code == 422
    answer = department.post(f"/progress/reports/{report.pk}/return/", {"revision": "1", "reason": "缺启用文件"})
    assert answer.status_code == 302
    assert "缺启用文件" in text(city.get(f"/progress/reports/{report.pk}/"))


def test_verifying_on_the_page(client_of, report, submit, again):
    _row, (claim,) = submit(report, {"new-1": {"target_key": "T06-1"}})
    department = client_of("coordinator")
    url = f"/progress/reports/{report.pk}/verify/"
    answer = department.post(url, {"revision": "1"})
    assert answer.status_code == 422
    assert "请选择核实或不予认定。" in text(answer)
    answer = department.post(url, {"revision": "1", f"claims.{claim.pk}.verified": "yes"})
    assert answer.status_code == 302
    assert Result.objects.for_system("tests").get().code == "R2026-000001"
    assert again(report).state == "verified"


def test_a_question_is_answered_on_the_page(client_of, report, report_of, submit, verify, people):
    submit(report, {"new-1": {"target_key": "T06-1"}})
    verify(report)
    other = report_of("city-other", "M06")
    _row, (claim,) = submit(other, {"new-1": {"target_key": "T06-1", "region": "321300"}}, who=people("city-other"))
    question = SamenessQuestion.objects.for_system("tests").get()
    department, url = client_of("coordinator"), f"/progress/reports/{other.pk}/verify/"
    assert "疑似同一成果，请判定" in text(department.get(url))
    chosen = {"revision": "1", f"claims.{claim.pk}.verified": "yes"}
    assert department.post(url, chosen).status_code == 409
    answered = {f"judgements.{question.pk}.same": "yes", f"judgements.{question.pk}.note": "同一场景"}
    assert department.post(url, chosen | answered).status_code == 302
    assert Result.objects.for_system("tests").count() == 1


def test_who_does_not_verify_is_led_to_the_report(client_of, report, submit):
    submit(report)
    answer = client_of("city").get(f"/progress/reports/{report.pk}/verify/")
    assert (answer.status_code, answer.url) == (302, f"/progress/reports/{report.pk}/")


def test_many_are_previewed_then_verified(client_of, report, submit, again):
    submit(report)
    department = client_of("coordinator")
    marked = {"report": [f"{report.pk}-1"]}
    page = department.post("/progress/verification/bulk/", marked)
    assert "场景建成启用。" in text(page)
    assert again(report).state == "submitted"
    assert department.post("/progress/verification/bulk/", marked | {"step": "verify"}).status_code == 302
    assert again(report).state == "verified"
    assert department.post("/progress/verification/bulk/", {}).status_code == 422


def test_a_round_is_previewed_then_opened(client_of, plan):
    client = client_of("coordinator")
    page = client.get("/progress/rounds/new/").content.decode()
    period = re.search(r'<option value="(\d{4}Q\d)" selected>', page)[1]
    data = {"plan": plan.pk, "period": period, "scope": "leads", "due_on": "2099-01-01", "note": "请按时"}
    answer = client.post("/progress/rounds/new/", data | {"step": "preview"})
    assert "将向 113 个单位开启 337 份填报" in text(answer)
    assert not Round.objects.for_system("tests").exists()
    assert client.post("/progress/rounds/new/", data | {"step": "open"}).status_code == 302
    answer = client.post("/progress/rounds/new/", data | {"step": "open"})
    assert answer.status_code == 422
    assert "已经有填报期" in text(answer)
    assert "请按时" in text(answer)


def test_a_round_that_cannot_close_says_why_and_closes_with_a_reason(client_of, report, submit):
    submit(report)
    client, url = client_of("coordinator"), f"/progress/rounds/{report.round_id}/close/"
    answer = client.post(url)
    assert answer.status_code == 409
    assert "还有 1 份进展、0 项成果待核实" in text(answer)
    assert client.post(url, {"force": "1", "reason": "年度汇总"}).status_code == 302


def test_a_result_shows_the_claims_one_sees_and_how_many_one_does_not(
    client_of, report, report_of, submit, verify, people
):
    submit(report, {"new-1": {"target_key": "T06-1", "name": "南京示例航运场景"}})
    verify(report)
    other = report_of("city-other", "M06")
    submit(
        other,
        {"new-1": {"target_key": "T06-1", "name": "南京市示例航运场景", "region": "321300"}},
        who=people("city-other"),
    )
    question = SamenessQuestion.objects.for_system("tests").get()
    verify(other, judgements=[act.Judgement(question.pk, same=True, note="同一")])
    url = "/progress/results/R2026-000001/"
    seen = text(client_of("city").get(url))
    assert "另有 1 次申报不在您的查看范围内" in seen
    assert "南京市示例航运场景" not in seen
    assert "宿迁" not in seen
    both = text(client_of("coordinator").get(url))
    assert "南京市示例航运场景" in both
    assert "5个100" in both or "H4" in both or "应用场景" in both


def test_a_result_is_voided_on_its_page(client_of, report, submit, verify):
    submit(report, {"new-1": {"target_key": "T06-1"}})
    verify(report)
    client = client_of("coordinator")
    assert client.post("/progress/results/R2026-000001/void/", {"reason": ""}).status_code == 422
    assert client.post("/progress/results/R2026-000001/void/", {"reason": "重复认定"}).status_code == 302
    assert "重复认定" in text(client.get("/progress/results/R2026-000001/"))


def test_the_excel_of_results_is_what_the_list_shows(client_of, report, submit, verify):
    submit(report, {"new-1": {"name": "=HYPERLINK(0)场景"}, "new-2": {"name": "第二个场景"}})
    verify(report)
    answer = client_of("coordinator").get("/progress/results/?q=第二个&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["名称", "第二个场景"]
