"""Writing the claims of one report or of hundreds: what changes is worked out in memory, then written in bulk."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xiandao.domains.progress.actions.sameness import name_keys_of
from xiandao.domains.progress.models import Claim, ClaimState, Report

# What figures are made of: a claim once submitted keeps these for any past day, whatever is corrected later.
_COUNTED = ("target_key", "quantity", "unit", "region_id", "industry_id", "happened_on")
_OPEN = (ClaimState.DRAFT, ClaimState.CLAIMED)
_BATCH = 1000
_FIELDS = [f.name for f in Claim._meta.concrete_fields if not f.primary_key]  # noqa: SLF001 — Django's way to ask a model
Values = dict[str, Any]


@dataclass(slots=True)
class ClaimRows:
    """What has to be written for one report: new claims by key, copies of what was claimed, what changes, what goes."""

    made: dict[str, Claim] = field(default_factory=dict)
    copies: list[Claim] = field(default_factory=list)
    changed: list[Claim] = field(default_factory=list)
    taken_back: list[Claim] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.made or self.copies or self.changed or self.taken_back)


def plan_rows(
    report: Report, rows: Sequence[Claim], values: dict[str, Values], *, by: str, now: dt.datetime
) -> ClaimRows:
    """Work out what turns `rows`, all claims the report ever had, into `values`, the claims it is to have by key.

    A key is the id of a claim as text, or anything else for a new one. Claims that are decided or taken back stay as
    they are; open ones that are not among `values` are taken back.
    """
    known = {str(row.pk): row for row in rows}
    number = max((row.number for row in rows), default=0)
    done = ClaimRows()
    for key, given in values.items():
        row = known.get(key)
        if row is None:
            number += 1
            done.made[key] = Claim(report=report, number=number, **given)
        elif row.state in _OPEN:
            number = _change(done, row, given, number, by=by, now=now)
    for key, row in known.items():
        if key not in values and row.state in _OPEN:
            row.state, row.decided_at, row.decided_by = ClaimState.WITHDRAWN, now, by
            done.taken_back.append(row)
    return done


def _change(done: ClaimRows, row: Claim, given: Values, number: int, *, by: str, now: dt.datetime) -> int:
    """Give a claim new values and return the highest number of the report's claims.

    If it was submitted before and what it counts changes, what was claimed stays beside it as a claim taken back now.
    """
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    if not changed:
        return number
    if row.claimed_at is not None and any(name in _COUNTED for name in changed):
        number += 1
        copied = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}  # noqa: SLF001
        taken_back = {"number": number, "state": ClaimState.WITHDRAWN, "decided_at": now, "decided_by": by}
        done.copies.append(Claim(**{**copied, **taken_back}))
        row.state, row.claimed_at = ClaimState.DRAFT, None
    for name, value in given.items():
        setattr(row, name, value)
    done.changed.append(row)
    return number


def write_rows(plans: Iterable[ClaimRows]) -> None:
    """Write what was worked out, in the transaction of the caller; new claims have their ids then."""
    everything = list(plans)
    named = [row for each in everything for row in (*each.made.values(), *each.changed)]
    for row, key in zip(named, name_keys_of([row.name for row in named]), strict=True):
        row.name_key = key
    new = [row for each in everything for row in (*each.made.values(), *each.copies)]
    Claim.objects.bulk_create(new, batch_size=_BATCH)
    old = [row for each in everything for row in (*each.changed, *each.taken_back)]
    # The rows are there and locked: this is an update of many rows in one statement, which bulk_update is not.
    Claim.objects.bulk_create(
        old, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_FIELDS
    )
