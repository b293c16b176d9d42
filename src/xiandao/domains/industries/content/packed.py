"""The catalogue of a policy pack as a content, in the pack's order."""

from collections.abc import Iterator

from xiandao.domains.industries.content.model import Content, Industry, Path, Product, Segment, Term, Trap
from xiandao.packs import PolicyPack
from xiandao.packs.schema import catalogue as schema


def content_of_pack(pack: PolicyPack) -> Content:
    """Return the content of a pack's catalogue; an empty one where the pack has none."""
    content = Content()
    if pack.catalogue_header is None:
        return content
    order = {each.code: number for number, each in enumerate(pack.industries.industries)}
    for number, word in enumerate(dict.fromkeys(pack.catalogue_header.traps)):
        content.traps["", word] = Trap(number)
    for file in sorted(pack.catalogue, key=lambda each: order[each.industry]):
        lists = file.includes, file.excludes, file.notes
        content.industries[(file.industry,)] = Industry(file.definition, *lists, order[file.industry])
        for number, word in enumerate(file.traps):
            content.traps[file.industry, word] = Trap(number)
        for number, segment in enumerate(file.segments):
            _segment(content, file.industry, segment, number)
    return content


def _segment(content: Content, industry: str, segment: schema.Segment, order: int) -> None:
    links = segment.gbt4754, segment.strategic, segment.ipc
    content.segments[industry, segment.code] = Segment(segment.name, segment.en, segment.stage, *links, order)
    for number, each in enumerate(segment.products):
        lists = each.includes, each.excludes
        content.products[industry, each.code] = Product(
            segment.code, each.name, each.en, each.definition, *lists, each.activity, number
        )
        content.terms.update(_terms((industry, each.code), each))


def _terms(path: Path, each: schema.Product) -> Iterator[tuple[Path, Term]]:
    weight_of = {word: weight for weight in ("core", "weak", "related") for word in getattr(each, weight)}
    words = [(word, weight, "") for word, weight in weight_of.items()]
    words += [(word, weight_of[of], of) for of, others in each.synonyms.items() for word in others]
    for number, (word, weight, of) in enumerate(words):
        yield (*path, word), Term(weight, of, number)
