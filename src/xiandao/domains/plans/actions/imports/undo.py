"""Taking a correction back, which is itself a recorded correction and can be taken back in turn."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.desk import RANK, Changes, Desk
from xiandao.domains.plans.models.drafts import Correction, ItemKind, Operation

_SECTIONS_FIRST = {ItemKind.ACTION: 0, ItemKind.MEASURE: 1}


def in_effect(corrections: Iterable[tuple[int, int | None]]) -> set[int]:
    """Return the numbers of the corrections that hold. Each is (number, number it undoes or None).

    A correction holds unless one that holds undoes it.
    """
    held: set[int] = set()
    undone: set[int] = set()
    for number, undoes in sorted(corrections, reverse=True):
        if number in undone:
            continue
        held.add(number)
        if undoes is not None:
            undone.add(undoes)
    return held


@transaction.atomic
def undo(actor: Viewer, *, pk: uuid.UUID, number: int | None = None) -> Correction:
    """Take back a correction, without a number the newest that holds and is no undoing.

    Raises Refused if there is none, Conflict if it does not hold or something it touched was changed since.
    """
    desk = Desk(actor, pk)
    corrections = Correction.objects.filter(plan_import=desk.plan_import).select_related("undoes")
    rows = {row.number: row for row in corrections}
    held = in_effect((row.number, row.undoes.number if row.undoes else None) for row in rows.values())
    if number is None:
        number = max((n for n in held if rows[n].operation != Operation.UNDO), default=None)
        if number is None:
            raise Refused(_("没有可以撤销的改动。"))
    if number not in rows:
        raise Refused(_("没有第 %(number)s 号改动。") % {"number": number})
    if number not in held:
        raise Conflict(_("第 %(number)s 号改动已经撤销。") % {"number": number})
    row = rows[number]
    if not all(desk.holds(key, state) for key, state in (row.after or {}).items()):
        raise Conflict(_("第 %(number)s 号改动之后，同一条目又有改动：请先撤销后来的改动。") % {"number": number})
    _bring_back(desk, row.before or {})
    return desk.close(Operation.UNDO, row.key, undoes=row)


def _bring_back(desk: Desk, states: Changes) -> None:
    """Put items to earlier states: first what must exist, then what moves, then what must go."""

    def turn(key: str) -> tuple[int, int]:
        state = states[key]
        if state is None:
            item = desk.items.get(key)
            return 2, -_SECTIONS_FIRST.get(ItemKind(item.kind), len(RANK)) if item else 0
        if key not in desk.items:
            return 0, _SECTIONS_FIRST.get(ItemKind(state["kind"]), len(RANK)) if "kind" in state else 0
        return 1, 0

    for key in sorted(states, key=turn):
        desk.put(key, states[key])
