"""What is wrong in a file: which sheet, row and column, what was found, what was expected, what to do."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `row` counts from 1 as Excel does, 0 is the sheet as a whole; `key` is the key of the column."""

    sheet: str
    row: int
    column: str
    found: str
    expected: str
    mend: str = ""
    key: str = ""

    @property
    def sentence(self) -> str:
        """The fault in one sentence, for the row's first cell."""
        where = f"{self.column}{_('：')}" if self.column else ""
        found = _("填的是“%(found)s”。") % {"found": self.found} if self.found else ""
        gap = "" if (get_language() or "").startswith("zh") else " "
        return where + gap.join(part for part in (found, self.expected, self.mend) if part)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def shown(value: object) -> str:
    """Return a cell's value as a fault quotes it."""
    text = str(value).strip()
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
