"""The secret key of a demonstration installation: made once, kept beside its data, readable by its owner."""

import os
import secrets
from pathlib import Path


def local_secret(data: Path) -> str:
    """Return the key kept in `data`, making it at the first call."""
    file = data / "secret.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text()
