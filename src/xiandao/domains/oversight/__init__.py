"""Watching over the record: the auditors' pages, exports, verification, archives, backup and restore."""
