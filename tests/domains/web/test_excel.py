"""Excel out runs nothing; Excel in fills no memory."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from tests.domains.files import samples
from xiandao.domains.shared.archives import MEGABYTE, ArchiveLimits, UnsafeArchive
from xiandao.domains.shared.excel import safe_cell, workbook
from xiandao.domains.shared.excel_in import read_workbook

LIMITS = ArchiveLimits(20 * MEGABYTE, 200, 100)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\ufeff=cmd|' /C calc'!A0"]
)
def test_text_that_looks_like_a_formula_is_disarmed(text):
    assert safe_cell(text) == f"'{text}"
    content = workbook("表", ["列"], [[text]])
    # Written as a string, with its words as they are, in a cell marked as text: editing it makes no formula either.
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert 't="s"' in sheet


@pytest.mark.parametrize("value", [-1, 2.5, "建成", "a=b", "", None, True])
def test_other_values_stay_as_they_are(value):
    assert safe_cell(value) is value


def test_a_workbook_is_read_as_it_was_written():
    content = workbook("表", ["任务", "数量"], [["=甲", 1], ["", 2]])
    (sheet,) = read_workbook(io.BytesIO(content), limits=LIMITS)
    assert (sheet.name, sheet.rows) == ("表", [["任务", "数量"], ["=甲", 1.0], ["", 2.0]])


def test_a_workbook_is_read_from_a_path(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook("表", ["任务"], []))
    assert [sheet.rows for sheet in read_workbook(file, limits=LIMITS)] == [[["任务"]]]


def with_sheet(text: str, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A real workbook whose sheet is replaced by `text`, or which has it as one more part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook("表", ["任务"], []))) as real, zipfile.ZipFile(out, "w", 8) as made:
        for entry in real.namelist():
            if entry != name:
                made.writestr(entry, real.read(entry))
        made.writestr(name, text)
    return out.getvalue()


FAR = '<worksheet xmlns="x"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (with_sheet(FAR), "第 1048576 行、第 16384 列"),
        (with_sheet(FAR.replace('"', "'")), "第 1048576 行"),
        (with_sheet(FAR, "xl/elsewhere.xml"), "第 1048576 行"),
        (with_sheet(" " * 65_530 + FAR), "第 1048576 行"),
        (samples.bomb(21), "膨胀超过"),
        (samples.office("docx"), "不是 Excel 工作簿"),
        (samples.PDF, "不是 Excel 工作簿"),
        (samples.ole("EncryptedPackage"), "不是 Excel 工作簿"),
        (b"", "不是 Excel 工作簿"),
        (with_sheet("<office/>", "content.xml"), "不是 Excel 工作簿"),
        (samples.office("xlsx"), "不是 Excel 工作簿"),
        (workbook("表", ["任务"], [])[:-40], "压缩结构已损坏"),
    ],
)
def test_a_workbook_that_would_fill_the_memory_is_refused(content, reason):
    with pytest.raises(UnsafeArchive, match=reason):
        list(read_workbook(io.BytesIO(content), limits=LIMITS))


def test_a_workbook_of_the_list_pages_opens():
    rows = [[f"任务{n}", n] for n in range(1000)]
    assert (
        len(
            CalamineWorkbook.from_filelike(io.BytesIO(workbook("表", ["任", "数"], rows)))
            .get_sheet_by_index(0)
            .to_python()
        )
        == 1001
    )
