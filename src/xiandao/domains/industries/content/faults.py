"""What must hold of a catalogue before it can be used: the rules of `xiandao pack check`, said of one record each."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from xiandao.domains.industries.content.model import Content, Kind, Path, Product, Segment, Term
from xiandao.engines.identify.lexicon import VERBS, Verb
from xiandao.packs.schema import catalogue as schema

LONGEST: Final = 60
_CODE: Final = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_WEIGHTS: Final = ("core", "weak", "related")
_STAGES: Final = ("upstream", "midstream", "downstream", "supporting")
_LINKS: Final = (
    ("gbt4754", TypeAdapter[str](schema.EconomicActivity), _("国民经济行业代码写三位或四位数字，如 3849")),
    ("strategic", TypeAdapter[str](schema.StrategicIndustry), _("战略性新兴产业代码写成 1.2 或 6.4.1 的样子")),
    ("ipc", TypeAdapter[str](schema.PatentClass), _("专利分类号写成 H01M、H01M 8 或 H01M 8/04 的样子")),
)


@dataclass(frozen=True, slots=True)
class ContentFault:
    """One thing wrong with one record: which, in which field, what was found and what to do about it.

    `idle`: it does no harm but serves nothing any more, as a trap whose term was removed.
    """

    kind: Kind
    path: Path
    field: str
    message: str
    idle: bool = False


def faults(content: Content) -> list[ContentFault]:
    """Return all that is wrong with a catalogue, by kind of record."""
    return [
        *_industries(content),
        *_segments(content),
        *_products(content),
        *_terms(content),
        *_traps(content),
    ]


def new_faults(old: Content, new: Content) -> list[ContentFault]:
    """Return what a change makes wrong: faults the catalogue did not have before. What merely became idle is none."""
    known = set(faults(old))
    return [each for each in faults(new) if each not in known and not (each.idle and each.path in old.table(each.kind))]


def _say(message: str | Promise, **values: object) -> str:
    return str(message) % values if values else str(message)


def _industries(content: Content) -> Iterator[ContentFault]:
    for path, part in content.industries.items():
        if not part.definition.strip():
            yield ContentFault("industry", path, "definition", _say(_("产业的定义是空的，请写明包括到哪里为止")))


def _segments(content: Content) -> Iterator[ContentFault]:
    filled = {(path[0], part.segment) for path, part in content.products.items()}
    for path, part in content.segments.items():
        if not _CODE.match(path[1]):
            yield ContentFault("segment", path, "code", _say(_("代码只用小写字母、数字和连字符")))
        if not part.name.strip():
            yield ContentFault("segment", path, "name", _say(_("环节没有名称")))
        if part.stage not in _STAGES:
            yield ContentFault("segment", path, "stage", _say(_("位置须是上游、中游、下游或配套")))
        if (path[0],) not in content.industries:
            yield ContentFault("segment", path, "industry", _say(_("产业“%(code)s”不在目录中"), code=path[0]))
        if path not in filled:
            yield ContentFault("segment", path, "products", _say(_("环节下没有产品：补上产品，或删去这个环节")))
        yield from _links(path, part)


def _links(path: Path, part: Segment) -> Iterator[ContentFault]:
    for field, kind, expected in _LINKS:
        for code in getattr(part, field):
            try:
                kind.validate_python(code)
            except ValidationError:
                yield ContentFault(
                    "segment", path, field, _say(_("“%(code)s”：%(expected)s"), code=code, expected=expected)
                )


def _products(content: Content) -> Iterator[ContentFault]:
    named = {path[:2] for path, part in content.terms.items() if not part.of}
    names: dict[tuple[str, str], Path] = {}
    for path, part in content.products.items():
        if not _CODE.match(path[1]):
            yield ContentFault("product", path, "code", _say(_("代码只用小写字母、数字和连字符")))
        yield from _product(content, path, part)
        if path not in named:
            yield ContentFault("product", path, "terms", _say(_("产品没有词条：补上词条，或删去这个产品")))
        other = names.setdefault((path[0], part.name), path)
        if other != path:
            message = _say(_("本产业另有一个产品也叫“%(name)s”"), name=part.name)
            yield ContentFault("product", path, "name", message)


def _product(content: Content, path: Path, part: Product) -> Iterator[ContentFault]:
    if not part.name.strip():
        yield ContentFault("product", path, "name", _say(_("产品没有名称")))
    if not part.definition.strip():
        yield ContentFault("product", path, "definition", _say(_("产品没有定义，请用一句话写明是什么")))
    if (path[0], part.segment) not in content.segments:
        yield ContentFault("product", path, "segment", _say(_("环节“%(code)s”不在本产业中"), code=part.segment))


def _terms(content: Content) -> Iterator[ContentFault]:
    places: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in content.terms:
        places[path[0], path[2]].append(path)
    for path, part in content.terms.items():
        product = content.products.get(path[:2])
        message = _word(path[2], activity=product is not None and product.activity)
        if message:
            yield ContentFault("term", path, "text", message)
        if path[:2] not in content.products:
            yield ContentFault("term", path, "product", _say(_("产品“%(code)s”不在本产业中"), code=path[1]))
        if part.weight not in _WEIGHTS:
            yield ContentFault("term", path, "weight", _say(_("效力须是：单独成立、须有旁证、只作旁证")))
        others = [other for other in places[path[0], path[2]] if other != path]
        if others:
            name = _product_name(content, others[0])
            yield ContentFault(
                "term",
                path,
                "text",
                _say(_("“%(word)s”已是“%(product)s”的词条，一个产业里只能有一处"), word=path[2], product=name),
            )
        yield from _synonym(content, path, part)


def _synonym(content: Content, path: Path, part: Term) -> Iterator[ContentFault]:
    if not part.of:
        return
    head = content.terms.get((path[0], path[1], part.of))
    if head is None or head.of:
        yield ContentFault("term", path, "of", _say(_("“%(of)s”不是这个产品的词条，不能同义于它"), of=part.of))
    elif head.weight != part.weight:
        message = _say(_("同义词的效力与“%(of)s”相同，不另写"), of=part.of)
        yield ContentFault("term", path, "weight", message)


def _product_name(content: Content, path: Path) -> str:
    product = content.products.get(path[:2])
    return product.name if product else path[1]


def _word(word: str, *, activity: bool = False) -> str:
    """Return what is wrong with a word as it would be looked for in business scopes, or an empty text.

    A product that is itself an activity may be named by a verb of serving (航拍).
    """
    if not word.strip():
        return _say(_("词是空的"))
    if word != word.strip() or "\n" in word or "\r" in word:
        return _say(_("“%(word)s”前后有空白或中间有换行"), word=word.strip())
    if len(word) > LONGEST:
        return _say(_("“%(word)s…”超过 %(most)s 字"), word=word[:20], most=LONGEST)
    if len(word) == 1 and (word.isascii() or not word.isalnum()):
        return _say(_("“%(word)s”只有一个字符，会在各处误中；请写完整的名称"), word=word)
    if word in VERBS and not (activity and VERBS[word] & Verb.SERVE):
        return _say(_("“%(word)s”是经营范围里的通用动词，不说明做的是什么；请连同对象一起写"), word=word)
    return ""


def _traps(content: Content) -> Iterator[ContentFault]:
    words: dict[str, set[str]] = defaultdict(set)
    for path in content.terms:
        words[path[0]].add(path[2])
        words[""].add(path[2])
    for path in content.traps:
        known = words[path[0]]
        message = _word(path[1])
        if message:
            yield ContentFault("trap", path, "text", message)
        elif path[1] in known:
            message = _say(_("“%(word)s”也是词条：词条和易误认用语只能留一处"), word=path[1])
            yield ContentFault("trap", path, "text", message)
        elif not _catches(path[1], known):
            message = _say(
                _("“%(word)s”既不含词条，也不与词条的开头重叠，起不了作用；请写全含有词条的用语"), word=path[1]
            )
            yield ContentFault("trap", path, "text", message, idle=True)


def _catches(trap: str, words: set[str]) -> bool:
    """Whether a trap holds a word, or ends with the start of one (审核 and 核电)."""
    tails = tuple(trap[at:] for at in range(1, len(trap)))
    return any(word in trap or word.startswith(tails) for word in words)
