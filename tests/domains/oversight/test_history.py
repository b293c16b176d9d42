"""The history other pages include: newest first, without before and after, honest when it is long."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from tests.domains.audit.support import write
from xiandao.domains.audit.queries import history

pytestmark = pytest.mark.django_db


def shown(viewer) -> str:
    return render_to_string("audit/_history.html", {"history": history(kind="h", key="1"), "viewer": viewer})


def test_who_when_what_and_why_newest_first(people):
    write(kind="h", key="1", reason="先")
    write(kind="h", key="1", reason="<后>", actor=people("department"))
    write(kind="h", key="2", reason="别的")
    page = shown(people("coordinator"))
    assert page.index("&lt;后&gt;") < page.index("先")
    assert "陈牵头（演示）" in page
    assert "测试动作" in page
    assert "别的" not in page
    assert "/audit/" not in page


def test_auditors_are_led_to_the_record(people):
    number = write(kind="h", key="1").number
    assert f'href="/audit/{number}/"' in shown(people("auditor"))


def test_a_long_history_loads_the_newest_fifty_and_says_so(people):
    write(60, kind="h", key="1")
    with CaptureQueriesContext(connection) as captured:
        page = shown(people("auditor"))
    assert page.count("<li>") == 50
    assert "共 60 条，这里列出最近 50 条" in page
    assert "?kind=h&amp;key=1" in page
    assert not any('"after"' in query["sql"] for query in captured)


def test_no_history_says_so(people):
    assert "还没有记录" in shown(people("coordinator"))
