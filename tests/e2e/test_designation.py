"""A call from correction to certificate, by different people in a browser, with an objection on the way."""

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
_START = """
import datetime as dt
from xiandao.cli.database import start_django
start_django()
from django.utils import timezone
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import system
from xiandao.domains.programmes.demo import fill_demo
from xiandao.domains.programmes.models import Application, Call, Notice
"""
FILL = (
    _START
    + """
fill_demo(system("demo fill"))
one = Application.objects.for_system("test").get(state="submitted")
Application.objects.for_system("test").filter(call=one.call).exclude(pk=one.pk).delete()
one.applicant_id = viewer_of(User.objects.get(username="applicant")).organisation_id
one.save()
print(one.call.code, one.code)
"""
)
# Handing in puts an application before the body of its place; the demonstration's city clerk sits in another one.
TO_CITY = (
    _START
    + """
body = viewer_of(User.objects.get(username="city")).organisation_id
Application.objects.for_system("test").filter(code="{code}").update(recommender=body)
"""
)
CLOSE = _START + "Call.objects.for_system('test').filter(code='{call}').update(closes_at=timezone.now())"
END = (
    _START
    + """
from xiandao.domains.inbox.actions import run_clocks
day = timezone.localdate() - dt.timedelta(days=1)
Notice.objects.filter(decision__call__code='{call}').update(ends_on=day)
run_clocks(system("clocks"))
"""
)


@pytest.fixture(scope="module")
def office_site(tmp_path_factory):
    """Start the product with invented calls; give its address, a function that lets time pass, and the two codes."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    environment |= {"XIANDAO_DATA": str(tmp_path_factory.mktemp("office")), "PORT": str(port)}

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, timeout=180, capture_output=True, text=True
        )
        return done.stdout

    command = [str(Path(sys.executable).parent / "xiandao"), "run"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, seconds=180)
        yield f"http://127.0.0.1:{port}", run, run(FILL).split()[-2:]
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.stdout.close()


@pytest.fixture
def enter(chromium, office_site):
    """Return a function that gives a page on which an account is signed in, or nobody; console faults fail the test."""
    contexts, faults = [], []

    def make(account=""):
        context = chromium.new_context(viewport=SIZES["desktop"], locale="zh-CN", base_url=office_site[0])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda e: faults.append(str(e)))
        if account:
            page.goto("/accounts/sign-in/")
            page.get_by_label("账号").fill(account)
            page.get_by_label("密码").fill("xiandao-demo")
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_load_state()
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults, faults


def test_from_correction_to_certificate(enter, office_site):
    _address, run, (call, code) = office_site
    clerk, firm, city, anybody = enter("department"), enter("applicant"), enter("city"), enter()
    # Returned for correction, corrected, passed.
    there = f"/programmes/office/applications/{code}/"
    clerk.goto(there)
    clerk.get_by_label("问题 1", exact=True).and_(clerk.locator("input")).fill("请核对技术就绪度")
    clerk.get_by_role("button", name="退回补正").click()
    expect(clerk.locator("h1")).to_contain_text("补正中")
    firm.goto(f"/programmes/applications/{code}/")
    expect(firm.locator("main")).to_contain_text("请核对技术就绪度")
    firm.get_by_role("button", name="补正后提交").click()
    expect(firm.locator("h1")).to_contain_text("已提交")
    clerk.goto(there)
    clerk.get_by_role("button", name="通过（Alt+P）").click()
    expect(clerk.locator("h1")).to_contain_text("形式审查通过")
    # Recommended by the city.
    run(TO_CITY.format(code=code))
    city.goto(f"/programmes/recommend/{call}/")
    city.get_by_label(f"选择 {code}").check()
    city.get_by_role("button", name="推荐", exact=True).click()
    expect(city.locator("tbody")).to_contain_text("已推荐")
    # Reviewed outside, with its report; decided.
    run(CLOSE.format(call=call))
    clerk.goto(f"/programmes/office/calls/{call}/review/")
    report = {"name": "评审报告.txt", "mimeType": "text/plain", "buffer": "七人组评审报告（演示）".encode()}
    clerk.locator('form[action*="/files/"] input[type=file]').set_input_files(report)
    clerk.locator('form[action*="/files/"] button[type=submit]').first.click()
    expect(clerk.locator("main")).to_contain_text("评审报告.txt")
    clerk.get_by_label("评审组").fill("示例中心组织，7位专家（演示）")
    clerk.get_by_label("评审日期").fill("2026-01-05")
    clerk.get_by_label("评审结论（粘贴）").fill(f"{code},入选,88,1,同意")
    clerk.get_by_role("button", name="登记", exact=True).click()
    expect(clerk.locator("tbody")).to_contain_text("评审完成")
    clerk.get_by_role("link", name="拟定决定").click()
    clerk.get_by_label("会议日期").fill("2026-01-06")
    clerk.get_by_label("会议纪要号").fill("1号")
    clerk.get_by_role("button", name="建立").click()
    clerk.locator("details summary", has_text="拟定").click()
    clerk.get_by_label("支持金额（元）").fill("100万")
    clerk.locator("details").get_by_role("button", name="拟定", exact=True).click()
    expect(clerk.locator("tbody").first).to_contain_text("入选")
    firm.reload()
    expect(firm.locator("main")).not_to_contain_text("拟入选")
    decision = clerk.url
    clerk.get_by_role("button", name="发布公示").click()
    expect(clerk.locator("h1")).to_contain_text("公示中")
    # Anybody objects by name; the office answers; the notice ends by the calendar.
    anybody.goto("/programmes/notices/")
    anybody.locator("tbody a").first.click()
    anybody.get_by_role("link", name="提出异议").click()
    anybody.get_by_label("姓名或单位名称（实名）").fill("张三（演示）")
    anybody.get_by_label("联系方式（实名）").fill("025-1")
    anybody.get_by_label("异议内容").fill("请核查检测报告。")
    anybody.get_by_role("button", name="提出异议").click()
    keys = anybody.locator("dd.key").all_inner_texts()
    clerk.goto(f"/programmes/office/objections/{keys[0]}/")
    clerk.get_by_role("button", name="受理", exact=True).click()
    clerk.get_by_label("结论").select_option("no")
    clerk.get_by_label("核查情况和理由（提出人会看到）").fill("检测报告真实有效。")
    clerk.get_by_role("button", name="答复", exact=True).click()
    expect(clerk.locator("h1")).to_contain_text("不成立")
    anybody.goto("/programmes/objections/")
    anybody.get_by_label("查询码").fill(keys[1])
    anybody.get_by_role("button", name="查询", exact=True).click()
    expect(anybody.locator("main")).to_contain_text("检测报告真实有效。")
    run(END.format(call=call))
    clerk.goto(decision)
    clerk.get_by_label("公布文件").fill("关于公布名单的通知（演示）")
    clerk.get_by_role("button", name="公布", exact=True).click()
    expect(clerk.locator("h1")).to_contain_text("已公布")
    # The applicant reads it, and its certificate can be checked by anybody.
    firm.goto(f"/programmes/outcomes/{code}/")
    expect(firm.locator("h1")).to_contain_text("已入选")
    with firm.expect_download() as letter:
        firm.get_by_role("link", name=re.compile("通知书 Word")).click()
    assert letter.value.suggested_filename.endswith(".docx")
