"""The invented entries: marked, of every kind and several states, removed with what they counted."""

import pytest

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.ledger.actions import Holder
from xiandao.domains.ledger.demo import fill_demo, remove_demo
from xiandao.domains.ledger.models import Entry
from xiandao.domains.orgs.actions import remove_demo_people
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.progress.models import Result

ROBOT = system("tests")


def test_filled_once_and_marked(now):
    made = fill_demo(ROBOT, now=now)
    rows = Entry.objects.for_system("tests").all()
    assert made == {"entries": rows.count()}
    assert rows.count() >= 18
    assert all(row.is_demo and "（演示）" in row.name for row in rows)
    assert {"listed", "rectifying", "removed"} == set(rows.values_list("state", flat=True))
    with pytest.raises(Conflict):
        fill_demo(ROBOT, now=now)


def test_removed_with_their_results_and_nothing_else(entered, now, people):
    real = entered(is_demo=False)
    fill_demo(ROBOT, now=now)
    assert Result.objects.for_system("tests").count() > 1
    remove_demo(ROBOT)
    assert Entry.objects.for_system("tests").get().pk == real.pk
    assert Result.objects.for_system("tests").get().pk == real.result_id
    assert remove_demo(ROBOT) == 0
    with pytest.raises(Refused):
        remove_demo(people("coordinator"))
    with pytest.raises(Refused):
        fill_demo(people("coordinator"), now=now)


def test_a_real_entry_outlives_the_demonstration_firm_that_holds_it(entered):
    firm = Enterprise.objects.create(key="demo:x", name="演示企业（演示）", name_key="演示企业", is_demo=True)
    entry = entered(is_demo=False, holders=[Holder(firm.name, enterprise=firm.pk)])
    remove_demo_people(ROBOT)
    assert not Enterprise.objects.for_system("tests").filter(pk=firm.pk).exists()
    assert Entry.objects.for_system("tests").get(pk=entry.pk).holders.get().enterprise is None
