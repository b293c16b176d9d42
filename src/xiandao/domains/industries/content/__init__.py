"""The catalogue as a value: pure functions over plain records, no database."""

from xiandao.domains.industries.content.changes import Change, Nature, apply, belonging, diff, find
from xiandao.domains.industries.content.faults import ContentFault, faults, new_faults
from xiandao.domains.industries.content.model import (
    KINDS,
    Content,
    Industry,
    Kind,
    Part,
    Path,
    Product,
    Segment,
    Term,
    Trap,
    fields_of,
    fingerprint,
)

__all__ = [
    "KINDS",
    "Change",
    "Content",
    "ContentFault",
    "Industry",
    "Kind",
    "Nature",
    "Part",
    "Path",
    "Product",
    "Segment",
    "Term",
    "Trap",
    "apply",
    "belonging",
    "diff",
    "faults",
    "fields_of",
    "find",
    "fingerprint",
    "new_faults",
]
