"""Settings of the test suite: SQLite in memory, or the PostgreSQL of DATABASE_URL; tasks run at once."""

import tempfile
from pathlib import Path

from xiandao.config.settings.base import *  # noqa: F403 — settings modules extend one another by star import

DATA = Path(tempfile.gettempdir()) / "xiandao-test"
MEDIA_ROOT = DATA / "files"
AUDIT_ANCHOR = ""  # tests that need an anchor name a file of their own
AUDIT_ARCHIVES = str(DATA / "audit-archives")
LAKE = str(DATA / "lake")
SECRET_KEY = "for-tests-only-" + "x" * 50
DEMO_MODE = True
ALLOWED_HOSTS = ["*"]
# Argon2 is deliberately slow; the suite signs in hundreds of times. One test checks the real hasher.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
