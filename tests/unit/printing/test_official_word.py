"""The Word file of an official document, opened again: page, fonts, order of elements, footnotes, bytes."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.printing.samples import CLAIMED, LONG_NAME, VERIFIED, document
from xiandao.printing.official import Annex, Figures, Heading, KeyFigure, Paragraph, Run, Table, word
from xiandao.printing.word_text import word_text

ORDER = {
    "pPr": (
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "widowControl",
        "pBdr",
        "tabs",
        "snapToGrid",
        "spacing",
        "ind",
        "jc",
        "outlineLvl",
    ),
    "rPr": ("rStyle", "rFonts", "b", "bCs", "color", "kern", "sz", "szCs", "vertAlign", "lang"),
    "tblPr": ("tblpPr", "tblOverlap", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar"),
    "tblBorders": ("top", "left", "bottom", "right", "insideH", "insideV"),
    "tcPr": ("tcW", "gridSpan", "vAlign"),
}
"""The order ECMA-376 demands, of the elements we write: Word calls a file that breaks it damaged."""


def opened(source):
    return docx.Document(io.BytesIO(word(source)))


@pytest.fixture(scope="module")
def made(report):
    return opened(report)


@pytest.fixture(scope="module")
def archive(report):
    return zipfile.ZipFile(io.BytesIO(word(report)))


def styled(made, style: str) -> list[str]:
    return [p.text for p in made.paragraphs if p.style.style_id == style]


class TestPage:
    def test_is_a4_with_the_type_area_of_the_standard(self, made) -> None:
        page = made.sections[0]
        assert [side.mm for side in (page.page_width, page.page_height)] == pytest.approx([210, 297], abs=0.02)
        assert [side.mm for side in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)] == (
            pytest.approx([37, 35, 28, 26], abs=0.02)
        )

    def test_holds_22_lines_of_28_characters(self, made) -> None:
        grid = made.sections[0]._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        assert 22 <= 225 / 25.4 * 1440 / int(grid.get(qn("w:linePitch"))) < 22.1
        character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
        assert 28 <= 156 / 25.4 * 72 / character < 28.1

    def test_numbers_stand_outside_between_dashes(self, made) -> None:
        odd, even = made.sections[0].footer.paragraphs[0], made.sections[0].even_page_footer.paragraphs[0]
        assert (odd.text, even.text) == ("—  —", "—  —")
        assert (odd.alignment, even.alignment) == (2, 0)
        assert made.settings.odd_and_even_pages_header_footer


class TestFonts:
    @pytest.mark.parametrize(
        ("style", "font", "size"),
        [
            ("Title", "方正小标宋简体", 22),
            ("Body", "仿宋_GB2312", 16),
            ("Heading1", "黑体", 16),
            ("Heading2", "楷体_GB2312", 16),
            ("Heading3", "仿宋_GB2312", 16),
            ("Heading4", "仿宋_GB2312", 16),
            ("AnnexMark", "黑体", 16),
            ("TableText12", "仿宋_GB2312", 12),
            ("TableText105", "仿宋_GB2312", 10.5),
            ("Imprint", "仿宋_GB2312", 14),
            ("Footer", "宋体", 14),
        ],
    )
    def test_of_each_element(self, made, style: str, font: str, size: float) -> None:
        (found,) = (item for item in made.styles if item.style_id == style)
        assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert found.font.size == Pt(size)

    def test_paragraphs_and_headings_are_indented_by_two_characters(self, made) -> None:
        for style in ("Body", "Heading1", "Heading2", "Heading3", "Heading4"):
            (found,) = (item for item in made.styles if item.style_id == style)
            assert found.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


class TestText:
    def test_stands_in_the_order_of_the_standard(self, report) -> None:
        lines = [line for line in word_text(io.BytesIO(word(report))).split("\n") if line]
        assert lines == [
            *("某省未来产业协调办公室", "某未来督〔2030〕3号", "关于推进情况的", "通报", "（截至2030年9月30日）"),
            *("各设区市人民政府：", "现将有关情况通报如下。", "一、总体情况", "128项[] 已核实成果\t6件 逾期任务"),
            *("累计认定128[1]项，填报31[]项。", "（一）分行动情况", "1. 第三层", "（1）第四层", "（二）分市情况"),
            *("各市情况", "序号\t单位\t数量", f"1\t{LONG_NAME}\t3[2]", "注：按行政区划代码排序。"),
            *("二、逾期事项", "事项\t期限", "本期无", "附件：1. 任务清单", "2. 联系人", "某省办公室", "2030年10月8日"),
            *("附件1", "任务清单", "一、附件第一节", "附件正文。", "附件2", "联系人"),
            *("抄送：省委办公厅，省政协办公厅。", "某省发展改革委办公室 2030年10月9日印发"),
        ]

    def test_without_head_begins_with_the_title(self) -> None:
        assert [p.text for p in opened(document(Paragraph("正文。"))).paragraphs if p.text] == [
            *("测试", "正文。", "2030年10月8日")
        ]

    def test_red_head_fits_one_line_and_has_a_red_line_below_its_number(self, made, report) -> None:
        (head,) = (p for p in made.paragraphs if p.style.style_id == "RedHead")
        assert head.runs[0].font.size == Pt(40)  # 11 characters on 442 points
        (number,) = (p for p in made.paragraphs if p.style.style_id == "RedLine")
        assert number._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}").get(qn("w:color")) == "FF0000"
        short = opened(replace(report, issuer="某省"))
        assert next(p for p in short.paragraphs if p.style.style_id == "RedHead").runs[0].font.size == Pt(54)

    def test_signature_is_centred_above_a_date_four_characters_from_the_edge(self, made) -> None:
        signature, day = (p for p in made.paragraphs if p.style.style_id == "Signature")
        assert [p._p.pPr.ind.get(qn("w:rightChars")) for p in (signature, day)] == ["475", "400"]

    def test_a_signature_longer_than_there_is_room_stays_within_the_type_area(self) -> None:
        made = opened(document(signature="某" * 25))
        signature = next(p for p in made.paragraphs if p.style.style_id == "Signature")
        assert signature._p.pPr.ind.get(qn("w:rightChars")) == "0"

    def test_each_annex_begins_a_page(self, made) -> None:
        marks = [p for p in made.paragraphs if p.style.style_id == "AnnexMark"]
        assert [p.paragraph_format.page_break_before for p in marks] == [True, True]

    def test_imprint_floats_at_the_foot_of_the_page(self, made) -> None:
        place = made.tables[-1]._tbl.tblPr.find(qn("w:tblpPr"))
        assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")


class TestTables:
    def test_repeat_their_header_and_keep_rows_whole(self) -> None:
        made = opened(document(Table(("甲", "乙"), tuple((str(n), "值") for n in range(3000)))))
        rows = made.tables[0]._tbl.tr_lst
        assert len(rows) == 3001
        assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows[:3]] == [True, False, False]
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)

    def test_may_leave_their_header_on_the_first_page(self) -> None:
        made = opened(document(Table(("甲",), (("1",),), repeat_header=False)))
        assert made.tables[0]._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is None

    def test_carry_a_footnote_in_their_header(self) -> None:
        head = opened(document(Table(("甲", Run("应报", footnote="来源。")), (("1", "2"),)))).tables[0].rows[0].cells[1]
        assert head.text == "应报[]"
        assert [mark.get(qn("w:id")) for mark in head._tc.iter(qn("w:footnoteReference"))] == ["1"]

    def test_fill_the_type_area_to_the_twip(self) -> None:
        made = opened(document(Table(("甲",) * 7, ())))
        widths = [int(column.get(qn("w:w"))) for column in made.tables[0]._tbl.tblGrid]
        assert (len(widths), sum(widths)) == (7, 8844)


class TestFootnotes:
    def test_are_real_ones(self, archive) -> None:
        notes = parse_xml(archive.read("word/footnotes.xml"))
        assert [note.get(qn("w:id")) for note in notes] == ["-1", "0", "1", "2"]
        assert ["".join(t.text for t in note.iter(qn("w:t"))) for note in notes[2:]] == [
            f"[] {VERIFIED}",
            f"[] {CLAIMED}",
        ]
        assert b"footnotes+xml" in archive.read("[Content_Types].xml")
        assert b"footnotes.xml" in archive.read("word/_rels/document.xml.rels")

    def test_are_marked_once_and_referred_to_later(self, archive) -> None:
        body = parse_xml(archive.read("word/document.xml"))
        assert [mark.get(qn("w:id")) for mark in body.iter(qn("w:footnoteReference"))] == ["1", "2"]
        assert [code.text.strip() for code in body.iter(qn("w:instrText"))] == [
            "NOTEREF _Note1 \\h",
            "NOTEREF _Note2 \\h",
        ]
        assert [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))] == ["_Note1", "_Note2"]

    def test_are_left_out_where_there_are_none(self) -> None:
        names = zipfile.ZipFile(io.BytesIO(word(document(Paragraph("正文。"))))).namelist()
        assert "word/footnotes.xml" not in names


class TestFile:
    def test_is_the_same_each_time_and_of_no_machine(self, report) -> None:
        first = word(report)
        assert word(report) == first
        archive = zipfile.ZipFile(io.BytesIO(first))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = docx.Document(io.BytesIO(first)).core_properties
        assert properties.created.date() == properties.modified.date() == report.date
        assert (properties.title, properties.author) == ("关于推进情况的 通报", "某省未来产业协调办公室")

    def test_is_chinese_and_of_the_present_format(self, archive) -> None:
        assert b'w:eastAsia="zh-CN"' in archive.read("word/styles.xml")
        assert re.search(rb'"compatibilityMode"[^>]*w:val="15"', archive.read("word/settings.xml"))

    @pytest.mark.parametrize("part", ["document", "styles", "footnotes", "footer1"])
    def test_has_its_properties_in_the_order_of_the_format(self, archive, part: str) -> None:
        seen = 0
        for element in parse_xml(archive.read(f"word/{part}.xml")).iter():
            wanted = ORDER.get(element.tag.split("}")[-1])
            if wanted:
                places = [wanted.index(child.tag.split("}")[-1]) for child in element]
                assert places == sorted(places)
                seen += 1
        assert seen

    def test_names_only_styles_it_has(self, made, archive) -> None:
        known = {style.style_id for style in made.styles}
        for part in ("document", "footnotes", "footer1", "footer2"):
            root = parse_xml(archive.read(f"word/{part}.xml"))
            used = {e.get(qn("w:val")) for tag in ("w:pStyle", "w:rStyle") for e in root.iter(qn(tag))}
            assert used <= known

    @settings(max_examples=60, deadline=None)
    @given(st.text(min_size=1))
    def test_keeps_any_text(self, text: str) -> None:
        source = document(
            *(Heading(1, text), Paragraph(Run(text, footnote=text)), Figures((KeyFigure(text, text),))),
            Table((text,), ((text,),), caption=text),
            title=text,
            issuer=text,
            number=text,
            addressee=text,
            signature=text,
            copies_to=(text,),
            printed_by=text,
            annexes=(Annex(text, ()),),
        )
        read = word_text(io.BytesIO(word(source)))
        plain = "".join(c for c in text if c.isprintable() and not c.isspace())
        kept = "".join(c for c in read if c.isprintable() and not c.isspace())
        assert kept.count(plain) >= 10
