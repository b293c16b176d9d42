"""Killed hard in the middle of an action: all of it or nothing, and the chain stays whole."""

import signal

import pytest

MID_ACTION = """
import time
from django.db import transaction
from tests.domains.audit.support import write
from xiandao.domains.audit.models import AuditHead
from xiandao.domains.orgs.models import User
print(AuditHead.objects.get().number)
with transaction.atomic():
    User.objects.create(username="half", name="半")
    write(label="半途")
    print("written", flush=True)
    time.sleep(600)
"""
BUSY = """
from tests.domains.audit.support import write
while True:
    print(write(before={"x": "y" * 2000}).number, flush=True)
"""


def kill_after(process, lines):
    """Kill a process hard when it has printed so many lines; return the last one."""
    last = ""
    for _ in range(lines):
        last = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    return last.strip()


def assert_whole(place):
    """What the kill left unanchored is caught up as at every start, then the log verifies."""
    anchored = place.run("audit", "anchor")
    assert anchored.returncode == 0, anchored.stderr
    verified = place.run("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_an_action_killed_before_its_commit_leaves_neither_change_nor_record(there):
    before = there.raw()
    assert kill_after(there.start_python(MID_ACTION), 2) == "written"
    assert there.raw() == before
    assert_whole(there)


@pytest.mark.parametrize("lines", [1, 25])
def test_a_busy_process_killed_at_any_moment_leaves_whole_actions(there, lines):
    process = there.start_python(BUSY)
    number = int(kill_after(process, lines))
    there.python(
        "from xiandao.domains.audit.models import AuditHead, AuditRecord;"
        f"assert AuditHead.objects.get().number >= {number};"
        "assert AuditHead.objects.get().number == AuditRecord.objects.count()"
    )
    assert_whole(there)
