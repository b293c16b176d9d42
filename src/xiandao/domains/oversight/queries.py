"""Reading the audit log for its readers: filtered, newest first, page by page along an index."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db import connection
from django.db.models import Max, Q, QuerySet

from xiandao.domains.audit.models import HEAVY, AuditArchive, AuditCheck, AuditHead, AuditRecord
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.viewer import Viewer

PAGE = 50
SCAN = 50_000
"""Records one click looks through for a word. Words have no index; the page says how far it came and goes on."""
CLICK_SHOWN = 50
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LONGEST = 40  # characters of a cursor
_MICROSECOND = dt.timedelta(microseconds=1)


class Cursor(NamedTuple):
    """A place in the list: the time and number of the last record seen."""

    at: dt.datetime
    number: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the cursor a page link carries; None for anything else."""
        at, _dash, number = text.partition("-")
        if not (at.isascii() and at.isdecimal() and number.isascii() and number.isdecimal() and len(text) < _LONGEST):
            return None
        try:
            return cls(_EPOCH + int(at) * _MICROSECOND, int(number))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader looks for; empty means everything. `since` is included, `until` is not."""

    words: str = ""
    action: str = ""
    actor: str = ""
    organisation: str = ""
    kind: str = ""
    key: str = ""
    click: uuid.UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. `next` leads on; `scanned_to` says how far words were looked for, if not to the end."""

    rows: list[AuditRecord]
    next: Cursor | None
    scanned_to: dt.datetime | None


def readable(viewer: Viewer) -> QuerySet[AuditRecord]:
    """Return the records a viewer may read: all of them, or none."""
    return AuditRecord.objects.all() if viewer.can(Can.READ_AUDIT) else AuditRecord.objects.none()


def matching(viewer: Viewer, filters: Filters, *, words: bool = True) -> QuerySet[AuditRecord]:
    """Return the records that match, newest first, without before and after; `words=False` leaves the words out."""
    rows = readable(viewer).defer(*HEAVY).order_by("-at", "-number")
    exact = {"action": filters.action, "object_kind": filters.kind, "object_key": filters.key, "click": filters.click}
    bounds = {"at__gte": filters.since, "at__lt": filters.until}
    rows = rows.filter(**{field: value for field, value in (exact | bounds).items() if value})
    if filters.actor:
        rows = _one_of(rows, "actor", _accounts(filters.actor))
    if filters.organisation:
        rows = _one_of(rows, "organisation", _codes(filters.organisation))
    return rows.filter(_contains(filters.words)) if words and filters.words else rows


def _one_of(rows: QuerySet[AuditRecord], field: str, values: list[str]) -> QuerySet[AuditRecord]:
    """Filter by one value where there is one: it is read off the index in order."""
    return rows.filter(**{field: values[0]} if len(values) == 1 else {f"{field}__in": values})


def _accounts(given: str) -> list[str]:
    """Return the accounts meant by an account or a name; what nobody is called any more is taken as an account."""
    found = User.objects.filter(Q(username=given) | Q(name=given)).values_list("username", flat=True)
    return list(found) or [given]


def _codes(given: str) -> list[str]:
    """Return the codes meant by a code or a name of an organisation."""
    found = Organisation.objects.filter(Q(code=given) | Q(name=given) | Q(full_name=given))
    return list(found.values_list("code", flat=True)) or [given]


def _contains(words: str) -> Q:
    """Return the condition that a record holds every word, in whichever field."""
    fields = ("actor", "actor_name", "post", "object_key", "object_label", "reason")
    condition = Q()
    for word in words.split():
        condition &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
    return condition


def after(rows: QuerySet[AuditRecord], cursor: Cursor) -> QuerySet[AuditRecord]:
    """Return the rows that come after a place of the list. The first bound lets the index be used."""
    return rows.filter(at__lte=cursor.at).filter(Q(at__lt=cursor.at) | Q(number__lt=cursor.number))


def page(viewer: Viewer, filters: Filters, cursor: Cursor | None = None) -> Page:
    """Return the page after `cursor`, the first without one. As fast at a million records as at ten."""
    rows = matching(viewer, filters, words=False)
    if cursor:
        rows = after(rows, cursor)
    floor = None
    if filters.words:
        last = rows.values_list("at", "number")[SCAN - 1 : SCAN].first()
        floor = Cursor(*last) if last else None
        if floor:
            rows = rows.filter(at__gte=floor.at).filter(Q(at__gt=floor.at) | Q(number__gte=floor.number))
        rows = rows.filter(_contains(filters.words))
    found = list(rows[: PAGE + 1])
    if len(found) > PAGE:
        return Page(found[:PAGE], Cursor(found[PAGE - 1].at, found[PAGE - 1].number), None)
    return Page(found, floor, floor.at if floor else None)


def record(viewer: Viewer, number: int) -> AuditRecord:
    """Return one record whole. Raises AuditRecord.DoesNotExist."""
    return readable(viewer).get(number=number)


def same_click(viewer: Viewer, shown: AuditRecord) -> list[AuditRecord]:
    """Return the other records of the same click, oldest first; one more than CLICK_SHOWN where there are more."""
    rows = readable(viewer).defer(*HEAVY).filter(click=shown.click).exclude(number=shown.number)
    return list(rows.order_by("number")[: CLICK_SHOWN + 1])


def organisation_names(codes: set[str]) -> dict[str, Organisation]:
    """Return organisations by code, for showing their names; one that is gone is left out."""
    return {row.code: row for row in Organisation.objects.filter(code__in=codes)}


def kinds() -> list[str]:
    """Return the kinds of objects in the log: one step along the index for each, however many records there are."""
    table = connection.ops.quote_name(AuditRecord._meta.db_table)  # noqa: SLF001 — Django's way to a table's name
    query = (
        f"WITH RECURSIVE found(kind) AS (SELECT min(object_kind) FROM {table} UNION ALL "  # noqa: S608 — a constant
        f"SELECT (SELECT min(object_kind) FROM {table} WHERE object_kind > found.kind) FROM found "
        "WHERE found.kind IS NOT NULL) SELECT kind FROM found WHERE kind IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def log_size() -> tuple[int, int]:
    """Return how many records were ever written and how many of them lie in archives."""
    written = AuditHead.objects.filter(id=1).values_list("number", flat=True).first() or 0
    archived = AuditArchive.objects.aggregate(last=Max("last"))["last"] or 0
    return written, archived


def archives(viewer: Viewer) -> QuerySet[AuditArchive]:
    """Return the sealed archives, newest first."""
    return AuditArchive.objects.order_by("-first") if viewer.can(Can.READ_AUDIT) else AuditArchive.objects.none()


def checks(viewer: Viewer) -> QuerySet[AuditCheck]:
    """Return the verifications asked for on the page, newest first."""
    return AuditCheck.objects.all() if viewer.can(Can.READ_AUDIT) else AuditCheck.objects.none()
