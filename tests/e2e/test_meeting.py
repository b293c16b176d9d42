"""The coordinating office makes papers for a past day, follows a number to its rows, checks and downloads them."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
DAY = "2024-06-30T12:00"


@pytest.fixture
def papers(page, sign_in):
    """Make papers through the pages and stay on theirs."""
    sign_in("coordinator")
    page.goto("/progress/meetings/")
    page.get_by_label("数据截至").fill(DAY)
    page.get_by_role("button", name="编制会议材料").click()
    page.wait_for_url(re.compile(r"/progress/meetings/\d+/$"))
    return page


def test_from_the_button_to_word_and_pdf(papers):
    expect(papers.get_by_role("heading", level=1)).to_contain_text("推进情况")
    expect(papers.get_by_text("2024-06-30 12:00").first).to_be_visible()
    expect(papers.get_by_role("heading", name="分设区市情况")).to_be_visible()
    for name in ("Word", "PDF"):
        with papers.expect_download() as download:
            papers.get_by_role("link", name=name, exact=True).click()
        assert "推进情况" in download.value.suggested_filename


def test_made_again_they_are_the_same_and_numbers_lead_to_their_rows(papers):
    papers.get_by_role("link", name="核对可重现").click()
    expect(papers.get_by_role("status").filter(has_text="逐字相同")).to_be_visible()
    papers.get_by_role("row", name=re.compile("苏州市")).get_by_role("link").first.click()
    expect(papers.get_by_role("heading", level=1)).to_have_text("责任项")
    expect(papers.locator(".facts")).to_contain_text("苏州市")


def test_two_papers_are_compared(papers):
    papers.goto("/progress/meetings/")
    papers.get_by_role("button", name="编制会议材料").click()
    papers.wait_for_url(re.compile(r"/progress/meetings/\d+/$"))
    papers.get_by_role("button", name="比较").click()
    expect(papers.get_by_role("heading", level=1)).to_have_text("两份会议材料比较")


def test_pages_fit_the_screen_and_are_accessible(papers, size, axe):
    paths = [papers.url, f"{papers.url}check/", "/progress/meetings/", "/progress/meetings/new/"]
    rows = papers.locator("td a.papers-number").first.get_attribute("href")
    for path in [*paths, rows]:
        papers.goto(path)
        papers.wait_for_load_state("networkidle")
        assert papers.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), path
        assert axe(papers) == [], path
