"""Fixtures every test may use: the real pack loaded once a session; each test works on it and is rolled back."""

import gc

import pytest
from django.db import connection
from django.test import Client

from xiandao.domains.audit import guard
from xiandao.domains.orgs.actions import ensure_demo_people, load_pack
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.session import FACTOR_KEY
from xiandao.domains.orgs.viewer import PUBLIC, system
from xiandao.packs import load_pack as read_pack
from xiandao.packs import packs_dir

PACK = packs_dir() / "jiangsu_2024_2026"


@pytest.fixture(scope="session")
def pack():
    return read_pack(PACK)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    # Before the tables are made: migrating builds models by the thousand, and looking for garbage doubles its time.
    gc.disable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pack):
    gc.enable()
    with django_db_blocker.unblock():
        # Tests with transactions of their own empty all tables; tests/domains/audit/test_guard.py puts the guard back.
        guard.remove(connection)
        load_pack(system("tests"), pack=pack)
        ensure_demo_people(system("tests"))


@pytest.fixture
def public():
    return PUBLIC


@pytest.fixture
def people(db):
    """Return a function that gives the viewer of a demonstration account."""
    return lambda account: viewer_of(User.objects.get(username=account))


@pytest.fixture
def client_of(db):
    """Return a function that gives a browser signed in as an account; the public without one.

    The session counts as one that showed a second factor, as administrators need; `factor=False` leaves that out.
    """

    def make(account: str = "", *, factor: bool = True) -> Client:
        client = Client()
        if account:
            client.force_login(User.objects.get(username=account))
            session = client.session
            session[FACTOR_KEY] = factor
            session.save()
        return client

    return make


@pytest.fixture(autouse=True)
def _no_colours(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
