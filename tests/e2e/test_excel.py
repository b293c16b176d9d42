"""A city's clerk exports a workbook, fills it in wrongly, corrects the annotated copy, imports it; a large one later."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.domains.progress.excel.support import Workbook, claim_cells

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def opened(chromium, site):
    """Open a round of an earlier quarter, which no other story uses, and return the address of its page."""
    context = chromium.new_context(base_url=site, locale="zh-CN")
    page = context.new_page()
    page.goto("/accounts/sign-in/")
    page.get_by_label("账号").fill("coordinator")
    page.get_by_label("密码").fill("xiandao-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/progress/rounds/new/")
    page.get_by_label("期间").select_option(index=4)
    page.get_by_label("填报截止").fill((dt.date.today() + dt.timedelta(days=30)).isoformat())  # noqa: DTZ011
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="确认开启").click()
    page.wait_for_url(re.compile(r"/progress/rounds/\d+/$"))
    address = page.url
    context.close()
    return address


@pytest.fixture
def book(page, sign_in, opened):
    """The workbook of the whole city, exported from the page of the round."""
    sign_in("city")
    page.goto(opened)
    page.get_by_role("link", name="Excel 导入导出").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("南京市（24 项）")).click()
    assert download.value.suggested_filename.startswith("南京市20")
    return Workbook(download.value.path().read_bytes())


def upload(page, content, name="南京.xlsx"):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="上传并检查").click()


def duties(book):
    return [row[1] for row in book.sheets["字典"][1:] if row[1]]


def test_a_city_is_exported_filled_in_wrongly_corrected_and_imported(page, book, axe):
    assert axe(page) == []
    book.set("进展", 0, standing="按期推进", happened="完成选址", next_step="开工")
    day = dt.date(2025, 9, 1)
    book.add("成果", **claim_cells(duties(book)[0], name="示例端到端中心", region="月球", happened_on=day))
    upload(page, book.bytes())
    expect(page.get_by_role("status")).to_contain_text("共 1 处错误，一行都没有保存")
    expect(page.get_by_role("cell", name="月球")).to_be_visible()
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注了问题的文件").click()
    corrected = Workbook(download.value.path().read_bytes())
    assert "应为列表中的一项" in corrected.rows("成果")[0]["faults"]
    corrected.set("成果", 0, region="玄武区")

    page.get_by_role("link", name="上传改好的文件").click()
    upload(page, corrected.bytes())
    expect(page.get_by_role("status")).to_contain_text("检查通过")
    expect(page.locator(".tally")).to_contain_text("1新增成果")
    assert axe(page) == []
    page.get_by_role("button", name="确认，全部保存为草稿").click()
    expect(page.get_by_role("status")).to_contain_text("已全部保存为草稿")
    row = page.get_by_role("row").filter(has=page.get_by_text("看名称"))
    row.get_by_text("看名称").click()
    expect(row).to_contain_text("示例端到端中心")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "完成选址" in page.content()


def test_a_large_file_is_checked_in_the_background_with_its_progress_shown(page, book):
    for number in range(5000):
        name, identifier = f"示例第{number}号创新中心", f"端{number}号"
        day = dt.date(2025, 9, 1)
        cells = claim_cells(duties(book)[number % 24], name=name, identifier=identifier, happened_on=day)
        book.add("成果", **cells)
    upload(page, book.bytes(), "大文件.xlsx")
    expect(page.locator("#excel-progress")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("检查通过", timeout=90_000)
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_text("已取消，什么都没有保存。")).to_be_visible()


def test_the_pages_fit_a_phone(chromium, site, page, sign_in, opened):
    sign_in("city")
    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=site, storage_state=page.context.storage_state()
    ).new_page()
    number = re.search(r"/rounds/(\d+)/", opened)[1]
    for address in (f"/progress/excel/{number}/", "/progress/excel/files/1/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    phone.context.close()
