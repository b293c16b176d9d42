"""ledger.yaml: kinds of things that are kept in the ledger though no programme of the platform decides them."""

from typing import Annotated, Literal

from pydantic import Field

from xiandao.packs.schema.common import Code, Key, Line, PackModel, Source

State = Literal["listed", "rectifying", "downgraded", "upgraded", "expired"]
Release = Literal["platforms", "talent", "projects"]


class ServedTarget(PackModel):
    """A target of a plan that entries of a kind usually count towards."""

    plan: Code
    target: Key


class EntryKind(PackModel):
    """A kind of entries.

    ``counting``: states in which an entry counts. ``serves``: proposed to who enters one by hand, one per plan.
    ``people``: entries are persons, whose names are not public. ``scale``: grades of an evaluation, best first.
    ``release``: the list of an industry (platforms, talent, projects) it belongs in. ``printed_as``: how published
    records (published.csv) call it.
    """

    code: Code
    name: Line
    name_en: Line = Field(alias="en")
    counting: tuple[State, ...] = ("listed", "rectifying")
    serves: tuple[ServedTarget, ...] = ()
    people: bool = False
    scale: tuple[Line, ...] = ()
    release: Release | None = None
    printed_as: tuple[Line, ...] = ()


class LedgerFile(PackModel):
    """The whole of ledger.yaml."""

    kinds: Annotated[tuple[EntryKind, ...], Field(min_length=1)]
    source: Source
