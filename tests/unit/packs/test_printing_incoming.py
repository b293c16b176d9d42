"""Text out of the files people bring."""

import io
import random
import time
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given
from hypothesis import strategies as st

from xiandao.packs import packs_dir
from xiandao.packs.printing import Unreadable, read_policy_text
from xiandao.packs.printing.incoming import MAX_BYTES
from xiandao.printing import word_text
from xiandao.printing.word_numbers import chinese_number

SOURCE = (packs_dir() / "jiangsu_2024_2026" / "source.txt").read_text(encoding="utf-8")


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class TestPlainText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
    def test_the_encodings_of_chinese_offices_give_the_same_text(self, encoding: str) -> None:
        assert read_policy_text(SOURCE.encode(encoding)).text == SOURCE

    def test_the_encoding_is_told(self) -> None:
        assert read_policy_text(SOURCE.encode()).form == "utf-8"
        assert read_policy_text(SOURCE.encode("gb18030")).form == "gb18030"

    def test_big5_is_read_as_big5(self) -> None:
        text = "關於推動產業發展的實施方案\n一、加強組織領導，由經濟發展局牽頭，財政局配合。\n" * 40
        assert read_policy_text(text.encode("big5")).text == text

    def test_a_gb18030_text_longer_than_the_sample_is_read_whole(self) -> None:
        text = SOURCE * 8
        assert read_policy_text(text.encode("gb18030")).text == text

    def test_a_sample_that_ends_within_a_character_does_no_harm(self) -> None:
        line = SOURCE.replace("\n", "") * 4
        assert read_policy_text(line.encode("gb18030")).text == line
        assert read_policy_text(b"a" + line.encode("gb18030")).text == "a" + line

    def test_line_ends_of_windows_and_old_macs_become_line_feeds(self) -> None:
        assert read_policy_text("一、甲\r\n二、乙\r三、丙\n".encode()).text == "一、甲\n二、乙\n三、丙\n"

    @given(st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc"]), min_size=1))
    def test_any_text_in_utf_8_comes_back(self, text: str) -> None:
        body = "方案" + text.removeprefix("\ufeff")
        assert read_policy_text(body.encode()).text == body


class TestRefused:
    @pytest.mark.parametrize(
        ("raw", "found"),
        [
            (b"", "空文件"),
            (b" \n\t", "只有空白的文件"),
            (b"%PDF-1.7 ...", "PDF 文件"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 Office 文件"),
            (b"{\\rtf1 ...", "RTF 文件"),
            (b"\x89PNG\r\n", "图片"),
            (b"Rar!\x1a", "压缩文件"),
            (bytes(range(256)) * 40, "二进制文件"),
            ("方案\0正文".encode(), "二进制文件"),
            (b"\xff\xfe\x00\xd8", "编码损坏的文本"),
            (b"PK\x03\x04 broken", "损坏的 .docx 文件"),
        ],
    )
    def test_what_is_no_text_is_named_with_what_to_do(self, raw: bytes, found: str) -> None:
        with pytest.raises(Unreadable) as caught:
            read_policy_text(raw)
        assert caught.value.found.startswith(found)
        assert ".txt（UTF-8 或 GB18030）或 .docx" in caught.value.expected
        assert caught.value.mend

    def test_a_file_beyond_the_limit_is_refused_unread(self) -> None:
        with pytest.raises(Unreadable, match="32 MB 的文件"):
            read_policy_text(b"a" * (MAX_BYTES + 1))

    @pytest.mark.parametrize("noise", ["bytes", "letters"])
    def test_five_megabytes_of_noise_take_no_time(self, noise: str) -> None:
        raw = random.Random(7).randbytes(5_000_000)  # noqa: S311 — noise
        if noise == "letters":
            raw = raw.translate(None, bytes(range(0x20)))
        start = time.process_time()
        with pytest.raises(Unreadable):
            read_policy_text(raw)
        assert time.process_time() - start < 2

    def test_archives_that_are_no_word_document_are_told_apart(self) -> None:
        for name, found in (("xl/workbook.xml", "Excel 文件"), ("a.txt", "不是 Word 文档的压缩文件")):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr(name, "x")
            with pytest.raises(Unreadable, match=found):
                read_policy_text(out.getvalue())

    def test_a_document_that_unpacks_to_a_huge_size_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(word_text, "_MAX_XML", 1000)
        with pytest.raises(Unreadable, match="解压后过大"):
            read_policy_text(saved(docx.Document()))

    def test_a_word_document_without_text_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="没有文字的 Word 文件"):
            read_policy_text(saved(docx.Document()))


class TestWord:
    def test_paragraphs_and_tables_come_in_order_with_cells_parted_by_tabs(self) -> None:
        document = docx.Document()
        document.add_paragraph("一、行动")
        table = document.add_table(rows=2, cols=3)
        for cell, text in zip(table._cells, ["序号", "任务", "牵头单位", "1", "甲\n任务", "市科技局"], strict=True):
            cell.text = text
        document.add_paragraph("附则")
        assert read_policy_text(saved(document)).text == "一、行动\n序号\t任务\t牵头单位\n1\t甲 任务\t市科技局\n附则"

    def test_a_cell_merged_over_rows_is_repeated_in_each_and_one_over_columns_is_told_once(self) -> None:
        document = docx.Document()
        table = document.add_table(rows=3, cols=3)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "行动"
        table.cell(2, 0).merge(table.cell(2, 1)).text = "宽"
        table.cell(0, 1).text, table.cell(1, 1).text, table.cell(2, 2).text = "甲", "乙", "丙"
        assert read_policy_text(saved(document)).text.split("\n") == ["行动\t甲\t", "行动\t乙\t", "宽\t丙"]

    def test_line_breaks_tabs_links_and_insertions_are_text_and_deletions_are_not(self) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph("甲\t乙\n丙")
        paragraph._p.append(
            parse_xml(
                f"<w:p {nsdecls('w')}><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
                "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
                "<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>"
                "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>"
            )
        )
        assert read_policy_text(saved(document)).text == "甲 乙\n丙新链接"

    def test_text_in_content_controls_and_text_boxes_is_not_lost(self) -> None:
        document = docx.Document()
        document.add_paragraph("前")
        box = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
        controls = (
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r>"
            f"<w:r><w:pict>{box}</w:pict></w:r></w:p></w:sdtContent></w:sdt>"
        )
        document.element.body.insert(1, parse_xml(controls))
        assert read_policy_text(saved(document)).text == "前\n控件\n框"

    def test_numbers_that_word_makes_are_written_out(self) -> None:
        document = docx.Document()
        numbered(
            document, [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("bullet", "•")]
        )
        for level, text in ((0, "甲"), (1, "乙"), (2, "丙"), (2, "丁"), (3, "点"), (1, "戊"), (2, "己"), (0, "庚")):
            in_list(document.add_paragraph(text), level)
        document.add_paragraph("不编号")
        assert read_policy_text(saved(document)).text.split("\n") == [
            *("一、甲", "（一）乙", "1.丙", "2.丁", "点", "（二）戊", "1.己", "二、庚", "不编号"),
        ]

    def test_a_style_can_number_its_paragraphs(self) -> None:
        document = docx.Document()
        numbered(document, [("decimal", "第%1条　")])
        style = document.styles["Heading 1"].element.get_or_add_pPr()
        style.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="77"/></w:numPr>'))
        document.add_heading("甲", 1)
        document.add_heading("乙", 1)
        assert read_policy_text(saved(document)).text == "第1条　甲\n第2条　乙"

    def test_the_jiangsu_plan_survives_a_round_through_word(self) -> None:
        document = docx.Document()
        for line in SOURCE.split("\n"):
            document.add_paragraph(line)
        result = read_policy_text(saved(document))
        assert (result.text, result.form) == (SOURCE, "docx")


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (25, "二十五"), (99, "九十九"), (100, "一零零")],
)
def test_chinese_numbers_of_lists(number: int, text: str) -> None:
    assert chinese_number(number) == text


def numbered(document: docx.document.Document, levels: list[tuple[str, str]]) -> None:
    """Give the document list 77 with these kinds and texts of numbers per level."""
    root = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (kind, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{inner}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def in_list(paragraph: docx.text.paragraph.Paragraph, level: int) -> None:
    numbering = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", 77)):
        element = OxmlElement(name)
        element.set(qn("w:val"), str(value))
        numbering.append(element)
    paragraph._p.get_or_add_pPr().append(numbering)
