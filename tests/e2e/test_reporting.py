"""A round from its opening to results that count: two cities, a department, evidence, a return, a thing claimed twice."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
DESKTOP = {"width": 1280, "height": 900}
PDF = {
    "name": "认定文件.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n",
}


@pytest.fixture
def person(chromium, site):
    """Return a function that gives a page on which an account is signed in; faults of its console fail the test."""
    contexts, faults = [], []

    def enter(account, viewport=DESKTOP, state=None):
        context = chromium.new_context(viewport=viewport, locale="zh-CN", base_url=site, storage_state=state)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        if state is None:
            page.goto("/accounts/sign-in/")
            page.get_by_label("账号").fill(account)
            page.get_by_label("密码").fill("xiandao-demo")
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    enter.faults = faults
    yield enter
    for context in contexts:
        context.close()
    # A refusal is an answer 409 or 422, which the browser writes to its console.
    assert [fault for fault in faults if "409" not in fault and "422" not in fault] == []


@pytest.fixture(scope="module")
def opened(chromium, site):
    """Open a round as the coordinator and return the address of its page."""
    context = chromium.new_context(viewport=DESKTOP, locale="zh-CN", base_url=site)
    page = context.new_page()
    page.goto("/accounts/sign-in/")
    page.get_by_label("账号").fill("coordinator")
    page.get_by_label("密码").fill("xiandao-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/progress/rounds/new/")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name=re.compile("将向 113 个单位开启 337 份填报"))).to_be_visible()
    page.get_by_role("button", name="确认开启").click()
    page.wait_for_url(re.compile(r"/progress/rounds/\d+/$"))
    address = page.url
    context.close()
    return address


def measure(page, opened, name):
    """Go to the report of one's own organisation on a measure."""
    page.goto(f"{opened}mine/")
    page.get_by_role("navigation", name="本单位本期填报").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def add_claim(page, name, day="2026-03-15"):
    page.get_by_role("button", name="再加一项成果").click()
    row = page.locator(".claim-row").last
    row.get_by_label("成果名称").fill(name)
    row.get_by_label("成果类别").fill("应用场景")
    row.get_by_label("取得日期").fill(day)
    row.get_by_label("单位", exact=True).fill("个")


def save(page):
    page.keyboard.press("Control+s")
    expect(page.locator("#report-status")).to_contain_text("已保存草稿")


def attach(page, row):
    block = page.locator(".claim-row").nth(row)
    block.locator("input[type=file]").set_input_files(PDF)
    block.get_by_role("button", name="上传").click()
    expect(block.get_by_role("link", name="认定文件.pdf")).to_be_visible()


def test_from_claim_to_a_result_that_counts_once(person, opened):
    city = person("city")
    measure(city, opened, "开发未来技术跨界应用场景")
    city.get_by_label("按期推进").check()
    city.get_by_label("本期进展").fill("两处示范场景建成启用。")
    add_claim(city, "南京长江智能航运示范场景有限公司")
    add_claim(city, "南京低空物流示范场景")
    save(city)
    attach(city, 0)
    attach(city, 1)
    city.get_by_role("button", name="提交").click()
    expect(city.get_by_text("已提交，等待省发展改革委核实")).to_be_visible()

    department = person("coordinator")
    department.goto("/progress/verification/")
    department.get_by_role("link", name="开发未来技术跨界应用场景").first.click()
    department.get_by_label("退回的理由").fill("请补充场景启用的日期依据。")
    department.get_by_role("button", name="退回").click()
    expect(department.get_by_text("已退回，填报单位会看到您的理由")).to_be_visible()

    measure(city, opened, "开发未来技术跨界应用场景")
    expect(city.get_by_text("请补充场景启用的日期依据。").first).to_be_visible()
    city.get_by_label("本期进展").fill("两处示范场景建成启用，启用文件见佐证。")
    city.get_by_role("button", name="提交").click()
    expect(city.get_by_text("已提交，等待省发展改革委核实")).to_be_visible()

    department.goto("/progress/verification/")
    department.get_by_role("link", name="开发未来技术跨界应用场景").first.click()
    for choice in department.get_by_label("核实，予以认定").all():
        choice.check()
    department.get_by_role("button", name="核实", exact=True).click()
    expect(department.get_by_text("已核实。")).to_be_visible()
    department.goto("/progress/results/")
    expect(department.get_by_text("共 2 条")).to_be_visible()

    other = person("city-other")
    measure(other, opened, "开发未来技术跨界应用场景")
    other.get_by_label("按期推进").check()
    other.get_by_label("本期进展").fill("与南京共建的示范场景启用。")
    add_claim(other, "南京长江智能航运示范场景有限责任公司")
    save(other)
    attach(other, 0)
    other.get_by_role("button", name="提交").click()
    expect(other.get_by_text("已提交")).to_be_visible()
    measure(other, opened, "开发未来技术跨界应用场景")
    told = other.get_by_text("可能与其他单位已申报的成果相同")
    expect(told).to_be_visible()
    expect(other.get_by_text("南京市发展改革委")).to_have_count(0)

    department.goto("/progress/verification/")
    department.get_by_role("link", name="开发未来技术跨界应用场景").first.click()
    expect(department.get_by_text("疑似同一成果，请判定")).to_be_visible()
    department.get_by_label("核实，予以认定").check()
    department.get_by_role("button", name="核实", exact=True).click()
    expect(department.get_by_role("alert")).to_contain_text("请先逐条判定是否同一成果")
    department.get_by_label("同一成果").check()
    department.get_by_label("判定的理由").fill("同一示范场景，两市共建。")
    department.get_by_role("button", name="核实", exact=True).click()
    expect(department.get_by_text("已核实。")).to_be_visible()
    department.goto("/progress/results/")
    expect(department.get_by_text("共 2 条")).to_be_visible()
    department.get_by_role("link", name=re.compile("^R20")).last.click()
    expect(department.get_by_text("南京长江智能航运示范场景有限责任公司").first).to_be_visible()


def test_two_clerks_at_one_report_the_second_sees_both_and_chooses(person, opened):
    first = person("city")
    measure(first, opened, "培育未来产业重大项目")
    second = person("city", state=first.context.storage_state())
    second.goto(first.url)
    first.get_by_label("按期推进").check()
    first.get_by_label("本期进展").fill("甲写：开工三个项目。")
    first.get_by_label("下一步").fill("甲写：年底前竣工一个。")
    save(first)

    second.get_by_label("本期进展").fill("乙写：签约五个项目。")
    add_claim(second, "乙申报的重大项目")
    second.keyboard.press("Control+s")
    conflict = second.locator("#report-conflict")
    expect(conflict).to_contain_text("甲写：开工三个项目。")
    expect(conflict).to_contain_text("乙写：签约五个项目。")
    # What only the first wrote came in by itself; what only the second wrote is still there.
    expect(second.get_by_label("下一步")).to_have_value("甲写：年底前竣工一个。")
    expect(second.locator(".claim-row").get_by_label("成果名称")).to_have_value("乙申报的重大项目")
    conflict.get_by_label("甲写：开工三个项目。").check()
    conflict.get_by_role("button", name="按选择保存").click()
    expect(second.get_by_text("已保存草稿。")).to_be_visible()
    expect(second.get_by_label("本期进展")).to_have_value("甲写：开工三个项目。")
    expect(second.locator(".claim-row").get_by_label("成果名称")).to_have_value("乙申报的重大项目")


def test_keys_lead_on_and_nothing_typed_is_lost(person, opened):
    city = person("city")
    measure(city, opened, "加快建设未来产业先导区")
    city.get_by_label("本期进展").fill("先导区方案已报批。")
    city.get_by_role("heading", level=1).click()
    city.keyboard.press("j")
    expect(city.get_by_role("heading", level=1)).not_to_contain_text("先导区")
    measure(city, opened, "加快建设未来产业先导区")
    expect(city.get_by_label("本期进展")).to_have_value("先导区方案已报批。")


def test_a_report_that_lacks_something_says_what_and_keeps_it(person, opened):
    city = person("city")
    measure(city, opened, "推动设立未来产业投资基金")
    city.get_by_label("有风险").check()
    city.get_by_label("本期进展").fill("基金尚在募集。")
    city.get_by_role("button", name="提交").click()
    expect(city.get_by_text("有风险或受阻的，请写明下一步怎么办。")).to_be_visible()
    expect(city.get_by_label("本期进展")).to_have_value("基金尚在募集。")


PAGES = (
    "",
    "mine/",
    "/progress/rounds/",
    "/progress/duties/",
    "/progress/reports/",
    "/progress/claims/",
    "/progress/results/",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_reporting_fit_a_phone_and_can_be_read_aloud(person, opened, axe, path):
    page = person("city", viewport={"width": 390, "height": 844})
    page.goto(path if path.startswith("/") else f"{opened}{path}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert axe(page) == []
