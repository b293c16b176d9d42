"""Help and usage errors in Chinese; the command starts fast and without Django."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from xiandao.cli.chinese import in_chinese
from xiandao.cli.main import app


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_help_lists_the_commands_in_chinese() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for words in ("用法：", "选项：", "命令：", "plan", "pack", "run", "audit", "manage", "显示本说明"):
        assert words in result.stdout
    assert "Usage" not in result.stdout
    assert "Commands" not in result.stdout


@pytest.mark.parametrize(
    "words", [("plan", "compile"), ("pack", "check"), ("pack", "load"), ("audit", "verify"), ("run",)]
)
def test_each_command_explains_itself_in_chinese(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "用法：" in result.stdout
    assert "Options" not in result.stdout


@pytest.mark.parametrize("words", [(), ("plan",), ("pack",), ("audit",)])
def test_a_group_alone_shows_its_help(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "命令：" in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan", "compil"), "没有命令“compil”，是否为 compile？"),
        (("nothing-like-it",), "没有命令“nothing-like-it”"),
        (("plan", "compile"), "缺少参数 FILE"),
        (("plan", "compile", "a", "--fromat", "json"), "没有选项 --fromat"),
        (("plan", "compile", "a", "b"), "多出的参数：b"),
        (("plan", "compile", "a", "-f"), "选项 -f 后面缺少值"),
    ],
)
def test_a_wrong_use_is_explained_in_chinese_with_code_2(words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert f"错误：{message}\n" in result.stderr
    assert "--help" in result.stderr


def test_a_message_that_is_not_known_stays_as_it_is() -> None:
    assert in_chinese("Something else") == "Something else"


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert run("--version").stdout == version("xiandao") + "\n"


@pytest.mark.parametrize("words", ["['--help']", "['plan', 'compile', '/nonexistent']"])
def test_help_and_compiling_load_no_django(words: str) -> None:
    code = (
        "import sys\nfrom xiandao.cli.main import app\n"
        f"try: app({words})\nexcept SystemExit: pass\n"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
