"""Entries of the ledger, lists read in, twice-yearly releases, technology roadmaps."""

from xiandao.domains.ledger.models.entries import (
    Entry,
    EntryEvaluation,
    EntryEvent,
    EntryHolder,
    EntryState,
    EntryTarget,
    HolderRole,
)
from xiandao.domains.ledger.models.imports import ListImport, ListImportState, ListRow, RowMatch
from xiandao.domains.ledger.models.releases import Release, ReleaseKind, ReleaseState, Roadmap, RoadmapEdge, RoadmapNode

__all__ = [
    "Entry",
    "EntryEvaluation",
    "EntryEvent",
    "EntryHolder",
    "EntryState",
    "EntryTarget",
    "HolderRole",
    "ListImport",
    "ListImportState",
    "ListRow",
    "Release",
    "ReleaseKind",
    "ReleaseState",
    "Roadmap",
    "RoadmapEdge",
    "RoadmapNode",
    "RowMatch",
]
