"""Numbers of progress: claimed, verified and counted towards targets as of any moment, and where that leaves them.

Unknown is None, never zero: counted is 0 only where somebody has verified a report of the measure by then. Every number
leads to its rows (`rows_url`). Public functions:

- `tallies(viewer, targets, as_of=, part=)`: claimed, verified, counted as `Figure`s, in bulk.
- `statuses(targets, as_of=, series=)`: status against the path, share, pace, projection, in bulk; public.
- `city_lines(viewer, target, regions, as_of=)`: share, claimed, verified, counted of each city.
"""

from xiandao.domains.progress.figures.cities import CityLine, city_lines, counted_by_city, share_sets_at
from xiandao.domains.progress.figures.goals import Added, added, goal_of
from xiandao.domains.progress.figures.links import rows_url
from xiandao.domains.progress.figures.rows import Part, claims, counts, results
from xiandao.domains.progress.figures.status import BEHIND, STATE_WORDS, Status, statuses
from xiandao.domains.progress.figures.sums import Facts, Ground, Tally, counted_figures, facts_of, ground, tallies

__all__ = [
    "BEHIND",
    "STATE_WORDS",
    "Added",
    "CityLine",
    "Facts",
    "Ground",
    "Part",
    "Status",
    "Tally",
    "added",
    "city_lines",
    "claims",
    "counted_by_city",
    "counted_figures",
    "counts",
    "facts_of",
    "goal_of",
    "ground",
    "results",
    "rows_url",
    "share_sets_at",
    "statuses",
    "tallies",
]
