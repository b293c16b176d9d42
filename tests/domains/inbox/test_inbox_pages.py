"""The inbox in a browser: home page, marking, handing over, clocks, Excel, the interface."""

import datetime as dt
import io
import re

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.domains.inbox.support import PLAIN, STEERING
from xiandao.domains.inbox.actions import clear_tasks
from xiandao.domains.inbox.models import MailChoice, TaskSeen
from xiandao.domains.orgs.models import User

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today():
    return timezone.localdate()


def test_home_is_the_inbox_of_who_works_here_and_the_overview_of_everybody_else(client_of):
    assert "<h1>待办</h1>" in client_of("city").get("/").content.decode()
    for account in ("", "fund", "audit"):
        assert "<h1>待办</h1>" not in client_of(account).get("/").content.decode()
        assert client_of(account).get("/inbox/done/").status_code == 404
    assert client_of("city").get("/overview/").status_code == 200


def navigation(html):
    return re.findall(
        r'<li class="nav-item( active)?">.*?title">(.*?)</span>(?:<span class="badge[^>]*>(\d+)<)?', html, re.DOTALL
    )


def test_the_navigation_says_where_one_is_and_how_much_waits(client_of, task, now):
    task("1", now=now)
    task("2", now=now)
    entries = navigation(client_of("city").get("/").content.decode())
    assert entries[:2] == [(" active", "待办", "2"), ("", "总览", "")]
    assert navigation(client_of("city").get("/overview/").content.decode())[:2] == [
        ("", "待办", "2"),
        (" active", "总览", ""),
    ]
    assert navigation(client_of().get("/").content.decode())[0] == (" active", "总览", "")


def test_a_row_says_everything(client_of, task, today, now):
    row = task(due_on=today - 3 * DAY, now=now, note="急")
    html = client_of("city").get("/").content.decode()
    for words in (
        "填写",
        "第1件",
        "逾期 3 天",
        "列为逾期",
        "未阅",
        "急",
        "tests",
        f'href="/inbox/{row.pk}/go/"',
        "交办时确定",
    ):
        assert words in html, words
    task("2", rule="report.verify", now=now)
    html = client_of("city").get("/").content.decode()
    assert "平台默认" in html
    assert "还有 5 个工作日" in html


def test_an_empty_inbox_says_so_and_a_filter_that_leaves_nothing_too(client_of):
    client = client_of("city")
    assert "没有待办。" in client.get("/").content.decode()
    assert "没有符合条件的待办。" in client.get("/?group=overdue").content.decode()
    assert client.get("/?page=9").status_code == 404
    assert client.get("/?page=x").status_code == 404
    assert client.get("/?kind=x&group=y&mine=1&unseen=1").status_code == 200


def test_going_to_the_work_marks_it_as_seen(client_of, me, task, now):
    row = task(now=now)
    answer = client_of("city").get(f"/inbox/{row.pk}/go/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/plans/#1")
    assert TaskSeen.objects.filter(task=row, user=me.user_id).exists()
    assert client_of("city-other").get(f"/inbox/{row.pk}/go/").status_code == 404


def test_many_are_marked_as_seen_at_once(client_of, me, task, now):
    rows = [task(str(n), now=now) for n in range(3)]
    client = client_of("city")
    answer = client.post("/inbox/seen/", {"task": [row.pk for row in rows], "next": "/?unseen=1"}, follow=True)
    assert "已把 3 项标为已阅" in answer.content.decode()
    assert answer.redirect_chain == [("/?unseen=1", 302)]
    assert TaskSeen.objects.filter(user=me.user_id).count() == 3
    assert "请先勾选" in client.post("/inbox/seen/", {"next": "//evil.example"}, follow=True).content.decode()


def test_handing_over_and_taking_back_on_the_page(client_of, me, head, task, now, again):
    row = task(now=now)
    url = f"/inbox/{row.pk}/"
    client = client_of("city")
    html = client.get(url).content.decode()
    assert f'<option value="{head.user_id}"' in html
    answer = client.post(f"{url}hand/", {"user": "0", "reason": "请核"})
    assert answer.status_code == 422
    assert "只能转交给本单位" in answer.content.decode()
    assert 'value="请核"' in answer.content.decode(), "what was typed stays"
    client.post(f"{url}hand/", {"user": str(head.user_id), "reason": "请核"})
    assert again(row).person_id == head.user_id
    assert "转交待办" in client.get(url).content.decode(), "the page tells its history"
    html = client_of("city-head").get("/").content.decode()
    assert f"{me.name}转交给我" in html
    assert "请核" in html
    assert "手中" in client.get("/").content.decode()
    assert client.post(f"{url}take-back/").status_code == 302
    assert again(row).person is None
    assert client.post(f"{url}take-back/").status_code == 409
    assert client_of("city-other").post(f"{url}hand/", {"user": "1"}).status_code == 404


def test_who_steers_stops_restarts_and_extends_clocks_on_the_page(client_of, task, now, again):
    row = task(rule="objection.handle", now=now)
    url = f"/inbox/{row.pk}/clock/"
    client = client_of("coordinator")
    assert client.post(url, {"do": "extend", "by": "3", "reason": "复杂", "approver": "甲"}).status_code == 302
    assert client.post(url, {"do": "pause", "reason": "检测"}).status_code == 302
    assert again(row).due_on is None
    html = client.get(f"/inbox/{row.pk}/").content.decode()
    assert "已中止计时" in html
    assert "检测" in html
    assert client.post(url, {"do": "resume"}).status_code == 302
    answer = client.post(url, {"do": "pause", "reason": " "})
    assert (answer.status_code, "请写明理由" in answer.content.decode()) == (422, True)
    assert client.post(url, {"do": "nothing"}).status_code == 404
    answer = client_of("city").post(url, {"do": "pause", "reason": "检测"})
    assert (answer.status_code, "由统筹协调单位办理" in answer.content.decode()) == (422, True)
    assert client_of("city-other").post(url, {"do": "pause", "reason": "x"}).status_code == 404


def test_done_tasks_are_listed_and_exported(client_of, me, task, now):
    task("1", now=now - 3 * DAY, due_on=(now - DAY).date())
    clear_tasks(me, kind=PLAIN, object_keys=["1"], now=now)
    html = client_of("city").get("/inbox/done/").content.decode()
    for words in ("填写", "第1件", "已办", "逾期办结"):
        assert words in html
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client_of("city").get("/inbox/done/?export=xlsx").content))
    assert sheet.get_sheet_by_index(0).to_python()[1][:3] == ["填写", "第1件", "已办"]
    assert "没有符合条件" in client_of("city").get("/inbox/done/?kind=test.acting").content.decode()
    assert "第1件" not in client_of("city-other").get("/inbox/done/").content.decode()


def test_the_excel_holds_what_the_filter_leaves(client_of, task, today, now):
    task("late", due_on=today - 2 * DAY, now=now)
    task("later", due_on=today + 30 * DAY, now=now)
    answer = client_of("city").get("/?group=overdue&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["对象", "第late件"]
    assert rows[1][5] == -2


def test_the_daily_mail_is_switched_off_and_on(client_of, me):
    client = client_of("city")
    assert "没有登记电子邮箱" in client.get("/").content.decode()
    User.objects.filter(pk=me.user_id).update(email="a@example.com")
    client.post("/inbox/mail/", {"digest": "off"})
    assert MailChoice.objects.get().digest is False
    assert "每日邮件提醒已关闭" in client.get("/").content.decode()
    client.post("/inbox/mail/", {"digest": "on"})
    assert "a@example.com" in client.get("/").content.decode()


def test_the_interface_gives_the_same_tasks(client_of, task, today, now):
    row = task("1", rule="report.verify", now=now)
    task("late", due_on=today - DAY, now=now)
    task("steer", kind=STEERING, now=now)
    body = client_of("city").get("/api/v1/inbox").json()
    assert (body["count"], [item["object_key"] for item in body["items"]]) == (2, ["late", "1"])
    item = body["items"][1]
    assert (item["id"], item["kind"], item["left"], item["left_unit"], item["group"]) == (
        row.pk, "test.plain", 5, "working", item["group"]
    )  # fmt: skip
    assert item["rule"]["confidence"] == "default_ours"
    assert client_of("city").get("/api/v1/inbox?limit=1&offset=1").json()["items"] == [item]
    assert client_of("city-other").get("/api/v1/inbox").json()["count"] == 0
    assert client_of().get("/api/v1/inbox").status_code == 404
    assert client_of("audit").get("/api/v1/inbox").status_code == 404
