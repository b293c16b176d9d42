"""Samples drawn for review, their items, what reviewers said, the labels that follow, and firms' objections."""

from xiandao.domains.labelling.models.labels import Label, LabelSource
from xiandao.domains.labelling.models.objections import Objection, ObjectionEvent, ObjectionNumber, ObjectionState
from xiandao.domains.labelling.models.samples import Item, ItemReason, ItemState, Opinion, Sample, SampleState

__all__ = [
    "Item",
    "ItemReason",
    "ItemState",
    "Label",
    "LabelSource",
    "Objection",
    "ObjectionEvent",
    "ObjectionNumber",
    "ObjectionState",
    "Opinion",
    "Sample",
    "SampleState",
]
