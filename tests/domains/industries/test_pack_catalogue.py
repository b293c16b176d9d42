"""The catalogue of a pack in the database: the same content, the same engine catalogue, once and not twice."""

import dataclasses
import time

import pytest

from xiandao.domains.industries.actions.packed import load_catalogue
from xiandao.domains.industries.content import diff, faults
from xiandao.domains.industries.content.packed import content_of_pack
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion, Term
from xiandao.domains.industries.queries.catalogue import content_of, engine_catalogue, in_force, offered
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import system
from xiandao.packs.catalogue import engine_catalogue as of_pack

ALL = CatalogueVersion.objects.for_system("tests")


def with_version(pack, version, **changes):
    header = pack.catalogue_header.model_copy(update={"version": version, **changes})
    return dataclasses.replace(pack, catalogue_header=header)


def test_the_pack_is_in_force_and_sound(db, pack):
    version = in_force()
    assert version.code == "2026.1"
    assert version.origin == "pack"
    content = content_of(version)
    assert len(content.industries) == 15
    assert content.digest == version.digest == content_of_pack(pack).digest
    assert diff(content, content_of_pack(pack)) == []
    assert faults(content) == []


def test_the_engine_gets_the_very_catalogue_of_the_pack(db, pack):
    assert engine_catalogue(in_force()) == of_pack(pack)


def test_loading_again_makes_no_second_version(db, pack):
    before = ALL.count()
    load_catalogue(system("tests"), pack=pack)
    assert ALL.count() == before


def test_a_newer_pack_takes_over_from_a_pack(db, pack):
    old = in_force()
    newer = with_version(pack, "2026.2", traps=("无人机票务代理点",))
    load_catalogue(system("tests"), pack=newer)
    assert in_force().code == "2026.2"
    assert ALL.get(pk=old.pk).state == CatalogueState.SUPERSEDED
    assert ("", "无人机票务代理点") in content_of(in_force()).traps


def test_a_newer_pack_is_offered_beside_the_offices_own(db, pack):
    ALL.filter(pk=in_force().pk).update(origin="edited")
    load_catalogue(system("tests"), pack=with_version(pack, "2026.1", traps=("无人机票务代理点",)))
    assert in_force().origin == "edited"
    assert offered().code == "2026.1-p2"
    assert offered().state == CatalogueState.AVAILABLE


def test_a_pack_loaded_before_comes_into_force_again(db, pack):
    first = in_force()
    load_catalogue(system("tests"), pack=with_version(pack, "2026.2", traps=("无人机票务代理点",)))
    load_catalogue(system("tests"), pack=pack)
    assert in_force() == first
    assert ALL.filter(state=CatalogueState.SUPERSEDED).get().code == "2026.2"


def test_what_the_office_published_itself_is_not_offered_again(db, pack):
    ALL.filter(pk=in_force().pk).update(origin="edited")
    before = ALL.count()
    load_catalogue(system("tests"), pack=pack)
    assert (ALL.count(), offered()) == (before, None)


def test_only_the_system_loads(people, pack):
    with pytest.raises(Refused):
        load_catalogue(people("coordinator"), pack=pack)


def test_it_loads_fast(db, pack):
    started = time.process_time()
    load_catalogue(system("tests"), pack=with_version(pack, "2026.2", traps=("无人机票务代理点",)))
    assert time.process_time() - started < 2
    assert Term.objects.filter(version=in_force()).count() > 3000
