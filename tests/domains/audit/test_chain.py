"""The audit log: linked, complete, and honest about the first record that was tampered with."""

import uuid

import pytest
from django.db import transaction

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.chain import GENESIS, digest, first_break
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.queries import verify
from xiandao.domains.audit.registry import RegisteredAction, register, registered
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db
TESTED = registered().get("tests.done") or register("tests.done", "测试")


def write(count: int) -> None:
    for n in range(count):
        with transaction.atomic():
            audit.record(system("t"), TESTED, kind="thing", key=str(n), label="物", before={"n": n}, after={"n": n + 1})


def test_records_are_numbered_without_gap_and_verify():
    write(3)
    numbers = list(AuditRecord.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert verify() is None


def test_an_altered_record_is_named():
    write(4)
    victim = AuditRecord.objects.order_by("-number")[2].number
    AuditRecord.objects.filter(number=victim).update(after={"n": 99})
    assert verify() == (victim, "altered")


def test_a_removed_record_is_named():
    write(4)
    victim = AuditRecord.objects.order_by("-number")[2].number
    AuditRecord.objects.filter(number=victim).delete()
    assert verify() == (victim, "removed")


def test_records_cut_off_at_the_end_are_noticed():
    write(3)
    last = AuditRecord.objects.order_by("-number").first().number
    AuditRecord.objects.filter(number=last).delete()
    assert verify() == (last, "removed")


def test_an_inserted_record_is_named():
    write(2)
    last = AuditRecord.objects.order_by("-number").first()
    last.pk = last.number + 1
    last.click = uuid.uuid4()
    last.hash = "f" * 64
    last.save(force_insert=True)
    assert verify() == (last.number, "inserted")


def test_an_unregistered_action_cannot_be_written():
    with pytest.raises(ValueError, match="未登记"), transaction.atomic():
        audit.record(system("t"), RegisteredAction("nobody.knows", "?"), kind="k", key="1", label="l")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_record_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError, match="同一事务"):
        audit.record(system("t"), TESTED, kind="k", key="1", label="l")


def test_a_failed_action_leaves_no_record():
    before = AuditHead.objects.get().number

    @transaction.atomic
    def action():
        audit.record(system("t"), TESTED, kind="k", key="1", label="l")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        action()
    assert AuditHead.objects.get().number == before
    assert verify() is None


def test_a_code_is_registered_once():
    with pytest.raises(ValueError, match="重复"):
        register("tests.done", "又一次")


def test_the_digest_does_not_depend_on_the_order_of_fields():
    assert digest(GENESIS, {"a": 1, "b": [2]}) == digest(GENESIS, {"b": [2], "a": 1})


def test_an_empty_log_has_no_break():
    assert first_break([]) is None
