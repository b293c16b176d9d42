"""Both scanners find every occurrence; matches that straddle rows are dropped; Arrow's buffers are read as they lie."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.identify import scan
from xiandao.engines.identify.patterns import Edges, patterns, shortest, spellings

ENGINES = [engine for engine in ("hyperscan", "automaton") if engine == "automaton" or scan.hyperscan is not None]
WORDS = ["氢", "氢能", "能源", "氢能源", "AB", "B氢", "核电站"]
BYTES = [word.encode() for word in WORDS]


def places(data: str, engine: str) -> list[tuple[str, int, int]]:
    found = scan.scanner(BYTES, engine=engine).scan(memoryview(data.encode()))
    return [(WORDS[p], int(s), int(e)) for p, s, e in zip(found.pattern, found.start, found.end, strict=True)]


@pytest.mark.parametrize("engine", ENGINES)
def test_all_occurrences_are_found_overlapping_ones_too(engine: str) -> None:
    assert places("氢能源", engine) == [("氢", 0, 3), ("氢能", 0, 6), ("氢能源", 0, 9), ("能源", 3, 9)]


@given(st.lists(st.sampled_from([*WORDS, "电", "A", "B", " "]), max_size=40).map("".join))
def test_the_scanners_agree_with_a_search_for_each_word(text: str) -> None:
    data = text.encode()
    expected = sorted(
        (start, start + len(word), index)
        for index, word in enumerate(BYTES)
        for start in range(len(data))
        if data.startswith(word, start)
    )
    for engine in ENGINES:
        found = scan.scanner(BYTES, engine=engine).scan(memoryview(data))
        triples = sorted(zip(found.start.tolist(), found.end.tolist(), found.pattern.tolist(), strict=True))
        assert triples == expected


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_rows_are_told_by_place_and_nothing_straddles_them(engine: str, kind: pa.DataType) -> None:
    column = scan.column(pa.array(["核电", "站A", None, "B氢能", "氢能源"], kind).slice(1))
    assert (column.rows, column.offsets.tolist()) == (4, [0, 4, 4, 11, 20])
    found, rows = scan.rows_of(scan.scanner(BYTES, engine=engine).scan(column.data), column.offsets)
    assert [(WORDS[p], r) for p, r in zip(found.pattern, rows, strict=True)] == [
        ("B氢", 2),
        ("氢", 2),
        ("氢能", 2),
        ("氢", 3),
        ("氢能", 3),
        ("氢能源", 3),
        ("能源", 3),
    ]


def test_a_scanner_can_be_cloned_for_another_thread() -> None:
    for engine in ENGINES:
        first = scan.scanner(BYTES, engine=engine)
        assert first.clone().scan(memoryview("氢".encode())).start.tolist() == [0]
        assert first.clone().name == engine


def test_no_pattern_an_empty_one_and_a_column_of_numbers_are_refused() -> None:
    for wrong in ([], [b""]):
        with pytest.raises(ValueError, match="没有可以查找的词"):
            scan.scanner(wrong)
    with pytest.raises(TypeError, match="int64"):
        scan.column(pa.array([1]))


def test_without_hyperscan_the_automaton_serves_and_a_wish_for_hyperscan_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan, "hyperscan", None)
    assert scan.scanner(BYTES).name == "automaton"
    with pytest.raises(RuntimeError, match="没有 Hyperscan"):
        scan.scanner(BYTES, engine="hyperscan")


def test_spellings_of_a_term() -> None:
    assert spellings("氢能") == ["氢能"]
    assert spellings("5G") == ["5G", "５Ｇ"]  # short words of ASCII alone keep their case
    assert spellings("MOSFET")[:4] == ["MOSFET", "mosfet", "Mosfet", "ＭＯＳＦＥＴ"]
    assert {"VR设备", "vr设备", "ＶＲ设备"} <= set(spellings("VR设备"))
    assert "1，3-丙二醇" in spellings("1,3-丙二醇")


def test_the_shortest_patterns_find_every_row_that_any_pattern_finds() -> None:
    words = ["氢", "氢能", "储氢瓶", "燃料电池", "燃料电池堆"]
    assert sorted(each.decode() for each in shortest(word.encode() for word in words)) == ["氢", "燃料电池"]


def test_edges_of_ascii_words() -> None:
    table = patterns(["5G", "CDM", "VR设备"])
    column = scan.column(pa.array(["3.5GHz", "CDMA", "5G通信", "用5G", "VR设备A", "DVR设备", "CDM", "A", "5G"]))
    found, rows = scan.rows_of(scan.scanner(table.texts).scan(column.data), column.offsets)
    assert rows[Edges(table.texts).free(found, rows, column)].tolist() == [2, 3, 4, 6, 8]
