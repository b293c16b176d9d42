"""also_counts.yaml: other plans that the same results serve, target by target."""

from typing import Literal

from xiandao.packs.schema.common import Code, Key, Line, PackModel, Prose, Source


class TargetRef(PackModel):
    """A target of a plan in this pack."""

    plan: Code
    target: Key


class AlsoCounts(PackModel):
    """Two targets served by the same results: one row counts once in each and never twice in one.

    ``rule``: ``same`` every result of one is a result of the other; ``subset`` results of ``target`` are a
    part of those of ``also``; ``overlap`` some results serve both, decided row by row.
    """

    target: TargetRef
    also: TargetRef
    rule: Literal["same", "subset", "overlap"]
    name: Line
    name_en: Line
    source: Source
    note: Prose | None = None


class AlsoCountsFile(PackModel):
    """The whole of also_counts.yaml."""

    links: tuple[AlsoCounts, ...]
