"""What every command shares: errors that say what to do, files written whole or not at all, tables on a terminal."""

import contextlib
import os
import secrets
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import typer

USAGE = 2
"""Exit code when what was given cannot be worked with."""
FAULTS = 1
"""Exit code when the work was done and found faults, or could not be finished."""
_NARROWEST = 10


def fail(what: str, *, found: str, expected: str = "", mend: str = "", code: int = USAGE) -> NoReturn:
    """Print an error on stderr (what it is about, found, expected, what to do; Chinese) and leave with `code`."""
    lines = [f"错误：{what}", f"  发现：{found}"]
    lines += [f"  应为：{expected}"] if expected else []
    lines += [f"  处理：{mend}"] if mend else []
    typer.echo("\n".join(lines), err=True)
    raise typer.Exit(code)


def show_bytes(data: bytes) -> None:
    """Write bytes to stdout as they are, whatever encoding the terminal claims."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def write_file(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then renamed into it. Fails with exit code 2."""
    if target.is_dir():
        fail(str(target), found="这是文件夹", expected="要写入的文件名", mend="用 -o 指定文件，如 -o 任务分解表.xlsx")
    if not target.parent.is_dir():
        fail(
            str(target), found=f"没有文件夹 {target.parent}", expected="已有的文件夹", mend="先建立文件夹，或换一个位置"
        )
    target = target.resolve()  # a link stays a link
    if target.exists() and not target.is_file():  # a device or pipe is written to, never replaced
        target.write_bytes(data)
        return
    beside = target.with_name(f".{target.name[:60]}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(data)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        fail(
            str(target),
            found=f"无法写入（{reason(error)}）",
            expected="可写的位置",
            mend="检查权限和磁盘空间，或用 -o 换一个位置",
        )
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def free_name(wanted: Path) -> Path:
    """Return `wanted`, or where it exists already a name with (2), (3) … so that nobody's edited file is lost."""
    candidate, number = wanted, 2
    while candidate.exists():
        candidate = wanted.with_name(f"{wanted.stem}({number}){wanted.suffix}")
        number += 1
    return candidate


def reason(error: OSError) -> str:
    """Return why the system refused a file, in Chinese."""
    known = {
        FileNotFoundError: "没有这个文件或文件夹",
        PermissionError: "没有权限",
        IsADirectoryError: "这是文件夹",
        NotADirectoryError: "路径中有一段不是文件夹",
        FileExistsError: "同名文件已存在",
    }
    return known.get(type(error), error.strerror or str(error))


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _fold(text: str, room: int) -> Iterator[str]:
    """Yield the lines of a text folded to so many columns."""
    for line in text.split("\n"):
        piece, used = "", 0
        for character in line:
            if used + width(character) > room and piece:
                yield piece
                piece, used = "", 0
            piece += character
            used += width(character)
        yield piece


def terminal_width() -> int:
    """Return how wide a table may be: the terminal, or 160 columns where the output goes to a file."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 160


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, shrink: Sequence[int] = ()) -> str:
    """Return rows as an aligned table for a terminal.

    Columns are as wide as their content; where the sum is wider than the terminal, the columns of `shrink` become
    narrower (to 10 at least) and fold, the emptiest first.
    """
    columns = list(zip(headers, *rows, strict=True))
    widths = [max(width(line) for text in column for line in text.split("\n")) for column in columns]
    fill = [sum(map(width, column)) for column in columns]
    over = sum(widths) + 2 * (len(widths) - 1) - terminal_width()
    for _ in range(over):
        wide = [column for column in shrink if widths[column] > _NARROWEST]
        if not wide:
            break
        widths[min(wide, key=lambda column: fill[column] / widths[column])] -= 1
    lines = []
    for row in (headers, ["─" * room for room in widths], *rows):
        folded = [list(_fold(text, room)) for text, room in zip(row, widths, strict=True)]
        for index in range(max(map(len, folded))):
            cells = [cell[index] if index < len(cell) else "" for cell in folded]
            line = "  ".join(cell + " " * (room - width(cell)) for cell, room in zip(cells, widths, strict=True))
            lines.append(line.rstrip())
    return "\n".join(lines)
