"""The office in the browser: a designation from the check to the certificate, and that nobody else can tell."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.domains.programmes.deciding.conftest import NOW, YES, S
from xiandao.domains.orgs.viewer import system
from xiandao.domains.programmes.actions import deciding, noticing
from xiandao.domains.programmes.models import Application, Certificate, Notice, NoticeObjection

pytestmark = pytest.mark.django_db
BASE = "/programmes/"


def state_of(code: str) -> str:
    return Application.objects.for_system("tests").get(code=code).state


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def form_data():
    return {"title": "智慧港口（演示）", "is_built": "yes", "effect": [{"name": "效率", "before": "1", "after": "2"}]}


def test_the_clerk_checks_one_after_the_other(client_of, applied, form_data):
    one, two = applied(1, data=form_data), applied(2)
    clerk = client_of("department")
    page = clerk.get(f"{BASE}office/applications/{one.code}/")
    assert page.status_code == 200
    assert "智慧港口（演示）" in text_of(page)
    assert "<td>效率</td><td>1</td><td>2</td>" in text_of(page)
    bad = clerk.post(f"{BASE}office/applications/{one.code}/unfit/", {"reason": "未建成", "rule": " "})
    assert bad.status_code == 422
    assert "请写明依据的条件或规定。" in text_of(bad)
    assert ">未建成</textarea>" in text_of(bad)
    done = clerk.post(f"{BASE}office/applications/{one.code}/pass/")
    assert done.status_code == 302
    assert done["Location"] == f"{BASE}office/applications/{two.code}/"
    given = {"field": ["site", ""], "finding": ["写明到县", ""], "finding_rule": ["通知第三条", ""]}
    clerk.post(f"{BASE}office/applications/{two.code}/return/", given)
    assert (state_of(one.code), state_of(two.code)) == ("checked", "correcting")
    assert "写明到县" in text_of(clerk.get(f"{BASE}office/applications/{two.code}/"))


def test_many_pass_after_the_preview(client_of, call, applied):
    one, two = applied(1), applied(2, S.CHECKED)
    clerk = client_of("department")
    page = clerk.post(f"{BASE}office/calls/{call.code}/bulk/", {"pick": [one.code, two.code]})
    assert "将通过 1 项" in text_of(page)
    assert "现在是“形式审查通过”" in text_of(page)
    assert state_of(one.code) == "submitted"
    clerk.post(f"{BASE}office/calls/{call.code}/bulk/", {"sure": "1", "pick": [f"{one.code}:0"]})
    assert state_of(one.code) == "checked"
    assert clerk.post(f"{BASE}office/calls/{call.code}/bulk/", {}).status_code == 422


def test_a_city_recommends_and_the_list_is_excel_too(client_of, call, applied):
    one, two = applied(1, S.CHECKED), applied(2, S.CHECKED)
    city = client_of("city")
    assert call.code in text_of(city.get(f"{BASE}recommend/"))
    call.recommend_until = timezone.now() + dt.timedelta(days=1)
    call.save()
    assert city.post(f"{BASE}recommend/{call.code}/no/", {"code": two.code, "text": ""}).status_code == 422
    city.post(f"{BASE}recommend/{call.code}/yes/", {"code": one.code, "text": "同意"})
    city.post(f"{BASE}recommend/{call.code}/no/", {"code": two.code, "text": "条件不足"})
    assert (state_of(one.code), state_of(two.code)) == ("recommended", "not_recommended")
    assert city.get(f"{BASE}recommend/{call.code}/?export=xlsx")["Content-Type"].endswith("sheet")
    assert client_of("city-other").get(f"{BASE}recommend/{call.code}/").status_code == 404


def test_outcomes_of_a_review_are_pasted_and_every_wrong_line_is_named(client_of, call, applied, reported):
    one = applied(1, S.RECOMMENDED)
    clerk = client_of("department")
    url = f"{BASE}office/calls/{call.code}/review/"
    given = {"panel": "七人组", "held_on": "2026-04-10"}
    bad = clerk.post(url, given | {"rows": f"{one.code},很好,九十,0"})
    assert bad.status_code == 422
    assert "得分“九十”不是数字；名次应是正整数；专家意见“很好”应是入选、储备或不入选。" in text_of(bad)
    done = clerk.post(url, given | {"rows": f"申报编号\t得分\t专家意见\n{one.code}\t90.5\t入选"})
    assert done.status_code == 302
    one.refresh_from_db()
    assert (one.state, str(one.review.score)) == ("reviewed", "90.5000")
    sheet = clerk.get(f"{url}?export=xlsx")
    again = SimpleUploadedFile("评审.xlsx", sheet.content)
    assert clerk.post(url, given | {"rows": "", "file": again}).status_code == 302


def test_a_designation_to_the_certificate(client_of, reviewed, call, office, people):
    made = reviewed(("approve", 90), ("approve", 80), ("refuse", 50), recommender="city")
    clerk = client_of("department")
    started = clerk.post(
        f"{BASE}office/calls/{call.code}/decision/",
        {"title": "首批", "body": "厅务会", "met_on": "2026-04-10", "minute": "8号"},
    )
    url = started["Location"]
    for one, outcome in zip(made, ["approve", "approve", "refuse"], strict=True):
        row = {"code": one.code, "outcome": outcome, "level": "行业集成场景", "amount": "100万", "reason": "名次靠后"}
        assert clerk.post(f"{url}row/", row).status_code == 302
    assert "入选按地区" in text_of(clerk.get(url))
    given = {"notice_title": "首批场景公示", "contact": "025-00000000"}
    assert clerk.post(f"{url}notice/", given).status_code == 302
    notice = Notice.objects.get()
    anybody = client_of()
    page = text_of(anybody.get(f"{BASE}notices/{notice.code}/"))
    assert "示例第2科技有限公司（演示）" in page
    assert "示例第3科技有限公司（演示）" not in page
    assert notice.code in text_of(anybody.get(f"{BASE}notices/"))
    objected = anybody.post(
        f"{BASE}notices/{notice.code}/object/",
        {"named": "yes", "name": "张三（演示）", "contact": "025-1", "text": "未建成", "application": made[0].code},
    )
    objection = NoticeObjection.objects.for_system("tests").get()
    code = objection.query_code
    assert f"{code[:4]} {code[4:8]} {code[8:]}" in text_of(objected)
    there = f"{BASE}office/objections/{objection.code}/"
    assert clerk.get(there).status_code == 200
    clerk.post(f"{there}accept/")
    clerk.post(f"{there}answer/", {"upheld": "yes", "drop": "1", "text": "经核查未建成"})
    seen = text_of(anybody.post(f"{BASE}objections/", {"code": code.lower()}))
    assert "经核查未建成" in seen
    assert anybody.post(f"{BASE}objections/", {"code": code, "form": "docx"}).status_code == 200
    assert anybody.post(f"{BASE}objections/", {"code": "AAAA"}).status_code == 422
    assert clerk.post(f"{url}announce/", {"document": "通知"}).status_code == 409
    Notice.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    noticing.end_due(system("clocks"), today=timezone.localdate(), now=timezone.now())
    assert clerk.post(f"{url}announce/", {"document": "关于公布首批场景的通知（演示）"}).status_code == 302
    assert [state_of(one.code) for one in made] == ["refused", "approved", "refused"]
    paper = Certificate.objects.get()
    assert paper.number in text_of(anybody.get(f"{BASE}certificates/check/?code={paper.check_code}"))
    assert "没有这个查验码的证书" in text_of(anybody.get(f"{BASE}certificates/check/?code=AAAA"))
    for what, form in (("letter", "docx"), ("certificate", "docx"), ("letter", "pdf")):
        assert clerk.get(f"{BASE}outcomes/{made[1].code}/{what}.{form}").status_code == 200


def canaries(office, reviewed, prepared, own):
    made = reviewed(("approve", 90), ("refuse", 40), applicant=own)
    decision = prepared({})
    planted = deciding.Verdict("approve", "行业集成场景", YES.amount, "暗记甲一二三")
    deciding.set_row(office, pk=decision.pk, code=made[0].code, verdict=planted, now=NOW)
    deciding.set_row(
        office, pk=decision.pk, code=made[1].code, verdict=deciding.Verdict("refuse", reason="暗记乙四五六"), now=NOW
    )
    return made, decision


@pytest.mark.parametrize("account", ["", "applicant", "city", "city-head", "city-other", "expert", "department-other"])
def test_planted_words_reach_nobody_before_the_announcement(account, client_of, office, reviewed, prepared, own, call):
    made, decision = canaries(office, reviewed, prepared, own)
    browser = client_of(account)
    places = [
        "office/",
        f"office/calls/{call.code}/",
        f"office/decisions/{decision.pk}/",
        f"office/decisions/{decision.pk}/?export=xlsx",
        "recommend/",
        f"recommend/{call.code}/",
        f"recommend/{call.code}/?q=SB",
        "notices/",
        *[f"outcomes/{one.code}/" for one in made],
        *[f"outcomes/{one.code}/letter.docx" for one in made],
        *[f"office/applications/{one.code}/" for one in made],
        *[f"applications/{one.code}/" for one in made],
        "applications/",
    ]
    for place in places:
        answer = browser.get(BASE + place)
        seen = answer.content.decode("utf-8", "replace") if answer.status_code == 200 else ""
        for canary in ("暗记甲一二三", "暗记乙四五六", "拟入选", "拟不入选", "proposed"):
            if canary == "拟入选" and place == "notices/":
                continue
            assert canary not in seen, (account, place, canary)


def test_the_chosen_and_the_others_look_the_same_until_then(client_of, office, reviewed, prepared, own, call):
    _made, _decision = canaries(office, reviewed, prepared, own)
    city = client_of("city")
    rows = re.findall(r"<tr.*?</tr>", text_of(city.get(f"{BASE}recommend/{call.code}/")))
    shown = [re.search(r'<span class="state[^>]*>[^<]*</span>', row)[0] for row in rows if "SB2026-001-000" in row]
    assert len(shown) == 2
    assert len(set(shown)) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_for_any_number_of_rows(rows, client_of, call, applied):
    clerk = client_of("department")
    for number in range(1, rows + 1):
        applied(number, eligibility=[])
    clerk.get(f"{BASE}office/calls/{call.code}/")
    with CaptureQueriesContext(connection) as asked:
        clerk.get(f"{BASE}office/calls/{call.code}/")
    with CaptureQueriesContext(connection) as again:
        for number in range(rows + 1, rows + 30):
            applied(number)
        before = len(again.captured_queries)
        clerk.get(f"{BASE}office/calls/{call.code}/?state=submitted")
    assert len(again.captured_queries) - before <= len(asked.captured_queries) + 2


def test_what_is_anonymous_and_has_files(client_of, noticed):
    notice, *_rest = noticed
    Notice.objects.update(ends_on=timezone.localdate() + dt.timedelta(days=3))
    file = SimpleUploadedFile("线索.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    given = {"named": "no", "text": "未建成", "evidence": "现场", "files": [file]}
    answer = client_of().post(f"{BASE}notices/{notice.code}/object/", given)
    assert answer.status_code == 200, text_of(answer)
    assert NoticeObjection.objects.for_system("tests").get().name == ""


def test_one_that_ended_takes_no_more(client_of, noticed):
    notice, *_rest = noticed
    assert client_of().get(f"{BASE}notices/{notice.code}/object/").status_code == 409
    assert client_of().get(f"{BASE}notices/GS0-0/").status_code == 404
