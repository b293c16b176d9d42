"""Kill -9 while a register is loaded and identified: what is in force is the version before or after, never between."""

import json
import signal

import pytest

from tests.domains.enterprises.registers.conftest import BATTERY, FIRST, as_csv, row
from tests.domains.oversight.places import HERE, Place

SECOND = [row(1, "甲示例氢能科技有限公司"), row(6, "己示例电池有限公司", BATTERY)]
LOAD = """
import datetime as dt, os, signal
from pathlib import Path
from django.db import connection
from xiandao.domains.enterprises.actions import registers, runs
from xiandao.domains.orgs.viewer import system
ends, seen = {kill}, 0
def count(execute, sql, params, many, context):
    global seen
    seen += 1
    if ends and seen == ends:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(count):
    about = registers.About("示例名录", dt.date(2026, 6, 30))
    registers.load_register(system("tests"), path=Path("{path}"), about=about)
    runs.start_run(system("tests"), at_once=True)
print(seen)
"""
PREPARE = """
from django.core.management import call_command
from xiandao.domains.orgs.actions import load_pack
from xiandao.domains.orgs.viewer import system
from xiandao.packs import load_pack as read, packs_dir
call_command("migrate", verbosity=0)
load_pack(system("tests"), pack=read(packs_dir() / "jiangsu_2024_2026"))
"""
TELL = """
import json
from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.actions import registers, runs
from xiandao.domains.enterprises.models import *
from xiandao.domains.orgs.viewer import system
registers.fail_interrupted(system("tests")), runs.fail_interrupted(system("tests"))
current = RegisterVersion.objects.for_system("t").get(state="current")
run = Run.objects.for_system("t").get(state="current")
firms = Enterprise.objects.for_system("t").order_by("key")
print(json.dumps({
    "register": current.number, "run": run.register.number, "file": lake.register_file(current).is_file(),
    "firms": list(firms.values_list("name", "gone_in__number")),
    "results": Classification.objects.for_system("t").filter(run=run).count(),
    "half": Classification.objects.for_system("t").exclude(run__state__in=("current", "superseded")).count(),
    "busy": RegisterVersion.objects.for_system("t").filter(state__in=("checking", "loading")).count(),
}))
"""
BEFORE = {
    "register": 1,
    "run": 1,
    "file": True,
    "firms": [["乙示例电池有限公司", None], ["甲示例氢能有限公司", None], ["丁示例氢能有限公司", None]],
    "results": 3,
    "half": 0,
    "busy": 0,
}
AFTER = {
    **BEFORE,
    "register": 2,
    "run": 2,
    "firms": [
        ["乙示例电池有限公司", 2],
        ["甲示例氢能科技有限公司", None],
        ["己示例电池有限公司", None],
        ["丁示例氢能有限公司", 2],
    ],
    "results": 2,
}
LOADED = {
    **AFTER,
    "run": 1,
    "firms": [firm for firm in AFTER["firms"] if firm[0] != "己示例电池有限公司"],
    "results": 3,
}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """An installation with a first register in force and identified, and the file of the second."""
    folder = tmp_path_factory.mktemp("kill-register")
    (folder / "1.csv").write_bytes(as_csv(FIRST))
    (folder / "2.csv").write_bytes(as_csv(SECOND))
    place = Place(folder / "data", HERE)
    place.python(PREPARE)
    place.python(LOAD.format(kill=0, path=folder / "1.csv"))
    return place, folder / "2.csv"


def told(place):
    found = json.loads(place.python(TELL))
    return {**found, "firms": sorted(found["firms"])}


def by_name(state):
    return {**state, "firms": sorted(state["firms"])}


def test_killed_at_any_moment_it_is_before_or_after(first, tmp_path):
    place, file = first
    assert told(place) == by_name(BEFORE)
    whole = place.copy(tmp_path / "whole")
    queries = int(whole.python(LOAD.format(kill=0, path=file)))
    assert told(whole) == by_name(AFTER)
    seen = []
    for part in (3, 6, 9):
        killed = place.copy(tmp_path / str(part))
        process = killed.start_python(LOAD.format(kill=queries * part // 10, path=file))
        assert process.wait(timeout=240) == -signal.SIGKILL
        process.stdout.close()
        state = told(killed)
        assert state in (by_name(BEFORE), by_name(LOADED), by_name(AFTER)), state
        seen.append(state["register"])
    assert seen[0] == 1
    killed.python(LOAD.format(kill=0, path=file))  # what broke off is done again
    assert {**told(killed), "register": 2, "run": 2}["results"] == 2
