"""Invented records of the audit log for tests, written by the product or straight into the table."""

import datetime as dt
import uuid

from django.db import transaction

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.chain import GENESIS, Link, digest
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.registry import register, registered
from xiandao.domains.orgs.viewer import system

TESTED = registered().get("tests.done") or register("tests.done", "测试动作")


def write(count=1, *, actor=None, **given):
    """Write records as actions do, one transaction each; return the last."""
    row = None
    for n in range(count):
        values = {"kind": "thing", "key": str(n), "label": "物", "before": {"n": n}, "after": {"n": n + 1}} | given
        with transaction.atomic():
            row = audit.record(actor or system("t"), TESTED, **values)
    return row


def head() -> AuditHead:
    return AuditHead.objects.get(id=1)


def last_number() -> int:
    return head().number


def fill(count, *, start=None, step=dt.timedelta(seconds=1), batch=2000, **given):
    """Write many chained records straight into the table, with times of their own; move the head behind them."""
    at = start or dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    link = Link(head().number, head().hash)
    ledger = head().ledger
    rows = []
    for n in range(count):
        row = AuditRecord(
            number=link.number + 1,
            at=at + n * step,
            click=uuid.UUID(int=n),
            **{
                "action": "tests.done",
                "actor": f"person{n % 7}",
                "actor_name": f"人员{n % 7}",
                "post": "某处 经办",
                "organisation": "js-drc",
                "object_kind": "thing",
                "object_key": str(n % 1000),
                "object_label": f"物{n}",
                "before": {"n": n, "名称": "旧"},
                "after": {"n": n + 1, "名称": "新"},
                "reason": "例行",
                "address": "10.0.0.1",
            }
            | given,
            previous_hash=link.hash,
        )
        row.hash = digest(link.hash, row.content())
        link = Link(row.number, row.hash)
        ledger = ledger or row.hash
        rows.append(row)
        if len(rows) == batch:
            AuditRecord.objects.bulk_create(rows)
            rows = []
    AuditRecord.objects.bulk_create(rows)
    AuditHead.objects.filter(id=1).update(number=link.number, hash=link.hash, ledger=ledger)


def start_anew() -> None:
    """Empty the log, for tests that count from 1. Only inside a test's transaction."""
    AuditRecord.objects.all().delete()
    AuditHead.objects.update_or_create(
        id=1, defaults={"number": 0, "hash": GENESIS, "ledger": "", "anchor_lines": 0, "anchor_hash": ""}
    )


def rehash(first: int, last: int) -> None:
    """Recompute the chain from one record to another, as somebody with the database in hand could."""
    previous = AuditRecord.objects.get(number=first - 1).hash if first > 1 else GENESIS
    for row in AuditRecord.objects.filter(number__range=(first, last)).order_by("number"):
        row.previous_hash = previous
        row.hash = digest(previous, row.content())
        AuditRecord.objects.filter(number=row.number).update(previous_hash=row.previous_hash, hash=row.hash)
        previous = row.hash
    AuditHead.objects.filter(id=1).update(number=last, hash=previous)
