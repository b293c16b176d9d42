"""Published records: read as they are, odd cells reported, loaded once, shown with their source, never counted."""

import datetime as dt

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.ledger.actions.publishing import load_published
from xiandao.domains.ledger.models import Entry
from xiandao.domains.ledger.published import Unreadable
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.progress.models import Result
from xiandao.packs.loader import PUBLISHED

HEAD = "type,name,city,industry,date,source_url,source_quality\n"
ROBOT = system("tests")


def loaded(*lines, now):
    return load_published(ROBOT, HEAD + "\n".join(lines) + "\n", file="a.csv", now=now)


def only():
    return Entry.objects.for_system("tests").get()


def test_a_plain_row(now):
    done = loaded("park,示范园（演示）,苏州(昆山),氢能; 新型储能,2024-08-31,https://example.org/a,B", now=now)
    assert (done.entered, done.known, done.odd) == (1, 0, [])
    entry = only()
    assert (entry.kind, entry.kind_name, entry.state) == ("park", "产业园区", "elsewhere")
    assert [region.pk for region in entry.regions.all()] == ["320583"]
    assert sorted(industry.pk for industry in entry.industries.all()) == ["energy-storage", "hydrogen"]
    assert (entry.decided_on, entry.source, entry.source_grade) == (dt.date(2024, 8, 31), "https://example.org/a", "B")
    assert (entry.decided_by, entry.result, entry.public) == (None, None, True)


def test_loading_again_adds_nothing(now):
    row = "park,示范园（演示）,苏州,氢能,2024-08-31,https://example.org/a,B"
    loaded(row, now=now)
    before = AuditRecord.objects.count()
    assert (loaded(row, now=now).entered, loaded(row, now=now).known) == (0, 1)
    assert AuditRecord.objects.count() == before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("fund,某基金（演示） — 23亿元 province 5.75,扬州,,,https://e.org,A", "第 2 行 name"),
        ("fund,某基金（演示）,火星,,,https://e.org,A", "第 2 行 city"),
        ("fund,某基金（演示）,无锡(经开),,,https://e.org,A", "登记到市"),
        ("fund,某基金（演示）,无锡,8 lines,,https://e.org,A", "认不出的产业"),
        ("fund,某基金（演示）,无锡,氢能(to be confirmed),,https://e.org,A", "待确认"),
        ("fund,某基金（演示）,无锡,,2024-11-07 registered,https://e.org,A", "公布日期按未知"),
        ("fund,某基金（演示）,无锡,,2024-02-30,https://e.org,A", "不是日期"),
        ("fund,某基金（演示）,无锡,,,,A", "来源未知"),
        ("fund,某基金（演示）,无锡,,,https://e.org,甲", "来源等级"),
    ],
)
def test_odd_cells_are_reported_and_not_guessed(now, row, told):
    done = loaded(row, now=now)
    assert [told in str(odd) for odd in done.odd] == [True]
    assert only().decided_on is None
    assert not only().industries.exists()


@pytest.mark.parametrize("row", ["spaceship,某船（演示）,,,,,A", "fund,,无锡,,,https://e.org,A"])
def test_a_row_that_cannot_be_used_is_left_out_and_reported(now, row):
    done = loaded(row, now=now)
    assert done.entered == 0
    assert "整行没有载入" in str(done.odd[0])


def test_a_year_or_month_is_no_day(now):
    loaded("park,示范园（演示）,南京,—(软件),2023-10,https://example.org/a,B (摘要)", now=now)
    entry = only()
    assert entry.decided_on is None
    assert entry.note == "原表产业：软件（不在产业表内）；原表日期：2023-10；来源说明：摘要"


def test_a_file_that_is_none_and_a_person_are_refused(now, people):
    with pytest.raises(Unreadable, match="缺少列 type"):
        load_published(ROBOT, "a,b\n1,2\n", file="a.csv", now=now)
    with pytest.raises(Refused):
        load_published(people("coordinator"), HEAD, file="a.csv", now=now)


def test_the_packs_records_load_whole_and_count_nowhere(now, pack):
    text = (pack.path / PUBLISHED).read_text(encoding="utf-8")
    done = load_published(ROBOT, text, file=PUBLISHED, now=now)
    assert done.entered == 70
    # Three projects have no address of a source; everything else odd was settled in the file, with a note.
    assert {odd.column for odd in done.odd} == {"source_url"}
    assert len(done.odd) == 3
    assert set(Entry.objects.for_system("tests").values_list("state", flat=True)) == {"elsewhere"}
    assert not Result.objects.for_system("tests").filter(entry__isnull=False).exists()
