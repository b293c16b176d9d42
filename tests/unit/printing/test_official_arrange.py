"""What both printers are told: numbers of headings and footnotes, columns, wording, clean texts."""

import datetime as dt

import pytest

from tests.unit.printing.samples import CLAIMED, LONG_NAME, VERIFIED, document
from xiandao.printing.official import Figures, Heading, KeyFigure, Note, Paragraph, Run, Table
from xiandao.printing.official.arrange import arrange, width_of


def texts(parts) -> list[str]:
    return ["".join(piece.text for piece in part.pieces) for part in parts if part.kind == "line"]


def grid(table: Table):
    return arrange(document(table)).parts[0]


class TestHeadings:
    def test_are_numbered_as_the_standard_says(self) -> None:
        levels = (1, 2, 3, 4, 4, 2, 1, 2)
        parts = arrange(document(*(Heading(level, "题") for level in levels))).parts
        assert texts(parts) == ["一、题", "（一）题", "1. 题", "（1）题", "（2）题", "（二）题", "二、题", "（一）题"]

    def test_above_ten_in_chinese_numerals(self) -> None:
        parts = arrange(document(*(Heading(1, "题") for _ in range(21)))).parts
        assert texts(parts)[9:12] + texts(parts)[19:] == ["十、题", "十一、题", "十二、题", "二十、题", "二十一、题"]

    def test_in_english_are_numbered_in_decimals(self) -> None:
        parts = arrange(
            document(Heading(1, "A"), Heading(2, "B"), Heading(3, "C"), Heading(1, "D"), language="en")
        ).parts
        assert texts(parts) == ["1. A", "1.1 B", "1.1.1 C", "2. D"]

    def test_without_number_do_not_count(self) -> None:
        parts = arrange(document(Heading(1, "前言", numbered=False), Heading(1, "题"))).parts
        assert texts(parts) == ["前言", "一、题"]

    def test_of_a_skipped_level_count_it_as_one(self) -> None:
        assert texts(arrange(document(Heading(3, "题"), Heading(2, "题"))).parts) == ["1. 题", "（二）题"]

    def test_of_an_annex_start_anew(self, report) -> None:
        assert texts(arrange(report).annexes[0].parts) == ["一、附件第一节", "附件正文。"]

    @pytest.mark.parametrize("level", [0, 5])
    def test_of_other_levels_are_refused(self, level: int) -> None:
        with pytest.raises(ValueError, match="levels 1 to 4"):
            Heading(level, "题")


class TestFootnotes:
    def test_of_the_same_wording_share_a_number_and_are_printed_once(self, report) -> None:
        arranged = arrange(report)
        assert arranged.notes == (VERIFIED, CLAIMED)
        strip, paragraph = arranged.parts[2], arranged.parts[3]
        assert [(p.text, p.note, p.first) for p in strip.items[0][0]] == [("128项", 1, True)]
        assert [(p.note, p.first) for p in paragraph.pieces] == [
            (None, False),
            (1, False),
            (None, False),
            (2, True),
            (None, False),
        ]

    def test_without_words_are_none(self) -> None:
        assert arrange(document(Paragraph(Run("1", footnote=" \n".strip())))).notes == ()


class TestTables:
    def test_long_names_get_the_room_that_short_columns_leave(self) -> None:
        made = grid(Table(("序号", "单位", "数量"), (("1", LONG_NAME, "3"),)))
        assert sum(made.widths) == pytest.approx(1)
        assert made.widths == pytest.approx((8 / 73.667, 57.667 / 73.667, 8 / 73.667), abs=0.001)
        assert made.align == ("center", "left", "center")

    def test_widths_and_alignment_may_be_given(self) -> None:
        made = grid(Table(("甲", "乙"), (("1", "2"),), widths=(1, 3), align=("left", "right")))
        assert made.widths == (0.25, 0.75)
        assert made.align == ("left", "right")

    def test_of_many_columns_are_set_smaller(self) -> None:
        assert (grid(Table(("甲",) * 5, ())).size, grid(Table(("甲",) * 6, ())).size) == (12, 10.5)

    def test_without_rows_say_so(self) -> None:
        assert grid(Table(("甲",), ())).empty == "本期无"
        assert grid(Table(("甲",), (), empty="没有逾期")).empty == "没有逾期"
        assert arrange(document(Table(("A",), ()), language="en")).parts[0].empty == "None in this period"
        assert not grid(Table(("甲",), (("1",),))).empty

    @pytest.mark.parametrize(
        ("build", "message"),
        [
            (lambda: Table((), ()), "without columns"),
            (lambda: Table(("甲", "乙"), (("1", "2"), ("1",))), "row 2 has 1 cells, the header 2"),
            (lambda: Table(("甲", "乙"), (), widths=(1,)), "1 widths for 2 columns"),
            (lambda: Table(("甲", "乙"), (), align=("left",)), "1 align for 2 columns"),
            (lambda: Table(("甲", "乙"), (), widths=(1, 0)), "above 0"),
            (lambda: Figures(()), "without a figure"),
        ],
    )
    def test_that_do_not_fit_together_are_refused(self, build, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            build()


class TestWords:
    def test_number_stands_under_the_red_head_else_below_the_title(self) -> None:
        headed = arrange(document(issuer="某办公室", number="某〔2030〕3号", subtitle="截至今日"))
        bare = arrange(document(number="某〔2030〕3号", subtitle="截至今日"))
        assert (headed.number, headed.below_title) == ("某〔2030〕3号", ("截至今日",))
        assert (bare.number, bare.below_title) == ("", ("（某〔2030〕3号）", "截至今日"))

    def test_chinese_labels_and_dates(self, report) -> None:
        made = arrange(report)
        assert (made.addressee, made.day) == ("各设区市人民政府：", "2030年10月8日")
        assert (made.copies_label, made.copies) == ("抄送：", "省委办公厅，省政协办公厅。")
        assert made.printed_on == "2030年10月9日印发"
        assert [annex.mark for annex in made.annexes] == ["附件1", "附件2"]
        assert made.annex_list == (("1. ", "任务清单"), ("2. ", "联系人"))

    def test_english_labels_and_dates(self) -> None:
        made = arrange(document(language="en", addressee="All cities", copies_to=("A", "B"), printed_by="Office"))
        assert (made.addressee, made.day) == ("All cities:", "8 October 2030")
        assert (made.copies_label, made.copies) == ("Copies to: ", "A, B.")
        assert made.printed_on == "Printed on 8 October 2030"

    def test_a_single_annex_has_no_number(self, report) -> None:
        made = arrange(document(annexes=report.annexes[:1]))
        assert (made.annexes[0].mark, made.annex_list) == ("附件", (("", "任务清单"),))
        assert arrange(document(annexes=report.annexes[:1], language="en")).annexes_label == "Annex: "

    def test_dates_have_no_leading_zeros(self) -> None:
        assert arrange(document(date=dt.date(2030, 1, 2))).day == "2030年1月2日"

    def test_line_ends_of_every_kind_become_line_feeds_and_control_characters_go(self) -> None:
        made = arrange(document(Paragraph("甲\r\n乙\u2028丙\x0b丁\x07\x9f\ufffe戊"), title="\n题\n"))
        assert texts(made.parts) == ["甲\n乙\n丙\n丁戊"]
        assert made.title == "题"

    def test_notes_are_opened_by_their_label(self) -> None:
        assert texts(arrange(document(Note("甲"), Note("乙", label="说明："))).parts) == ["注：甲", "说明：乙"]

    def test_five_key_figures_go_on_in_a_second_row(self) -> None:
        parts = arrange(document(Figures(tuple(KeyFigure(str(n), "1") for n in range(5))))).parts
        assert [len(part.items) for part in parts] == [4, 1]

    def test_what_is_no_block_is_refused(self) -> None:
        with pytest.raises(TypeError, match="str is no block"):
            arrange(document("正文"))

    def test_chinese_characters_count_two_half_characters(self) -> None:
        assert (width_of("2030年"), width_of("甲\n乙丙"), width_of("")) == (6, 4, 1)
