"""Before and after side by side."""

import pytest

from xiandao.domains.oversight.differences import Difference, differences


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, []),
        (None, {"a": 1}, [Difference("a", None, "1", True)]),
        ({"a": 1}, None, [Difference("a", "1", None, True)]),
        ({"a": 1, "b": "x"}, {"a": 1, "b": "y"}, [("a", "1", "1", False), ("b", "x", "y", True)]),
        ({"a": {"b": None}}, {"a": {"b": False}}, [("a.b", "null", "false", True)]),
        ({"a": 1}, {"a": True}, [("a", "1", "true", True)]),
        ({"a": ["x", "y"]}, {"a": ["x"]}, [("a", "x、y", "x", True)]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}]}, [("a[1].b", "1", "1", False), ("a[2].b", "2", None, True)]),
        ({"a": {}}, {"a": []}, [("a", "{}", "", True)]),
        ("draft", "open", [("", "draft", "open", True)]),
        ({"a": 0}, {"a": ""}, [("a", "0", "", True)]),
    ],
)
def test_fields_are_paired_by_their_paths(before, after, expected):
    assert differences(before, after) == expected
