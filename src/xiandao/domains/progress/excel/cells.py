"""From the cells of a row to the strings of a form: labels to codes, days and numbers to text, with their faults."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from xiandao.domains.progress.excel.faults import Fault, shown
from xiandao.domains.progress.excel.frame import Choice
from xiandao.domains.progress.excel.layout import Form
from xiandao.domains.progress.excel.reading import Cells, SheetIn, text_of

# From here on a number typed into a cell has lost digits: Excel keeps fifteen.
_DIGITS_LOST: Final = 1e15
_EPOCH: Final = dt.date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 36_526, 73_050  # 2000-01-01 and 2099-12-31 as Excel counts days
_COMPACT: Final = 8
_NAMED: Final = 8


@dataclass(slots=True)
class RowIn:
    """One row of a sheet while it is read: gives its cells as strings and notes what is wrong with them."""

    sheet: SheetIn
    form: Form
    number: int
    cells: Cells
    faults: list[Fault] = field(default_factory=list)

    def raw(self, key: str) -> Any:
        """Return a cell as the file has it."""
        return self.sheet.cell(self.cells, key)

    def fault(self, key: str, expected: str, mend: str = "", *, found: Any = None) -> None:
        """Note a fault in the cell under a key; without a key in the row as a whole."""
        value = self.raw(key) if found is None and key else found
        header = str(self.form.column(key).header) if key else ""
        self.faults.append(
            Fault(self.sheet.name, self.number, header, shown("" if value is None else value), expected, mend, key)
        )

    def text(self, key: str) -> str:
        """Return a cell as text; a cell that shows an Excel error is a fault."""
        value = self.raw(key)
        if value == "" and self.sheet.errors:
            error = self.sheet.errors.get((self.number - 1, self.sheet.columns.get(key, -1)))
            if error:
                self.fault(key, _("公式出错，没有值。"), _("请改正公式，或直接填写内容。"), found=error)
        return text_of(value)

    def code(self, key: str) -> str:
        """Return an identifier as text; one that Excel took for a number may have lost its last digits."""
        value = self.raw(key)
        if isinstance(value, float) and abs(value) >= _DIGITS_LOST:
            self.fault(
                key,
                _("被 Excel 当作数字，第 15 位以后的数字已经丢失。"),
                _("请把单元格设为文本格式，再重新填写。"),
                found=f"{value:.0f}",
            )
            return ""
        return self.text(key)

    def choice(self, key: str, choice: Choice) -> str:
        """Return the code of a label chosen from a list; "" for blank and, with a fault, for what is not among them."""
        label = self.text(key)
        if not label:
            return ""
        code = choice.codes.get(label)
        if code is None:
            self.fault(key, _expected(choice), _("请从列表中选择。"))
            return ""
        return code

    def day(self, key: str) -> str:
        """Return a day as 2026-03-01 if it can be told, else the text as it stands, which the form then refuses."""
        value = self.raw(key)
        if isinstance(value, dt.datetime):
            return value.date().isoformat()
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, float) and value.is_integer() and _FIRST_DAY <= value <= _LAST_DAY:
            return (_EPOCH + dt.timedelta(days=int(value))).isoformat()
        text = self.text(key)
        if len(text) == _COMPACT and text.isascii() and text.isdigit():
            return f"{text[:4]}-{text[4:6]}-{text[6:]}"
        return text


def _expected(choice: Choice) -> str:
    labels = choice.labels
    if not labels:
        return _("这里没有可选的内容，应留空。")
    some = _("、").join(labels[:_NAMED])
    if len(labels) <= _NAMED:
        return _("应为：%(labels)s。") % {"labels": some}
    return _("应为列表中的一项，如 %(labels)s（共 %(n)d 项，见“字典”表）。") % {"labels": some, "n": len(labels)}
