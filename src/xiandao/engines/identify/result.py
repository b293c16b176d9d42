"""The columns of a result."""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

EVIDENCE: Final = pa.struct(
    [
        pa.field("term", pa.string(), nullable=False),
        pa.field("product", pa.string(), nullable=False),
        pa.field("clause", pa.string(), nullable=False),
        pa.field("verbs", pa.list_(pa.string()), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("discount", pa.string()),
        pa.field("trap", pa.string()),
        pa.field("source", pa.string(), nullable=False),
    ]
)
"""One term found: the catalogue's word, its product, the clause it stands in, the kinds of verbs that bind it, its
place in the text in characters; where it counts for nothing why (``excluded``, ``trap``), and which trap; ``source``:
the text it stands in (SOURCES). ``start`` and ``end`` point into the scope only where that is "scope"; elsewhere
``clause`` is the whole text, and they point into it."""

RESULT: Final = pa.schema(
    [
        pa.field("industry", pa.string(), nullable=False),
        pa.field("segment", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),
        pa.field("evidence", pa.list_(EVIDENCE), nullable=False),
    ]
)
"""The columns of a result, after the key columns of the register."""


def coded(names: tuple[str, ...], index: NDArray[np.int8]) -> pa.Array:
    """Return a text column from numbers of names."""
    return pa.array(list(names), pa.string()).take(pa.array(index))
