"""Everything in one file and back: rows, files, audit anchor and archives, between SQLite and PostgreSQL alike."""

from xiandao.domains.oversight.backup.make import make_backup
from xiandao.domains.oversight.backup.manifest import BackupError, Manifest
from xiandao.domains.oversight.backup.restore import restore_backup

__all__ = ["BackupError", "Manifest", "make_backup", "restore_backup"]
