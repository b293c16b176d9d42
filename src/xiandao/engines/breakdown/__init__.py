"""Task breakdown (任务分解表): one row per measure, as an office sends a plan round. Pure computation."""

from xiandao.engines.breakdown.build import build
from xiandao.engines.breakdown.document import from_document
from xiandao.engines.breakdown.model import (
    HEADERS,
    Breakdown,
    PlanSource,
    Promise,
    PromiseLine,
    Row,
    Section,
    Task,
)

__all__ = [
    "HEADERS",
    "Breakdown",
    "PlanSource",
    "Promise",
    "PromiseLine",
    "Row",
    "Section",
    "Task",
    "build",
    "from_document",
]
