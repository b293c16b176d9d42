"""Outcomes of a review as people hand them in: pasted from a table, or an Excel file."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.actions.reviewing import Outcome

HEADER: Final = ("申报编号", "专家意见", "得分", "名次", "评审意见")
ADVICE: Final = {
    "入选": "approve",
    "建议入选": "approve",
    "储备": "reserve",
    "列入储备": "reserve",
    "建议列入储备": "reserve",
    "不入选": "refuse",
    "建议不入选": "refuse",
}
MOST: Final = 5_000


def from_text(text: str) -> list[Outcome]:
    """Read pasted lines, cells apart by tabs or commas. Raises BadFields with every line that is wrong."""
    lines = [line for line in text.splitlines() if line.strip()]
    return from_rows([line.replace("，", ",").split("\t" if "\t" in line else ",") for line in lines])


def from_rows(rows: Iterable[Sequence[Any]]) -> list[Outcome]:
    """Read rows under the header of `HEADER`; without a header the columns stand in its order."""
    found: list[Outcome] = []
    faults: list[tuple[str, str]] = []
    order = list(range(len(HEADER)))
    for number, cells in enumerate(rows, 1):
        texts = [_plain(cell) for cell in cells]
        if not any(texts):
            continue
        if HEADER[0] in texts:
            order = [texts.index(name) if name in texts else -1 for name in HEADER]
            continue
        if len(found) >= MOST:
            raise BadFields([("rows", _("一次最多 %(n)s 行，请分批登记。") % {"n": MOST})])
        code, advice, score, place, text = (texts[at] if 0 <= at < len(texts) else "" for at in order)
        wrong: list[str] = []
        marks = _number(score, _("得分"), wrong)
        rank = _number(place, _("名次"), wrong)
        if rank is not None and (rank < 1 or rank != int(rank)):
            wrong.append(_("名次应是正整数"))
            rank = None
        if advice not in ADVICE:
            wrong.append(_("专家意见“%(text)s”应是入选、储备或不入选") % {"text": advice})
        if wrong:
            where = _("第 %(row)s 行 %(code)s：") % {"row": number, "code": code}
            faults.append(("rows", where + _("；").join(wrong) + "。"))
        found.append(Outcome(code, ADVICE.get(advice, ""), marks, int(rank) if rank else None, text, number))
    if faults:
        raise BadFields(faults)
    return found


def _plain(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell if cell is not None else "").strip()


def _number(text: str, label: str, wrong: list[str]) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        wrong.append(_("%(label)s“%(text)s”不是数字") % {"label": label, "text": text})
        return None
    return number
