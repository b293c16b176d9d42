"""A newcomer looks round: the plan, its text, a target, a city, search, Excel, English, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
PLAN = "/plans/js-wlcy-2024-2026/"
PAGES = {
    "overview": "/",
    "plan": PLAN,
    "text": f"{PLAN}text/",
    "action": f"{PLAN}actions/A1/",
    "measure": f"{PLAN}measures/M06/",
    "target": f"{PLAN}targets/T06-1/",
    "plans": "/plans/",
    "targets": "/plans/targets/",
    "measures": "/plans/measures/",
    "organisations": "/organisations/",
    "organisation": "/organisations/js-sci/",
    "cities": "/cities/",
    "city": "/cities/320500/",
    "industries": "/industries/",
    "industry": "/industries/humanoid/",
    "search": "/search/?q=场景",
    "sign in": "/accounts/sign-in/",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_is_wider_than_the_screen(page, size, path):
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), size


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_pages_are_accessible(page, path, axe):
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert axe(page) == []


def test_from_the_overview_to_the_words_and_back(page):
    page.goto("/")
    page.get_by_role("link", name="未来技术应用场景", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("未来技术应用场景")
    expect(page.get_by_text("尚无统计")).to_be_visible()
    page.get_by_role("link", name="在全文中看").click()
    words = page.locator(":target")
    expect(words).to_have_text("建设100个未来技术应用场景")
    words.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("未来技术应用场景")


def test_the_map_leads_to_a_city(page):
    page.goto("/cities/")
    city = page.locator("#map svg text", has_text="苏州市")
    expect(city).to_be_visible()
    city.click()
    expect(page).to_have_url(re.compile("/cities/320500/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("苏州市")


def test_search_by_another_name(page):
    page.goto("/")
    page.get_by_role("searchbox").fill("人形机器人")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="类人机器人", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("类人机器人")


def test_the_excel_is_a_download(page):
    page.goto("/plans/targets/")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    assert download.value.suggested_filename == "目标.xlsx"


def test_english_and_back(page):
    page.goto(PLAN)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(PLAN))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jiangsu")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_keyboard_reaches_the_content_first(page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_phone_opens_its_navigation(chromium, site):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=site, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="打开导航").click()
    page.get_by_role("link", name="设区市", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("设区市")
    context.close()


def test_signing_in_and_out(page, sign_in):
    sign_in("coordinator")
    expect(page.get_by_role("link", name="方案录入")).to_be_visible()
    page.get_by_role("button", name="周统筹").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()


def test_a_missing_page_says_what_to_do(page):
    page.goto("/plans/nothing/")
    expect(page.get_by_text("没有找到这个页面")).to_be_visible()
    page.faults.clear()
