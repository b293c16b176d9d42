"""What a kernel value says when it cannot be: what was found, what was expected, how to mend it."""

from __future__ import annotations

_LONGEST_SHOWN = 60


def _shown(value: object) -> str:
    """Return `value` as a person would recognise it, cut to a readable length."""
    text = "空" if value is None or value == "" else str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


class InvalidValue(ValueError):  # noqa: N818 — the name other layers and the design use
    """A value that breaks the rule of its type.

    Parameters: `value` as found; `expected` and `mend` in Chinese, without closing punctuation; `what` names the
    kind of value. `str()` is one Chinese sentence to show to the person who typed the value.
    """

    def __init__(self, value: object, expected: str, mend: str = "", what: str = "") -> None:
        super().__init__(value, expected, mend, what)
        self.value = value
        self.expected = expected
        self.mend = mend
        self.what = what

    def __str__(self) -> str:
        head = f"{self.what}“{_shown(self.value)}”有误：应为{self.expected}"
        return f"{head}；{self.mend}。" if self.mend else f"{head}。"


class AmbiguousName(InvalidValue):
    """A name that several things bear; `.candidates` lists them as printed labels with their codes."""

    def __init__(self, value: object, candidates: tuple[str, ...], what: str = "名称") -> None:
        super().__init__(value, "唯一的名称", f"同名的有：{'、'.join(candidates)}，请写明上级或改用代码", what)
        self.args = (value, candidates, what)
        self.candidates = candidates


class Refused(InvalidValue):
    """A change that the state of a value does not allow, such as a second extension of a time limit."""

    def __init__(self, value: object, expected: str, mend: str = "", what: str = "") -> None:
        super().__init__(value, expected, mend, what)

    def __str__(self) -> str:
        tail = f"；{self.mend}" if self.mend else ""
        return f"{self.what}不能{_shown(self.value)}：{self.expected}{tail}。"
