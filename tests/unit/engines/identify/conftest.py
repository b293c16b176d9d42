"""A catalogue of a few terms, small enough to read, and the shipped one."""

import pytest

from xiandao.engines.identify import Catalogue, Identifier, Model, Product, Term, Weight
from xiandao.packs import load_pack, packs_dir
from xiandao.packs.catalogue import MODEL, engine_catalogue, load_model

WORDS = {
    "robot/arm": ("机器人", "工业机器人", "伺服电机"),
    "drone/body": ("无人机", "UAV"),
    "drone/flight": ("空中游览",),
    "hydrogen/cell": ("氢能", "燃料电池", "5G氢"),
    "nuclear/power": ("核电",),
}
TRAPS = ("审核", "机器人培训", "氢能养生")


@pytest.fixture(scope="session")
def small() -> Catalogue:
    products = tuple(
        Product(code, code, code.split("/")[0], code.split("/")[1], "midstream", activity=code == "drone/flight")
        for code in WORDS
    )
    terms = tuple(
        Term(word, code, Weight.RELATED if word == "伺服电机" else Weight.CORE, word)
        for code, words in WORDS.items()
        for word in words
    )
    return Catalogue("2000.1", ("robot", "drone", "hydrogen", "nuclear"), products, terms, TRAPS)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return engine_catalogue(load_pack(packs_dir() / "jiangsu_2024_2026"))


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model(packs_dir() / "jiangsu_2024_2026" / MODEL)


@pytest.fixture(scope="session")
def identifier(shipped: Catalogue, model: Model) -> Identifier:
    return Identifier(shipped, model)
