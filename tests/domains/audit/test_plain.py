"""What is hashed when it is written is what either database gives back."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domains.audit.support import head, write
from xiandao.domains.audit import plain
from xiandao.domains.audit.chain import digest
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.audit.queries import verify
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_awkward_values_come_back_as_they_were_hashed():
    write(
        before={
            "big": 1e22,
            "huge": 1e300,
            "small": 5e-324,
            "minus": -0.0,
            "whole": 3.0,
            "long": 10**40,
            "sum": Decimal("1.10"),
            "day": dt.date(2026, 5, 1),
            "nul": "a\x00b",
            "half": "\ud800x",
            2: [None, True, {"z": 1, "a": 2}],
        },
        after=[],
        reason="行一\x00\n行二",
        label="\ud83d" + "长" * 400,
        key="钥" * 200,
    )
    row = AuditRecord.objects.get(number=head().number)
    assert digest(row.previous_hash, row.content()) == row.hash
    assert verify() is None
    assert row.before["nul"] == "a\ufffdb"
    assert row.before["big"] == 10**22
    assert row.before["sum"] == "1.10"
    assert (len(row.object_label), len(row.object_key)) == (300, 120)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(before=JSON, after=JSON)
def test_any_json_verifies_after_a_round_through_the_database(before, after):
    write(before=before, after=after)
    row = AuditRecord.objects.get(number=head().number)
    assert digest(row.previous_hash, row.content()) == row.hash


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1, {"a": float("-inf")}]])
def test_what_is_no_number_is_refused(value):
    before = head().number
    with pytest.raises(ValueError, match=r".+"):
        write(after=value)
    assert head().number == before


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:DB8::0001", "2001:db8::1"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        (None, None),
        ("unix:", None),
    ],
)
def test_an_address_has_one_spelling(given_address, kept):
    write(actor=replace(system("t"), address=given_address))
    row = AuditRecord.objects.get(number=head().number)
    assert plain.address(row.address) == kept
    assert verify() is None


def test_a_post_longer_than_its_column_is_cut_before_it_is_hashed():
    write(actor=replace(system("t"), post_label="某" * 500, name="名" * 300))
    row = AuditRecord.objects.get(number=head().number)
    assert (len(row.post), len(row.actor_name)) == (200, 100)
    assert verify() is None
