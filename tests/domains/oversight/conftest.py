"""Installations with something in them, for tests that run commands as processes."""

import pytest

from tests.domains.oversight.places import HERE, Place

SEED = """
import datetime as dt
from pathlib import Path
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from tests.domains.audit.support import write
from xiandao.cli.database import migrate
from xiandao.domains.audit import anchor
from xiandao.domains.orgs.actions import load_pack
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.viewer import system
from xiandao.packs import load_pack as read_pack
migrate()
load_pack(system("t"), pack=read_pack(Path(settings.PACK_DIRS[0]) / settings.PACK))
User.objects.create(username="one", name="甲").set_password("x")
write(3, before={"sum": 1e22, "名": "旧", "at": dt.datetime(2026, 5, 1, 8, 30, 0, 123456, dt.timezone.utc)})
top = Path(settings.MEDIA_ROOT)
for name, data in {"ab/abcd": b"one", "cd/名称.txt": "二".encode(), "big": b"x" * 3_000_000}.items():
    (top / name).parent.mkdir(parents=True, exist_ok=True)
    (top / name).write_bytes(data)
store = SessionStore()
store["secret"] = "in-the-session"
store.save()
anchor.flush()
"""


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """Return a function that gives an installation with a loaded pack and people, made once for each database."""
    made = {}

    def give(kind):
        if kind not in made:
            made[kind] = Place(tmp_path_factory.mktemp(f"seeded-{kind}") / "data", kind)
            made[kind].python(SEED)
        return made[kind]

    return give


@pytest.fixture
def there(tmp_path, seeded):
    """An installation in use, to restore into."""
    return seeded(HERE).copy(tmp_path / "there")
