"""Writing to the audit log: the last step of every action, in that action's transaction."""

import uuid
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import transaction

from xiandao.domains.audit import anchor, plain
from xiandao.domains.audit.chain import GENESIS, digest
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.registry import RegisteredAction, registered

_LENGTHS = {field.name: getattr(field, "max_length", None) for field in AuditRecord._meta.get_fields()}  # noqa: SLF001 — Django's way to ask a model for its fields


class Actor(Protocol):
    """Who acts: what the log needs to know of a person in a post."""

    @property
    def account(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def post_label(self) -> str: ...
    @property
    def organisation_code(self) -> str: ...
    @property
    def address(self) -> str | None: ...
    @property
    def click(self) -> uuid.UUID: ...


def _fit(field: str, value: str) -> str:
    """Return a text that fits its column on every database."""
    return plain.text(value, _LENGTHS[field])


def record(
    actor: Actor,
    action: RegisteredAction,
    *,
    kind: str,
    key: str,
    label: str,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> AuditRecord:
    """Append one record to the chain and return it. Three queries: lock the head, add the record, move the head.

    Must be called inside the action's own transaction: the record and the change stand or fall
    together. `before` and `after` are anything JSON can hold, plus dates and Decimals.
    Raises ValueError for an unregistered action and for NaN, TransactionManagementError outside a transaction.
    """
    if registered().get(action.code) is not action:
        raise ValueError(f"审计动作 {action.code} 未登记")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("审计记录必须与变更写在同一事务中")
    row = AuditRecord(
        click=actor.click,
        action=action.code,
        actor=_fit("actor", actor.account),
        actor_name=_fit("actor_name", actor.name),
        post=_fit("post", actor.post_label),
        organisation=_fit("organisation", actor.organisation_code),
        object_kind=_fit("object_kind", kind),
        object_key=_fit("object_key", str(key)),
        object_label=_fit("object_label", label),
        before=plain.content(before),
        after=plain.content(after),
        reason=plain.text(reason),
        address=plain.address(actor.address),
    )
    head = _lock()
    row.number = head.number + 1
    row.at = datetime.now(UTC)
    row.previous_hash = head.hash
    row.hash = digest(head.hash, row.content())
    row.save(force_insert=True)
    ledger = head.ledger or row.hash
    mark = anchor.last_mark()
    changes: dict[str, Any] = {"number": row.number, "hash": row.hash, "ledger": ledger}
    if mark is not None and mark.ledger == ledger:
        changes |= {"anchor_lines": mark.line, "anchor_hash": mark.sum}
    AuditHead.objects.filter(id=1).update(**changes)
    anchor.write_after_commit(number=row.number, hash=row.hash, at=row.at, ledger=ledger)
    return row


def _lock() -> AuditHead:
    """Return the head, locked until the transaction ends; an empty database gets one."""
    head = AuditHead.objects.select_for_update().filter(id=1).first()
    if head is None:
        AuditHead.objects.get_or_create(id=1, defaults={"number": 0, "hash": GENESIS})
        head = AuditHead.objects.select_for_update().get(id=1)
    return head
