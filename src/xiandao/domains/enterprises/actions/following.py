"""Enterprises followed from one register version to the next: their rows brought up to date, what changed kept."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.models import ChangeKind, Enterprise, EnterpriseChange, RegisterVersion
from xiandao.domains.industries.registers.comparing import Comparison
from xiandao.domains.orgs.models import Region
from xiandao.engines.sameness import normalise_name

_WHY: Final = "a register is loaded by who may"
_BATCH: Final = 1_000
_TEXTS: Final = {
    "key": 300, "uscc": 18, "rid": 100, "name": 300, "kind": 60, "place": 200, "capital_text": 100, "activity": 10,
    "status": 60, "scope": None, "product_lines": None,
}  # fmt: skip
FIELDS: Final = (*_TEXTS, "name_key", "region_id", "registered_on", "ended_on", "capital", "patents")
"""The fields of an enterprise that a register says."""
Row = dict[str, Any]


def region_codes() -> dict[str, str]:
    """Return the names of the regions of the database by code."""
    return dict(Region.objects.values_list("code", "name"))


def fields_of(row: Row, regions: dict[str, str]) -> Row:
    """Return a row of the lake as the fields of an enterprise."""
    fields: Row = {name: (row[name] or "")[:size] for name, size in _TEXTS.items()}
    region = row["region"] if row["region"] in regions else None
    return fields | {
        "name_key": normalise_name(fields["name"], ())[:300],
        "region_id": region,
        "registered_on": row["registered_on"],
        "ended_on": row["ended_on"],
        "capital": row["capital"],
        "patents": row["patents"],
    }


def follow(version: RegisterVersion, found: Comparison | None, *, now: dt.datetime) -> dict[str, int]:
    """Bring every enterprise up to a version within the caller's transaction; return how many changed how.

    Without a comparison (the first version, or the first after the demonstration) enterprises that are not in the
    register are gone as well. A key that changed for certain is followed unless another enterprise has the new one.
    """
    enterprises = list(Enterprise.objects.for_system(_WHY).select_for_update().order_by("pk"))
    known = {each.key for each in enterprises}
    links = {old: new for old, new in (found.links if found else {}).items() if new not in known}
    wanted = [links.get(each.key, each.key) for each in enterprises]
    rows = {row["key"]: row for row in lake.rows(version, wanted)} if wanted else {}
    regions = region_codes()
    changes: list[EnterpriseChange] = []
    touched: list[Enterprise] = []
    for each in enterprises:
        before = _values(each)
        row = rows.get(links.get(each.key, each.key))
        told = list(_gone(each, version)) if row is None else list(_update(each, row, version, regions))
        changes += [
            EnterpriseChange(enterprise=each, register=version, kind=kind, before=was, after=after, at=now)
            for kind, was, after in told
        ]
        if _values(each) != before:
            touched.append(each)
    objects = Enterprise.objects.for_system(_WHY)
    objects.bulk_update(touched, [*_names(), "gone_in"], batch_size=100)
    seen = [each.pk for each in enterprises if each.last_seen_id == version.pk]
    for start in range(0, len(seen), _BATCH):
        objects.filter(pk__in=seen[start : start + _BATCH]).update(last_seen=version)
    EnterpriseChange.objects.bulk_create(changes, batch_size=_BATCH)
    return dict(Counter(str(each.kind) for each in changes))


def _values(each: Enterprise) -> tuple[Any, ...]:
    return (*(getattr(each, name) for name in FIELDS), each.gone_in_id)


def _names() -> Iterator[str]:
    return (name.removesuffix("_id") for name in FIELDS)


def _gone(each: Enterprise, version: RegisterVersion) -> Iterable[tuple[ChangeKind, str, str]]:
    if each.gone_in_id is None:
        each.gone_in = version
        yield ChangeKind.GONE, each.name, ""


def _update(
    each: Enterprise, row: Row, version: RegisterVersion, regions: dict[str, str]
) -> Iterable[tuple[ChangeKind, str, str]]:
    """Take over what the register says; yield what is different. What only one of them says is not known to have
    changed.
    """
    fields = fields_of(row, regions)
    if each.gone_in_id is not None and not row["outside"]:
        yield ChangeKind.BACK, "", fields["name"]
    if each.key != fields["key"]:
        yield ChangeKind.RECODED, each.uscc or each.key, fields["uscc"] or fields["key"]
    if _folded(each.name) != _folded(fields["name"]):
        yield ChangeKind.RENAMED, each.name, fields["name"]
    if row["outside"] and each.gone_in_id is None:
        yield ChangeKind.MOVED, each.place, fields["place"]
    elif each.region_id and fields["region_id"] and each.region_id != fields["region_id"]:
        yield ChangeKind.MOVED, regions[each.region_id], regions[fields["region_id"]]
    if each.scope and fields["scope"] and _folded(each.scope) != _folded(fields["scope"]):
        yield ChangeKind.SCOPE, each.scope, fields["scope"]
    if each.capital is not None and fields["capital"] is not None and each.capital != fields["capital"]:
        yield ChangeKind.CAPITAL, _money(each.capital), _money(fields["capital"])
    if _standing(each.status, each.ended_on) != _standing(fields["status"], fields["ended_on"]) and each.status:
        yield ChangeKind.STATUS, _standing(each.status, each.ended_on), _standing(fields["status"], fields["ended_on"])
    for name, value in fields.items():
        setattr(each, name, value)
    each.last_seen = version
    each.gone_in = (each.gone_in or version) if row["outside"] else None


def _folded(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")").lower()


def _money(value: Decimal) -> str:
    return format(value, "f")


def _standing(status: str, ended_on: dt.date | None) -> str:
    return " ".join(part for part in (status, ended_on.isoformat() if ended_on else "") if part)
