"""Keys that last: an item that stays from one version to the next keeps its key, a new item never takes an old one.

Links between plans (the same result counted for two) and later records hang on these keys. Pure.
"""

from collections.abc import Iterable
from typing import Any

from xiandao.domains.plans.actions.imports.drafts import new_key
from xiandao.domains.plans.actions.imports.matching import match
from xiandao.domains.plans.models.drafts import ItemKind
from xiandao.packs import PlanDoc
from xiandao.packs.schema import plan as schema

_ENGLISH = {
    "title": "title_en",
    "object": "object_en",
    "name": "name_en",
    "quote": "text_en",
}
_PARTS = (
    (ItemKind.TARGET, "targets"),
    (ItemKind.SUPPORT, "support"),
    (ItemKind.MECHANISM, "mechanisms"),
    (ItemKind.COMMITMENT, "commitments"),
)


def carried_over(new: PlanDoc, old: PlanDoc, used: Iterable[str], *, same_text: bool) -> PlanDoc:
    """Return `new` with the keys, English names and notes of what `old` held already.

    `used` are all keys any version of the plan ever had. With `same_text` the head's notes and the standing duty,
    which describe the text, are kept too.
    """
    matched = match(old, new)
    groups = (matched.actions, matched.measures, matched.targets, matched.support)
    pairs: list[tuple[Any, Any]] = [p for group in (*groups, matched.mechanisms, matched.commitments) for p in group]
    before = {id(b): a for a, b in pairs if a is not None and b is not None}
    taken = set(used) | {a.key for a in before.values()}
    fresh = _Fresh(taken)

    def kept(item: Any, kind: ItemKind, parent: str | None, **parts: Any) -> Any:
        was = before.get(id(item))
        key = was.key if was is not None else fresh.key(item.key, kind, parent)
        return item.model_copy(update={"key": key, **_inherited(item, was), **parts})

    actions = []
    for action in new.actions:
        above = kept(action, ItemKind.ACTION, None)
        measures = []
        for measure in action.measures:
            row = kept(measure, ItemKind.MEASURE, above.key)
            parts = {name: tuple(kept(i, kind, row.key) for i in getattr(measure, name)) for kind, name in _PARTS}
            measures.append(row.model_copy(update=parts))
        actions.append(above.model_copy(update={"measures": tuple(measures)}))
    headline = tuple(kept(item, ItemKind.TARGET, None) for item in new.headline_targets)
    head: dict[str, Any] = {"actions": tuple(actions), "headline_targets": headline}
    if new.title == old.title and not new.title_en:
        head["title_en"] = old.title_en
    if same_text:
        head |= {name: getattr(new, name) or getattr(old, name) for name in ("note", "note_en", "standing_duty")}
    return new.model_copy(update=head)


class _Fresh:
    """Keys for items that are new: the item's own while nobody had it, else the next free one."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken

    def key(self, own: str, kind: ItemKind, parent: str | None) -> str:
        fits = parent is None or kind == ItemKind.MEASURE or own[1:].startswith(f"{parent[1:]}-")
        key = own if fits and own not in self.taken else new_key(kind, parent, self.taken)
        self.taken.add(key)
        return key


def _inherited(item: schema.Item, was: schema.Item | None) -> dict[str, Any]:
    """Return what an unchanged wording inherits: its English and, for a target, its note."""
    if was is None:
        return {}
    out = {}
    for chinese, english in _ENGLISH.items():
        same = getattr(item, chinese, None) == getattr(was, chinese, None)
        if same and hasattr(item, english) and not getattr(item, english):
            out[english] = getattr(was, english)
    if isinstance(item, schema.Target) and isinstance(was, schema.Target) and not item.note:
        out["note"] = was.note
    return out
