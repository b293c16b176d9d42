"""The code of an industry in a pack's versioned code table; names and aliases are pack data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import InvalidValue

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 40


@dataclass(frozen=True, slots=True, order=True)
class IndustryCode:
    """A short lower-case code such as `hydrogen` or `cell-gene`, stable over all documents that name the industry.

    Raises `InvalidValue` unless `value` is 1–40 characters: lower-case letters and digits, single hyphens between.
    """

    value: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or len(self.value) > _LONGEST or not _SLUG.fullmatch(self.value):
            raise InvalidValue(
                self.value,
                f"小写英文字母开头、由小写字母、数字和单个连字符组成的代码，不超过{_LONGEST}个字符",
                "例如 hydrogen、cell-gene",
                "产业代码",
            )

    def __str__(self) -> str:
        return self.value

    @classmethod
    def parse(cls, text: str) -> IndustryCode:
        """Return the code in `text` after trimming, lowering and turning `_` and spaces into `-`."""
        if not isinstance(text, str):
            raise InvalidValue(text, "文字形式的代码", what="产业代码")
        return cls(re.sub(r"[\s_]+", "-", text.strip().lower()))
