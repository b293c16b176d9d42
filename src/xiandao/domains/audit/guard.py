"""Triggers that keep the log append-only in the database itself, on SQLite and PostgreSQL.

A record may be deleted only when a sealed archive covers it; the head moves by one record at a time; archives stay.
"""

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

_ONLY_ADD: Final = "audit records are only ever added"
_ONLY_ARCHIVED: Final = "audit records are deleted only after they were archived"
_ONLY_FORWARD: Final = "the audit head only moves forward by one"
_ONLY_SEALED: Final = "audit archives are only ever added"

# Name, event, table, condition under which it is refused, words.
_RULES: Final = (
    ("audit_record_update", "UPDATE", "audit_auditrecord", "1 = 1", _ONLY_ADD),
    (
        "audit_record_delete",
        "DELETE",
        "audit_auditrecord",
        "OLD.number > coalesce((SELECT max(last) FROM audit_auditarchive), 0)",
        _ONLY_ARCHIVED,
    ),
    (
        "audit_head_update",
        "UPDATE",
        "audit_audithead",
        "NEW.id <> OLD.id OR NEW.number <> OLD.number + 1",
        _ONLY_FORWARD,
    ),
    ("audit_head_delete", "DELETE", "audit_audithead", "1 = 1", _ONLY_FORWARD),
    ("audit_archive_update", "UPDATE", "audit_auditarchive", "1 = 1", _ONLY_SEALED),
    ("audit_archive_delete", "DELETE", "audit_auditarchive", "1 = 1", _ONLY_SEALED),
)
_TABLES: Final = {"audit_auditrecord": _ONLY_ADD, "audit_audithead": _ONLY_FORWARD, "audit_auditarchive": _ONLY_SEALED}


def _sqlite() -> list[str]:
    return [
        (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
        for name, event, table, condition, words in _RULES
    ]


def _postgresql() -> list[str]:
    refuse = "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'"
    made = [f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$"]
    for name, event, table, condition, words in _RULES:
        kept = "OLD" if event == "DELETE" else "NEW"
        raised = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation'"
        refusal = f"IF {condition} THEN {raised}; END IF; RETURN {kept};"
        made += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal} END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    made += [
        (
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{words}')"
        )
        for table, words in _TABLES.items()
    ]
    return made


def _names(vendor: str) -> list[tuple[str, str]]:
    """Return (trigger, table) of all triggers."""
    names = [(name, table) for name, _event, table, _condition, _words in _RULES]
    return names + ([(f"{table}_truncate", table) for table in _TABLES] if vendor == "postgresql" else [])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for a restore, inside its transaction, and for tests that empty tables."""
    with connection.cursor() as cursor:
        for name, table in _names(connection.vendor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, whatever was there before."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that are not in place or are switched off."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [name for name, _table in _names(connection.vendor) if name not in there]


def install_in_migration(_apps: Any, schema_editor: Any) -> None:
    """Install the triggers as a migration's step."""
    install(schema_editor.connection)


def remove_in_migration(_apps: Any, schema_editor: Any) -> None:
    """Take the triggers away when a migration is undone."""
    remove(schema_editor.connection)
