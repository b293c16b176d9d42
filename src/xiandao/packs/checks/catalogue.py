"""The product catalogue hangs together: industries of the table, codes, terms and their synonyms, traps that trap."""

from collections.abc import Mapping

from xiandao.packs.checks.findings import Findings
from xiandao.packs.reader import Path
from xiandao.packs.schema.catalogue import CatalogueHeader, IndustryCatalogue, Product
from xiandao.packs.schema.industries import IndustriesFile

HEADER = "catalogue/catalogue.yaml"


def check_catalogue(
    findings: Findings,
    header: CatalogueHeader | None,
    files: Mapping[str, IndustryCatalogue],
    industries: IndustriesFile | None,
) -> None:
    """Check header and files (name to record) of a catalogue. ``industries`` is None where its file could not be
    read.
    """
    codes = {each.code for each in industries.industries} if industries is not None else None
    for name, file in files.items():
        if codes is not None and file.industry not in codes:
            findings.unknown(name, ("industry",), file.industry, codes, "industries.yaml 的 industries")
        elif name != f"catalogue/{file.industry}.yaml":
            mend = f"改名为 {file.industry}.yaml"
            findings.report(name, ("industry",), f"文件 {name} 写的是 {file.industry}", "文件名与产业代码一致", mend)
        _check_codes(findings, name, file)
        _check_words(findings, name, file)
    if header is not None:
        _check_local(findings, header, files)


def _check_codes(findings: Findings, name: str, file: IndustryCatalogue) -> None:
    segments = list(enumerate(file.segments))
    findings.duplicates(name, ((("segments", i, "code"), each.code) for i, each in segments), "环节代码")
    products: list[tuple[Path, str]] = [
        (("segments", i, "products", j, "code"), product.code)
        for i, segment in segments
        for j, product in enumerate(segment.products)
    ]
    findings.duplicates(name, products, "产品代码")


def _check_words(findings: Findings, name: str, file: IndustryCatalogue) -> None:
    """Every word stands once in an industry; synonyms belong to a term; a trap holds a term and is none itself."""
    words: list[tuple[Path, str]] = []
    for i, segment in enumerate(file.segments):
        for j, product in enumerate(segment.products):
            path: Path = ("segments", i, "products", j)
            words += _words(path, product)
            terms = {*product.core, *product.weak, *product.related}
            if not terms:
                findings.report(name, path, "没有词条", "core、weak、related 至少一项有词", "补上词条，或删去该产品")
            for term in product.synonyms:
                if term not in terms:
                    findings.unknown(name, (*path, "synonyms", term), term, terms, "该产品的词条")
    findings.duplicates(name, words, "词条")
    known = {word for _, word in words}
    findings.duplicates(name, ((("traps", i), trap) for i, trap in enumerate(file.traps)), "误认用语")
    for i, trap in enumerate(file.traps):
        if trap in known:
            findings.report(name, ("traps", i), f"“{trap}”也是词条", "误认用语不是词条", "删去其中一处")
        elif not _catches(trap, known):
            mend = "删去，或写全含有词条的用语"
            found = f"“{trap}”既不含词条，也不与词条的开头重叠"
            findings.report(name, ("traps", i), found, "会被误认为词条的用语", mend)


def _catches(trap: str, words: set[str]) -> bool:
    """Whether a trap holds a word, or ends with the start of one (审核 and 核电)."""
    tails = tuple(trap[at:] for at in range(1, len(trap)))
    return any(word in trap or word.startswith(tails) for word in words)


def _words(path: Path, product: Product) -> list[tuple[Path, str]]:
    words: list[tuple[Path, str]] = []
    for weight in ("core", "weak", "related"):
        words += [((*path, weight, k), word) for k, word in enumerate(getattr(product, weight))]
    for term, others in product.synonyms.items():
        words += [((*path, "synonyms", term, k), word) for k, word in enumerate(others)]
    return words


def _check_local(findings: Findings, header: CatalogueHeader, files: Mapping[str, IndustryCatalogue]) -> None:
    segments = {f"{file.industry}/{segment.code}" for file in files.values() for segment in file.segments}
    for i, local in enumerate(header.local_lists):
        for j, item in enumerate(local.items):
            for k, segment in enumerate(item.segments):
                if segment not in segments:
                    path: Path = ("local_lists", i, "items", j, "segments", k)
                    findings.unknown(HEADER, path, segment, segments, "本目录的环节")
