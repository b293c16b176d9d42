"""Loading published records: each enters as published elsewhere, with its source; a record known already is left."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.ledger.actions.entering import Holder, enter, known_as
from xiandao.domains.ledger.published import Odd, Record, read
from xiandao.domains.ledger.registry import kinds
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer

LOADED = register("ledger.published_loaded", gettext_lazy("载入公开记录"))
ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records were entered, how many were known, and what was odd."""

    entered: int
    known: int
    odd: list[Odd]


@transaction.atomic
def load_published(actor: Viewer, text: str, *, file: str, now: dt.datetime | None = None) -> Loaded:
    """Enter the records of a file in the format of published.csv, all or nothing; doing it again adds nothing.

    Raises Refused for anybody but the system, published.Unreadable where the file is none.
    """
    if not actor.is_system:
        raise Refused(_("公开记录由命令行或政策包载入。"))
    moment = now or timezone.now()
    names = {printed: (kind.code, kind.name) for kind in kinds().values() for printed in kind.printed_as}
    records, odd = read(text, kinds=names)
    entered = sum(_entered(actor, record, moment) for record in records)
    if entered:
        after = {"file": file, "entered": entered, "known": len(records) - entered, "odd": len(odd)}
        audit.record(actor, LOADED, kind="ledger.entry", key="published", label=file, after=after)
    return Loaded(entered, len(records) - entered, odd)


def _entered(actor: Viewer, record: Record, now: dt.datetime) -> bool:
    holders = [Holder(record.name)] if record.kind == ENTERPRISE else []
    if known_as(record.kind, record.name, holders, elsewhere=True) is not None:
        return False
    enter(
        actor,
        kind=record.kind,
        kind_name=record.kind_name,
        name=record.name,
        holders=holders,
        regions=record.regions,
        industries=record.industries,
        decided_on=record.decided_on,
        source=record.source,
        source_grade=record.grade,
        note_text="；".join(record.notes),
        elsewhere=True,
        now=now,
    )
    return True
