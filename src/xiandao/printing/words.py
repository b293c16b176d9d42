"""Makes any text fit for an office file."""

import re
from typing import Final

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL: Final = 32_767
"""Characters an Excel cell holds; a longer text would silently be left out."""
_CUT: Final = "……（全文见原文件）"


def clean(text: str) -> str:
    """Return `text` without the characters XML forbids; what is left is printed as it stands."""
    return _FORBIDDEN.sub("", text)


def cell_text(text: str) -> str:
    """Return `text` for an Excel cell: clean and, should it be longer than a cell holds, cut and marked as cut."""
    text = clean(text)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(_CUT)] + _CUT
