"""The catalogue and the model of a pack in the form the identification engine takes."""

import json
from pathlib import Path
from typing import Final

from xiandao.engines.identify.catalogue import Catalogue, Product, Term, Weight
from xiandao.engines.identify.model import Model, ModelMismatchError
from xiandao.packs.faults import Fault, PackError
from xiandao.packs.loader import MODEL
from xiandao.packs.pack import PolicyPack
from xiandao.packs.schema import catalogue as schema

__all__ = ["MODEL", "engine_catalogue", "load_model", "product_code"]
_WEIGHTS: Final = {"core": Weight.CORE, "weak": Weight.WEAK, "related": Weight.RELATED}


def engine_catalogue(pack: PolicyPack) -> Catalogue:
    """Return the catalogue of a pack for matching. Raises PackError where the pack has none."""
    header = pack.catalogue_header
    if header is None or not pack.catalogue:
        mend = "补上 catalogue 文件夹，或换用带产品目录的政策包"
        raise PackError([Fault("catalogue", 0, "", "没有产品目录", "catalogue/catalogue.yaml 和各产业的文件", mend)])
    order = {each.code: number for number, each in enumerate(pack.industries.industries)}
    files = sorted(pack.catalogue, key=lambda file: order[file.industry])
    return Catalogue(
        version=header.version,
        industries=tuple(file.industry for file in files),
        products=tuple(_product(file, segment, each) for file, segment, each in _walk(files)),
        terms=tuple(term for file, _, each in _walk(files) for term in _terms(file, each)),
        traps=(*header.traps, *(trap for file in files for trap in file.traps)),
    )


def load_model(path: Path) -> Model:
    """Return the model in a JSON file, as a pack ships it. Raises PackError where it is missing or does not fit."""
    try:
        return Model.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise PackError([Fault(path.name, 0, "", "缺少该文件", "拟合好的模型", "用标注数据重新拟合")]) from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, ModelMismatchError) as error:
        raise PackError(
            [Fault(path.name, 0, "", f"读不了（{error}）", "拟合好的模型", "用标注数据重新拟合")]
        ) from error


def _walk(
    files: list[schema.IndustryCatalogue],
) -> list[tuple[schema.IndustryCatalogue, schema.Segment, schema.Product]]:
    return [(file, segment, each) for file in files for segment in file.segments for each in segment.products]


def product_code(industry: str, product: str) -> str:
    """Return the code of a product that is unique over all industries."""
    return f"{industry}/{product}"


def _product(file: schema.IndustryCatalogue, segment: schema.Segment, each: schema.Product) -> Product:
    return Product(
        product_code(file.industry, each.code), each.name, file.industry, segment.code, segment.stage, each.activity
    )


def _terms(file: schema.IndustryCatalogue, each: schema.Product) -> list[Term]:
    code = product_code(file.industry, each.code)
    terms = [Term(word, code, weight, word) for name, weight in _WEIGHTS.items() for word in getattr(each, name)]
    weight_of = {term.text: term.weight for term in terms}
    return terms + [
        Term(word, code, weight_of[term], term) for term, others in each.synonyms.items() for word in others
    ]
