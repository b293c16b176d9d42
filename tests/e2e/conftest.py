"""The product as a newcomer starts it, in a folder of its own, and a browser to look at it."""

import os
import signal
import socket
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


def wait_for(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
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
            assert process.wait(15) == 0
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


@pytest.fixture
def sign_in(page):
    """Return a function that signs in a demonstration account."""

    def go(account: str) -> None:
        page.goto("/accounts/sign-in/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill("xiandao-demo")
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "sign-in" not in url)

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
