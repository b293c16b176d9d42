"""Edits of the words in a draft: terms, synonyms, and phrases that mislead. Many at once, one a line."""

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from xiandao.domains.industries.actions.revising import revise
from xiandao.domains.industries.content import Change, Content, Path, Term, Trap
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

MOST_LINES: Final = 500
_TAILS: Final = "，,、；;。"


def lines(text: str) -> list[str]:
    """Return the words pasted, one a line or cell, each once; a comma or full stop at the end of a line goes."""
    rows = (line.strip().rstrip(_TAILS).strip() for line in text.replace("\t", "\n").splitlines())
    return list(dict.fromkeys(row for row in rows if row))


def with_terms(content: Content, product: Path, text: str, *, weight: str, of: str = "") -> Content:
    """Return a content with words added to a product; with `of` they are synonyms and weigh what that term weighs.

    Raises Refused for no words or too many, and where a word is there already.
    """
    words = lines(text)
    if not words:
        raise Refused(_("请填写词条，一行一个。"))
    if len(words) > MOST_LINES:
        raise Refused(_("一次最多 %(most)s 行，这里有 %(count)s 行。") % {"most": MOST_LINES, "count": len(words)})
    have = content.terms_of(product[0], product[1])
    there = [word for word in words if word in have]
    if there:
        raise Refused(_("已经是这个产品的词条：%(words)s。") % {"words": _("、").join(there[:20])})
    if of:
        weight = _head(have, of).weight
    order = content.next_order("term")
    table = content.terms | {(*product, word): Term(weight, of, order + n) for n, word in enumerate(words)}
    return replace(content, terms=table)


def _head(have: dict[str, Term], of: str) -> Term:
    head = have.get(of)
    if head is None or head.of:
        raise Refused(_("“%(of)s”不是这个产品的词条，不能同义于它。") % {"of": of})
    return head


def add_terms(
    actor: Viewer, *, pk: int, industry: str, product: str, text: str, weight: str, of: str = ""
) -> list[Change]:
    """Add terms to a product, one a line, all of them or none. One audit record."""

    def edit(content: Content) -> Content:
        _require_product(content, (industry, product))
        return with_terms(content, (industry, product), text, weight=weight, of=of)

    return revise(actor, pk=pk, label=f"{product}：{_('、').join(lines(text)[:5])}", edit=edit)


def alter_terms(actor: Viewer, *, pk: int, industry: str, product: str, words: list[str], weight: str) -> list[Change]:
    """Give terms another weight; their synonyms follow. Raises Conflict where one is gone, Refused for a synonym."""

    def edit(content: Content) -> Content:
        have = _require_words(content, (industry, product), words)
        bound = [word for word in words if have[word].of and have[word].of not in words]
        if bound:
            raise Refused(
                _("%(words)s 是同义词，效力随它所同义的词条；请改那个词条。") % {"words": _("、").join(bound)}
            )
        chosen = {word for word, part in have.items() if word in words or part.of in words}
        table = {
            path: replace(part, weight=weight) if path[:2] == (industry, product) and path[2] in chosen else part
            for path, part in content.terms.items()
        }
        return replace(content, terms=table)

    return revise(actor, pk=pk, label=f"{product}：{_('、').join(words[:5])}", edit=edit)


def bind_terms(actor: Viewer, *, pk: int, industry: str, product: str, words: list[str], of: str) -> list[Change]:
    """Make terms synonyms of another term of the product, or with an empty `of` terms by themselves."""

    def edit(content: Content) -> Content:
        have = _require_words(content, (industry, product), words)
        weight = _head(have, of).weight if of else ""
        if of in words:
            raise Refused(_("“%(of)s”不能同义于自己。") % {"of": of})
        # what was a synonym of a word that becomes one itself goes along to the new head
        moving = {word for word, part in have.items() if word in words or (of and part.of in words)}
        table = dict(content.terms)
        for word in moving:
            table[(industry, product, word)] = replace(have[word], of=of, weight=weight or have[word].weight)
        return replace(content, terms=table)

    return revise(actor, pk=pk, label=f"{product}：{_('、').join(words[:5])}", edit=edit)


def remove_terms(actor: Viewer, *, pk: int, industry: str, product: str, words: list[str]) -> list[Change]:
    """Remove terms with their synonyms. Raises Conflict where one is gone already."""

    def edit(content: Content) -> Content:
        have = _require_words(content, (industry, product), words)
        gone = {(industry, product, word) for word, part in have.items() if word in words or part.of in words}
        return replace(content, terms={path: part for path, part in content.terms.items() if path not in gone})

    return revise(actor, pk=pk, label=f"{product}：{_('、').join(words[:5])}", edit=edit)


def add_traps(actor: Viewer, *, pk: int, industry: str, text: str) -> list[Change]:
    """Add phrases that mislead, one a line, to an industry or with "" for all."""

    def edit(content: Content) -> Content:
        words = lines(text)
        if not words:
            raise Refused(_("请填写易误认的用语，一行一个。"))
        if len(words) > MOST_LINES:
            raise Refused(_("一次最多 %(most)s 行，这里有 %(count)s 行。") % {"most": MOST_LINES, "count": len(words)})
        there = [word for word in words if (industry, word) in content.traps]
        if there:
            raise Refused(_("已经列为易误认用语：%(words)s。") % {"words": _("、").join(there[:20])})
        order = content.next_order("trap")
        table = content.traps | {(industry, word): Trap(order + n) for n, word in enumerate(words)}
        return replace(content, traps=table)

    return revise(actor, pk=pk, label=_("、").join(lines(text)[:5]), edit=edit)


def remove_traps(actor: Viewer, *, pk: int, industry: str, words: list[str]) -> list[Change]:
    """Remove phrases that mislead. Raises Conflict where one is gone already."""

    def edit(content: Content) -> Content:
        if not words:
            raise Refused(_("请先选择要删去的用语。"))
        gone = {(industry, word) for word in words}
        if gone - set(content.traps):
            raise Conflict(_("有的用语已被别人删去。请看最新的内容后再选。"))
        return replace(content, traps={path: part for path, part in content.traps.items() if path not in gone})

    return revise(actor, pk=pk, label=_("、").join(words[:5]), edit=edit)


def _require_product(content: Content, path: Path) -> None:
    if path not in content.products:
        raise Conflict(_("这个产品已被别人删除。请回到草案看最新的内容。"))


def _require_words(content: Content, product: Path, words: list[str]) -> dict[str, Term]:
    _require_product(content, product)
    if not words:
        raise Refused(_("请先选择词条。"))
    have = content.terms_of(product[0], product[1])
    gone = [word for word in words if word not in have]
    if gone:
        raise Conflict(_("%(words)s 已被别人删去。请看最新的内容后再选。") % {"words": _("、").join(gone[:20])})
    return have
