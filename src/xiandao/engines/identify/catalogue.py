"""What the engine knows of a product catalogue: industries, segments, products, their terms, and phrases that
mislead.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Literal

Stage = Literal["upstream", "midstream", "downstream", "supporting"]


class Weight(IntEnum):
    """How much a term says when it stands alone."""

    RELATED = 0
    """Near the industry: counts only beside another term of it."""
    WEAK = 1
    """Also used outside the industry: needs a verb of making or developing, or another term."""
    CORE = 2
    """Of the industry and of no other."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product or technology of the catalogue. ``code`` is unique, ``segment`` the code of its segment.

    ``activity``: it is itself an activity; named without a verb it is served, and sold it is still served.
    """

    code: str
    name: str
    industry: str
    segment: str
    stage: Stage
    activity: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A word that names a product: the catalogue's term itself (``text``) or a synonym of it (``of``)."""

    text: str
    product: str
    weight: Weight
    of: str


@dataclass(frozen=True)
class Catalogue:
    """A catalogue ready for matching. ``version`` is stored beside every decision made with it.

    ``industries`` are the codes in the order of the catalogue; a text may be a term of several products;
    ``traps`` are literal phrases in which a term means something else.
    """

    version: str
    industries: tuple[str, ...]
    products: tuple[Product, ...]
    terms: tuple[Term, ...]
    traps: tuple[str, ...]

    @cached_property
    def product(self) -> dict[str, Product]:
        """Products by code."""
        return {each.code: each for each in self.products}

    def of(self, industries: tuple[str, ...]) -> "Catalogue":
        """Return the catalogue with the terms of some industries only; traps stay. Raises KeyError for unknown ones."""
        for code in industries:
            if code not in self.industries:
                raise KeyError(code)
        products = tuple(each for each in self.products if each.industry in industries)
        known = {each.code for each in products}
        terms = tuple(each for each in self.terms if each.product in known)
        return Catalogue(self.version, self.industries, products, terms, self.traps)
