"""Turns what the policy text compiler gives as JSON into a PlanDoc with stable keys and spans."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from xiandao.packs.faults import PackError
from xiandao.packs.reader import Document, Marks
from xiandao.packs.schema.plan import PlanDoc
from xiandao.packs.validate import validate

_OPEN_END = re.compile(
    r"等(?=按|各|有关|相关|部门|单位|[)）,，、。;；\s]|$)"
)  # …、省科协等按职责分工负责; not 高等学校
Json = Mapping[str, Any]


def plan_doc_from_compiled(document: Json, text: str, *, code: str = "plan") -> PlanDoc:
    """Return the PlanDoc of a compiled document.

    ``document`` follows policy/schema.md with a ``span`` per item; where an entry of ``quotes``,
    ``also_quotes`` or ``commitments`` is a bare text, its span is looked up in ``text`` (the text that was
    compiled). Keys follow the order of the text: A1, M06, T06-1, S06-1, Q06-1, C06-1, H1 — so compiling
    the same text again gives the same keys. ``code`` becomes the plan's code.
    Raises PackError (file "compiled.json") where the document breaks the schema.
    """
    measure_no = 0
    actions = []
    for index, action in enumerate(document.get("actions") or (), start=1):
        measures = []
        for measure in action.get("measures") or ():
            measure_no += 1
            measures.append(_measure(measure, measure_no, text))
        actions.append(
            _item(action, f"A{index}") | _pick(action, "no", "title", "title_en", "implied") | {"measures": measures}
        )
    headline = document.get("headline_targets") or ()
    promises = document.get("headline_commitments") or ()
    plan = {
        "code": code,
        **_pick(document, "title", "title_en", "number", "issued_on", "period"),
        "issuers": [_name(issuer) for issuer in document.get("issuers") or ()],
        "actions": actions,
        "headline_targets": [_target(t, f"H{i}", text) for i, t in enumerate(headline, start=1)],
        "headline_commitments": [_commitment(c, f"HC{i}", text) for i, c in enumerate(promises, start=1)],
        "unplaced": [_quoted(passage, text) for passage in document.get("unplaced") or ()],
    }
    record, faults = validate(Document("compiled.json", plan, Marks(0)), PlanDoc)
    if record is None or faults:
        raise PackError(faults)
    return record


def _measure(measure: Json, number: int, text: str) -> dict[str, Any]:
    no = f"{number:02d}"
    start, end = measure.get("span") or (0, len(text))
    duty = measure.get("duty") or {}

    def numbered(name: str, letter: str) -> Iterable[tuple[str, Any]]:
        return ((f"{letter}{no}-{i}", item) for i, item in enumerate(measure.get(name) or (), start=1))

    mechanisms = [_item(_quoted(m, text, start, end), key) | {"name": _name(m)} for key, m in numbered("quotes", "Q")]
    return {
        **_item(measure, f"M{no}"),
        **_pick(measure, "no", "title", "title_en"),
        **({"deadline": measure["deadline"]} if measure.get("deadline") else {}),
        "duty": _duty(duty, text),
        "targets": [_target(t, key, text, start, end) for key, t in numbered("targets", "T")],
        "support": [_target(t, key, text, start, end) for key, t in numbered("support", "S")],
        "mechanisms": mechanisms,
        "commitments": [_commitment(c, key, text, start, end) for key, c in numbered("commitments", "C")],
    }


def _duty(duty: Json, text: str) -> dict[str, Any]:
    spans = duty.get("spans") or ([duty["span"]] if duty.get("span") else [])
    quotes = [{"quote": text[start:end], "span": [start, end]} for start, end in spans]
    return {
        **_pick(duty, "cities", "standing", "open_ended"),
        "lead": [_name(body) for body in duty.get("lead") or ()],
        "with": [_name(body) for body in duty.get("with") or ()],
        "quotes": quotes,
    } | ({"open_ended": True} if any(_OPEN_END.search(text[start:end]) for start, end in spans) else {})


def _target(target: Json, key: str, text: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
    also = [_quoted(place, text, start, end) for place in target.get("also_quotes") or ()]
    fields = _pick(
        target, "value", "low", "high", "unit", "comparator", "year", "object", "object_en", "kind", "parts", "note"
    )
    return {
        **_item(_quoted(target, text, start, end) | _sureness(target), key),
        **fields,
        **_words(target),
        "also": also,
    }


def _commitment(commitment: Json, key: str, text: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
    place = _quoted(commitment, text, start, end)
    item = _item(place | _sureness(commitment), key)
    return {**item, **_pick(commitment, "strength", "verb", "text_en"), "quote": place["quote"]}


def _words(item: Json) -> dict[str, Any]:
    quote = item.get("quote")
    return {} if quote is None else {"quote": _name(quote)}


def _item(item: Json, key: str) -> dict[str, Any]:
    return {"key": key, **_pick(item, "span"), **_sureness(item)}


def _sureness(item: Json) -> dict[str, Any]:
    """Return the compiler's confidence, given as a number or with its reasons."""
    given = item.get("confidence")
    if isinstance(given, Mapping):
        return {"confidence": given.get("value"), "doubts": list(given.get("reasons") or ())}
    return {} if given is None else {"confidence": given, **_pick(item, "doubts")}


def _name(entry: Any) -> str:
    """Return the words of an entry that is a bare text or a mapping with its text and span."""
    if isinstance(entry, Mapping):
        return str(entry.get("text") or entry.get("name") or entry.get("quote") or "")
    return str(entry)


def _quoted(entry: Any, text: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
    """Return quote and span of an entry; a span not given is that of the words' first place between start and end."""
    words = _name(entry)
    span = entry.get("span") if isinstance(entry, Mapping) else None
    if span is not None:
        return {"quote": words or text[span[0] : span[1]], "span": list(span)}
    found = text.find(words, start, end if end is not None else len(text))
    return {"quote": words} | ({"span": [found, found + len(words)]} if words and found >= 0 else {})


def _pick(item: Json, *names: str) -> dict[str, Any]:
    """Return the named fields that ``item`` has a value for."""
    return {name: item[name] for name in names if item.get(name) is not None}
