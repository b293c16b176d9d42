"""A round open for everybody who leads, and files handed in for it."""

import datetime as dt
import io

import pytest

from tests.domains.progress.excel.support import DUTY, TARGET, claim_cells, exported
from xiandao.domains.progress.actions.excel_import import start_import
from xiandao.domains.progress.excel.check import check
from xiandao.domains.progress.excel.frame import frame_of
from xiandao.domains.progress.excel.reading import read_book
from xiandao.domains.progress.excel.scope import scope_of
from xiandao.domains.shared.archives import ArchiveLimits

TODAY = dt.date(2026, 4, 10)
LIMITS = ArchiveLimits(unpacked=100_000_000, ratio=200, entries=500)


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def opened(open_round):
    return open_round("2026Q1")


@pytest.fixture
def city(people):
    """The clerk of the body that coordinates in the first city."""
    return people("city")


@pytest.fixture
def book(city, opened):
    """The template of the whole city, opened."""
    return exported(city, opened)


@pytest.fixture
def hand_in(opened, now):
    """Return a function that hands a workbook in and gives the job."""

    def go(viewer, workbook, scope="city", name="填报.xlsx"):
        content = workbook if isinstance(workbook, bytes) else workbook.bytes()
        return start_import(viewer, opened=opened, scope=scope, name=name, content=io.BytesIO(content), now=now)

    return go


@pytest.fixture
def checked(city, opened):
    """Return a function that checks a workbook and gives what was found."""

    def go(workbook, viewer=city, scope="city"):
        content = workbook if isinstance(workbook, bytes) else workbook.bytes()
        frame = frame_of(opened, scope_of(viewer, scope))
        return check(viewer, frame, read_book(io.BytesIO(content), limits=LIMITS), today=TODAY)

    return go


@pytest.fixture
def faults(checked):
    """Return a function that checks a workbook and gives (sheet, row, column) of each fault, and the faults."""

    def go(workbook, **more):
        found = checked(workbook, **more).faults
        return [(fault.sheet, fault.row, fault.column) for fault in found], found

    return go


@pytest.fixture
def filled(book):
    """Words for each duty of the city, two claims, a problem."""
    for number in range(len(book.rows("进展"))):
        book.set("进展", number, standing="按期推进", happened=f"第{number}项完成选址", next_step="开工")
    book.add("成果", **claim_cells(DUTY, target_key=TARGET))
    book.add("成果", **claim_cells(DUTY, target_key=TARGET, name="示例光子中试基地", identifier="苏示批〔2026〕2号"))
    book.add("难点堵点", duty=DUTY, title="缺检测能力", text="省内无机构", request="请省里布局", asked_of="省科技厅")
    return book
