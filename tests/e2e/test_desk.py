"""The review desk by keyboard and by touch, without scripts, and an objection of a firm, on the demonstration's data."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SIZES, free_port, wait_for

pytestmark = pytest.mark.e2e
FILL = """
from xiandao.cli.database import start_django
start_django()
from xiandao.cli.demo import fill_firms, fill_review
fill_firms()
fill_review()
"""


@pytest.fixture(scope="module")
def desk_site(tmp_path_factory):
    """Start the product, then load invented firms and their review: invented progress is not needed here."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    environment |= {"XIANDAO_DATA": str(tmp_path_factory.mktemp("desk")), "PORT": str(port)}
    command = [str(Path(sys.executable).parent / "xiandao"), "run"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, seconds=180)
        subprocess.run([sys.executable, "-c", FILL], env=environment, check=True, timeout=180)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.stdout.close()


@pytest.fixture
def person(chromium, desk_site):
    """Return a function that gives a page on which an account is signed in; faults of its console fail the test."""
    contexts, faults = [], []

    def enter(account, size="desktop", **options):
        context = chromium.new_context(viewport=SIZES[size], locale="zh-CN", base_url=desk_site, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto("/accounts/sign-in/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill("xiandao-demo")
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "409" not in fault and "422" not in fault] == []


def draw(page, title, **numbers):
    """Draw a sample as the office and return the address of its page."""
    page.goto("/labelling/samples/new/")
    page.get_by_label("批次名称").fill(title)
    for name in ("random", "unseen", "uncertain", "disagreeing"):
        page.locator(f"input[name={name}]").fill(str(numbers.get(name, 0)))
    page.locator("input[name=seed]").fill(str(numbers.get("seed", 4711)))
    page.get_by_role("checkbox", name="省发展改革委", exact=True).check()
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name="预览：随机部分每层抽多少")).to_be_visible()
    page.get_by_role("button", name="确认抽取").click()
    page.wait_for_url(re.compile(r"/labelling/samples/\d+/$"))
    return page.url


def judge(page):
    """Say “core” of every industry in question and save, all by keyboard."""
    shown = page.url
    for _ in range(page.locator(".desk-form > .card-body > .judge-row").count()):
        page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != shown)


def test_a_queue_is_judged_by_keyboard_alone(person, axe):
    page = person("coordinator")
    draw(page, "键盘批次（演示）", random=45, uncertain=2)
    page.get_by_role("link", name="开始判断").click()
    expect(page.locator(".desk-progress")).to_contain_text(re.compile(r"\d+/47，约还需 \d+ 分钟"))
    assert axe(page) == []
    before = page.locator(".desk-progress span").inner_text()
    first = page.locator(".firm-name").inner_text()
    page.keyboard.press("d")
    expect(page.locator("#judge-doubtful")).to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#judge-help")).to_have_attribute("open", "")
    page.keyboard.press("?")
    judge(page)
    expect(page.locator(".desk-last")).to_contain_text(first)
    assert page.locator(".desk-progress span").inner_text() != before
    second = page.locator(".firm-name").inner_text()
    page.keyboard.press("u")
    expect(page.locator(".firm-name")).to_have_text(first)
    expect(page.get_by_text("已撤回上一家的判断")).to_be_visible()
    judge(page)
    expect(page.locator(".firm-name")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(page.locator(".firm-name")).to_have_text(first)
    expect(page.get_by_text("您已判断过这一家")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".firm-name")).not_to_have_text(first)
    assert second


def test_enter_does_not_save_what_was_not_judged_and_a_reload_keeps_what_was_chosen(person):
    page = person("coordinator")
    draw(page, "不漏批次（演示）", uncertain=3, seed=5)
    page.get_by_role("link", name="开始判断").click()
    name = page.locator(".firm-name").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".judge-row.is-missing").first).to_be_visible()
    expect(page.locator(".firm-name")).to_have_text(name)
    page.keyboard.press("2")
    page.reload()
    expect(page.locator(".judge-row input[value=service]").first).to_be_checked()
    # Another industry by its name.
    page.keyboard.press("/")
    page.keyboard.type("量子")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    expect(page.locator("[data-industry=quantum] input[value=trade]")).to_be_checked()
    page.keyboard.press("n")
    expect(page.locator("[data-industry=quantum] input[value=trade]")).not_to_be_checked()


def test_it_works_by_touch_on_a_phone(person, axe):
    page = person("coordinator", size="phone", has_touch=True)
    draw(page, "手机批次（演示）", uncertain=2, seed=6)
    page.get_by_role("link", name="开始判断").tap()
    page.wait_for_url(re.compile(r"/desk/\d+/$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
    name = page.locator(".firm-name").inner_text()
    for row in page.locator(".desk-form > .card-body > .judge-row").all():
        row.locator("input[value=core]").tap()
    page.get_by_role("button", name="保存，下一家").tap()
    expect(page.locator(".desk-last")).to_contain_text(name)


def test_it_works_without_scripts(person):
    page = person("coordinator", java_script_enabled=False)
    draw(page, "无脚本批次（演示）", uncertain=2, seed=8)
    page.get_by_role("link", name="开始判断").click()
    name = page.locator(".firm-name").inner_text()
    page.get_by_role("button", name="保存，下一家").click()
    expect(page.get_by_role("alert")).to_contain_text("没有判断")
    for row in page.locator(".desk-form > .card-body > .judge-row").all():
        row.locator("input[value=none]").check(force=True)
    page.get_by_role("button", name="保存，下一家").click()
    expect(page.locator(".desk-last")).to_contain_text(name)


def test_a_firm_objects_and_the_office_answers(person, axe):
    firm = person("applicant")
    firm.goto("/labelling/objections/")
    firm.get_by_role("link", name="提出异议").click()
    firm.get_by_label("产业", exact=True).select_option(label="量子科技")
    firm.get_by_label("核心：").check()
    firm.get_by_label("理由").fill("本单位研发量子测量仪器。")
    assert axe(firm) == []
    firm.get_by_role("button", name="提出", exact=True).click()
    firm.wait_for_url(re.compile(r"/objections/YY\d{4}-\d{4}/$"))
    expect(firm.get_by_role("status").first).to_contain_text("现在轮到")
    assert axe(firm) == []
    office = person("coordinator")
    office.goto(firm.url)
    office.get_by_role("radio", name="采纳：改为核心", exact=True).check()
    office.get_by_label("理由（企业会收到）").fill("材料属实。")
    office.get_by_role("button", name="答复", exact=True).click()
    firm.goto("/")
    expect(firm.get_by_text("查看异议答复").first).to_be_visible()
    firm.goto(office.url)
    expect(firm.get_by_text("材料属实。").first).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_and_fit(person, axe, size):
    page = person("coordinator", size=size)
    for url in (
        "/labelling/",
        "/labelling/quality/",
        "/labelling/labels/",
        "/labelling/disputes/",
        "/labelling/samples/1/",
        "/labelling/samples/1/agreement/",
        "/labelling/samples/new/",
    ):
        page.goto(url)
        assert axe(page) == [], url
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], url
    page.goto("/labelling/disputes/")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="两人的判断")).to_be_visible()
    assert axe(page) == []
