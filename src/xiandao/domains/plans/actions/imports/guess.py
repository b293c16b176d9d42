"""First fields of an item made from selected text, read with the compiler's own parts; a person corrects them. Pure."""

import re
from typing import Any

from xiandao.domains.plans.actions.imports.drafts import plain
from xiandao.domains.plans.actions.imports.places import as_quote
from xiandao.domains.plans.models.drafts import ItemKind
from xiandao.engines.policytext.duty import read_list
from xiandao.engines.policytext.normalise import fold, squeeze
from xiandao.engines.policytext.quantities import find_quantities

Json = dict[str, Any]
_KINDS = {
    "money": "amount",
    "measure": "amount",
    "duration": "amount",
    "percent": "ratio",
    "points": "growth",
    "times": "growth",
    "rank": "rank",
}
_NUMBER = re.compile(
    r"^\s*(第[一二三四五六七八九十百\d]+[章节条]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+(?=[、.．])|\d+(?=[、.．]))[、.．\s]*"
)
_SENTENCE_END = re.compile(r"[。；\n]")
_VERBS = re.compile(
    r"^(?:力争|累计|新增|每年|到\d{4}年底?前?|[，、])*(?:建成|建设|培育|达到|突破|实现|新建|打造|引进)?"
)
_GROWTH = re.compile(r"增长|增加|提高|提升|下降|降低|压缩")
_SOFT = re.compile(r"探索|鼓励|支持|争取|引导|研究")


def guessed(kind: ItemKind, words: str, before: str = "") -> Json:
    """Return likely fields for an item of a kind whose words are given. Unsure fields are left out.

    `before` is the text that precedes the words: its last sentence may name the year.
    """
    if kind in (ItemKind.TARGET, ItemKind.SUPPORT):
        return _quantity(kind, words, _SENTENCE_END.split(before)[-1])
    if kind == ItemKind.DUTY:
        return _duty(words)
    if kind == ItemKind.MECHANISM:
        inside = re.search(r"[“\"]([^”\"]+)[”\"]", words)
        return {"name": (inside[1] if inside else as_quote(words))[:300]}
    if kind == ItemKind.COMMITMENT:
        soft = _SOFT.search(words)
        return {"strength": "soft" if soft else "firm", "verb": soft[0] if soft else ""}
    return heading(words)


def heading(words: str) -> Json:
    """Return number and title of a section: up to the first full stop or line end."""
    number = _NUMBER.match(words)
    rest = words[number.end() :] if number else words.lstrip()
    return {"no": number[1] if number else "", "title": _SENTENCE_END.split(rest, maxsplit=1)[0].strip()[:200]}


def _quantity(kind: ItemKind, words: str, sentence: str) -> Json:
    text = squeeze(fold(words), 0, len(words)).text
    found = find_quantities(text)
    years = re.findall(r"(20\d\d)年", sentence + text)
    out: Json = {"year": int(years[-1]) if years and kind == ItemKind.TARGET else None}
    if kind == ItemKind.SUPPORT:
        out["kind"] = "subsidy"
    if not found:
        return out
    first = found[0]
    before = re.split(r"[，。；]", text[: first.left])[-1]
    after = re.match(r"[\u4e00-\u9fffA-Za-z]{0,30}", text[first.right :])
    out |= {name: plain(getattr(first, name)) for name in ("value", "low", "high", "unit", "comparator")}
    out["object"] = _VERBS.sub("", before).strip("，、 ") or (after[0] if after else "")
    if kind == ItemKind.TARGET:
        grows = first.unit_class == "percent" and _GROWTH.search(before)
        out["kind"] = "growth" if grows else _KINDS.get(str(first.unit_class), "count")
    return out


def _duty(words: str) -> Json:
    run = squeeze(fold(words), 0, len(words))
    found = read_list(run, 0, len(run))
    lead = [body.name for body in found.lead]
    others = [body.name for body in (*found.plain, *found.helping)]
    if not lead:
        lead, others = others[:1], others[1:]
    return {"lead": lead, "with": [name for name in dict.fromkeys(others) if name not in lead], "cities": found.cities}
