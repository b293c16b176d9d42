"""A coordinator reads in another city's plan: paste, check by keyboard, edit, reject, undo, publish, find it again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
TEXT = Path(__file__).resolve().parents[1] / "data" / "policytext" / "known" / "doc2.txt"


def paste(page, text: str) -> None:
    page.goto("/plans/imports/new/")
    page.get_by_label("粘贴方案正文").fill(text)
    page.get_by_role("button", name="读取并核对").click()


def progress(page):
    return page.locator(".import-progress b")


def test_a_plan_is_read_checked_corrected_and_published(page, sign_in):
    sign_in("coordinator")
    paste(page, TEXT.read_text(encoding="utf-8"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("澄湖市人工智能赋能制造业行动计划")
    total = int(progress(page).inner_text().split("/")[1])
    page.wait_for_load_state("networkidle")  # keys pressed before the script has come are lost

    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(progress(page)).to_have_text(f"1/{total}")
    page.keyboard.press("x")
    expect(progress(page)).to_have_text(f"2/{total}")
    page.keyboard.press("u")
    expect(progress(page)).to_have_text(f"1/{total}")

    page.reload()
    expect(progress(page)).to_have_text(f"1/{total}")

    page.get_by_role("link", name="对照与发布").click()
    page.get_by_label("代码").fill("chenghu-ai-2025")
    page.get_by_role("button", name="对照").click()
    page.get_by_label("其余全部接受").check()
    page.get_by_role("button", name="发布新方案").click()
    expect(page).to_have_url(re.compile("/plans/chenghu-ai-2025/"))
    expect(page.get_by_role("link", name="建设普惠算力底座")).to_be_visible()

    page.goto("/search/?q=普惠算力")
    expect(page.get_by_role("link", name="1 建设普惠算力底座")).to_be_visible()


def test_what_is_no_plan_is_refused_and_what_was_typed_is_kept(page, sign_in):
    sign_in("coordinator")
    paste(page, "红烧肉：五花肉五百克，切块，小火炖两小时。")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("粘贴方案正文")).to_have_value(re.compile("红烧肉"))
    page.faults.clear()


def test_two_people_on_one_item_the_second_sees_what_the_first_did(page, sign_in, chromium, site):
    sign_in("coordinator")
    paste(page, TEXT.read_text(encoding="utf-8").replace("澄湖", "碧湖"))
    other = chromium.new_context(base_url=site, storage_state=page.context.storage_state(), locale="zh-CN").new_page()
    other.goto(page.url)
    page.keyboard.press("j")
    other.keyboard.press("j")
    page.keyboard.press("a")
    expect(progress(page)).to_contain_text("1/")
    other.keyboard.press("x")
    expect(other.get_by_role("alert").first).to_contain_text("周统筹")
    other.context.close()
    page.faults.clear()


def test_the_review_page_fits_a_phone(chromium, site, page, sign_in):
    sign_in("coordinator")
    paste(page, TEXT.read_text(encoding="utf-8").replace("澄湖", "青湖"))
    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=site, storage_state=page.context.storage_state()
    ).new_page()
    phone.goto(page.url)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    phone.context.close()
