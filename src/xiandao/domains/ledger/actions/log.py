"""The audit actions of entries, and the trace of one step in the entry's own history."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.ledger.models import Entry, EntryEvent
from xiandao.domains.orgs.viewer import Viewer

KIND = "ledger.entry"
ENTERED = register("ledger.entered", _("登记台账条目"))
CORRECTED = register("ledger.corrected", _("更正台账条目"))
EVALUATED = register("ledger.evaluated", _("登记评价"))
MOVED = register("ledger.moved", _("变更台账条目状态"))
TERM_SET = register("ledger.term_set", _("设定有效期"))
name_kind(KIND, _("台账条目"))


def note(
    actor: Viewer,
    action: RegisteredAction,
    entry: Entry,
    what: str | Promise,
    *,
    text: str = "",
    on: dt.date | None = None,
    now: dt.datetime,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> EntryEvent:
    """Write one event of an entry's history and the audit record of it."""
    event = EntryEvent.objects.create(
        entry=entry,
        state=entry.state,
        what=str(what)[:60],
        text=text,
        on=on or timezone.localdate(now),
        at=now,
        by=actor.name,
    )
    audit.record(actor, action, kind=KIND, key=entry.code, label=entry.name, before=before, after=after, reason=reason)
    return event
