"""What can be done with the audit log besides reading it: verify, export, archive. Each is recorded in it."""

from xiandao.domains.oversight.actions.archiving import Archived, archive
from xiandao.domains.oversight.actions.checks import STALE, finish_check, start_check
from xiandao.domains.oversight.actions.exporting import TooManyRows, export

__all__ = ["STALE", "Archived", "TooManyRows", "archive", "export", "finish_check", "start_check"]
