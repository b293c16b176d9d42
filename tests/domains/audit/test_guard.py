"""The database itself refuses to alter or delete what the log holds."""

import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from tests.domains.audit.support import head, write
from xiandao.domains.audit import guard
from xiandao.domains.audit.models import AuditArchive, AuditHead, AuditRecord
from xiandao.domains.audit.queries import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def guarded(db):
    write(3)
    guard.install(connection)


def refused(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrecord SET reason = 'x' WHERE number = 1",
        "UPDATE audit_auditrecord SET number = number + 100000",
        "DELETE FROM audit_auditrecord WHERE number = 1",
        "DELETE FROM audit_auditrecord",
        "UPDATE audit_audithead SET number = number - 1",
        "UPDATE audit_audithead SET hash = 'x'",
        "UPDATE audit_audithead SET number = number + 2",
        "DELETE FROM audit_audithead",
    ],
)
def test_a_statement_against_the_log_is_refused(guarded, statement):
    before = (AuditRecord.objects.count(), head().number, head().hash)
    refused(statement)
    assert (AuditRecord.objects.count(), head().number, head().hash) == before
    assert verify() is None


def test_a_whole_table_cannot_be_emptied_at_once(guarded):
    if connection.vendor == "postgresql":
        for table in ("audit_auditrecord", "audit_audithead", "audit_auditarchive"):
            refused(f"TRUNCATE {table}")
    else:  # SQLite has no such statement: a DELETE without a condition asks the triggers row by row
        refused("DELETE FROM audit_auditrecord")


def test_actions_go_on_writing(guarded):
    number = head().number
    write(2)
    assert head().number == number + 2
    assert verify() is None


def test_only_what_a_seal_covers_may_go_and_the_seal_stays(guarded):
    now = AuditRecord.objects.get(number=1).at
    AuditArchive.objects.create(
        first=1, last=1, first_at=now, last_at=now, last_hash="x", file="f", sha256="s", archived_at=now
    )
    assert AuditRecord.objects.filter(number=1).delete()[0] == 1
    refused("DELETE FROM audit_auditrecord WHERE number = 2")
    refused("DELETE FROM audit_auditarchive")
    refused("UPDATE audit_auditarchive SET last = 100000")


def test_missing_triggers_are_named(guarded):
    assert guard.missing(connection) == []
    guard.remove(connection)
    assert "audit_record_update" in guard.missing(connection)
    assert AuditHead.objects.filter(id=1).update(hash="x") == 1


def test_a_database_just_migrated_is_guarded(tmp_path):
    """Whatever later migrations do to the tables, the triggers must be there at the end."""
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    environment["XIANDAO_DATA"] = str(tmp_path)
    code = (
        "from xiandao.cli.database import start_django, migrate; start_django(); migrate();"
        "from django.db import connection; from xiandao.domains.audit import guard; print(guard.missing(connection))"
    )
    made = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (made.stdout, made.returncode) == ("[]\n", 0), made.stderr
