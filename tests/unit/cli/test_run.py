"""`xiandao run`: a real start on an empty folder, a second one, and everything that can be in its way."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from xiandao.cli import serve
from xiandao.cli.main import app

COMMAND = [sys.executable, "-c", "from xiandao.cli.main import app; app()"]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PORT"}}
    return kept | {"XIANDAO_DATA": str(tmp_path / "data"), "COLUMNS": "200"}


class Running:
    """`xiandao run` as a process, with what it has printed so far."""

    def __init__(self, environment: dict[str, str], *words: object) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "run", *map(str, words)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""

    def ready(self) -> bool:
        for line in self.process.stdout:
            self.printed += line
            if "按 Ctrl+C 停止" in line:
                return True
        return False

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.printed += self.process.communicate(timeout=30)[0]
        return self.process.returncode


@pytest.fixture
def started(environment: dict[str, str]) -> Iterator[list[Running]]:
    all_of_them: list[Running] = []
    yield all_of_them
    for each in all_of_them:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def gone(port: int) -> bool:
    limit = time.monotonic() + 10
    while answers(port) and time.monotonic() < limit:
        time.sleep(0.1)
    return not answers(port)


def test_a_first_start_prepares_everything_and_a_second_nothing(
    environment: dict[str, str], port: int, started: list[Running]
) -> None:
    first = Running(environment, "--port", port)
    started.append(first)
    assert first.ready(), first.printed
    assert answers(port)
    for words in ("正在建立或更新数据表", "已载入 江苏省", "已建立 15 个演示账号", f"http://127.0.0.1:{port}/"):
        assert words in first.printed
    for account in ("coordinator", "department", "city", "auditor"):
        assert re.search(rf"（演示） +{account} +xiandao-demo  \S+：", first.printed)
    assert first.end() == 0
    assert first.printed.endswith("已停止。\n")
    assert gone(port)

    second = Running(environment | {"PORT": str(port)})
    started.append(second)
    assert second.ready(), second.printed
    assert "正在建立" not in second.printed
    assert "已载入" not in second.printed
    assert answers(port)
    taken = subprocess.run(
        [*COMMAND, "run", "--port", str(port)], env=environment, capture_output=True, text=True, check=False
    )
    assert (taken.returncode, f"端口 {port} 已被别的程序占用" in taken.stderr) == (2, True)
    assert second.end(signal.SIGTERM) == 0
    assert gone(port)


def test_it_ends_with_code_1_when_the_site_dies_and_nothing_stays_behind_when_it_is_killed(
    environment: dict[str, str], port: int, started: list[Running]
) -> None:
    running = Running(environment, "--port", port)
    started.append(running)
    assert running.ready(), running.printed
    sites = children(running.process.pid, "granian")
    assert len(sites) == 1
    os.kill(sites[0], signal.SIGTERM)
    running.printed += running.process.communicate(timeout=30)[0]
    assert running.process.returncode == 1
    assert "错误：网站\n  发现：进程意外结束" in running.printed

    again = Running(environment, "--port", port)
    started.append(again)
    assert again.ready(), again.printed
    again.process.kill()
    assert gone(port), "children end with their parent"


def children(parent: int, word: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            command = (entry.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(fields[1]) == parent and word in command:
            found.append(int(entry.parent.name))
    return found


class TestPort:
    def test_a_port_in_use_is_named_with_another_to_take(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            taken = other.getsockname()[1]
            result = CliRunner().invoke(app, ["run", "--port", str(taken)])
        assert result.exit_code == 2
        assert f"端口 {taken} 已被别的程序占用" in result.stderr
        assert f"PORT={taken + 1} make run" in result.stderr

    def test_the_port_of_the_environment_is_honoured(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            taken = other.getsockname()[1]
            result = CliRunner().invoke(app, ["run"], env={"PORT": str(taken)})
        assert f"端口 {taken} 已被别的程序占用" in result.stderr

    @pytest.mark.parametrize("given", ["abc", "0", "65536", "-1", "８"])
    def test_what_is_no_port_is_refused(self, given: str) -> None:
        result = CliRunner().invoke(app, ["run"], env={"PORT": given})
        assert result.exit_code == 2
        assert f"发现：“{given}”" in result.stderr

    @pytest.mark.parametrize(
        ("host", "found"), [("nowhere.invalid", "不认识的地址"), ("192.0.2.1", "不能在这一地址监听")]
    )
    def test_a_host_that_is_not_ours_is_refused(self, host: str, found: str, port: int) -> None:
        result = CliRunner().invoke(app, ["run", "--host", host, "--port", str(port)])
        assert result.exit_code == 2
        assert found in result.stderr


class TestHosts:
    def test_loopback_needs_no_further_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("XIANDAO_HOSTS", raising=False)
        serve.allow("127.0.0.1")
        assert "XIANDAO_HOSTS" not in os.environ

    def test_another_address_is_answered_to_with_a_warning(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("XIANDAO_HOSTS", "")
        monkeypatch.delenv("XIANDAO_HOSTS")
        serve.allow("192.0.2.7")
        assert os.environ["XIANDAO_HOSTS"] == "localhost,127.0.0.1,[::1],192.0.2.7"
        assert "密码是公开的" in capsys.readouterr().err

    def test_names_the_office_has_set_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XIANDAO_HOSTS", "plan.example")
        serve.allow("0.0.0.0")  # noqa: S104 — a name, nothing is bound
        assert os.environ["XIANDAO_HOSTS"] == "plan.example"


class TestSettings:
    @pytest.mark.parametrize(
        ("changes", "code", "found"),
        [
            ({"DATABASE_URL": "nonsense"}, 2, "无法识别的地址"),
            ({"DATABASE_URL": "mysql://a:geheim@b/c"}, 2, "不支持的类型“mysql”"),
            ({"DATABASE_URL": "postgres://u:geheim@127.0.0.1:1/x"}, 1, "PostgreSQL 127.0.0.1:1/x（用户 u）"),
            ({"DATABASE_URL": "sqlite:////nonexistent/x.sqlite3"}, 1, "SQLite /nonexistent/x.sqlite3"),
            ({"DJANGO_SETTINGS_MODULE": "no.such.settings"}, 2, "核对环境变量 DJANGO_SETTINGS_MODULE"),
            ({"DJANGO_SETTINGS_MODULE": "xiandao.config.settings.production"}, 2, "XIANDAO_SECRET_KEY"),
            ({"XIANDAO_DATA": "/proc/none"}, 2, "数据文件夹 /proc/none 无法使用"),
        ],
    )
    def test_a_wrong_setting_is_named_without_its_password(
        self, environment: dict[str, str], changes: dict[str, str], code: int, found: str
    ) -> None:
        result = subprocess.run(
            [*COMMAND, "audit", "verify"], env=environment | changes, capture_output=True, text=True, check=False
        )
        assert result.returncode == code
        assert found in result.stderr
        assert "Traceback" not in result.stderr
        assert "geheim" not in result.stderr

    def test_a_file_that_is_no_database_is_named(self, environment: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "xiandao.sqlite3").write_text("no database " * 500)
        result = subprocess.run(
            [*COMMAND, "audit", "verify"], env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 1
        assert "xiandao.sqlite3" in result.stderr
        assert "Traceback" not in result.stderr

    def test_an_unknown_pack_ends_the_start(self, environment: dict[str, str], port: int) -> None:
        result = subprocess.run(
            [*COMMAND, "run", "--port", str(port)],
            env=environment | {"XIANDAO_PACK": "nothing"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert result.returncode == 2
        assert "核对环境变量 XIANDAO_PACK" in result.stderr
        assert gone(port)
