"""The PDF of an official document, read again: pages, text, footnotes, fonts, bytes."""

import datetime as dt
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.unit.printing.samples import CLAIMED, LONG_NAME, VERIFIED, document
from xiandao.printing.official import Annex, Heading, NoChineseFont, Note, Paragraph, Run, Table, pdf
from xiandao.printing.official.fonts import ChosenFonts, chosen_fonts, has_chinese
from xiandao.printing.official.to_pdf import compiled

POINTS = 72 / 25.4
MARKUP = "#$*_@<>\\`~[]{}()/-=+\"'&%^|;:,.!?"
"""Characters that mean something to typst."""


def read(source) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(source)))


def pages(source) -> list[str]:
    return [plain(page.extract_text()) for page in read(source).pages]


def plain(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def placed(page, wanted: str) -> list[tuple[str, float]]:
    """Return the stretches of text that hold what is wanted, and where each begins, in mm from the left."""
    found = []

    def note(text, cm, tm, *_rest) -> None:
        if wanted in text:
            found.append((plain(text), (tm[4] * cm[0] + tm[5] * cm[2] + cm[4]) / POINTS))

    page.extract_text(visitor_text=note)
    return found


@pytest.fixture(scope="module")
def printed(report) -> list[str]:
    return pages(report)


class TestPages:
    def test_are_a4(self, report) -> None:
        for page in read(report).pages:
            assert [float(side) for side in page.mediabox[2:]] == pytest.approx([210 * POINTS, 297 * POINTS], abs=0.1)

    def test_hold_22_lines_of_28_characters(self) -> None:
        made = pages(document(Paragraph("国" * 3000)))
        assert [page.count("国") for page in made[1:4]] == [22 * 28] * 3

    def test_are_numbered_between_dashes_odd_right_even_left(self) -> None:
        numbers = [place for page in read(document(Paragraph("国" * 1500))).pages for place in placed(page, "—")]
        assert [text[:3] for text, _ in numbers] == ["—1—", "—2—", "—3—"]
        assert [x > 105 for _, x in numbers] == [True, False, True]

    def test_of_annexes_are_their_own(self, printed) -> None:
        assert len(printed) == 5
        assert printed[3].startswith("附件1任务清单一、附件第一节附件正文。")
        assert printed[4].startswith("附件2联系人")

    def test_the_last_ends_with_the_imprint(self, printed) -> None:
        assert printed[4].endswith("抄送：省委办公厅，省政协办公厅。某省发展改革委办公室2030年10月9日印发—5—")


class TestText:
    def test_stands_in_the_order_of_the_standard(self, printed) -> None:
        head = "某省未来产业协调办公室某未来督〔2030〕3号关于推进情况的通报（截至2030年9月30日）各设区市人民政府："
        assert printed[0].startswith(head + "现将有关情况通报如下。一、总体情况")
        assert "（一）分行动情况1.第三层（1）第四层（二）分市情况各市情况序号单位数量1" in "".join(printed)
        assert "注：按行政区划代码排序。" in printed[1]
        assert printed[2].startswith("二、逾期事项事项期限本期无附件：1.任务清单2.联系人某省办公室2030年10月8日")

    def test_headings_are_bookmarks(self, report) -> None:
        titles = [entry.title for entry in read(report).outline if not isinstance(entry, list)]
        assert titles == ["一、总体情况", "二、逾期事项", "一、附件第一节"]

    def test_footnotes_stand_on_the_page_of_their_first_mark_and_are_referred_to(self, printed) -> None:
        whole = "".join(printed)
        assert [whole.count(plain(text)) for text in (VERIFIED, CLAIMED)] == [1, 1]
        assert plain(VERIFIED) in next(page for page in printed if "128项[1]" in page)
        assert "累计认定128[1]项，填报31[2]项" in whole

    def test_english(self) -> None:
        made = document(
            *(Heading(1, "Overview"), Paragraph(("Verified ", Run("128", footnote="Ledger."), " results."))),
            Note("as of today"),
            title="Progress",
            language="en",
            signature="Office",
        )
        assert pages(made) == ["Progress1.OverviewVerified128[1]results.Note:asoftodayOffice8October2030[1]Ledger.—1—"]

    @settings(max_examples=50, deadline=None)
    @given(
        st.text(
            st.sampled_from(MARKUP + "甲乙丙丁，。、；：“”‘’（）《》〔〕—…·0123456789aZ\n "), min_size=1, max_size=24
        )
    )
    def test_is_never_taken_for_markup(self, text: str) -> None:
        source = document(
            *(Heading(1, text, numbered=False), Paragraph(Run(text, bold=True)), Paragraph(Run("注", footnote=text))),
            *(Table((text,), ((text,),), caption=text, widths=(1,)), Note(text)),
            title=text,
            addressee=text,
            annexes=(Annex(text, ()),),
        )
        assert "".join(pages(source)).count(plain(text)) >= 9

    @pytest.mark.parametrize("text", ["\U0001f600", "ขอบคุณ", "שלום", "e\u0301\u0302", "\u202eabc", "\ufdfd", "𠮷"])
    def test_of_other_scripts_is_printed_without_failing(self, text: str) -> None:
        assert len(pages(document(Paragraph(text), Table((text,), ((text,),)), title=text))) == 1


class TestTables:
    def test_repeat_their_header_on_every_page(self) -> None:
        rows = tuple((str(n), f"{LONG_NAME}{n}", "推进中") for n in range(1, 301))
        made = pages(document(Table(("序号", "单位名称", "状态"), rows)))
        assert len(made) > 10
        assert [page.count("序号单位名称状态") for page in made[:-1]] == [1] * (len(made) - 1)
        assert "".join(made).count("推进中") == 300

    def test_carry_footnotes_of_a_repeated_header_to_every_page_under_their_one_number(self) -> None:
        rows = tuple((str(n), "1") for n in range(1, 61))
        table = Table(("序号", Run("应报", footnote="应报的来源。")), rows)
        made = pages(
            document(Paragraph(Run("3", footnote="甲注。")), table, Paragraph(Run("4", footnote="应报的来源。")))
        )
        assert len(made) == 3
        assert [page.count("应报[2]") for page in made] == [1, 1, 1]
        assert [page.count("[2]应报的来源。") for page in made] == [1, 1, 1]
        assert "4[2]" in made[2]

    def test_may_leave_their_header_on_the_first_page(self) -> None:
        made = pages(document(Table(("序号", "单位"), (("1", "甲"),) * 60, repeat_header=False)))
        assert len(made) > 1
        assert sum(page.count("序号单位") for page in made) == 1

    def test_break_cells_longer_than_a_page(self) -> None:
        made = pages(document(Table(("内容",), (("国" * 4000,),))))
        assert sum(page.count("国") for page in made) == 4000
        assert len(made) > 3

    def test_break_long_addresses_instead_of_leaving_the_page(self) -> None:
        address = "https://example.invalid/" + "abcdefgh" * 12
        page = read(document(Table(("甲", "乙"), ((address, "1"),), widths=(1, 3)))).pages[0]
        assert plain(page.extract_text()).count("abcdefgh") == 12
        starts = [x for _, x in placed(page, "abc")]
        assert len(starts) > 8
        assert max(starts) < 28 + 156 / 4 / 2


class TestFonts:
    def test_none_for_chinese_is_an_error_that_says_what_to_install(self) -> None:
        none = chosen_fonts(system=False)
        with pytest.raises(NoChineseFont, match="apt install fonts-noto-cjk fonts-arphic-gkai00mp"):
            compiled(document(Paragraph("正文。")), none, form="pdf")
        with pytest.raises(NoChineseFont):
            compiled(document(title="南京 report", language="en"), none, form="pdf")

    def test_none_for_chinese_does_not_hinder_a_document_without(self) -> None:
        made = compiled(
            document(Paragraph("Text."), title="Title", language="en"), chosen_fonts(system=False), form="pdf"
        )
        assert "Text." in PdfReader(io.BytesIO(made[0])).pages[0].extract_text()

    def test_of_the_standard_go_before_their_likes(self) -> None:
        chosen = chosen_fonts()
        assert chosen.families["heading"][0] != chosen.families["song"][0]
        for role in ("title", "body", "kai"):
            assert set(chosen.families["song"]) <= set(chosen.families[role])

    def test_of_roles_draw_chinese_and_the_song_the_digits(self) -> None:
        found = chosen_fonts()
        hei = found.families["heading"][0]
        chosen = ChosenFonts(found.found, found.families | {"body": (hei,)}, found.bold, ())
        made = compiled(document(Paragraph("国3“”·"), title="国"), chosen, form="pdf")
        fonts = {}

        def note(text, _cm, _tm, font, _size) -> None:
            fonts.update(dict.fromkeys(text, str(font["/BaseFont"]) if font else ""))

        PdfReader(io.BytesIO(made[0])).pages[0].extract_text(visitor_text=note)
        assert {fonts[character] for character in "“”·"} == {fonts["“"]}
        assert fonts["3"] != fonts["“"]

    def test_title_is_bold_unless_there_is_a_title_font(self) -> None:
        found = chosen_fonts()
        real = ChosenFonts(found.found, found.families | {"title": ("方正小标宋简体",)}, found.bold, ())
        plain_song = ChosenFonts(found.found, found.families | {"title": ("SimSun",)}, found.bold, ())
        assert (real.heavy_title(), plain_song.heavy_title()) == (False, True)

    def test_bold_is_drawn_thicker_where_the_body_has_no_bold_face(self) -> None:
        found = chosen_fonts()
        thin = ChosenFonts(found.found, found.families, frozenset(), ())
        source = document(Paragraph(Run("粗", bold=True)))
        pictures = [compiled(source, fonts, form="png", ppi=72)[0] for fonts in (found, thin)]
        assert not thin.bold_body()
        assert pictures[0] != pictures[1]

    def test_what_needs_a_chinese_font(self) -> None:
        assert has_chinese(["abc", "—“”1号"])
        assert has_chinese(["\U00020bb7"])
        assert not has_chinese(["abc", "—“” é"])


class TestFile:
    def test_is_the_same_each_time(self, report) -> None:
        assert pdf(report) == pdf(report)

    def test_bears_title_office_and_the_date_of_the_document(self, report) -> None:
        data = read(report).metadata
        assert (data.title, data.author) == ("关于推进情况的通报", "某省未来产业协调办公室")
        assert data.creation_date == dt.datetime(2030, 10, 8, tzinfo=dt.UTC)
