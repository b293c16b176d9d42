"""Administrators propose and approve, somebody acts in a new post, passkeys, and a session that ends under one's hands."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
DESKS = {
    "system": [
        "people/",
        "people/new/",
        "people/import/",
        "grants/",
        "bodies/",
        "bodies/tree/",
        "bodies/js-sci/",
        "me/",
    ],
    "security": ["grants/?state=", "security/", "security/sessions/", "me/factors/"],
    "department": ["me/", "me/delegate/", "me/password/", "me/factors/", "me/factors/app/", "me/factors/passkey/"],
}


@pytest.mark.parametrize("account", DESKS)
def test_desks_fit_the_screen(page, size, sign_in, account):
    sign_in(account)
    for path in DESKS[account]:
        page.goto(f"/accounts/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (size, path)


@pytest.mark.parametrize("account", DESKS)
def test_desks_are_accessible(page, sign_in, axe, account):
    sign_in(account)
    for path in DESKS[account]:
        page.goto(f"/accounts/{path}")
        assert axe(page) == [], path


def test_a_post_is_proposed_approved_and_acted_in(page, sign_in):
    sign_in("system")
    page.get_by_role("link", name="人员", exact=True).click()
    page.get_by_role("link", name="夏邻市（演示）").click()
    page.get_by_role("link", name="提出岗位").click()
    page.get_by_label("机构").select_option("js-drc")
    page.get_by_label("角色").select_option("auditor")
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("互斥")
    page.faults.clear()  # the browser notes every answer 422
    page.get_by_label("角色").select_option("coordinator")
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("待安全管理员批准")
    page.locator("#person-menu").click()
    page.get_by_role("button", name="退出登录").click()

    sign_in("security")
    page.get_by_role("link", name="授权", exact=True).click()
    page.get_by_label("选择夏邻市（演示）的申请").check()
    page.get_by_role("button", name="批准所选").click()
    expect(page.get_by_role("alert")).to_contain_text("已批准 1 项申请")
    page.locator("#person-menu").click()
    page.get_by_role("button", name="退出登录").click()

    sign_in("city-other")
    page.goto("/plans/")
    page.locator("#person-menu").click()
    page.get_by_role("button", name="省发展改革委 统筹协调").click()
    expect(page.locator("#person-menu")).to_contain_text("省发展改革委 统筹协调")
    expect(page.get_by_role("link", name="方案录入")).to_be_visible()


def test_a_passkey_is_registered_and_used(chromium, site, sign_in):
    # Browsers allow passkeys on names, not on addresses.
    context = chromium.new_context(base_url=site.replace("127.0.0.1", "localhost"), locale="zh-CN")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    sign_in("expert", on=page)
    page.goto("/accounts/me/factors/")
    page.get_by_role("link", name="登记通行密钥").click()
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    page.get_by_role("link", name="已保存好，继续").click()
    expect(page.get_by_text("办公室电脑")).to_be_visible()
    page.locator("#person-menu").click()
    page.get_by_role("button", name="退出登录").click()

    page.goto("/accounts/sign-in/")
    page.get_by_label("账号").fill("expert")
    page.get_by_label("密码").fill("xiandao-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/accounts/me/factors/")
    page.get_by_text("办公室电脑").locator("xpath=ancestor::*[form or .//form][1]").get_by_role(
        "button", name="移除"
    ).click()
    expect(page.get_by_role("alert")).to_contain_text("已移除")
    context.close()


def test_passkeys_say_where_they_are_impossible(page, sign_in):
    sign_in("fund")
    page.goto("/accounts/me/factors/passkey/")
    expect(page.get_by_role("alert")).to_contain_text("须用域名以 HTTPS 访问")
    expect(page.get_by_role("button", name="登记")).to_be_disabled()


def test_before_a_session_ends_its_owner_is_asked_and_may_stay(page, sign_in):
    sign_in("applicant")
    page.clock.install()
    page.goto("/accounts/me/")

    def nearly_over(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | ({"seconds": 100} if route.request.method == "GET" else {}))

    page.clock.fast_forward("10:00")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.route("**/accounts/session/", nearly_over)
    page.clock.fast_forward("03:30")
    dialog = page.get_by_role("dialog", name="还在吗？")
    expect(dialog).to_contain_text("秒将退出登录")
    dialog.get_by_role("button", name="继续使用").click()
    expect(dialog).to_be_hidden()


def test_what_was_typed_outlives_a_session_that_ended(page, sign_in):
    sign_in("county")
    page.clock.install()
    page.goto("/accounts/me/")
    page.get_by_label("电话").fill("025 1234 5678")
    page.context.clear_cookies()
    page.clock.fast_forward("14:00")
    expect(page.get_by_role("dialog")).to_contain_text("本页填写的内容还在")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口登录").click()
    sign_in("county", on=opened.value)
    page.bring_to_front()
    page.get_by_role("button", name="已登录，继续").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("联系方式已保存")
    expect(page.get_by_label("电话")).to_have_value("025 1234 5678")
