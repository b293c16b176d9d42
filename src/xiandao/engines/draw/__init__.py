"""Random draw (抽取) that anybody can repeat: strata, reserves, a seed committed beforehand. Pure computation.

The algorithm, complete, so that a third party can write it in any language ("xiandao-draw/1"). All text is UTF-8, “LF”
is the byte 0A, “TAB” the byte 09, hashes are SHA-256 written as 64 lower-case hexadecimal digits. Ids, strata and
reasons are in Unicode form NFC, not empty, without control characters and without white space at their ends.

1. *Before.* commitment = hash of `xiandao-draw/1 LF seed LF nonce`. Pool hash = hash of the lines `id TAB stratum LF`,
   sorted by the bytes of the id. Plan hash = hash of the lines, each ending in LF:
   `xiandao-draw/1`; `pool`, then the lines of the pool; `excluded`, then `id TAB reason` sorted by the bytes of the
   id; `strata`, then `stratum TAB take TAB reserves` (decimal digits) sorted by the bytes of the stratum; `public`,
   then one line: where the public value will come from (may be empty). Commitment, pool hash and plan hash are shown.
2. *Draw.* The number of an id is the hash of `seed LF public value LF id`. In each stratum the ids that are not
   excluded are sorted by their number (as text), smallest first. The first `take` are drawn, the next `reserves` are
   the reserve (候补), in this order; a stratum with fewer than `take` such ids cannot be drawn. Seed, nonce and public
   value are shown.
3. *Rounds.* An event is (id, reason). If the id holds a seat, the first id of the stratum's reserve takes that seat
   and leaves the reserve; with no reserve left the seat stays empty. If the id is in the reserve, it leaves it.
   Names = the seats in order of strata (by bytes) and of seats, empty ones left out.

SHA-256 of distinct texts behaves as independent uniform numbers, so each set of `take` ids is equally likely; there
is no generator to port. A number depends on nothing but seed, public value and id: leaving one expert out changes
the order of no other. Who fixed the seed knows the result of every pool; where that matters, name a public value (a
lottery or closing index of a coming day) as `public_source` in the plan: then nobody knows the result when pool and
seed are fixed.
"""

from xiandao.engines.draw.draw import commit, decline, draw, number, replay, verify
from xiandao.engines.draw.model import VERSION, Event, Exclusion, Member, Plan, Record, Stratum
from xiandao.engines.draw.record import plan_from_json, plan_to_json, record_from_json, record_to_json

__all__ = [
    "VERSION",
    "Event",
    "Exclusion",
    "Member",
    "Plan",
    "Record",
    "Stratum",
    "commit",
    "decline",
    "draw",
    "number",
    "plan_from_json",
    "plan_to_json",
    "record_from_json",
    "record_to_json",
    "replay",
    "verify",
]
