"""The auditors' pages: who sees them, what the list finds, page by page, without loading what is heavy."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.audit.support import fill, last_number, start_anew, write
from xiandao.domains.audit.models import AuditCheck, AuditRecord
from xiandao.domains.oversight import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client_of):
    return client_of("auditor")


def body(response) -> str:
    return response.content.decode()


def numbers(response) -> list[int]:
    """Return the record numbers a list shows, in order."""
    return [int(n) for n in re.findall(r'class="number"[^>]*><a href="/audit/(\d+)/"', body(response))]


@pytest.mark.parametrize("account", ["", "coordinator", "city", "system", "security", "expert"])
def test_the_log_does_not_exist_for_others(client_of, account):
    number = write().number
    for url in ("/audit/", f"/audit/{number}/", "/audit/checks/"):
        assert client_of(account).get(url).status_code == 404


def test_an_auditor_finds_the_log_in_the_navigation_and_others_do_not(client_of):
    assert 'href="/audit/"' in body(client_of("auditor").get("/"))
    assert 'href="/audit/"' not in body(client_of("coordinator").get("/"))


def test_newest_first_and_the_last_page_comes_to_record_1(auditor):
    start_anew()
    fill(120)
    first = auditor.get("/audit/")
    assert numbers(first) == list(range(120, 70, -1))
    link = re.search(r'href="(\?after=[^"]+)">更早的', body(first))[1]
    second = auditor.get(f"/audit/{link}")
    assert numbers(second) == list(range(70, 20, -1))
    link = re.search(r'href="(\?after=[^"]+)">更早的', body(second))[1]
    third = auditor.get(f"/audit/{link}")
    assert numbers(third) == list(range(20, 0, -1))
    assert "更早的" not in body(third)
    assert "回到最新" in body(third)


def test_records_of_the_same_moment_are_neither_lost_nor_repeated(auditor):
    start_anew()
    fill(130, step=dt.timedelta())
    seen, url = [], "/audit/"
    while url:
        page = auditor.get(url)
        seen += numbers(page)
        link = re.search(r'href="(\?after=[^"]+)">更早的', body(page))
        url = link and f"/audit/{link[1]}"
    assert seen == list(range(130, 0, -1))


def test_a_record_written_meanwhile_does_not_shift_the_next_page(auditor):
    start_anew()
    fill(60)
    link = re.search(r'href="(\?after=[^"]+)">更早的', body(auditor.get("/audit/")))[1]
    write(5)
    assert numbers(auditor.get(f"/audit/{link}")) == list(range(10, 0, -1))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=南通", ["丙"]),
        ("words=南通 港区", ["丙"]),
        ("words=南通 无此", []),
        ("words=因故更正", ["乙"]),
        ("words=沈审计", ["甲"]),
        ("action=tests.done", ["丁", "丙", "乙", "甲"]),
        ("action=orgs.signed_in", []),
        ("actor=auditor", ["甲"]),
        ("actor=沈审计（演示）", ["甲"]),
        ("actor=nobody", []),
        ("organisation=js-drc", ["甲"]),
        ("organisation=省发展改革委", ["甲"]),
        ("kind=thing&key=k2", ["乙"]),
        ("kind=ship", ["丁"]),
        ("click=00000000-0000-0000-0000-0000000000aa", []),
    ],
)
def test_filters(auditor, people, query, found):
    start_anew()
    write(actor=people("auditor"), key="k1", label="甲")
    write(key="k2", label="乙", reason="因故更正")
    write(key="k3", label="丙：南通港区", reason="例行")
    write(kind="ship", key="k3", label="丁")
    labels = re.findall(r'class="audit-kind">[^<]*</span> (\S)', body(auditor.get(f"/audit/?{query}")))
    assert labels == found


def test_dates_include_the_last_day_in_local_time(auditor):
    start_anew()
    # 2024-03-01 15:59:59 UTC is the last second of that day in Shanghai.
    fill(2, start=dt.datetime(2024, 3, 1, 15, 59, 59, tzinfo=dt.UTC))
    assert numbers(auditor.get("/audit/?since=2024-03-01&until=2024-03-01")) == [1]
    assert numbers(auditor.get("/audit/?since=2024-03-02")) == [2]


def test_one_click_is_found_by_its_id(auditor, people):
    who = people("coordinator")
    write(3, actor=who)
    write(1)
    assert len(numbers(auditor.get(f"/audit/?click={who.click}"))) == 3


@pytest.mark.parametrize("query", ["since=昨天", "click=1", "action=nothing", "since=2024-03-02&until=2024-03-01"])
def test_what_cannot_be_read_is_said_beside_the_field_and_kept(auditor, query):
    write(2)
    page = auditor.get(f"/audit/?{query}&words=物")
    assert page.status_code == 200
    assert "invalid-feedback" in body(page)
    assert 'value="物"' in body(page)
    assert numbers(page) == []


@pytest.mark.parametrize("cursor", ["x", "1-", "-1", "1-2-3", "9" * 39, "9" * 30 + "-1", "١-١"])
def test_a_spoiled_page_link_shows_a_page(auditor, cursor):
    write(2)
    assert auditor.get("/audit/", {"after": cursor}).status_code == 200


def test_words_are_looked_for_a_stretch_at_a_time_and_the_page_says_how_far(auditor, monkeypatch):
    monkeypatch.setattr(queries, "SCAN", 100)
    start_anew()
    fill(1, object_label="沉船")
    fill(250, start=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    seen, url, pages = [], "/audit/?words=沉船", 0
    while url:
        page = auditor.get(url)
        pages += 1
        seen += numbers(page)
        link = re.search(r'href="(\?[^"]+)">继续往前查', body(page))
        assert ("为止，更早的还没有查" in body(page)) == bool(link)
        url = link and f"/audit/{link[1].replace('&amp;', '&')}"
    assert (seen, pages) == ([1], 3)


def test_the_number_of_queries_does_not_grow_with_the_rows_and_the_list_loads_nothing_heavy(auditor):
    start_anew()
    counts = {}
    for rows in (1, 3, 1000):
        fill(rows - last_number())
        with CaptureQueriesContext(connection) as captured:
            assert len(numbers(auditor.get("/audit/"))) == min(rows, 50)
        counts[rows] = len(captured)
        assert not any('"before"' in query["sql"] or '"after"' in query["sql"] for query in captured)
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 10


def test_a_record_is_shown_whole_with_changes_marked_and_its_click(auditor, people):
    who = people("department")
    write(
        actor=who,
        kind="plan",
        key="p",
        label="某方案",
        before={"state": "draft", "sum": 3},
        after={"state": "open", "sum": 3},
        reason="<b>到期</b>",
    )
    other = write(actor=who, label="另一条")
    page = body(auditor.get(f"/audit/{other.number - 1}/"))
    assert "<del>draft</del>" in page
    assert "<ins>open</ins>" in page
    assert page.count('class="is-changed"') == 1
    assert f"/audit/{other.number}/" in page
    assert "另一条" in page
    assert "&lt;b&gt;到期&lt;/b&gt;" in page
    assert who.post_label in page
    assert "?kind=plan&amp;key=p" in page


def test_what_was_made_anew_is_shown_without_marks(auditor):
    number = write(before=None, after={"state": "open"}).number
    page = body(auditor.get(f"/audit/{number}/"))
    assert "以下是写入的全部" in page
    assert "is-changed" not in page


def test_a_record_that_never_was_is_not_found(auditor):
    assert auditor.get(f"/audit/{last_number() + 1}/").status_code == 404
    assert auditor.get("/audit/99999999999999999999/").status_code == 404


def test_a_click_of_many_records_leads_on_to_them(auditor, people):
    who = people("coordinator")
    last = write(52, actor=who)
    page = body(auditor.get(f"/audit/{last.number}/"))
    assert page.count("list-group-item") == 51  # fifty others and the way to all
    assert f"/audit/?click={who.click}" in page


def test_verifying_on_the_page_gives_the_outcome(auditor):
    write(2)
    page = auditor.post("/audit/checks/", follow=True)
    assert "审计日志完好" in body(page)
    check = AuditCheck.objects.get()
    assert (check.sound, check.asked_by) == (True, "沈审计（演示）")
    assert AuditRecord.objects.filter(action="audit.check_asked", object_key=str(check.pk)).count() == 1
    assert "完好" in body(auditor.get("/audit/checks/"))


def test_a_broken_log_is_named_on_the_page(auditor):
    victim = write(3).number - 1
    AuditRecord.objects.filter(number=victim).update(reason="改过")
    page = body(auditor.post("/audit/checks/", follow=True))
    assert f"第 {victim} 条记录内容被改动" in page
    assert "处理：" in page


def test_a_second_verification_waits_for_the_first(auditor):
    AuditCheck.objects.create(asked_at=dt.datetime.now(dt.UTC), asked_by="某人")
    page = auditor.post("/audit/checks/")
    assert page.status_code == 409
    assert "还没有结束" in body(page)
    assert AuditCheck.objects.count() == 1


def test_a_verification_that_was_broken_off_says_so_and_does_not_bar_the_next(auditor):
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=7)
    check = AuditCheck.objects.create(asked_at=long_ago, asked_by="某人", done=5, total=9)
    page = body(auditor.get(f"/audit/checks/{check.pk}/"))
    assert "没有完成" in page
    assert "hx-trigger" not in page
    assert auditor.post("/audit/checks/").status_code == 302


def test_a_running_verification_shows_how_far_it_is_and_asks_again(auditor):
    check = AuditCheck.objects.create(asked_at=dt.datetime.now(dt.UTC), asked_by="某人", done=20_000, total=90_000)
    page = body(auditor.get(f"/audit/checks/{check.pk}/", headers={"HX-Request": "true"}))
    assert "20,000 / 90,000" in page
    assert 'hx-trigger="every 2s"' in page
    assert "<html" not in page
