"""The shipped Jiangsu pack, and copies of it that tests may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xiandao.packs import Fault, PolicyPack, check_pack, load_pack, packs_dir

JIANGSU = packs_dir() / "jiangsu_2024_2026"


@pytest.fixture(scope="session")
def jiangsu() -> PolicyPack:
    return load_pack(JIANGSU)


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(JIANGSU, copy, ignore=shutil.ignore_patterns("map"))
    return copy


@pytest.fixture
def spoil(pack_copy: Path) -> Callable[..., list[Fault]]:
    """Replace text in one file of a copy (or append) and return the faults of the whole pack."""

    def change(file: str, old: str, new: str) -> list[Fault]:
        path = pack_copy / file
        text = path.read_bytes().decode()
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_bytes(text.replace(old, new, 1).encode())
        return check_pack(pack_copy)

    return change


@pytest.fixture
def line_of(pack_copy: Path) -> Callable[[str, str], int]:
    """Return the first line (from 1) of a file of the copy that holds some words."""

    def find(file: str, words: str) -> int:
        lines = (pack_copy / file).read_bytes().decode().split("\n")
        return next(number for number, line in enumerate(lines, start=1) if words in line)

    return find
