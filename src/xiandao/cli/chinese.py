"""Makes typer speak Chinese: headings of the help and errors in the use of a command."""

import re
import sys
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

_WORDS: Final = (
    (re.compile(r"^Usage: ", re.MULTILINE), "用法："),
    (re.compile(r"^Arguments:$", re.MULTILINE), "参数："),
    (re.compile(r"^Options:$", re.MULTILINE), "选项："),
    (re.compile(r"^Commands:$", re.MULTILINE), "命令："),
    (re.compile(r"Show this message and exit\."), "显示本说明"),
    (re.compile(r"\[required\]"), "［必填］"),
    (re.compile(r"\[default: ([^\]]*)\]"), r"［默认 \1］"),
    (re.compile(r"\[env var: (\w+); default: ([^\]]*)\]"), r"［默认 \2，环境变量 \1］"),
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 [参数]……"),
)
_ERRORS: Final = (
    (re.compile(r"No such command '(.*?)'\.?(?: Did you mean (.*)\?)?$"), "没有命令“{0}”"),
    (re.compile(r"No such option: (\S+)"), "没有选项 {0}"),
    (re.compile(r"Missing argument '(.*?)'"), "缺少参数 {0}"),
    (re.compile(r"Missing option '(.*?)'"), "缺少选项 {0}"),
    (re.compile(r"Missing command"), "缺少命令"),
    (re.compile(r"Option '(.*?)' requires"), "选项 {0} 后面缺少值"),
    (re.compile(r"Got unexpected extra argument\S* \((.*)\)"), "多出的参数：{0}"),
)


def in_chinese(message: str) -> str:
    """Return an error in the use of a command in Chinese; one that is not known stays as it is."""
    for pattern, words in _ERRORS:
        found = pattern.search(message)
        if found:
            near = found[2].replace("'", "") if pattern is _ERRORS[0][0] and found[2] else ""
            return words.format(*found.groups()) + (f"，是否为 {near}？" if near else "")
    return message


def _help(text: str) -> str:
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text


class Command(TyperCommand):
    """A command with Chinese help."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page with Chinese headings."""
        return _help(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands with Chinese help; at the top it also shows errors in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page with Chinese headings."""
        return _help(super().get_help(ctx))

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; an error in its use ends with exit code 2 and a sentence in Chinese."""
        if not options.get("standalone_mode", True):
            return super().main(*args, **options)
        try:
            code = super().main(*args, **options | {"standalone_mode": False})
        except TyperException as error:
            _show(error)
            sys.exit(error.exit_code)
        except typer.Abort:
            typer.echo("已中止。", err=True)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def _show(error: TyperException) -> None:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help page itself
        typer.echo(_help(message), err=True)
        return
    typer.echo(f"错误：{in_chinese(message)}", err=True)
    typer.echo(f"  用法见：{context.command_path if context else 'xiandao'} --help", err=True)
