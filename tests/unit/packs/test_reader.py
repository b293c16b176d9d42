"""Reading one YAML file: what YAML 1.2 means, and each hazard refused with its line."""

import pytest

from xiandao.packs.reader import MAX_BYTES, MAX_DEPTH, Refused, field_path, read_yaml, resolve


def refused(raw: str | bytes):
    with pytest.raises(Refused) as caught:
        read_yaml("x.yaml", raw.encode() if isinstance(raw, str) else raw)
    return caught.value.fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("12", 12),
        ("-3", -3),
        ("320100", 320100),
        ("1:30", "1:30"),
        ("2024-02-27", "2024-02-27"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("9" * 5000, "9" * 5000),
        ("１２", "１２"),
    ],
)
def test_plain_scalars_follow_yaml_1_2_without_the_traps_of_1_1(text, value):
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_scalars_and_keys_stay_text():
    assert read_yaml("x.yaml", b"no: '1'\n320100: \"true\"\n").data == {"no": "1", "320100": "true"}


def test_lines_are_known_for_every_path():
    document = read_yaml("x.yaml", b"a:\n  - b: 1\n    c: [1,\n        2]\n  -\n    b: 2\n")
    assert document.data == {"a": [{"b": 1, "c": [1, 2]}, {"b": 2}]}
    lines = {
        path: document.line_of(path) for path in [("a",), ("a", 0, "c"), ("a", 0, "c", 1), ("a", 1), ("a", 1, "b")]
    }
    assert lines == {("a",): 1, ("a", 0, "c"): 3, ("a", 0, "c", 1): 4, ("a", 1): 6, ("a", 1, "b"): 6}


def test_a_path_that_is_not_there_has_the_line_of_what_should_hold_it():
    document = read_yaml("x.yaml", b"a:\n  - b: 1\n  - c: 2\n")
    assert document.line_of(("a", 1, "missing")) == 3
    assert document.line_of(("nothing",)) == 1


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a: b\n c: d: e\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: 'open\n", 3),
        ("a: 1\nb: \x07\n", 2),
    ],
)
def test_a_syntax_error_names_its_line(raw, line):
    fault = refused(raw)
    assert (fault.file, fault.line) == ("x.yaml", line)
    assert "YAML 语法错误" in fault.found
    assert "缩进" in fault.mend


@pytest.mark.parametrize(
    ("raw", "line", "found"),
    [
        ("a: 1\nb: &x [1]\n", 2, "锚点 &x"),
        ("a: 1\nb: *x\n", 2, "引用 *x"),
        ("a: !!python/object:os.system 1\n", 1, "标签"),
        ("a: !include other.yaml\n", 1, "标签 !include"),
        ("a: 1\n---\nb: 2\n", 2, "第二个文档"),
        ("? [1, 2]\n: 3\n", 1, "列表或映射作字段名"),
    ],
)
def test_yaml_that_could_do_more_than_hold_data_is_refused(raw, line, found):
    fault = refused(raw)
    assert fault.line == line
    assert found in fault.found
    assert fault.expected
    assert fault.mend


def test_an_alias_bomb_is_refused_at_its_first_anchor():
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(50))
    assert refused(bomb).line == 1


def test_deep_nesting_is_refused_before_it_costs_anything():
    fault = refused("a: " + "[" * 1_000_000)
    assert f"{MAX_DEPTH} 层" in fault.expected


def test_a_file_over_the_cap_is_refused_unread():
    assert "至多" in refused(b"a: " + b"x" * MAX_BYTES).expected


def test_bytes_that_are_not_utf8_name_line_and_byte():
    fault = refused("a: 1\nb: 省\n".encode() + "c: 厅\n".encode("gb18030"))
    assert fault.line == 3
    assert "0xCC" in fault.found
    assert "UTF-8" in fault.mend


@pytest.mark.parametrize("raw", ["", "# only a comment\n", "---\n", "~\n"])
def test_an_empty_file_is_a_fault(raw):
    assert refused(raw).found == "空文件"


def test_a_byte_order_mark_is_borne():
    assert read_yaml("x.yaml", "\ufeffa: 1\n".encode()).data == {"a": 1}


def test_a_duplicate_key_is_found_with_both_lines_and_reading_goes_on():
    document = read_yaml("x.yaml", b"a:\n  - b: 1\n    c: 2\n    b: 3\nd: 4\n")
    assert document.data["d"] == 4
    (fault,) = document.faults
    assert (fault.line, fault.field) == (4, "a[0].b")
    assert "首次在第 2 行" in fault.found


def test_paths_are_written_as_people_write_them():
    assert field_path(("actions", 0, "measures", 2, "title")) == "actions[0].measures[2].title"
    assert field_path((0, "a")) == "[0].a"
    assert field_path(()) == ""
