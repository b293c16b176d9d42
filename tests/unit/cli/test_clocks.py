"""`xiandao clocks run`, the worker's timetable, and where e-mail goes."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from typer.testing import CliRunner

from xiandao.cli import clocks
from xiandao.cli.clocks import Ticker, Timetable
from xiandao.cli.main import app
from xiandao.config.mail import mail_settings
from xiandao.domains.inbox.actions import mail, running
from xiandao.domains.inbox.actions.mail import DigestsSent
from xiandao.domains.inbox.models import PackValue

NANJING = ZoneInfo("Asia/Shanghai")


def at(day, hour, minute=0):
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=NANJING)


@pytest.fixture
def calls(monkeypatch):
    """Record what the timetable does instead of doing it; `fail` makes the e-mails fail."""
    from xiandao.domains.inbox import actions

    made = []
    made_to_fail = {"mail": 0}
    monkeypatch.setattr(actions, "run_clocks", lambda _actor, today, now: made.append(("clocks", today.day, now.hour)))

    def digests(_actor, now):
        made.append(("mail", now.day, now.hour))
        return DigestsSent(failed=made_to_fail["mail"])

    monkeypatch.setattr(actions, "send_digests", digests)
    return made, made_to_fail


@pytest.mark.django_db
def test_clocks_run_hourly_and_on_a_new_day_and_mail_once_from_its_hour(calls):
    made, _ = calls
    timetable = Timetable()
    for moment in (at(18, 7, 50), at(18, 7, 59), at(18, 8), at(18, 8, 1), at(18, 8, 50), at(18, 23, 59), at(19, 0)):
        timetable.tick(moment)
    assert made == [
        ("clocks", 18, 7),
        ("mail", 18, 8),
        ("clocks", 18, 8),
        ("clocks", 18, 23),
        ("clocks", 19, 0),
    ]


@pytest.mark.django_db
def test_mail_that_failed_is_tried_again_an_hour_later(calls):
    made, fail = calls
    timetable = Timetable()
    fail["mail"] = 1
    for moment in (at(18, 9), at(18, 9, 30), at(18, 10)):
        timetable.tick(moment)
    fail["mail"] = 0
    for moment in (at(18, 11), at(18, 12)):
        timetable.tick(moment)
    assert [call for call in made if call[0] == "mail"] == [("mail", 18, 9), ("mail", 18, 10), ("mail", 18, 11)]


@pytest.mark.django_db
def test_without_an_hour_in_the_pack_no_mail_is_sent(calls):
    PackValue.objects.filter(key="digest_hour").delete()
    made, _ = calls
    Timetable().tick(at(18, 23))
    assert made == [("clocks", 18, 23)]


@pytest.mark.django_db
def test_what_goes_wrong_does_not_stop_the_clocks(monkeypatch, caplog):
    from xiandao.domains.inbox import actions
    from xiandao.domains.orgs import actions as orgs

    def broken(*_args, **_kwargs):
        raise RuntimeError("no database")

    monkeypatch.setattr(orgs, "end_lapsed_posts", broken)
    monkeypatch.setattr(actions, "run_clocks", broken)
    monkeypatch.setattr(actions, "send_digests", broken)
    Timetable().tick(at(18, 9))
    assert [record.message for record in caplog.records] == ["posts failed", "clocks failed", "daily e-mail failed"]


def test_the_ticker_ticks_and_stops(monkeypatch):
    ticks = []
    monkeypatch.setattr(Timetable, "tick", lambda _self, now: ticks.append(now))
    monkeypatch.setattr(clocks, "_TICK", 0.01)
    ticker = Ticker()
    ticker.start()
    while len(ticks) < 3:
        pass
    ticker.stop()
    assert not ticker.is_alive()
    assert ticks[0].tzinfo is not None


@pytest.mark.django_db
def test_by_hand_it_says_what_was_done(monkeypatch):
    from xiandao.domains.inbox import actions

    asked = []

    def run(actor, today):
        asked.append((actor.account, today))
        return running.ClocksRun(reset=1, reminded=2, overdue=3, lapsed=4, failed=0)

    monkeypatch.setattr(actions, "run_clocks", run)
    result = CliRunner().invoke(app, ["clocks", "run", "--date", "2026-03-18"])
    assert result.exit_code == 0
    assert result.stdout == "已按 2026-03-18 检查时限：截止日变动 1 项，提醒 2 项，新逾期 3 项，期满处理 4 项。\n"
    assert asked == [("system:clocks", dt.date(2026, 3, 18))]


@pytest.mark.django_db
def test_by_hand_failures_are_an_error(monkeypatch):
    from xiandao.domains.inbox import actions

    monkeypatch.setattr(actions, "run_clocks", lambda _actor, **_day: running.ClocksRun(failed=2))
    result = CliRunner().invoke(app, ["clocks", "run"])
    assert result.exit_code == 1
    assert "2 项处理失败" in result.stderr


def test_a_day_that_is_none_is_refused():
    result = CliRunner().invoke(app, ["clocks", "run", "--date", "2026-02-30"])
    assert result.exit_code == 2
    assert "“2026-02-30”" in result.stderr


def test_the_address_of_the_mail_server_is_read():
    found = mail_settings("smtp+tls://me:p%40ss@mail.example.gov.cn", Path("data"))
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (
        "mail.example.gov.cn", 587, True, False
    )  # fmt: skip
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "p@ss")
    assert mail_settings("smtps://mail.example:4650", Path("data"))["EMAIL_PORT"] == 4650
    assert mail_settings("", Path("data"))["EMAIL_FILE_PATH"] == Path("data") / "mail"
    assert mail_settings("console", Path("data"))["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert mail.send_digests


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example", "smtp://", "smtp://h:port"])
def test_an_address_that_is_none_says_how_it_should_look(address):
    with pytest.raises(ImproperlyConfigured, match="smtp\\+tls://"):
        mail_settings(address, Path("data"))
