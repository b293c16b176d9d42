"""Industries of the code table, and the versions of the product catalogue."""

from xiandao.domains.industries.models.catalogue import (
    CatalogueOrigin,
    CatalogueState,
    CatalogueVersion,
    IndustryScope,
    LocalItem,
    LocalLink,
    LocalList,
    Product,
    ProductName,
    Segment,
    Stage,
    Term,
    TermWeight,
    Trap,
)
from xiandao.domains.industries.models.table import Industry, IndustryAlias, IndustryGroup, IndustryListing, Relation

__all__ = [
    "CatalogueOrigin",
    "CatalogueState",
    "CatalogueVersion",
    "Industry",
    "IndustryAlias",
    "IndustryGroup",
    "IndustryListing",
    "IndustryScope",
    "LocalItem",
    "LocalLink",
    "LocalList",
    "Product",
    "ProductName",
    "Relation",
    "Segment",
    "Stage",
    "Term",
    "TermWeight",
    "Trap",
]
