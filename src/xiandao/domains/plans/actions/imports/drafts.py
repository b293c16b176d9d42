"""A plan taken apart into draft items and put together again. Pure: records in, records out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel

from xiandao.domains.plans.models.drafts import ItemKind, Review
from xiandao.packs import Fault, PackError, PlanDoc
from xiandao.packs.reader import Document, Marks
from xiandao.packs.schema import plan as schema
from xiandao.packs.schema.common import PackModel
from xiandao.packs.validate import validate

Json = dict[str, Any]
Place = tuple[int, int]
RecordT = TypeVar("RecordT", bound=PackModel)

MODELS: dict[ItemKind, type[PackModel]] = {
    ItemKind.ACTION: schema.Action,
    ItemKind.MEASURE: schema.Measure,
    ItemKind.DUTY: schema.Duty,
    ItemKind.TARGET: schema.Target,
    ItemKind.SUPPORT: schema.Target,
    ItemKind.MECHANISM: schema.Mechanism,
    ItemKind.COMMITMENT: schema.Commitment,
}
PARENTS: dict[ItemKind, tuple[ItemKind | None, ...]] = {
    ItemKind.ACTION: (None,),
    ItemKind.MEASURE: (ItemKind.ACTION,),
    ItemKind.DUTY: (ItemKind.MEASURE,),
    ItemKind.TARGET: (ItemKind.MEASURE, None),
    ItemKind.SUPPORT: (ItemKind.MEASURE,),
    ItemKind.MECHANISM: (ItemKind.MEASURE,),
    ItemKind.COMMITMENT: (ItemKind.MEASURE, None),
}
"""What an item may stand under; None is the plan itself (headline targets and commitments)."""

_BY_A_PERSON = (Review.EDITED, Review.ADDED)
_SEEN = (Review.ACCEPTED, *_BY_A_PERSON)
_OWN = ("key", "span", "confidence", "reviewed")
_CHILDREN = {
    ItemKind.TARGET: "targets",
    ItemKind.SUPPORT: "support",
    ItemKind.MECHANISM: "mechanisms",
    ItemKind.COMMITMENT: "commitments",
}
_LETTERS = {
    ItemKind.ACTION: "A",
    ItemKind.MEASURE: "M",
    ItemKind.DUTY: "D",
    ItemKind.TARGET: "T",
    ItemKind.SUPPORT: "S",
    ItemKind.MECHANISM: "Q",
    ItemKind.COMMITMENT: "C",
}
_HEADLINE_LETTERS = {ItemKind.TARGET: "H", ItemKind.COMMITMENT: "HC"}
_NO_HEAD = {"code", "actions", "headline_targets", "headline_commitments", "unplaced"}


@dataclass(frozen=True, slots=True)
class Draft:
    """One item: its fields as in the PlanDoc without key, span, confidence and children, which stand beside."""

    key: str
    kind: ItemKind
    parent: str | None
    data: Mapping[str, Any]
    span: Place | None
    confidence: float | None
    review: Review = Review.PROPOSED


def plain(value: Any) -> Any:
    """Return a record's value as JSON keeps it: whole numbers as int, others as float of at most 15 digits."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {info.alias or name: plain(getattr(value, name)) for name, info in fields.items()}
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)  # dates as 2024-02-27


def head_of(document: PlanDoc) -> Json:
    """Return everything of a document that is no item: title, number, issuers, dates and what else stands there."""
    return {name: value for name, value in plain(document).items() if name not in _NO_HEAD}


def drafts_of(document: PlanDoc) -> list[Draft]:
    """Return the items of a document, parents before children, in the order in which they are reviewed."""
    out = [_draft(item, ItemKind.TARGET, None) for item in document.headline_targets]
    out += [_draft(item, ItemKind.COMMITMENT, None) for item in document.headline_commitments]
    for action in document.actions:
        out.append(_draft(action, ItemKind.ACTION, None))
        for measure in action.measures:
            out.append(_draft(measure, ItemKind.MEASURE, action.key))
            out += _parts(measure)
    return out


def _parts(measure: schema.Measure) -> list[Draft]:
    """Return what a measure holds: its duty, then targets, support, mechanisms, commitments."""
    out = []
    if measure.duty != schema.Duty():
        key = f"{_LETTERS[ItemKind.DUTY]}{measure.key[1:]}"
        data = _duty_data(measure.duty)
        out.append(Draft(key, ItemKind.DUTY, measure.key, data, duty_place(data), measure.duty.confidence))
    for kind, field in _CHILDREN.items():
        out += [_draft(item, kind, measure.key) for item in getattr(measure, field)]
    return out


def _draft(item: schema.Item, kind: ItemKind, parent: str | None) -> Draft:
    left_out = {*_OWN, "measures", "duty", *_CHILDREN.values()} if kind in (ItemKind.ACTION, ItemKind.MEASURE) else _OWN
    data = {name: value for name, value in plain(item).items() if name not in left_out}
    review = Review.ACCEPTED if item.reviewed else Review.PROPOSED
    return Draft(item.key, kind, parent, data, item.span, item.confidence, review)


def _duty_data(duty: schema.Duty) -> Json:
    return {name: value for name, value in plain(duty).items() if name != "confidence"}


def duty_place(data: Mapping[str, Any]) -> Place | None:
    """Return where the words stand that a duty was read from; of several places the first."""
    spans = [quote["span"] for quote in data.get("quotes", ()) if quote.get("span")]
    return (spans[0][0], spans[0][1]) if spans else None


def left_out(drafts: Iterable[Draft]) -> set[str]:
    """Return the keys of items that will not be published: rejected, or standing under a rejected one."""
    out: set[str] = set()
    for draft in drafts:  # parents come before children
        if draft.review == Review.REJECTED or draft.parent in out:
            out.add(draft.key)
    return out


def document_of(code: str, head: Mapping[str, Any], drafts: Sequence[Draft], unplaced: Sequence[Json]) -> PlanDoc:
    """Return the document the items make, without those left out. `drafts` hold parents before children.

    Raises PackError (file "import") where the items do not make a valid document; fault fields are item keys
    where an item is at fault.
    """
    gone = left_out(drafts)
    kept = [draft for draft in drafts if draft.key not in gone]
    by_parent: dict[tuple[str | None, ItemKind], list[Draft]] = {}
    for draft in kept:
        by_parent.setdefault((draft.parent, draft.kind), []).append(draft)

    def records(parent: str | None, kind: ItemKind) -> list[Json]:
        return [_record(draft) for draft in by_parent.get((parent, kind), ())]

    actions = []
    for action in records(None, ItemKind.ACTION):
        measures = []
        for measure in records(action["key"], ItemKind.MEASURE):
            duties = by_parent.get((measure["key"], ItemKind.DUTY), [])
            parts = {field: records(measure["key"], kind) for kind, field in _CHILDREN.items()}
            measures.append(measure | parts | ({"duty": _with_sureness(duties[0])} if duties else {}))
        actions.append(action | {"measures": measures})
    whole = {
        "code": code,
        **head,
        "actions": actions,
        "headline_targets": records(None, ItemKind.TARGET),
        "headline_commitments": records(None, ItemKind.COMMITMENT),
        "unplaced": list(unplaced),
    }
    return _checked("import", whole, PlanDoc)


def _record(draft: Draft) -> Json:
    """Return an item as it stands in a document. What a person wrote carries no confidence of the compiler."""
    return {
        **_with_sureness(draft),
        "key": draft.key,
        "span": list(draft.span) if draft.span else None,
        "reviewed": draft.review in _SEEN,
    }


def _with_sureness(draft: Draft) -> Json:
    own = draft.review in _BY_A_PERSON
    doubts = [] if own else list(draft.data.get("doubts", ()))
    return {**draft.data, "confidence": None if own else draft.confidence, "doubts": doubts}


def checked_data(kind: ItemKind, data: Mapping[str, Any], span: Place | None) -> Json:
    """Return an item's fields, checked against the schema and completed with its defaults.

    Raises PackError; the fields of its faults are the schema's, such as `value` or `with[1]`.
    """
    if kind == ItemKind.DUTY:
        return _duty_data(_checked("item", dict(data), schema.Duty))
    record = {**data, "key": "K1", "span": list(span) if span else None}
    item = _checked("item", record, MODELS[kind])
    return dict(_draft(item, kind, None).data) if isinstance(item, schema.Item) else {}


def checked_head(head: Mapping[str, Any]) -> Json:
    """Return a head checked against the schema. Raises PackError."""
    return head_of(_checked("head", {"code": "plan", **head}, PlanDoc))


def _checked(name: str, data: Json, model: type[RecordT]) -> RecordT:
    record, faults = validate(Document(name, data, Marks(0)), model)
    if record is None or faults:
        raise PackError(faults or [Fault(name, 0, "", "无法读取", "完整的条目", "核对各字段")])
    return record


def new_key(kind: ItemKind, parent: str | None, taken: Iterable[str]) -> str:
    """Return the next free key for an item of a kind under a parent, in the manner of the compiler's keys."""
    numbers = {key: _number_in(key) for key in taken}
    if kind == ItemKind.DUTY and parent:
        # A measure has one duty; its plain key may still be borne by the duty of a measure merged into another.
        names = (f"{_LETTERS[kind]}{parent[1:]}{tail}" for tail in ("", *(f"-{n}" for n in range(2, 100))))
        return next(name for name in names if name not in numbers)
    if kind in (ItemKind.ACTION, ItemKind.MEASURE):
        used = [n for key, n in numbers.items() if key.startswith(_LETTERS[kind])]
        number = max(used, default=0) + 1
        return f"A{number}" if kind == ItemKind.ACTION else f"M{number:02d}"
    stem = f"{_LETTERS[kind]}{parent[1:]}-" if parent else _HEADLINE_LETTERS[kind]
    used = [n for key, n in numbers.items() if key.startswith(stem) and key[len(stem) :].isdigit()]
    return f"{stem}{max(used, default=0) + 1}"


def _number_in(key: str) -> int:
    """Return the last number in a key, 0 where there is none."""
    digits = "".join(c for c in key.rpartition("-")[2] if c.isdigit())
    return int(digits or 0)
