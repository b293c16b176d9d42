"""The pages as the public meets them: right numbers, honest unknowns, both languages, safe exports."""

import io
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from python_calamine import CalamineWorkbook

from xiandao.domains.plans.models import Target

pytestmark = pytest.mark.django_db
PLAN = "/plans/js-wlcy-2024-2026/"


@pytest.fixture
def page(client_of):
    client = client_of()

    def get(path, **kwargs):
        answer = client.get(path, **kwargs)
        assert answer.status_code == 200, path
        return answer.content.decode()

    return get


def test_the_overview_counts_what_the_plan_promises(page):
    html = page("/")
    tally = re.findall(r"<b>(\d+)</b><span>(.+?)</span>", html)
    assert tally == [
        ("8", "项行动"),
        ("25", "项任务"),
        ("15", "个数量目标"),
        ("33", "个责任单位"),
        ("13", "个设区市"),
    ]


def test_the_map_and_the_table_hold_the_same_thirteen_cities(page):
    html = page("/cities/")
    rows = json.loads(re.search(r'id="map-rows" type="application/json">(.+?)</script>', html)[1])
    in_table = set(re.findall(r'<a href="/cities/(\d{6})/">', html))
    assert {row["code"] for row in rows} == in_table
    assert len(rows) == 13


def test_every_city_of_the_pack_is_on_the_boundary_file(page):
    boundaries = json.loads(page("/map/boundaries.json"))
    assert {str(f["id"]) for f in boundaries["features"]} == {f"32{n:02}00" for n in range(1, 14)}


def test_an_office_s_own_map_replaces_the_shipped_one(page, tmp_path, settings):
    own = tmp_path / "own.json"
    own.write_text('{"type": "FeatureCollection", "features": []}')
    settings.MAP_FILE = str(own)
    assert json.loads(page("/map/boundaries.json"))["features"] == []


def test_the_text_leads_to_its_items(page):
    html = page(f"{PLAN}text/")
    assert f'href="{PLAN}targets/T02-1/"' in html
    assert f'href="{PLAN}measures/M07/#duties"' in html
    assert 'href="/industries/humanoid/"' in html
    assert "组织实施100项未来产业前沿技术研发计划项目" in html


def test_an_item_leads_back_to_its_words(page):
    target = Target.objects.for_system("test").get(version__plan__code="js-wlcy-2024-2026", key="T02-1")
    anchor = f"c{target.span_start}"
    assert f"{PLAN}text/#{anchor}" in page(f"{PLAN}targets/T02-1/")
    assert f'id="{anchor}"' in page(f"{PLAN}text/")


def test_an_unknown_count_is_never_shown_as_zero(page):
    html = page(f"{PLAN}targets/T02-1/")
    assert "尚无统计" in html
    assert '<div class="figure-value">0' not in html


def test_a_plan_without_text_says_so(page):
    assert "未取得原文" in page("/plans/js-sci-5x100/")


@pytest.mark.parametrize(
    "path", ["/", "/plans/", "/plans/targets/", PLAN, "/organisations/", "/cities/320100/", "/industries/hydrogen/"]
)
def test_english_pages_have_english_titles(client_of, path):
    client = client_of()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(path).content.decode()
    assert '<html lang="en">' in html
    assert not re.search(r"<h[12][^>]*>[^<]*[\u4e00-\u9fff]", html)


def cells(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_the_excel_holds_the_very_rows_shown_in_their_order(client_of):
    answer = client_of().get("/plans/targets/?q=场景&sort=-goal&export=xlsx")
    rows = cells(answer)
    assert rows[0][:4] == ["编号", "目标", "目标值", "单位"]
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        ("未来技术应用场景", 100.0, "个"),
        ("未来技术应用场景", 100.0, "个"),
        ("应用场景促进机构", 10.0, "家"),
    ]
    assert all(row[4] == "" for row in rows[1:]), "unknown is an empty cell, not a zero"


def test_the_excel_has_all_pages_of_a_long_list(client_of):
    client = client_of()
    total = int(re.search(r"共 (\d+) 条", client.get("/organisations/").content.decode())[1])
    assert total > 60
    assert len(cells(client.get("/organisations/?export=xlsx"))) == total + 1


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("人形机器人", "/industries/humanoid/"),
        ("江苏省科学技术厅", "/organisations/js-sci/"),
        ("昆山", "/cities/320500/"),
        ("先导区", f"{PLAN}targets/T10-1/"),
        ("苏发改高技发〔2024〕229号", PLAN),
        ("Hydrogen", "/industries/hydrogen/"),
    ],
)
def test_search_finds_by_any_name(page, words, link):
    assert f'href="{link}"' in page("/search/", data={"q": words})


@pytest.mark.parametrize("words", ["", " ", "%", "'; drop table", "<script>alert(1)</script>", "龘" * 300])
def test_search_takes_anything(page, words):
    html = page("/search/", data={"q": words})
    assert "<script>alert" not in html


def test_a_filter_with_nonsense_shows_the_list_and_says_what_is_wrong(page):
    html = page("/plans/targets/?plan=abc&kind=nothing")
    assert "invalid-feedback" in html


def test_a_page_beyond_the_last_is_not_found(client_of):
    assert client_of().get("/plans/targets/?page=9999").status_code == 404


def test_signing_in_is_recorded_and_shows_the_post(db):
    from xiandao.domains.audit.models import AuditRecord

    client = Client()
    answer = client.post("/accounts/sign-in/", {"username": "coordinator", "password": "xiandao-demo"}, follow=True)
    assert "统筹协调" in answer.content.decode()
    record = AuditRecord.objects.order_by("-number").first()
    assert (record.action, record.actor, record.address) == ("orgs.signed_in", "coordinator", "127.0.0.1")


def test_a_wrong_password_says_so_and_is_recorded_without_it(db):
    from xiandao.domains.audit.models import AuditRecord

    answer = Client().post("/accounts/sign-in/", {"username": "coordinator", "password": "wrong-one"})
    assert "账号或密码不对" in answer.content.decode()
    record = AuditRecord.objects.last()
    assert (record.action, record.actor, record.object_key) == ("orgs.sign_in_failed", "", "coordinator")
    assert "wrong-one" not in str(record.content())


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_language_switch_never_leads_away(client_of, target):
    answer = client_of().post("/language/", {"language": "en", "next": target})
    assert answer.headers["Location"] == "/"


def test_pages_load_nothing_from_outside(page):
    for path in ("/", "/cities/", f"{PLAN}text/", "/accounts/sign-in/", "/api/v1/docs"):
        html = page(path)
        assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', html), path
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", html), path
