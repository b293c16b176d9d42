"""What differs between two catalogues, record by record, and how such differences are applied and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from xiandao.domains.industries.content.model import KINDS, Content, Kind, Part, Path, fields_of

Nature = Literal["added", "removed", "changed", "moved"]
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Change:
    """One record that differs. `before` is None where it was added, `after` where it was removed."""

    kind: Kind
    path: Path
    before: Part | None
    after: Part | None

    @property
    def nature(self) -> Nature:
        """What happened to it; a product that stands in another segment was moved, whatever else changed."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        moved = getattr(self.before, "segment", "") != getattr(self.after, "segment", "")
        return "moved" if moved else "changed"

    @property
    def industry(self) -> str:
        """The industry it belongs to; "" for a trap that holds for all."""
        return self.path[0]

    @property
    def key(self) -> str:
        """The record as one text, for addresses and forms. Words stand last, so that they may hold anything."""
        return _SEPARATOR.join((self.kind, *self.path))

    @property
    def fields(self) -> list[tuple[str, object, object]]:
        """The fields that differ with both values; empty unless the record was changed or moved."""
        if self.before is None or self.after is None:
            return []
        old, new = fields_of(self.before), fields_of(self.after)
        return [(name, old[name], new[name]) for name in old if name != "order" and old[name] != new[name]]

    def inverse(self) -> "Change":
        """Return the change that takes this one back."""
        return Change(self.kind, self.path, self.after, self.before)


def diff(old: Content, new: Content) -> list[Change]:
    """Return what differs, by kind of record and in the order of the records; nothing where the digests are equal."""
    found = []
    for kind in KINDS:
        before, after = old.table(kind), new.table(kind)
        paths = dict.fromkeys([*before, *after])
        found += [
            Change(kind, path, before.get(path), after.get(path))
            for path in paths
            if before.get(path) != after.get(path)
        ]
    return found


def apply(content: Content, changes: Iterable[Change]) -> Content:
    """Return a catalogue with changes made, whatever stood at their places: `apply(a, diff(a, b))` equals b."""
    tables: dict[Kind, dict[Path, Any]] = {kind: dict(content.table(kind)) for kind in KINDS}
    for change in changes:
        if change.after is not None:
            tables[change.kind][change.path] = change.after
        else:
            tables[change.kind].pop(change.path, None)
    return Content(*(tables[kind] for kind in KINDS))


def find(changes: Iterable[Change], key: str) -> Change | None:
    """Return the change of a record given as text, or None."""
    return next((change for change in changes if change.key == key), None)


def belonging(changes: list[Change], change: Change) -> list[Change]:
    """Return the changes that go with one when it is taken back: of a segment or product all that it holds.

    A record that was added cannot go without what was added under it; one that was removed comes back whole.
    """
    if change.kind == "segment" and change.nature in ("added", "removed"):
        code = change.path[1]
        products = {
            each.path
            for each in changes
            if each.kind == "product"
            and each.industry == change.industry
            and code in (getattr(each.before, "segment", ""), getattr(each.after, "segment", ""))
        }
        return [
            each
            for each in changes
            if each is change or (each.kind in ("product", "term") and each.path[:2] in products)
        ]
    if change.kind == "product" and change.nature in ("added", "removed"):
        return [each for each in changes if each is change or (each.kind == "term" and each.path[:2] == change.path)]
    if change.kind == "term":
        return [each for each in changes if each is change or _goes_with(each, change)]
    return [change]


def _goes_with(each: Change, term: Change) -> bool:
    """Whether a change is one of a synonym of a term in the same product."""
    synonym = any(getattr(part, "of", "") == term.path[2] for part in (each.before, each.after))
    return each.kind == "term" and each.path[:2] == term.path[:2] and synonym
