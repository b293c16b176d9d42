"""Reading a published list in: rows matched, decided by a person, entered all together or not at all."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.actions.entering import Holder, enter, known_as
from xiandao.domains.ledger.lists.matching import Matched, match_all
from xiandao.domains.ledger.lists.reading import ReadRow
from xiandao.domains.ledger.models import ListImport, ListImportState, ListRow, RowMatch
from xiandao.domains.ledger.places import Industries, Places
from xiandao.domains.ledger.registry import kinds
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.faults import BadFields, Fault

KIND: Final = "ledger.list"
READ = register("ledger.list_read", gettext_lazy("录入名单"))
DECIDED = register("ledger.list_decided", gettext_lazy("核对名单"))
FINISHED = register("ledger.list_entered", gettext_lazy("登记名单"))
CANCELLED = register("ledger.list_cancelled", gettext_lazy("取消名单录入"))
name_kind(KIND, gettext_lazy("名单录入"))
OPEN: Final = (RowMatch.ASKED, RowMatch.UNKNOWN)
_WHY: Final = "of a list the actor sees"
NEW, SKIP = "new", "skip"


@transaction.atomic
def start_list(
    actor: Viewer,
    *,
    kind: str,
    title: str,
    rows: list[ReadRow],
    shared: dict[str, Any],
    elsewhere: bool = False,
    file_name: str = "",
    text: str = "",
    now: dt.datetime | None = None,
) -> ListImport:
    """Keep a list with its rows matched; return it. Nothing is entered yet.

    `shared`: decision, decision_number, decided_on, valid_from, valid_to (days as 2026-03-31), source, serves (pairs
    of plan code and target key). Rows that are entries already are marked as not to be entered. Raises Refused,
    BadFields.
    """
    rules.may_enter(actor).require()
    moment = now or timezone.now()
    faults: list[Fault] = []
    if kind not in kinds():
        faults.append(("kind", _("请选择类别。")))
    if not title.strip():
        faults.append(("title", _("请填写名单名称。")))
    if elsewhere and shared.get("serves"):
        faults.append(("serves", _("他处公布的名单不计入目标。")))
    if faults:
        raise BadFields(faults)
    batch = ListImport.objects.create(
        kind=kind,
        title=title.strip(),
        file_name=file_name,
        text=text,
        shared=shared,
        elsewhere=elsewhere,
        created_at=moment,
        created_by=actor.name,
        user_id=actor.user_id,
    )
    found = match_all(rows)
    ListRow.objects.bulk_create(
        _row(batch, at, row, one) for at, (row, one) in enumerate(zip(rows, found, strict=True), 1)
    )
    _log(actor, READ, batch, after={"kind": kind, "rows": len(rows), "elsewhere": elsewhere})
    return batch


def _row(batch: ListImport, at: int, row: ReadRow, found: Matched) -> ListRow:
    who = found.who
    known = known_as(batch.kind, row.name, [Holder(row.unit)] if row.unit else [], elsewhere=batch.elsewhere)
    return ListRow(
        batch=batch,
        order=at,
        number=row.number,
        name=row.name,
        unit=row.unit,
        place=row.place,
        extra={"line": row.line, "industry": row.industry, "code": row.code.upper()},
        match=RowMatch.SKIPPED if known else found.match,
        candidates=found.candidates,
        organisation_id=who.pk if who and who.sort == "o" else None,
        enterprise_id=who.pk if who and who.sort == "e" else None,
        existing=known,
    )


def _open(actor: Viewer, pk: int) -> ListImport:
    """Return a list locked for a change. Raises ListImport.DoesNotExist, Refused, Conflict where it is done with."""
    batch: ListImport = ListImport.objects.visible_to(actor).select_for_update().get(pk=pk)
    rules.may_enter(actor).require()
    if batch.state != ListImportState.MATCHING:
        raise Conflict(_("这份名单%(state)s，不再改动。") % {"state": batch.get_state_display()})
    batch.revision += 1
    batch.save(update_fields=["revision"])
    return batch


@transaction.atomic
def decide_rows(actor: Viewer, *, pk: int, choices: Mapping[int, str]) -> int:
    """Say of rows (by their order) who they are; return how many changed.

    A choice is the key of one of the row's candidates, "new" (as a body not known so far) or "skip". Raises
    ListImport.DoesNotExist, Refused, Conflict, BadFields for a choice the row does not offer.
    """
    batch = _open(actor, pk)
    rows = {row.order: row for row in batch.rows.all()}
    faults: list[Fault] = []
    changed = []
    for order, choice in choices.items():
        row = rows.get(order)
        if row is None or not _offers(row, choice):
            faults.append((f"row-{order}", _("第 %(n)s 条没有这个选项。") % {"n": order}))
        elif _apply(row, choice):
            changed.append(row)
    if faults:
        raise BadFields(faults)
    ListRow.objects.bulk_update(changed, ["match", "organisation", "enterprise"])
    if changed:
        _log(actor, DECIDED, batch, after={str(row.order): row.match for row in changed})
    return len(changed)


def _offers(row: ListRow, choice: str) -> bool:
    return choice in (NEW, SKIP) or choice == chosen(row) or choice in {each["key"] for each in row.candidates}


def chosen(row: ListRow) -> str:
    """Return the choice a row stands at; "" while it is open."""
    if row.match == RowMatch.NEW:
        return NEW
    if row.match == RowMatch.SKIPPED:
        return SKIP
    if row.enterprise_id:
        return f"e{row.enterprise_id}"
    return f"o{row.organisation_id}" if row.organisation_id else ""


def _apply(row: ListRow, choice: str) -> bool:
    if choice == chosen(row):
        return False
    if choice in (NEW, SKIP):
        row.match = RowMatch.NEW if choice == NEW else RowMatch.SKIPPED
        row.organisation_id = row.enterprise_id = None
        return True
    row.match = RowMatch.CONFIRMED
    row.enterprise_id = int(choice[1:]) if choice.startswith("e") else None
    row.organisation_id = int(choice[1:]) if choice.startswith("o") else None
    return True


def rest_as_new(actor: Viewer, *, pk: int) -> int:
    """Take every row that nobody was found for as a body not known so far; return how many. Asked rows stay asked."""
    rows = ListRow.objects.filter(batch__in=ListImport.objects.visible_to(actor).filter(pk=pk), match=RowMatch.UNKNOWN)
    return decide_rows(actor, pk=pk, choices=dict.fromkeys(rows.values_list("order", flat=True), NEW))


@transaction.atomic
def finish_list(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> int:
    """Enter every row that is not skipped, all or nothing; return how many.

    Raises ListImport.DoesNotExist, Refused, Conflict while rows are open, BadFields naming every row that cannot be
    entered and why.
    """
    moment = now or timezone.now()
    batch = _open(actor, pk)
    rows = list(batch.rows.select_related("organisation", "enterprise"))
    left = [row.order for row in rows if row.match in OPEN]
    if left:
        some = _("、").join(str(order) for order in left[:10])
        raise Conflict(_("还有 %(n)s 条没有核对（第 %(some)s 条等）。") % {"n": len(left), "some": some})
    reader = (Places.known(), Industries.known())
    faults: list[Fault] = []
    entered = 0
    for row in rows:
        if row.match == RowMatch.SKIPPED:
            continue
        try:
            row.entry = _entered(actor, batch, row, reader, moment)
        except Refused as refusal:
            faults.append((f"row-{row.order}", _("第 %(n)s 条：%(why)s") % {"n": row.order, "why": refusal.reason}))
            continue
        entered += 1
        row.save(update_fields=["entry"])
    if faults:
        raise BadFields(faults[:50])
    batch.state, batch.done_at = ListImportState.DONE, moment
    batch.save(update_fields=["state", "done_at"])
    _log(actor, FINISHED, batch, after={"entered": entered, "skipped": len(rows) - entered})
    return entered


def _entered(
    actor: Viewer, batch: ListImport, row: ListRow, reader: tuple[Places, Industries], now: dt.datetime
) -> Any:
    """Enter one row with what all rows share; a place or industry that cannot be read stays unknown, as a note."""
    shared, (places, industries) = batch.shared, reader
    kind = kinds()[batch.kind]
    place = places.read(row.place) if row.place else None
    firm: Enterprise | None = row.enterprise
    if place is None and not row.place and firm is not None:
        place = firm.region_id
    fields, odd = industries.read(row.extra.get("industry", ""))
    notes = [_("原表地区：%(text)s") % {"text": row.place}] if row.place and place is None else []
    notes += [_("原表产业：%(text)s") % {"text": word} for word in odd]
    return enter(
        actor,
        kind=kind.code,
        kind_name=kind.name,
        name=row.name,
        holders=_holders(row),
        regions=[place] if place else [],
        industries=fields,
        serves=[(plan, key) for plan, key in shared.get("serves", [])],
        decided_on=_day(shared.get("decided_on")),
        decision=shared.get("decision", "") or batch.title,
        decision_number=shared.get("decision_number", ""),
        valid_from=_day(shared.get("valid_from")),
        valid_to=_day(shared.get("valid_to")),
        source=shared.get("source", ""),
        note_text="；".join(notes),
        elsewhere=batch.elsewhere,
        now=now,
    )


def _holders(row: ListRow) -> list[Holder]:
    """Return the holder of a row as printed, with whom it was found to be."""
    name = row.unit or (row.name if row.enterprise_id or row.organisation_id else "")
    if not name:
        return []
    firm: Enterprise | None = row.enterprise
    body: Organisation | None = row.organisation
    code = row.extra.get("code") or (firm.uscc if firm else "") or (body.credit_code if body else "")
    return [Holder(name, code, organisation=row.organisation_id, enterprise=row.enterprise_id)]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@transaction.atomic
def cancel_list(actor: Viewer, *, pk: int) -> ListImport:
    """Give up a list; nothing of it was entered. Raises ListImport.DoesNotExist, Refused, Conflict."""
    batch = _open(actor, pk)
    batch.state = ListImportState.CANCELLED
    batch.save(update_fields=["state"])
    _log(actor, CANCELLED, batch)
    return batch


def _log(actor: Viewer, action: Any, batch: ListImport, after: Any = None) -> None:
    audit.record(actor, action, kind=KIND, key=str(batch.pk), label=batch.title, after=after)
