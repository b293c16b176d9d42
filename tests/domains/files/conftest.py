"""Every test has a storage of its own and a kind of holder."""

import io

import pytest

from tests.domains.files.samples import BOX, PDF
from xiandao.domains.files import registry
from xiandao.domains.files.actions import attach


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def _box(monkeypatch):
    monkeypatch.setitem(registry._kinds, BOX.code, BOX)


@pytest.fixture
def me(people):
    return people("city")


@pytest.fixture
def put(me):
    """Return a function that attaches a file to a box of the city's clerk."""

    def put(content=PDF, name="进展.pdf", key="open-city", who=me, **more):
        return attach(who, holder_kind=BOX.code, holder_key=key, name=name, content=io.BytesIO(content), **more)

    return put
