"""industries.yaml: the industry table ("10+X"), its aliases, and how each document words it."""

from typing import Annotated, Literal

from pydantic import Field

from xiandao.packs.schema.common import Code, IndustryId, Line, PackModel, Prose, Source, Span

Relation = Literal["same", "near", "narrower", "broader"]
"""How another wording relates to the industry: the same thing, a near one, a part of it, or more than it."""

GroupCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{1,4}$")]


class IndustryGroup(PackModel):
    """A group of the table: "10" growth-type, "X" frontier; an open-ended group may grow without a code change."""

    code: GroupCode
    name: Line
    en: Line
    open_ended: bool = False


class IndustryAlias(PackModel):
    """Another wording and its relation; ``source`` says which document uses it so, or that it is common usage."""

    name: Line
    relation: Relation
    source: Source


class Industry(PackModel):
    """One industry; ``code`` is stable and equals that of the product catalogue."""

    code: IndustryId
    name: Line
    en: Line
    group: GroupCode
    aliases: tuple[IndustryAlias, ...] = ()


class Wording(PackModel):
    """One industry as one document names it: its words, its group there, its place in the text if we have it."""

    industry: IndustryId
    name: Line
    group: GroupCode | None = None
    relation: Relation = "same"
    span: Span | None = None


class DocumentVersion(PackModel):
    """The industry table as one document has it. ``absent`` lists industries it does not name.

    ``plan`` is given where the document is a plan of this pack, so that spans point into its text.
    """

    document: Code
    plan: Code | None = None
    open_ended: bool = False
    wordings: tuple[Wording, ...]
    absent: tuple[IndustryId, ...] = ()
    source: Source
    note: Prose | None = None
    note_en: Prose | None = None


class IndustriesFile(PackModel):
    """The whole of industries.yaml."""

    name: Line
    en: Line
    groups: tuple[IndustryGroup, ...]
    industries: tuple[Industry, ...]
    versions: tuple[DocumentVersion, ...] = ()
