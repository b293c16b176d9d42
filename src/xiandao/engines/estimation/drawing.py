"""A random draw that anybody can repeat with a seed and the keys, in any language."""

import hashlib
import heapq
from collections.abc import Iterable


def draw(keys: Iterable[str], n: int, *, seed: int, stratum: str = "") -> list[str]:
    """Return n of the keys, drawn without replacement: those whose SHA-256 of "seed:stratum:key" (UTF-8) is smallest.

    The order of `keys` does not matter, and of two draws with one seed the larger holds the smaller. Equal keys count
    once. All of them where there are no more than n. Raises ValueError for a negative n.

    >>> draw(["甲", "乙", "丙", "丁"], 2, seed=7) == draw(["丁", "丙", "乙", "甲"], 2, seed=7)
    True
    """
    if n < 0:
        raise ValueError(f"cannot draw {n}")
    head = hashlib.sha256(f"{seed}:{stratum}:".encode())

    def number(key: str) -> tuple[bytes, str]:
        mine = head.copy()
        mine.update(key.encode())
        return mine.digest(), key

    return [key for _digest, key in heapq.nsmallest(n, map(number, set(keys)))]
