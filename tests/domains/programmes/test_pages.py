"""The pages: public ones, the call's steps, the applicant's form, and that rivals see nothing."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.domains.programmes.conftest import GOOD
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.models import Application, Call

pytestmark = pytest.mark.django_db
CANARY = "金丝雀零七四二号秘密路线"


@pytest.fixture
def open_call(lead, call_of):
    now = timezone.now()
    call = call_of(lead)
    Call.objects.for_system("tests").filter(pk=call.pk).update(
        opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=40)
    )
    call.refresh_from_db()
    return call


def browser(account: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=account))
    return client


def posted(data: dict, **more) -> dict:
    out = dict(more)
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            out[f"has.{key}"] = "1"
            out[f"rows.{key}"] = [str(n) for n in range(len(value))]
            for n, row in enumerate(value):
                out |= {f"f.{key}.{n}.{column}": text for column, text in row.items()}
        else:
            if isinstance(value, list):
                out[f"has.{key}"] = "1"
            out[f"f.{key}"] = value
    return out


def test_programmes_are_public_with_conditions_and_their_sources(client_of):
    page = client_of().get(reverse("programmes:list"))
    assert page.status_code == 200
    assert "未来科技创新示范企业" in page.content.decode()
    page = client_of().get(reverse("programmes:programme", args=["little-giant"])).content.decode()
    assert "上年度营业收入5000万元以上" in page
    assert "据转载或摘要，请核对" in page
    page = client_of().get(reverse("programmes:programme", args=["chain-leader"])).content.decode()
    assert "平台默认，非规定" in page
    assert client_of().get(reverse("programmes:programme", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("code", ["open-bid", "frontier-projects", "scenario", "standard", "unicorn"])
def test_every_kind_of_programme_has_a_page(client_of, code):
    assert client_of().get(reverse("programmes:programme", args=[code])).status_code == 200


def test_a_call_is_drafted_and_published_in_the_browser(lead):
    client = browser("lead")
    now = timezone.localtime()
    given = {
        "programme": "demonstration-firm",
        "title": "二〇二六年申报通知",
        "opens_at": now.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + dt.timedelta(days=45)).strftime("%Y-%m-%dT%H:%M"),
        "quotas": "*：3",
        "text": "正文",
        "contact": "025",
    }
    bad = client.post(reverse("programmes:call-new"), given | {"closes_at": given["opens_at"]})
    assert bad.status_code == 422
    assert "截止时间应晚于开始受理的时间" in bad.content.decode()
    made = client.post(reverse("programmes:call-new"), given)
    assert made.status_code == 302
    call = Call.objects.for_system("tests").get()
    assert call.quotas == {"*": 3}
    assert Client().get(reverse("programmes:call", args=[call.code])).status_code == 404
    edited = client.post(
        reverse("programmes:call-edit", args=[call.code]), given | {"revision": "0", "title": "改过的通知"}
    )
    assert edited.status_code == 302
    assert client.post(reverse("programmes:call-step", args=[call.code, "publish"])).status_code == 302
    page = Client().get(reverse("programmes:call", args=[call.code])).content.decode()
    assert "改过的通知" in page
    assert "正在受理" in page
    refused = client.post(
        reverse("programmes:call-step", args=[call.code, "prolong"]),
        {"closes_at": given["opens_at"], "reason": "x"},
    )
    assert refused.status_code == 422
    assert "只能向后延长" in refused.content.decode()


def test_an_application_from_the_first_click_to_handing_in(firm, open_call, with_files):
    client = browser("applicant")
    begun = client.post(reverse("programmes:start", args=[open_call.code]))
    application = Application.objects.for_system("tests").select_related("call__version").get()
    assert begun.url == reverse("programmes:application", args=[application.code])
    page = client.get(begun.url).content.decode()
    assert 'name="f.org_name" value="示例氢能科技有限公司（演示）"' in page
    save = reverse("programmes:application-save", args=[application.code])
    answer = client.post(save, posted(GOOD, revision="0", step="autosave", base="{}"), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-revision="1"' in text
    assert "field-first_product" in text
    assert "符合" in text
    wanting = client.post(save, posted(GOOD, revision="1", step="submit"))
    assert wanting.status_code == 422
    assert 'href="#field-promise_file"' in wanting.content.decode()
    with_files(application)
    done = client.post(save, posted(GOOD, revision="1", step="submit"))
    assert done.status_code == 302
    after = client.get(done.url).content.decode()
    assert "轮到省工业和信息化厅：形式审查" in after
    assert 'name="f.org_name"' not in after
    assert Application.objects.for_system("tests").get().state == "submitted"


def test_two_clerks_are_asked_whose_words_stay(firm, open_call):
    client = browser("applicant")
    client.post(reverse("programmes:start", args=[open_call.code]))
    application = Application.objects.for_system("tests").get()
    save = reverse("programmes:application-save", args=[application.code])
    client.post(save, {"revision": "0", "base": "{}", "f.staff": "100"})
    clash = client.post(save, {"revision": "0", "base": "{}", "f.staff": "90"})
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "请选择各处保留谁的内容" in text
    base = re.search(r'id="application-base"[^>]*>([^<]*)<', text)[1].replace("&quot;", '"')
    kept = client.post(save, {"revision": "1", "base": base, "f.staff": "90", "choice-staff": "theirs"})
    assert kept.status_code == 302
    assert Application.objects.for_system("tests").get().data["staff"] == "100"


def test_nothing_of_an_application_shows_to_a_rival_or_the_public(firm, rival, open_call, with_files, people):
    application = act.start_application(firm, call_code=open_call.code)
    data = GOOD | {"product_about": CANARY, "plan_text": CANARY, "main_product": CANARY}
    act.save_application(firm, code=application.code, revision=0, data=data)
    application = Application.objects.for_system("tests").select_related("call__version").get()
    with_files(application)
    act.submit_application(firm, code=application.code)
    urls = [
        reverse("programmes:list"),
        reverse("programmes:calls"),
        reverse("programmes:needs"),
        reverse("programmes:call", args=[open_call.code]),
        reverse("programmes:programme", args=["demonstration-firm"]),
        reverse("programmes:application", args=[application.code]),
        reverse("programmes:applications"),
        reverse("programmes:applications") + "?export=xlsx",
        reverse("web:search") + f"?q={CANARY[:6]}",
    ]
    for account in ("rival", "city-other", "department", "expert", "fund", ""):
        client = browser(account) if account else Client()
        for url in urls:
            page = client.get(url)
            assert CANARY.encode() not in page.content, (account, url)
            if "applications/TZ" in url:
                assert page.status_code == 404, account
                assert client.post(f"{url}save/", {"revision": "1"}).status_code in (404, 302), account
    assert CANARY in browser("applicant").get(urls[5]).content.decode()
    assert CANARY in browser("lead").get(urls[5]).content.decode()


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_lists_ask_the_same_however_many_rows(firm, lead, call_of, django_assert_max_num_queries, rows):
    first = call_of(lead)
    Call.objects.bulk_create(
        Call(
            code=f"X{n}",
            version=first.version,
            organiser=first.organiser,
            title=f"通知{n}",
            opens_at=first.opens_at,
            closes_at=first.closes_at,
            state="published",
        )
        for n in range(rows - 1)
    )
    body = Organisation.objects.get(pk=firm.organisation_id)
    Application.objects.bulk_create(
        Application(code=f"A{n}", call=call, applicant=body)
        for n, call in enumerate(Call.objects.for_system("tests").all())
    )
    client = browser("applicant")
    for url in (reverse("programmes:calls"), reverse("programmes:applications")):
        client.get(url)
        with django_assert_max_num_queries(16) as seen:
            assert client.get(url).status_code == 200
        QUERIES.setdefault(url, set()).add(len(seen.captured_queries))
        assert len(QUERIES[url]) == 1, QUERIES[url]


QUERIES: dict[str, set[int]] = {}
