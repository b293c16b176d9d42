"""Writing to the audit log: the last step of every action, in that action's transaction."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from xiandao.domains.audit.chain import GENESIS, digest
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.registry import RegisteredAction, registered


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


def _plain(value: Any) -> Any:
    """Return `value` as JSON keeps it, so that what is hashed now equals what is read later."""
    return None if value is None else json.loads(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False))


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
    """Append one record to the chain and return it.

    Must be called inside the action's own transaction: the record and the change stand or fall
    together. `before` and `after` are anything JSON can hold, plus dates and Decimals.
    Raises ValueError for an unregistered action, TransactionManagementError outside a transaction.
    """
    if registered().get(action.code) is not action:
        raise ValueError(f"审计动作 {action.code} 未登记")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("审计记录必须与变更写在同一事务中")
    AuditHead.objects.get_or_create(id=1, defaults={"number": 0, "hash": GENESIS})
    head = AuditHead.objects.select_for_update().get(id=1)
    row = AuditRecord(
        number=head.number + 1,
        at=datetime.now(UTC),
        click=actor.click,
        action=action.code,
        actor=actor.account,
        actor_name=actor.name,
        post=actor.post_label,
        organisation=actor.organisation_code,
        object_kind=kind,
        object_key=str(key),
        object_label=label[:300],
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        address=actor.address,
        previous_hash=head.hash,
    )
    row.hash = digest(head.hash, row.content())
    row.save(force_insert=True)
    AuditHead.objects.filter(id=1).update(number=row.number, hash=row.hash)
    return row
