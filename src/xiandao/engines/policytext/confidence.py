"""How sure the rules are of an item, and why it is not more.

An item starts at 1. Each weakness takes a fixed share off, by multiplication, so the order does not matter:
what is left is shown to the reader with the reasons. No item is dropped for a low value; a person decides.
"""

from xiandao.engines.policytext.context import Context
from xiandao.engines.policytext.model import Confidence

WEAKNESS = {
    "numeral": (0.9, "中文数字"),
    "verbless": (0.85, "没有“建成、达到”一类动词，按所处分句判断"),
    "open_unit": (0.75, "量词不在常用表内"),
    "no_unit": (0.75, "没有单位"),
    "fraction": (0.75, "分数、成数折算"),
    "shared": (0.92, "一句多数，按次序对应"),
    "long": (0.85, "所在分句较长，引文可能过宽"),
    "measure_like": (0.85, "数词在名词之前，可能是名词的限定成分"),
    "duration": (0.8, "时间长度，可能是办理程序的期限"),
    "odds": (0.7, "比值，按前项取数"),
    "no_body": (0.6, "没有认出责任单位"),
    "unlike_body": (0.8, "名称不像单位"),
    "running": (0.8, "责任单位从行文中读出，不在括号或“责任单位”行内"),
    "title_long": (0.8, "标题过长，可能没有小标题"),
    "implied": (0.7, "没有上级标题，以方案名称代替"),
    "no_text": (0.8, "只有标题，没有正文"),
    "row": (0.85, "只见于任务表"),
    "soft_quote": (0.9, "分句较长"),
}
"""Weakness → (factor, words shown)."""


def weigh(*weaknesses: str) -> Confidence:
    """The confidence left after the named weaknesses, in the order given."""
    value = 1.0
    for name in weaknesses:
        value *= WEAKNESS[name][0]
    return Confidence(round(value, 3), tuple(WEAKNESS[name][1] for name in weaknesses))


def target_confidence(c: Context, *, cell: bool, subsidy: bool) -> Confidence:
    """The confidence of a target or support standard, from what stands around its number."""
    q = c.quantity
    promised = subsidy or q.marked
    signs = (
        ("numeral", q.chinese and q.form == "plain"),
        ("fraction", q.form in ("fraction", "tenths")),
        ("odds", q.form == "odds"),
        ("open_unit", q.form == "open"),
        ("no_unit", q.form == "bare"),
        ("shared", len(c.group) > 1),
        ("duration", q.unit_class == "duration"),
        ("verbless", not promised and not c.verb and not cell),
        ("measure_like", not promised and q.unit_class in ("money", "measure") and c.prenominal),
        ("long", c.clause[1] - c.clause[0] > 90),
    )
    return weigh(*(name for name, holds in signs if holds))
