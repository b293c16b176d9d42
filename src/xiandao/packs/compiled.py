"""Turns what the policy text compiler gives, as record or as JSON, into a PlanDoc with stable keys and spans."""

import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from xiandao.engines.policytext import Commitment, PlanDocument, to_schema
from xiandao.packs.faults import PackError
from xiandao.packs.reader import Document, Marks
from xiandao.packs.schema.plan import PlanDoc
from xiandao.packs.validate import validate

# 省科技厅、省科协等按职责分工负责 is an open list, 高等学校 is not
_OPEN_END = re.compile(r"等(?=按|各|有关|相关|部门|单位|[)）,，、。;；\s]|$)")
_LONGEST_LINE = 300
_DIGITS = 15
Json = Mapping[str, Any]


def plan_doc_from_compiled(document: Json | PlanDocument, text: str, *, code: str = "plan") -> PlanDoc:
    """Return the PlanDoc of a compiled document.

    ``document`` is the compiler's record, or JSON as policy/schema.md has it with a ``span`` per item; where
    JSON gives words without a span (``quotes``, ``also_quotes``), their place is looked up in ``text``, the text
    that was compiled. Keys follow the order of the text: A1, M06, T06-1, S06-1, Q06-1, C06-1, H1, HC1 — so
    compiling the same text again gives the same keys. ``code`` becomes the plan's code.
    Raises PackError (file "compiled.json") where the document breaks the schema.
    """
    if isinstance(document, PlanDocument):
        document = _as_json(document)
    measure_no = 0
    actions = []
    for index, action in enumerate(document.get("actions") or (), start=1):
        measures = []
        for measure in action.get("measures") or ():
            measure_no += 1
            measures.append(_measure(measure, measure_no, text))
        actions.append(
            _item(action, f"A{index}") | _headed(action, text) | _pick(action, "implied") | {"measures": measures}
        )
    headline = document.get("headline_targets") or ()
    promises = document.get("headline_commitments") or ()
    plan = {
        "code": code,
        "title": _line(document.get("title") or "", "（未写明标题）"),
        **{name: _line(document[name], "") for name in ("title_en", "number") if document.get(name)},
        **_pick(document, "issued_on", "period"),
        "issuers": [_line(_name(issuer), "") for issuer in document.get("issuers") or ()],
        "actions": actions,
        "headline_targets": [_target(t, f"H{i}", text) for i, t in enumerate(headline, start=1)],
        "headline_commitments": [_commitment(c, f"HC{i}", text) for i, c in enumerate(promises, start=1)],
        "unplaced": [_quoted(passage, text) for passage in document.get("unplaced") or ()],
    }
    record, faults = validate(Document("compiled.json", plan, Marks(0)), PlanDoc)
    if record is None or faults:
        raise PackError(faults)
    return record


def _as_json(document: PlanDocument) -> dict[str, Any]:
    """Return the record as JSON together with what the schema of the JSON leaves out."""
    out: dict[str, Any] = to_schema(document)
    for action, written in zip(document.actions, out["actions"], strict=True):
        written |= {"implied": action.implied, "reasons": action.confidence.reasons}
        for measure, fields in zip(action.measures, written["measures"], strict=True):
            fields["reasons"] = measure.confidence.reasons
            fields["duty"] |= {"standing": measure.duty.standing, "reasons": measure.duty.confidence.reasons}
            fields["commitments"] = [_commitment_json(promise) for promise in measure.commitments]
    out["headline_commitments"] = [_commitment_json(promise) for promise in document.headline_commitments]
    return out


def _commitment_json(promise: Commitment) -> Json:
    return {
        "quote": promise.quote.text,
        "span": [promise.quote.span.start, promise.quote.span.end],
        "strength": promise.strength,
        "verb": promise.verb,
        "confidence": promise.confidence.value,
        "reasons": promise.confidence.reasons,
    }


def _measure(measure: Json, number: int, text: str) -> dict[str, Any]:
    no = f"{number:02d}"
    start, end = measure.get("span") or (0, len(text))
    duty = measure.get("duty") or {}
    named = "mentions" if measure.get("mentions") else "quotes"

    def numbered(name: str, letter: str) -> Iterable[tuple[str, Any]]:
        return ((f"{letter}{no}-{i}", item) for i, item in enumerate(measure.get(name) or (), start=1))

    mechanisms = [
        _item(_quoted(m, text, start, end), key) | {"name": _line(_name(m), "")} for key, m in numbered(named, "Q")
    ]
    return {
        **_item(measure, f"M{no}"),
        **_headed(measure, text),
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
        **_sureness(duty),
        "lead": [_line(_name(body), "") for body in duty.get("lead") or ()],
        "with": [_line(_name(body), "") for body in duty.get("with") or ()],
        "quotes": quotes,
    } | ({"open_ended": True} if any(_OPEN_END.search(text[start:end]) for start, end in spans) else {})


def _target(target: Json, key: str, text: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
    places = zip_longest(target.get("also_quotes") or (), target.get("also_spans") or ())
    also = [_quoted({"quote": words, "span": span}, text, start, end) for words, span in places]
    fields = _pick(target, "unit", "comparator", "year", "object_en", "kind", "parts", "note")
    fields |= {name: _number(target[name]) for name in ("value", "low", "high") if target.get(name) is not None}
    return {
        **_item(_quoted(target, text, start, end), key),
        **_sureness(target),
        **fields,
        **_words(target),
        "object": _line(str(target.get("object") or ""), _name(target.get("quote") or "")),
        "also": also,
    }


def _commitment(commitment: Json, key: str, text: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
    place = _quoted(commitment, text, start, end)
    return {
        **_item(place, key),
        **_sureness(commitment),
        **_pick(commitment, "strength", "verb", "text_en"),
        "quote": place["quote"],
    }


def _number(value: Any) -> Any:
    """Return a fraction such as 三分之一 with the fifteen digits a float keeps exactly; integers as they are."""
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _headed(item: Json, text: str) -> dict[str, Any]:
    """Return number and title; a heading without words is shown by how its text begins."""
    start, end = item.get("span") or (0, 0)
    return _pick(item, "no", "title_en") | {"title": _line(str(item.get("title") or ""), text[start:end][:40])}


def _words(item: Json) -> dict[str, Any]:
    quote = item.get("quote")
    return {} if quote is None else {"quote": _name(quote)}


def _item(item: Json, key: str) -> dict[str, Any]:
    return {"key": key, **_pick(item, "span"), **_sureness(item)}


def _sureness(item: Json) -> dict[str, Any]:
    """Return the compiler's confidence and its reasons."""
    given = item.get("confidence")
    return {} if given is None else {"confidence": given, "doubts": list(item.get("reasons") or ())}


def _name(entry: Any) -> str:
    """Return the words of an entry that is a bare text or a mapping with its text and span."""
    if isinstance(entry, Mapping):
        return str(entry.get("text") or entry.get("name") or entry.get("quote") or "")
    return str(entry)


def _line(words: str, otherwise: str) -> str:
    """Return ``words`` as one line of bearable length; the span still covers all. ``otherwise`` stands in for none."""
    joined = "".join(part.strip() for part in words.splitlines()) or "".join(otherwise.split()) or "（未写明）"
    return joined[:_LONGEST_LINE].strip()


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
