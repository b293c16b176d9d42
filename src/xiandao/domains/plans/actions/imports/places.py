"""Places in the source text: finding words, comparing them, and which text no item was read from. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from xiandao.domains.plans.actions.imports.drafts import Draft, Place, left_out
from xiandao.domains.plans.models.drafts import ItemKind, Review

_BLANKS = re.compile(r"[\s\u3000\u200b\ufeff]+")
_SECTIONS = (ItemKind.ACTION, ItemKind.MEASURE)


def squeeze(text: str) -> str:
    """Return a text without any blanks: two quotes are the same when these are."""
    return _BLANKS.sub("", text)


def as_quote(text: str) -> str:
    """Return a stretch of the source as a quote: line breaks inside it taken out, no blanks at its ends."""
    return re.sub(r"[ \t\u3000]*[\r\n]+[ \t\u3000]*", "", text.strip())


def find(text: str, words: str, near: int = 0) -> Place | None:
    """Return where `words` stand in `text`, blanks apart; of several places the one nearest to `near`, else None."""
    pattern = r"[\s\u3000\u200b\ufeff]*".join(re.escape(c) for c in squeeze(words))
    if not pattern:
        return None
    places = [match.span() for match in re.finditer(pattern, text)]
    return min(places, key=lambda place: abs(place[0] - near), default=None)


def trimmed(text: str, start: int, end: int) -> Place | None:
    """Return [start, end) without blanks at its ends, None if nothing is left."""
    part = text[start:end]
    head = len(part) - len(part.lstrip())
    tail = len(part) - len(part.rstrip())
    return (start + head, end - tail) if start + head < end - tail else None


def subtract(places: Iterable[Place], taken: Iterable[Place]) -> list[Place]:
    """Return what is left of `places` outside `taken`, in order, overlapping places joined."""
    cuts = sorted(taken)
    out = []
    for start, end in union(places):
        at = start
        for left, right in cuts:
            if right <= at or left >= end:
                continue
            if left > at:
                out.append((at, left))
            at = max(at, right)
        if at < end:
            out.append((at, end))
    return out


def union(places: Iterable[Place]) -> list[Place]:
    """Return the places in order, those that overlap or touch joined."""
    out: list[Place] = []
    for start, end in sorted(places):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def unplaced_now(text: str, compiled: Sequence[dict[str, Any]], drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """Return the passages nothing is read from, as things stand.

    They are those the compiler could not place, less what a person has placed since, plus the text of
    actions, measures and headline items left out. With nothing changed it is what the compiler gave.
    """
    gone = left_out(drafts)
    placed = [d.span for d in drafts if d.span and d.key not in gone and _placed_by_a_person(d)]
    # A measure left out gives its text back, except where another item that stays has it.
    given_back = [d.span for d in drafts if d.span and d.key in gone and (d.kind in _SECTIONS or d.parent is None)]
    if not placed and not given_back:
        return list(compiled)
    stays = [d.span for d in drafts if d.span and d.key not in gone and _holds_text(d, given_back)]
    known = [tuple(passage["span"]) for passage in compiled if passage.get("span")]
    loose = [passage for passage in compiled if not passage.get("span")]
    freed = subtract(given_back, stays)
    spans = subtract([*known, *freed], placed)
    out = [place for place in (trimmed(text, *span) for span in spans) if place]
    return loose + [{"quote": as_quote(text[a:b]), "span": [a, b]} for a, b in out]


def _placed_by_a_person(draft: Draft) -> bool:
    """Whether the item's own place counts as text a person has dealt with."""
    return draft.review == Review.ADDED or (draft.review == Review.EDITED and draft.kind not in _SECTIONS)


def _holds_text(draft: Draft, given_back: Iterable[Place]) -> bool:
    """Whether the item keeps its text from being unplaced: any item, but a section only if not around what was cut."""
    if draft.span is None:
        return False
    start, end = draft.span
    around = any(start <= a and b <= end for a, b in given_back)
    return draft.kind not in _SECTIONS or not around
