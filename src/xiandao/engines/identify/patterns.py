"""From terms and traps to byte patterns: spelling variants, the shortest set that finds every row, edges of ASCII
words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.identify.catalogue import Catalogue
from xiandao.engines.identify.scan import Column, Matches

_CASED = 3
"""Up to so many ASCII letters a word of ASCII alone is matched in its own case only (VR, 5G, SiC)."""
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def spellings(text: str) -> list[str]:
    """Return the ways a term is written in registers: full width, and other cases where that cannot be another word."""
    forms = [text]
    letters = sum(char.isascii() and char.isalpha() for char in text)
    if letters and (letters > _CASED or not text.isascii()):
        forms += [text.upper(), text.lower(), text.title() if text.isascii() else text]
    if any("!" <= char <= "~" for char in text):
        forms += [form.translate(_WIDE) for form in forms]
        forms += [form.replace(",", "，") for form in forms]
    return list(dict.fromkeys(forms))


@dataclass(frozen=True)
class Patterns:
    """Byte patterns. ``texts[i]`` belongs to group ``group[i]``: the i-th distinct term (or trap) it spells."""

    texts: tuple[bytes, ...]
    group: NDArray[np.int32]
    lengths: NDArray[np.int64]
    """Length of each pattern in bytes."""
    ascii_start: NDArray[np.bool_]
    """Whether the pattern starts with an ASCII letter or digit, so that none may stand before it."""
    ascii_end: NDArray[np.bool_]


def patterns(words: Iterable[str]) -> Patterns:
    """Return the patterns of words, in order; a spelling that two words share belongs to the first."""
    texts: dict[bytes, int] = {}
    for index, word in enumerate(words):
        for form in spellings(word):
            texts.setdefault(form.encode(), index)
    return Patterns(
        texts=tuple(texts),
        group=np.fromiter(texts.values(), np.int32, len(texts)),
        lengths=np.fromiter(map(len, texts), np.int64, len(texts)),
        ascii_start=np.fromiter((_wordlike(text.decode()[0]) for text in texts), np.bool_, len(texts)),
        ascii_end=np.fromiter((_wordlike(text.decode()[-1]) for text in texts), np.bool_, len(texts)),
    )


def _wordlike(char: str) -> bool:
    narrow = chr(ord(char) - 0xFEE0) if 0xFF01 <= ord(char) <= 0xFF5E else char  # noqa: PLR2004 — full-width forms
    return narrow.isascii() and narrow.isalnum()


def shortest(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the patterns that contain no other: where one of all matches, one of these does."""
    kept: list[bytes] = []
    seen: set[bytes] = set()
    for text in sorted(set(texts), key=lambda each: (len(each), each)):
        inside = any(text[start:stop] in seen for start in range(len(text)) for stop in range(start + 1, len(text) + 1))
        if not inside:
            kept.append(text)
            seen.add(text)
    return tuple(kept)


class Edges:
    """Drops matches that continue an ASCII word (CDM in CDMA) by looking at the bytes beside them.

    A coarse test that keeps more than the exact one on code points: only narrow letters and digits count.
    """

    _WORD = np.zeros(256, np.bool_)
    _WORD[[*b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz."]] = True

    def __init__(self, texts: Sequence[bytes]) -> None:
        """Note which patterns begin or end with an ASCII letter or digit."""
        self._start = np.fromiter((text[:1].isalnum() for text in texts), np.bool_, len(texts))
        self._end = np.fromiter((text[-1:].isalnum() for text in texts), np.bool_, len(texts))

    def free(self, found: Matches, row: NDArray[np.int64], column: Column) -> NDArray[np.bool_]:
        """Return which matches, in these rows of ``column``, have no ASCII letter, digit or point beside such an
        edge.
        """
        raw = np.frombuffer(column.data, np.uint8)
        before = (found.start > column.offsets[row]) & self._WORD[raw[found.start - 1]]
        after = (found.end < column.offsets[row + 1]) & self._WORD[raw[np.minimum(found.end, len(raw) - 1)]]
        return ~(self._start[found.pattern] & before) & ~(self._end[found.pattern] & after)


def words(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Return the distinct terms of a catalogue and its traps; what is a term is no trap."""
    terms = list(dict.fromkeys(term.text for term in catalogue.terms))
    known = set(terms)
    return terms, [trap for trap in dict.fromkeys(catalogue.traps) if trap not in known]
