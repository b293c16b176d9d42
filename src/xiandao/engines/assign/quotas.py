"""Mode WEAKEST where quotas bind: the highest floor by bisection over the values, each step a linear and an integer
program; the flow's floor is the highest to try, and is tried first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiandao.engines.assign.core import Core
from xiandao.engines.assign.model import Ints, Limits
from xiandao.engines.assign.program import Searched, best_sum

_FIRST_STEP = 128


@dataclass(frozen=True)
class Best:
    """Chosen pairs, their floor, the floor nothing exceeds, and the search that gave the sum."""

    keys: Ints
    floor: int
    floor_bound: int
    sum: Searched


def weakest(core: Core, highest: int, limits: Limits) -> Best | bool:
    """Return the best choice at the highest floor; False if none exists at any, True if none was found in time."""
    levels = np.unique(core.units[(core.units >= 0) & (core.units <= highest)])
    if len(levels) == 0:
        levels = np.array([0])
    top = len(levels) - 1
    found = best_sum(core, int(levels[top]), limits)
    if found is not None and found.keys is not None:
        return _best(core, found, int(levels[top]), highest)
    refused = found is None or found.complete
    low, high, best, unproven = -1, top, None, None if refused else top
    step = max(1, top // _FIRST_STEP)
    while high - low > 1:
        # Quotas rarely cost much of the floor, and low floors leave many pairs: first down in growing steps.
        middle = max(0, high - step) if low < 0 else (low + high) // 2
        step *= 2
        found = best_sum(core, int(levels[middle]), limits)
        if found is None or found.keys is None:
            if found is not None and not found.complete:
                unproven = middle if unproven is None else max(unproven, middle)
            high = middle
        else:
            best = found
            reached = int(core.units.reshape(-1)[found.keys].min(initial=int(levels[middle])))
            low = max(middle, int(np.searchsorted(levels, reached)))
        if high <= 0:
            break
    if best is None:
        return unproven is not None
    floor = int(levels[low])
    if low > 0:
        again = best_sum(core, floor, limits)
        best = again if again is not None and again.keys is not None else best
    bound = int(levels[unproven]) if unproven is not None else floor
    return _best(core, best, floor, max(bound, floor))


def _best(core: Core, found: Searched, floor: int, bound: int) -> Best:
    keys = found.keys if found.keys is not None else np.empty(0, dtype=np.int64)
    reached = int(core.units.reshape(-1)[keys].min(initial=bound)) if len(keys) else bound
    return Best(keys, max(floor, min(reached, bound)), bound, found)
