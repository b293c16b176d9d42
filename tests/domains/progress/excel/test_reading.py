"""What is read of a workbook, and what is refused before it is taken into memory."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.domains.progress.excel.conftest import LIMITS
from tests.domains.progress.excel.support import Workbook
from xiandao.domains.progress.excel.layout import CLAIMS, REPORTS
from xiandao.domains.progress.excel.reading import read_book, text_of
from xiandao.domains.shared.archives import ArchiveLimits, UnsafeArchive

pytestmark = pytest.mark.django_db


def read(content, limits=LIMITS):
    return read_book(io.BytesIO(content), limits=limits)


def test_sheets_are_known_by_their_keys_and_the_file_by_its_mark(book):
    found = read(book.bytes())
    assert found.sheet(REPORTS).name == "进展"
    assert found.sheet(CLAIMS).columns["name"] == 4
    assert (found.mark.period, found.mark.organisation, found.mark.city) == ("2026Q1", "320100-drc", "320100")


def test_the_mark_of_one_organisation_has_no_city(city, opened):
    from tests.domains.progress.excel.support import exported

    mark = read(exported(city, opened, "own").bytes()).mark
    assert (mark.city, mark.language) == ("", "zh-hans")


def test_a_bomb_is_refused(book):
    out = io.BytesIO()
    with ZipFile(io.BytesIO(book.bytes())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, old.read(entry))
        new.writestr("xl/media/image1.png", b"\0" * 30_000_000)
    with pytest.raises(UnsafeArchive, match="膨胀超过 200 倍"):
        read(out.getvalue())


def test_more_than_the_limit_of_the_pack_is_refused(book):
    with pytest.raises(UnsafeArchive, match="超过"):
        read(book.bytes(), ArchiveLimits(unpacked=1000, ratio=200, entries=500))


def test_one_cell_far_out_does_not_fill_the_memory(book):
    content = Workbook(book.bytes())
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content.bytes())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            text = old.read(entry)
            if entry == "xl/worksheets/sheet3.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                text = text.replace(b"</sheetData>", far)
            new.writestr(entry, text)
    with pytest.raises(UnsafeArchive, match="工作表范围过大"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("value", "text"),
    [(" 甲\r\n乙\u3000", "甲\n乙"), (3.0, "3"), (2.5, "2.5"), (True, "TRUE"), ("", "")],
)
def test_a_cell_as_text(value, text):
    assert text_of(value) == text
