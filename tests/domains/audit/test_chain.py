"""The chain itself: linked, complete, and honest about the first record that does not fit."""

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.domains.audit.support import TESTED, head, last_number, write
from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.chain import GENESIS, START, Break, Link, Sealed, Walk, digest, first_break
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.queries import verify
from xiandao.domains.audit.registry import RegisteredAction, action_label, kind_label, name_kind, register
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db


def chained(contents, after=START) -> list[Sealed]:
    """Return records with these contents, numbered and linked."""
    made, link = [], after
    for content in contents:
        record = Sealed(link.number + 1, link.hash, content, digest(link.hash, content))
        link = Link(record.number, record.hash)
        made.append(record)
    return made


def test_records_are_numbered_without_gap_and_verify():
    write(3)
    numbers = list(AuditRecord.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert verify() is None


def test_the_digest_is_that_of_the_handbook():
    # sha256 of 64 zeros, a line feed and {"a":"甲","b":[1]}, computed with coreutils.
    assert digest(GENESIS, {"b": [1], "a": "甲"}) == "d05d5f72c7d6910d22480eccdd93c55a80b71ef66709e4310a017be5d2c739e8"


def test_the_digest_does_not_depend_on_the_order_of_fields():
    assert digest(GENESIS, {"a": 1, "b": [2]}) == digest(GENESIS, {"b": [2], "a": 1})


def test_an_empty_log_has_no_break():
    assert first_break([]) is None


def test_a_chain_may_go_on_from_a_link():
    later = chained([{"n": 1}, {"n": 2}], after=Link(40, "f" * 64))
    assert first_break(later, Link(40, "f" * 64)) is None
    assert first_break(later) == (1, Break.REMOVED)


def test_a_record_altered_and_hashed_anew_is_named_though_the_next_one_shows_it():
    records = chained([{"n": n} for n in range(5)])
    altered = {"n": 99}
    records[2] = records[2]._replace(content=altered, hash=digest(records[2].previous, altered))
    assert first_break(records) == (3, Break.ALTERED)


def test_a_record_whose_link_alone_was_changed_is_named_itself():
    records = chained([{"n": n} for n in range(5)])
    records[2] = records[2]._replace(previous="0" * 64)
    assert first_break(records) == (3, Break.INSERTED)


def test_a_record_given_twice_is_an_insertion():
    records = chained([{"n": n} for n in range(3)])
    assert first_break([*records[:2], records[1], records[2]]) == (3, Break.INSERTED)


def test_a_walk_stays_where_it_broke():
    records = chained([{"n": n} for n in range(3)])
    walk = Walk()
    assert walk.step(records[0]) is None
    assert walk.step(records[2]) == (2, Break.REMOVED)
    assert walk.link == Link(1, records[0].hash)


def test_an_unregistered_action_cannot_be_written():
    with pytest.raises(ValueError, match="未登记"), transaction.atomic():
        audit.record(system("t"), RegisteredAction("nobody.knows", "?"), kind="k", key="1", label="l")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_record_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError, match="同一事务"):
        audit.record(system("t"), TESTED, kind="k", key="1", label="l")


def test_a_failed_action_leaves_no_record():
    before = last_number()

    @transaction.atomic
    def action():
        audit.record(system("t"), TESTED, kind="k", key="1", label="l")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        action()
    assert last_number() == before
    assert verify() is None


def test_a_record_takes_three_queries():
    write()
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        audit.record(system("t"), TESTED, kind="k", key="1", label="l", before={"a": 1}, after={"a": 2})
    assert [query["sql"].split()[0] for query in captured] == ["SELECT", "INSERT", "UPDATE"]


def test_a_database_without_a_head_gets_one():
    AuditRecord.objects.all().delete()
    AuditHead.objects.all().delete()
    assert write().number == 1
    assert head().ledger == AuditRecord.objects.get(number=1).hash
    assert verify() is None


def test_the_ledger_is_the_hash_of_record_1_and_stays():
    first = AuditRecord.objects.get(number=1).hash
    write(2)
    assert head().ledger == first


def test_a_code_is_registered_once():
    with pytest.raises(ValueError, match="重复"):
        register("tests.done", "又一次")


def test_labels_of_actions_and_kinds_fall_back_to_their_codes():
    assert (action_label("tests.done"), action_label("gone.action")) == ("测试动作", "gone.action")
    assert (kind_label("plan"), kind_label("ship")) == ("方案", "ship")
    name_kind("tests.thing", "试物")
    assert kind_label("tests.thing") == "试物"
    with pytest.raises(ValueError, match="另有名称"):
        name_kind("tests.thing", "别的")


def test_one_click_is_one_id():
    who = system("t")
    write(2, actor=who)
    assert set(AuditRecord.objects.order_by("-number").values_list("click", flat=True)[:2]) == {who.click}
    assert isinstance(who.click, uuid.UUID)
