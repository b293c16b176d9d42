"""What all commands share: widths, tables, files."""

import os
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from xiandao.cli import console


def test_a_chinese_character_is_two_columns_wide_and_an_accent_none() -> None:
    assert [console.width(text) for text in ("ab", "序号", "（1）", "e\u0301", "")] == [2, 4, 5, 1, 0]


def test_columns_are_aligned_by_what_they_show() -> None:
    assert console.table(("名", "值"), [("甲乙", "1"), ("a", "二")]).split("\n") == [
        "名    值",
        "────  ──",
        "甲乙  1",
        "a     二",
    ]


@given(st.lists(st.tuples(st.text("甲乙ab", max_size=40), st.text("丙c\n", max_size=40)), max_size=5))
def test_a_shrunk_table_loses_no_character_and_keeps_the_width(rows: list[tuple[str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "40")
        table = console.table(("A", "B"), rows, shrink=(0, 1))
    assert all(console.width(line) <= 40 for line in table.split("\n"))
    for character in "甲乙丙abc":
        assert table.count(character) == sum(text.count(character) for row in rows for text in row)


def test_a_free_name_is_the_one_wanted_or_the_first_number_that_is_free(tmp_path: Path) -> None:
    wanted = tmp_path / "表.xlsx"
    assert console.free_name(wanted) == wanted
    wanted.touch()
    (tmp_path / "表(2).xlsx").touch()
    assert console.free_name(wanted) == tmp_path / "表(3).xlsx"


def test_a_written_file_keeps_the_mode_of_the_one_it_replaces(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    target.chmod(0o600)
    console.write_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "a", tmp_path / "link", tmp_path / "pipe"
    target.write_bytes(b"old")
    link.symlink_to(target)
    console.write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    console.write_file(pipe, b"through")
    assert os.read(reader, 20) == b"through"
    os.close(reader)
    assert pipe.is_fifo()


def test_an_error_says_what_was_found_expected_and_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught:
        console.fail("甲", found="乙", expected="丙", mend="丁", code=1)
    assert caught.value.exit_code == 1
    assert capsys.readouterr().err == "错误：甲\n  发现：乙\n  应为：丙\n  处理：丁\n"
