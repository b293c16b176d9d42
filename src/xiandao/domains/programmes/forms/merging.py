"""Two people at one form: each field belongs to who changed it; where both did, somebody has to choose."""

from dataclasses import dataclass
from typing import Any

from xiandao.domains.programmes.forms.reading import Data


@dataclass(frozen=True, slots=True)
class Clash:
    """A field both have written since: what one wrote and what the other did."""

    field: str
    mine: Any
    theirs: Any


def merge(base: Data, mine: Data, theirs: Data) -> tuple[Data, list[Clash]]:
    """Return both changes merged field by field; where both wrote, mine stands and the clash is named."""
    merged: Data = {}
    clashes: list[Clash] = []
    for key in dict.fromkeys([*theirs, *mine, *base]):
        was, own, other = base.get(key), mine.get(key), theirs.get(key)
        value = other if own == was else own
        if own != was and other not in (was, own):
            clashes.append(Clash(key, own, other))
        if value:
            merged[key] = value
    return merged, clashes
