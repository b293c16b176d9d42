"""The annotated copy: cells kept, faults beside the row and on the cell, a summary; it can be handed in again."""

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage

from tests.domains.progress.excel.conftest import LIMITS
from tests.domains.progress.excel.support import Workbook, claim_cells, parts
from xiandao.domains.progress.excel import annotate
from xiandao.domains.progress.excel.reading import read_book
from xiandao.domains.progress.models import ImportState

pytestmark = pytest.mark.django_db
DUTY = "3 加速创新成果转化（南京市科技局）"


@pytest.fixture
def copy(city, hand_in):
    """Return a function that hands a workbook in and gives the annotated copy, as bytes."""

    def go(book):
        job = hand_in(city, book)
        assert job.state == ImportState.FAULTY
        with default_storage.open(job.annotated.path) as stream:
            return stream.read()

    return go


@pytest.fixture
def wrong(book):
    book.set("进展", 2, standing="很好")
    book.add("成果", **claim_cells(DUTY, note='=HYPERLINK("http://example.com")'))
    book.add("成果", **claim_cells(DUTY, name="第二个", identifier="2号", region="月球", quantity=-1))
    book.sheets["我的备注"] = [["电话", "时间"], ["张三", dt.date(2026, 3, 4)], [True, 1.5]]
    return book


def test_every_cell_of_the_user_is_kept_beside_the_faults(wrong, copy):
    made = Workbook(copy(wrong))
    assert list(made.sheets) == ["检查结果", "说明", "进展", "成果", "难点堵点", "我的备注", "字典"]
    assert [row[1:] for row in made.sheets["成果"][2:]] == wrong.sheets["成果"][2:]
    assert made.sheets["我的备注"] == wrong.sheets["我的备注"]
    assert made.sheets["说明"][0][0] == "xiandao-progress"
    first, second = made.rows("成果")
    assert first["faults"] == ""
    assert second["faults"].split("\n")[0].startswith("所在地：填的是“月球”。应为列表中的一项")
    assert second["faults"].split("\n")[1].startswith("数量：填的是“-1”。")


def test_the_summary_lists_each_fault_with_its_place(wrong, copy):
    rows = Workbook(copy(wrong)).sheets["检查结果"]
    assert rows[0][0].startswith("共 3 处错误，一行都没有保存。")
    assert [row[:4] for row in rows[3:]] == [
        ["进展", 5.0, "进展状态", "很好"],
        ["成果", 4.0, "所在地", "月球"],
        ["成果", 4.0, "数量", "-1"],
    ]


def test_faulty_cells_are_coloured_and_carry_a_note_and_nothing_is_a_formula(wrong, copy):
    content = parts(copy(wrong))
    notes = "".join(text for name, text in content.items() if name.startswith("xl/comments"))
    assert notes.count("<comment ") == 3
    assert 'ref="K4"' in notes
    assert "应为列表中的一项" in notes
    assert "FFFFC7CE" in content["xl/styles.xml"]
    assert not [name for name, text in content.items() if name.startswith("xl/worksheets") and "<f>" in text]
    claims = content["xl/worksheets/sheet4.xml"]
    assert "MATCH($C3," in claims  # the list of targets still hangs on the duty, one column to the right


def test_corrected_it_can_be_handed_in_as_it_is(wrong, copy, city, hand_in):
    made = Workbook(copy(wrong))
    made.set("进展", 2, standing="按期推进")
    made.set("成果", 1, region="玄武区", quantity=1)
    job = hand_in(city, made)
    assert (job.state, job.faults) == (ImportState.READY, [])
    assert job.counts["added"] == 2


def test_handed_in_uncorrected_it_is_annotated_anew_not_twice(wrong, copy):
    once = copy(wrong)
    twice = copy(once)
    assert Workbook(twice).sheets == Workbook(once).sheets


def test_an_excel_error_beside_the_column_of_faults_is_found_in_its_column(wrong, copy):
    from tests.domains.progress.excel.support import with_part

    made = Workbook(copy(wrong))
    place = made.place("成果", "holder")
    letter = chr(ord("A") + place)
    made.set("成果", 0, holder=7)
    content = with_part(
        made.bytes(),
        "xl/worksheets/sheet4.xml",
        lambda text: text.replace(f'<c r="{letter}3"><v>7</v></c>', f'<c r="{letter}3" t="e"><v>#N/A</v></c>'),
    )
    sheet = next(s for s in read_book(io.BytesIO(content), limits=LIMITS).sheets if s.name == "成果")
    assert sheet.errors == {(2, sheet.columns["holder"]): "#N/A"}


def test_beyond_so_many_notes_the_colour_and_the_first_column_say_it(wrong, copy, monkeypatch):
    monkeypatch.setattr(annotate, "MOST_COMMENTS", 1)
    monkeypatch.setattr(annotate, "MOST_LISTED", 2)
    content = copy(wrong)
    notes = "".join(text for name, text in parts(content).items() if name.startswith("xl/comments"))
    assert notes.count("<comment ") == 1
    made = Workbook(content)
    assert made.sheets["检查结果"][-1][0] == "另有 1 处没有列在这里，都写在各表第一列。"
    assert made.rows("成果")[1]["faults"].count("\n") == 1
