"""Budget: 100,000 rows of Excel read and checked, with row-level faults, in under 15 s; 5,000 checked and saved too.

The peer is what a Django site without us would do: calamine for reading, then a Django form for each row. It checks
less (no copies, no conflicts, no targets by duty) and must find the same faulty rows.
"""

import datetime as dt
import io
import random
import time

import pytest
from django import forms

from tests.conftest import django_db_setup, pack  # noqa: F401 — fixtures: the real pack loaded once
from tests.domains.progress.excel.support import MADE
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions import excel_import
from xiandao.domains.progress.actions.rounds import open_round
from xiandao.domains.progress.excel import template as sheets
from xiandao.domains.progress.excel.book import Book
from xiandao.domains.progress.excel.check import check
from xiandao.domains.progress.excel.frame import frame_of
from xiandao.domains.progress.excel.layout import CLAIMS, FORMS, PROBLEMS, REPORTS
from xiandao.domains.progress.excel.reading import read_book
from xiandao.domains.progress.excel.scope import scope_of
from xiandao.domains.progress.models import Claim, ImportState
from xiandao.domains.shared.archives import ArchiveLimits

pytestmark = pytest.mark.django_db
LIMITS = ArchiveLimits(unpacked=500 * 1024 * 1024, ratio=200, entries=5000)
TODAY = dt.date(2026, 4, 10)
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
SPOILT = {9: "不存在的区", 11: "去年", 12: -3}


@pytest.fixture
def city():
    return viewer_of(User.objects.get(username="city"))


@pytest.fixture
def frame(city):
    plan = Plan.objects.for_system("benchmark").order_by("order").first()
    coordinator = viewer_of(User.objects.get(username="coordinator"))
    now = dt.datetime(2026, 4, 10, 1, 0, tzinfo=dt.UTC)
    opened = open_round(coordinator, plan=plan, period="2026Q1", due_on=dt.date(2026, 4, 20), now=now)
    return frame_of(opened, scope_of(city, "city"))


def workbook(frame, number, every=0):
    """Return a file of a whole city with so many claims; every so many-th has one faulty cell."""
    chance = random.Random(number)  # noqa: S311 — invented names
    book = Book()
    sheets.write_about(book, frame, MADE, "基准")
    places = {form.code: book.sheet(str(form.title)) for form in FORMS}
    lists = sheets.write_lists(book, frame)
    reports = sheets.report_rows(frame)
    for row in reports:
        row[7:] = [frame.standings.labels[0], "本期完成建设方案论证，启动建设。", "下季度投运。"]
    keys, claims = list(frame.reports), []
    for n in range(number):
        pk = keys[n % len(keys)]
        label, code = next(iter(frame.targets[pk].codes.items()), ("", ""))
        unit = frame.choices[pk].targets[code].unit if code else "个"
        name = "".join(chance.choices(CHARACTERS, k=5)) + "创新中心"
        holder = "".join(chance.choices(CHARACTERS, k=4)) + "科技有限公司"
        day = dt.date(2026, 3, 1 + n % 28)
        place, industry = frame.regions[pk].labels[n % 5], frame.industries.labels[n % 7]
        row = ["", frame.duties.shows(str(pk)), label, "创新中心", name, "证书、批文号", f"苏示{n:07}号", holder, ""]
        row += [place, industry, day, 1, unit, "说明"]
        if every and n % every == 0:
            column = sorted(SPOILT)[n // every % 3]
            row[column] = SPOILT[column]
        claims.append(row)
    rows = {REPORTS.code: reports, CLAIMS.code: claims, PROBLEMS.code: []}
    for form in FORMS:
        sheets.write_form(book, places[form.code], form, rows[form.code], lists)
    return book.finish()


def test_100000_rows_read_and_checked_with_row_level_faults(benchmark, city, frame):
    content = workbook(frame, 100_000, every=50)

    def ours():
        book = read_book(io.BytesIO(content), limits=LIMITS)
        return check(city, frame, book, today=TODAY)

    found = benchmark.pedantic(ours, rounds=2)
    assert len(found.faults) == 2000
    assert {fault.column for fault in found.faults} == {"所在地", "日期", "数量"}
    assert benchmark.stats.stats.max < 15


def test_5000_rows_of_one_city_checked_and_saved(benchmark, city, frame, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = workbook(frame, 5000)
    took = {}

    def ours():
        start = time.perf_counter()
        job = excel_import.start_import(
            city, opened=frame.opened, scope="city", name="a.xlsx", content=io.BytesIO(content)
        )
        took["check"] = time.perf_counter() - start
        return excel_import.confirm_import(city, pk=job.pk)

    job = benchmark.pedantic(ours, rounds=1)
    benchmark.extra_info |= took
    assert job.state == ImportState.SAVED
    assert Claim.objects.for_system("benchmark").count() == 5000
    assert benchmark.stats.stats.max < 15


class ClaimForm(forms.Form):
    """One row as a form, as a site would write it."""

    duty = forms.CharField()
    target = forms.CharField(required=False)
    item = forms.CharField(max_length=100)
    name = forms.CharField(max_length=300)
    kind = forms.CharField(required=False)
    identifier = forms.CharField(max_length=120, required=False)
    holder = forms.CharField(max_length=300, required=False)
    holder_code = forms.CharField(max_length=18, required=False)
    region = forms.ChoiceField()
    industry = forms.ChoiceField(required=False)
    happened_on = forms.DateField()
    quantity = forms.DecimalField(min_value=0)
    unit = forms.CharField(max_length=40)
    note = forms.CharField(required=False)


def test_peer_calamine_and_a_form_for_each_of_10000_rows(benchmark, frame):
    from python_calamine import CalamineWorkbook

    content = workbook(frame, 10_000, every=50)
    regions = [(label, label) for label in next(iter(frame.regions.values())).labels]
    industries = [(label, label) for label in frame.industries.labels]

    class Form(ClaimForm):
        region = forms.ChoiceField(choices=regions)
        industry = forms.ChoiceField(choices=industries, required=False)

    names = list(Form.base_fields)

    def peer():
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("成果").to_python()
        return sum(not Form(dict(zip(names, row[1:], strict=False))).is_valid() for row in rows[2:])

    assert benchmark.pedantic(peer, rounds=1) == 200
