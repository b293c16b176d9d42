"""Word and Excel files of a breakdown, opened again and compared cell by cell."""

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Emu
from python_calamine import CalamineWorkbook

from xiandao.engines.breakdown import HEADERS, Breakdown, PlanSource, Promise, Section, Task, build, from_document
from xiandao.engines.policytext import compile_text
from xiandao.packs import packs_dir
from xiandao.packs.printing import breakdown_docx, breakdown_xlsx
from xiandao.printing.words import LONGEST_CELL

HOSTILE = (
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    '=HYPERLINK("http://x","y")',
    "http://example.invalid",
    "\x07响\x0b铃",
    "{=1}",
)
NUMBERS = Promise(Decimal("1.2"), None, None, "亿元", "≥", 2026, "资金", "amount", "资金不低于1.2亿元")
RANGE = Promise(None, Decimal(5), Decimal(8), "家", "=", None, "企业", "count", "培育企业5—8家", 0.7, ("没有单位",))


@pytest.fixture(scope="module")
def jiangsu() -> Breakdown:
    text = (packs_dir() / "jiangsu_2024_2026" / "source.txt").read_text(encoding="utf-8")
    return build(from_document(compile_text(text)))


@pytest.fixture(scope="module")
def mixed() -> Breakdown:
    tasks = (
        Task("1", "甲", ("市科技局",), (), cities=True, promises=(NUMBERS, RANGE)),
        Task("2", "乙", (), (), cities=False),
        *(Task(str(n), text, (text,), (text,), cities=False, deadline=text) for n, text in enumerate(HOSTILE, start=3)),
    )
    sections = (Section("一", "=行动", tasks[:2]), Section("二", "行动二", tasks[2:]))
    return build(PlanSource("=方案", "=1〔2025〕2号", (), None, (2025, 2027), sections, (NUMBERS,)))


@pytest.fixture(params=["jiangsu", "mixed"])
def breakdown(request: pytest.FixtureRequest) -> Breakdown:
    return request.getfixturevalue(request.param)


def clean(text: str) -> str:
    return text.replace("\x07", "").replace("\x0b", "")


class TestExcel:
    def test_every_cell_of_the_table_is_that_of_the_breakdown(self, breakdown: Breakdown) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(breakdown_xlsx(breakdown)))
        assert book.sheet_names == ["任务分解表", "目标"]
        rows = book.get_sheet_by_name("任务分解表").to_python(skip_empty_area=False)
        assert rows[0][0] == breakdown.title
        assert rows[1][0] == f"（{breakdown.number}）"
        assert rows[2][0] == "说明：" + "".join(breakdown.notes)
        assert tuple(rows[3]) == HEADERS
        assert [tuple(row) for row in rows[4:]] == [tuple(map(clean, row.cells())) for row in breakdown.rows]

    def test_the_sheet_of_targets_has_numbers_as_numbers_and_unknown_as_empty(self, mixed: Breakdown) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(breakdown_xlsx(mixed)))
        rows = book.get_sheet_by_name("目标").to_python()
        assert len(rows) == 1 + len(mixed.promises) == 4
        by_name = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        assert by_name[0] | {"任务": "总体目标"} == by_name[1] | {"序号": 1, "任务": "总体目标"}
        assert by_name[1] == {
            "序号": 2,
            "任务": "甲",
            "对象": "资金",
            "类别": "数额",
            "比较": "不低于",
            "数值": 1.2,
            "下限": "",
            "上限": "",
            "单位": "亿元",
            "年份": 2026,
            "完成时限": "2026年",
            "原文": "资金不低于1.2亿元",
            "核对": "未核对",
        }
        assert (by_name[2]["数值"], by_name[2]["下限"], by_name[2]["上限"], by_name[2]["年份"]) == ("", 5, 8, "")
        assert by_name[2]["核对"] == "未核对，没有单位"

    def test_nothing_in_the_file_is_a_formula_or_a_link(self, mixed: Breakdown) -> None:
        with zipfile.ZipFile(io.BytesIO(breakdown_xlsx(mixed))) as archive:
            sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
        assert len(sheets) == 2
        assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)

    def test_the_header_is_frozen_filtered_and_printed_on_each_page_of_a4_landscape(self, jiangsu: Breakdown) -> None:
        with zipfile.ZipFile(io.BytesIO(breakdown_xlsx(jiangsu))) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            book = archive.read("xl/workbook.xml").decode()
        assert re.search(r'<pane xSplit="3" ySplit="4"[^>]*state="frozen"', sheet)
        assert '<autoFilter ref="A4:G29"/>' in sheet
        assert re.search(r'<pageSetup paperSize="9"[^>]*orientation="landscape"', sheet)
        assert 'fitToHeight="0"' in sheet
        assert "任务分解表!$4:$4" in book.replace("'", "")
        assert '<mergeCell ref="B5:B8"/>' in sheet, "the first action has four measures"

    def test_a_text_longer_than_a_cell_is_cut_and_says_so(self) -> None:
        long = Task("1", "长", ("局" * (LONGEST_CELL + 10),), (), cities=False)
        table = build(PlanSource("方案", None, (), None, None, (Section("一", "行动", (long,)),)))
        book = CalamineWorkbook.from_filelike(io.BytesIO(breakdown_xlsx(table)))
        cell = book.get_sheet_by_name("任务分解表").to_python(skip_empty_area=False)[4][4]
        assert len(cell) == LONGEST_CELL
        assert cell.endswith("（全文见原文件）")

    def test_a_breakdown_without_rows_is_still_a_workbook(self) -> None:
        empty = build(PlanSource("方案", None, (), None, None, ()))
        book = CalamineWorkbook.from_filelike(io.BytesIO(breakdown_xlsx(empty)))
        assert len(book.get_sheet_by_name("目标").to_python()) == 1


class TestWord:
    def test_every_cell_of_the_table_is_that_of_the_breakdown(self, breakdown: Breakdown) -> None:
        document = docx.Document(io.BytesIO(breakdown_docx(breakdown)))
        table = document.tables[0]
        rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
        assert rows[0] == HEADERS
        assert rows[1:] == [tuple(map(clean, row.cells())) for row in breakdown.rows]

    def test_title_number_and_notes_stand_above(self, jiangsu: Breakdown) -> None:
        document = docx.Document(io.BytesIO(breakdown_docx(jiangsu)))
        title, number, notes = (paragraph.text for paragraph in document.paragraphs[:3])
        assert title.replace("\n", "") == jiangsu.title
        assert title.endswith("\n任务分解表"), "a long title is broken by sense"
        assert number == "（苏发改高技发〔2024〕229号）"
        assert notes.startswith("说明：本表由程序从方案文本自动提取，未经人工核对")

    def test_headline_targets_follow_in_a_table_of_their_own(self, mixed: Breakdown) -> None:
        document = docx.Document(io.BytesIO(breakdown_docx(mixed)))
        rows = [tuple(cell.text for cell in row.cells) for row in document.tables[1].rows]
        assert rows == [("序号", "总体目标", "完成时限"), ("1", "资金不低于1.2亿元", "2026年")]

    def test_no_row_is_split_the_header_is_repeated_and_actions_are_merged(self, jiangsu: Breakdown) -> None:
        table = docx.Document(io.BytesIO(breakdown_docx(jiangsu))).tables[0]
        marks = [{child.tag for child in row._tr.trPr} for row in table.rows]
        assert all(qn("w:cantSplit") in mark for mark in marks)
        assert [index for index, mark in enumerate(marks) if qn("w:tblHeader") in mark] == [0]
        merges = [row._tr.tc_lst[1].vMerge for row in table.rows]
        assert merges[:6] == [None, "restart", "continue", "continue", "continue", "restart"]
        assert merges.count("restart") == 8

    def test_page_fonts_and_page_numbers_follow_the_standard(self, jiangsu: Breakdown) -> None:
        document = docx.Document(io.BytesIO(breakdown_docx(jiangsu)))
        section = document.sections[0]
        assert section.orientation == WD_ORIENT.LANDSCAPE
        assert round(section.page_width.mm) == 297
        assert round(Emu(section.page_width - section.left_margin - section.right_margin).mm) == 225
        assert round(Emu(section.page_height - section.top_margin - section.bottom_margin).mm) == 156
        fonts = [
            run._r.rPr.rFonts.get(qn("w:eastAsia"))
            for run in (
                document.paragraphs[0].runs[0],
                document.tables[0].cell(0, 0).paragraphs[0].runs[0],
                document.tables[0].cell(1, 2).paragraphs[0].runs[0],
                section.footer.paragraphs[0].runs[0],
            )
        ]
        assert fonts == ["方正小标宋简体", "黑体", "仿宋_GB2312", "宋体"]
        assert document.settings.odd_and_even_pages_header_footer
        for footer in (section.footer, section.even_page_footer):
            assert "PAGE" in footer.paragraphs[0]._p.xml
            assert footer.paragraphs[0].text == "—  —"

    def test_the_font_table_names_what_to_take_where_a_font_is_missing(self, jiangsu: Breakdown) -> None:
        with zipfile.ZipFile(io.BytesIO(breakdown_docx(jiangsu))) as archive:
            fonts = archive.read("word/fontTable.xml").decode()
        assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong"/>' in fonts

    def test_a_breakdown_without_rows_or_number_has_no_table(self) -> None:
        empty = build(PlanSource("方案", None, (), None, None, ()))
        document = docx.Document(io.BytesIO(breakdown_docx(empty)))
        assert document.tables == []
        assert document.paragraphs[0].text == "《方案》任务分解表"


def test_a_number_with_characters_of_control_is_printed_clean(mixed: Breakdown) -> None:
    odd = replace(mixed, title="\x00标题\ud800")
    assert docx.Document(io.BytesIO(breakdown_docx(odd))).paragraphs[0].text == "标题"
    book = CalamineWorkbook.from_filelike(io.BytesIO(breakdown_xlsx(odd)))
    assert book.get_sheet_by_name("任务分解表").to_python(skip_empty_area=False)[0][0] == "标题"
