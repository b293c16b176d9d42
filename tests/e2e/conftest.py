"""The product as a newcomer starts it, in a folder of its own, and a browser to look at it."""

import base64
import hashlib
import hmac
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"xiandao run ended early:\n{process.stdout.read().decode()}"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer in {seconds} s")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Start `xiandao run` on an empty folder and return its address; stop it as Ctrl-C would."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    environment |= {"XIANDAO_DATA": str(tmp_path_factory.mktemp("site")), "PORT": str(port)}
    command = [str(Path(sys.executable).parent / "xiandao"), "run"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.stdout.close()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def page(chromium, site, request):
    """A fresh page; errors on the console and failed requests fail the test."""
    wanted = request.getfixturevalue("size") if "size" in request.fixturenames else "desktop"
    context = chromium.new_context(viewport=SIZES[wanted], locale="zh-CN", base_url=site)
    page = context.new_page()
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    # Aborted is what Chromium calls a download, and a request the reader left behind by going on.
    page.on("requestfailed", lambda r: faults.append(r.url) if r.failure != "net::ERR_ABORTED" else None)
    page.on(
        "request",
        lambda r: faults.append(f"outside: {r.url}") if not r.url.startswith((site, "data:", "blob:")) else None,
    )
    page.faults = faults
    yield page
    context.close()
    assert not faults


@pytest.fixture(scope="session")
def recovery_codes():
    """The recovery codes of the administrators who have signed in on this site, by account."""
    return {}


def one_time_code(secret: str) -> str:
    """Return the six digits an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def sign_in(page, recovery_codes):
    """Return a function that signs in a demonstration account; an administrator adds or shows a second factor."""

    def go(account: str, on=page) -> None:
        on.goto("/accounts/sign-in/")
        on.get_by_label("账号").fill(account)
        on.get_by_label("密码").fill("xiandao-demo")
        on.get_by_role("button", name="登录").click()
        on.wait_for_url(lambda url: not url.endswith("/sign-in/"))
        if on.url.endswith("/sign-in/code/"):
            on.locator("#code").fill(recovery_codes[account].pop())
            on.get_by_role("button", name="登录").click()
            on.wait_for_url(lambda url: "sign-in" not in url)
        elif on.url.endswith("/me/factors/"):
            on.get_by_role("link", name="登记验证器").click()
            secret = on.locator("[data-secret]").get_attribute("data-secret")
            on.get_by_label("六位数字").fill(one_time_code(secret))
            on.get_by_role("button", name="登记", exact=True).click()
            on.locator("[data-codes]").wait_for()
            recovery_codes[account] = on.locator("[data-codes] code").all_inner_texts()

    return go


@pytest.fixture(scope="session")
def axe():
    """Return a function that lists what axe-core finds wrong with a page by WCAG 2.1 A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()

    def run(page) -> list[str]:
        options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
        found = checker.run(page, options=options).response["violations"]
        return [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})" for v in found]

    return run
