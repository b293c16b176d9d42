"""How a breakdown words things: target lines, deadlines, labels of tasks and actions."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from xiandao.engines.breakdown.model import Promise

COMPARATORS: Final = {"=": "等于", "≥": "不低于", "≤": "不高于", "≈": "约", "<": "低于", ">": "高于"}
KINDS: Final = {
    "count": "数量",
    "amount": "数额",
    "ratio": "比率",
    "growth": "变化",
    "rank": "位次",
    "subsidy": "支持标准",
}
NOT_STATED: Final = "未注明"
EVERY_YEAR: Final = "每年"

_ARABIC = re.compile(r"[0-9]+\Z")
_CHINESE = re.compile(r"[零〇一二三四五六七八九十百]+\Z")
_WORDS = re.compile(r"[\u3400-\u9fff0-9A-Za-z]")
_KNOWN_SHARE: Final = Decimal("0.8")


def squash(text: str) -> str:
    """Return `text` on one line: white space between Chinese characters is a line break of the layout, no blank."""
    one_line = re.sub(r"\s+", " ", text.strip())
    return re.sub(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])", "", one_line)


def number_text(value: Decimal) -> str:
    """Return a number as people write it: no exponent, no trailing zeros."""
    return format(value.normalize(), "f") if value else "0"


def amount_text(promise: Promise) -> str:
    """Return the number with its unit: 100项, 5—8家, 不低于2500P; "" where it is unknown."""
    if promise.value is not None:
        word = "" if promise.comparator == "=" else COMPARATORS[promise.comparator]
        return f"{word}{number_text(promise.value)}{promise.unit}"
    if promise.low is not None and promise.high is not None:
        return f"{number_text(promise.low)}—{number_text(promise.high)}{promise.unit}"
    return ""


def promise_text(promise: Promise) -> str:
    """Return the clause as printed, with its object in brackets where the clause alone does not name it."""
    subject = squash(promise.object)
    if not promise.quote:
        return f"{subject}{amount_text(promise)}"
    words = squash(promise.quote)
    told = _WORDS.findall(subject)
    known = sum(character in words for character in told)
    named = subject in words or not told or Decimal(known) / len(told) >= _KNOWN_SHARE
    return words if named else f"{words}（{subject}）"


def promise_due(promise: Promise, period: tuple[int, int] | None) -> str:
    """Return by when a promise is due: its year, 每年, else the end of the plan, marked as such."""
    if promise.year is not None:
        return f"{promise.year}年"
    return EVERY_YEAR if EVERY_YEAR in f"{promise.quote}{promise.object}" else plan_end(period)


def plan_end(period: tuple[int, int] | None) -> str:
    """Return the end of the plan as a deadline the text does not print itself."""
    return f"方案期末（{period[1]}年）" if period else NOT_STATED


def target_lines(promises: Sequence[Promise], period: tuple[int, int] | None) -> list[tuple[str, str]]:
    """Return (line, due) per clause: targets that share one clause are one line, due when each of them is."""
    by_clause: dict[str, list[Promise]] = {}
    for index, promise in enumerate(promises):
        by_clause.setdefault(promise.quote or f"\0{index}", []).append(promise)
    lines = []
    for together in by_clause.values():
        text = promise_text(together[0]) if len(together) == 1 else squash(together[0].quote)
        dues = dict.fromkeys(promise_due(promise, period) for promise in together)
        lines.append((text, "、".join(dues)))
    return lines


def due_lines(deadline: str, dues: Sequence[str], period: tuple[int, int] | None) -> tuple[str, ...]:
    """Return the deadline cell.

    `deadline` is the printed one ("" if none), `dues` those of the target lines in order. A printed deadline comes
    first; years of targets that it does not name follow. Lines that differ say which targets they mean.
    """
    if deadline:
        further = [due for due in dues if re.fullmatch(r"\d{4}年", due) and due not in deadline]
        lines = [squash(deadline)]
        return (*lines, *_by_target(dues, only=further)) if further else tuple(lines)
    if not dues:
        return (plan_end(period),)
    return (dues[0],) if len(set(dues)) == 1 else _by_target(dues, only=dues)


def _by_target(dues: Sequence[str], *, only: Sequence[str]) -> tuple[str, ...]:
    lines = []
    for due in dict.fromkeys(only):
        numbers = [number for number, given in enumerate(dues, start=1) if given == due]
        which = "、".join(_runs(numbers)) if len(dues) > 1 else ""
        lines.append(f"目标{which}：{due}")
    return tuple(lines)


def _runs(numbers: Sequence[int]) -> list[str]:
    """Return numbers with runs of three and more drawn together: 1—3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    least = 3
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0]}—{run[-1]}"] if len(run) >= least else [str(number) for number in run]
    return parts


def labelled(no: str, title: str) -> str:
    """Return number and title with the mark the number calls for: 一、… / （一）… / 1. … / 第一条　…."""
    no, title = no.strip(), squash(title)
    if not no:
        return title
    if _CHINESE.match(no):
        return f"{no}、{title}"
    if _ARABIC.match(no):
        return f"{no}. {title}"
    return f"{no}　{title}" if no.startswith("第") else f"{no}{title}"


def table_title(plan_title: str) -> str:
    """Return 《…》任务分解表; titles within the title take single angle brackets (GB/T 15834)."""
    inner = squash(plan_title).replace("《", "〈").replace("》", "〉")
    return f"《{inner}》任务分解表"
