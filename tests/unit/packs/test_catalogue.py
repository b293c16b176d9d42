"""The product catalogue of the Jiangsu pack, and the faults a catalogue can have."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from xiandao.engines.identify import Weight
from xiandao.packs import Fault, PackError, PolicyPack, load_pack
from xiandao.packs.catalogue import engine_catalogue

INDUSTRIES = (
    *("wbg-semi", "future-network", "hydrogen", "energy-storage", "cell-gene", "synbio", "agi", "frontier-materials"),
    *("ccus", "vr", "quantum", "deep-frontier", "humanoid", "low-altitude", "advanced-nuclear"),
)


def test_it_has_all_industries_and_more_than_fifteen_hundred_terms(jiangsu: PolicyPack) -> None:
    catalogue = engine_catalogue(jiangsu)
    assert catalogue.industries == INDUSTRIES
    assert len({term.of for term in catalogue.terms}) >= 1_500
    per_industry = Counter(catalogue.product[term.product].industry for term in catalogue.terms)
    assert min(per_industry.values()) >= 60
    assert {product.stage for product in catalogue.products} == {"upstream", "midstream", "downstream", "supporting"}


def test_every_segment_is_linked_to_official_classifications(jiangsu: PolicyPack) -> None:
    for file in jiangsu.catalogue:
        for segment in file.segments:
            assert segment.gbt4754, segment.code
            assert segment.strategic, segment.code
            assert segment.ipc, segment.code
            assert all(product.definition and product.en for product in segment.products)


def test_synonyms_weigh_what_their_term_weighs(jiangsu: PolicyPack) -> None:
    terms = {(term.product, term.text): term for term in engine_catalogue(jiangsu).terms}
    synonym = terms["wbg-semi/power-semi", "IGBT"]
    assert (synonym.of, synonym.weight) == ("绝缘栅双极晶体管", Weight.CORE)
    assert terms["wbg-semi/power-semi", "电力电子器件"].weight == Weight.RELATED
    assert terms["humanoid/robot", "机器人"].weight == Weight.WEAK


def test_a_pack_without_a_catalogue_loads_and_says_so_when_asked(pack_copy: Path) -> None:
    for file in (pack_copy / "catalogue").iterdir():
        file.unlink()
    pack = load_pack(pack_copy)
    assert pack.catalogue == ()
    with pytest.raises(PackError, match="没有产品目录"):
        engine_catalogue(pack)


FILE = "catalogue/hydrogen.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "found"),
    [
        (FILE, "industry: hydrogen", "industry: hidrogen", "industry", "“hidrogen”"),
        (FILE, "industry: hydrogen", "industry: agi", "industry", "写的是 agi"),
        (FILE, "  - code: storage", "  - code: production", "segments[1].code", "环节代码 production"),
        (
            FILE,
            "      - code: reforming",
            "      - code: electrolysis",
            "segments[0].products[1].code",
            "产品代码 electrolysis",
        ),
        (FILE, "core: [制氢,", "core: [制氢, 绿氢,", "segments[0].products[1].core[1]", "词条 绿氢"),
        (
            FILE,
            "碱性电解槽: [ALK电解槽]",
            "酸性电解槽: [ALK电解槽]",
            "segments[0].products[0].synonyms.酸性电解槽",
            "“酸性电解槽”",
        ),
        (FILE, "traps: [", "traps: [燃料电池, ", "traps[0]", "“燃料电池”也是词条"),
        (FILE, "traps: [", "traps: [茶叶, ", "traps[0]", "“茶叶”既不含词条"),
        (FILE, "stage: upstream", "stage: above", "segments[0].stage", "“above”"),
        (FILE, "ipc: [C25B 1/04", "ipc: [C25B1/04", "segments[0].ipc[0]", "“C25B1/04”"),
        ("catalogue/catalogue.yaml", "version: '2026.1'", "version: '1'", "version", "“1”"),
    ],
)
def test_faults(spoil: Callable[..., list[Fault]], file: str, old: str, new: str, field: str, found: str) -> None:
    faults = spoil(file, old, new)
    assert [fault.field for fault in faults][:1] == [field]
    assert found in faults[0].found
    assert faults[0].line > 0
    assert faults[0].mend


def test_a_city_list_names_segments_of_the_catalogue(spoil: Callable[..., list[Fault]]) -> None:
    local = (
        "issued: 2026-01-15\nlocal_lists:\n  - region: '320500'\n    name: 某市目录\n    source: {confidence: default_ours}\n"
        "    items:\n      - {name: 氢能, segments: [hydrogen/fuel-cell, hydrogen/tea]}"
    )
    (fault,) = spoil("catalogue/catalogue.yaml", "issued: 2026-01-15", local)
    assert (fault.field, fault.found) == ("local_lists[0].items[0].segments[1]", "“hydrogen/tea”")
