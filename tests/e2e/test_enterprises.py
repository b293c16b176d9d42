"""Enterprises in the browser, on the demonstration's register: accessible, by keyboard, from a chain to its rows."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_desk import desk_site, person

pytestmark = pytest.mark.e2e
__all__ = ["desk_site", "person"]  # the site with invented firms, and people signed in on it
PAGES = {
    "list": "/enterprises/",
    "filtered": "/enterprises/?industry=hydrogen&role=core",
    "chains": "/enterprises/chain/",
    "chain": "/enterprises/chain/?industry=hydrogen&city=320100",
    "layout": "/enterprises/layout/",
    "map": "/enterprises/map/?industry=hydrogen",
    "growth": "/enterprises/growth/?industry=hydrogen",
    "industry": "/industries/hydrogen/",
    "city": "/cities/320100/",
}


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_are_accessible_and_fit(person, axe, size):
    page = person("coordinator", size)
    for name, path in PAGES.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def test_from_a_segment_to_the_evidence_by_keyboard(person):
    page = person("coordinator")
    page.goto("/enterprises/chain/?industry=hydrogen")
    card = page.locator("a.chain-card").first
    count = card.locator(".chain-count").inner_text()
    card.press("Enter")
    expect(page).to_have_url(re.compile("segment=hydrogen"))
    expect(page.locator(".table-foot")).to_contain_text(f"共 {count} 条")
    page.locator("td.firm-name a").first.press("Enter")
    term = page.locator("mark.hit[tabindex]").first
    expect(term.locator(".hit-note")).to_be_hidden()
    term.focus()
    expect(term.locator(".hit-note")).to_be_visible()


def test_a_firm_finds_its_own_results(person):
    page = person("applicant")
    page.goto("/enterprises/own/")
    expect(page.get_by_role("heading", level=1)).to_have_text("示例氢能科技有限公司（演示）")
    expect(page.get_by_text("这是本单位在登记名录中的记录")).to_be_visible()
