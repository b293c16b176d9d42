"""Verifying the audit log: its chain through archives and database, its head, and the anchor outside."""

from xiandao.domains.audit.verify.report import Fault, Report, What
from xiandao.domains.audit.verify.walk import verify

__all__ = ["Fault", "Report", "What", "verify"]
