"""The catalogue as Excel and back: the same content, faults by sheet, row and column, merged or refused when stale."""

import io

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiandao.domains.files.limits import file_limits
from xiandao.domains.industries.actions import words
from xiandao.domains.industries.actions.excel import check_workbook, save_workbook
from xiandao.domains.industries.content import (
    Content,
    Industry,
    Product,
    Segment,
    Term,
    Trap,
    apply,
    belonging,
    diff,
    faults,
)
from xiandao.domains.industries.queries.catalogue import content_of, in_force
from xiandao.domains.industries.workbook.reading import read
from xiandao.domains.industries.workbook.writing import workbook
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared.archives import ArchiveLimits
from xiandao.domains.shared.excel_in import read_workbook

LIMITS = ArchiveLimits(unpacked=200_000_000, ratio=500, entries=1000)
HP = ("hydrogen", "hp-storage")


def book_of(content, code="2026.1"):
    return io.BytesIO(workbook(content, code=code, digest=content.digest, names={}))


def changed(content, edit):
    """Return the workbook of a content after a person changed cells in it: `edit` gets sheet name to rows."""
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(book_of(content), limits=LIMITS)}
    edit(sheets)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    out.seek(0)
    return out


def row_of(rows, *words_):
    """Return the index of the first row with these words; its number in the sheet is one more."""
    return next(number for number, row in enumerate(rows) if all(word in row for word in words_))


def test_the_real_catalogue_comes_back_the_same(db):
    content = content_of(in_force())
    found = read(read_workbook(book_of(content), limits=file_limits().archive), known=content, industries=industries())
    assert found.faults == []
    assert found.content == content
    assert found.content.digest == found.digest == in_force().digest
    assert diff(content, found.content) == []


def industries():
    return {path[0] for path in content_of(in_force()).industries}


line = st.text(st.sampled_from("甲乙丙丁戊己AB1，、（）=+-@ "), min_size=1, max_size=6).map(str.strip).filter(bool)
code = st.sampled_from(["a", "b", "c-1", "d"])
some_lines = st.lists(line, max_size=2).map(tuple)


@st.composite
def contents(draw):
    """Return any content whose references hold."""
    made = Content()
    for industry in draw(st.lists(st.sampled_from(["x", "y"]), unique=True, min_size=1)):
        made.industries[(industry,)] = Industry(draw(line), draw(some_lines), draw(some_lines), draw(some_lines))
        for segment in draw(st.lists(code, unique=True, min_size=1, max_size=2)):
            stage = draw(st.sampled_from(["upstream", "supporting"]))
            made.segments[industry, segment] = Segment(draw(line), draw(line), stage, ("3849",), (), ("H01M 8",))
        held = [path[1] for path in made.segments if path[0] == industry]
        for product in draw(st.lists(code, unique=True, max_size=3)):
            made.products[industry, product] = Product(
                draw(st.sampled_from(held)), draw(line), "", draw(line), draw(some_lines), (), draw(st.booleans())
            )
            for word in draw(st.lists(line, unique=True, max_size=3)):
                made.terms[industry, product, word] = Term(draw(st.sampled_from(["core", "weak", "related"])))
    for word in draw(st.lists(line, unique=True, max_size=2)):
        made.traps[draw(st.sampled_from(["", "x"])), word] = Trap()
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_any_catalogue_survives_excel(content):
    found = read(read_workbook(book_of(content), limits=LIMITS), known=Content(), industries={"x", "y"})
    assert found.faults == []
    assert found.content == content
    assert found.content.digest == content.digest


@settings(max_examples=60, deadline=None)
@given(contents(), contents())
def test_a_difference_applied_gives_the_other_and_taken_back_the_first(old, new):
    changes = diff(old, new)
    assert apply(old, changes) == new
    assert apply(new, [each.inverse() for each in changes]) == old
    assert (changes == []) == (old.digest == new.digest)
    for change in changes:
        assert change in belonging(changes, change)


def test_faults_name_sheet_row_and_column(draft, editor):
    content = content_of(draft)

    def spoil(book):
        terms = book["词条"]
        terms[row_of(terms, "储氢瓶", "单独成立")][4] = "很强"
        book["产品"][1][0] = "nothing"

    found = check_workbook(editor, draft=draft, name="目录.xlsx", content=changed(content, spoil)).faults
    said = {(each.sheet, each.column): each for each in found}
    assert said["词条", "效力"].found == "很强"
    assert "单独成立、须有旁证、只作旁证" in said["词条", "效力"].message
    assert said["产品", "产业代码"].row == 2
    assert content_of(draft).digest == content.digest


def test_what_breaks_a_rule_is_found_in_its_row(draft, editor):
    content = content_of(draft)
    rows = {}

    def spoil(book):
        at = row_of(book["词条"], "储氢罐")
        rows["term"] = at + 1
        book["词条"][at][3] = "加氢站"
        book["环节"][1][6] = "三四"

    found = check_workbook(editor, draft=draft, name="目录.xlsx", content=changed(content, spoil)).faults
    term = next(each for each in found if each.sheet == "词条" and each.row == rows["term"])
    assert "一个产业里只能有一处" in term.message
    assert term.column == "词条"
    assert any(each.sheet == "环节" and each.row == 2 and each.column == "国民经济行业" for each in found)


def test_a_workbook_changes_the_draft_after_it_was_looked_at(draft, editor, office):
    def edit(book):
        terms = book["词条"]
        terms.append([*HP, "", "演示储氢罐体", "须有旁证", ""])
        del terms[row_of(terms, "储氢罐")]
        book["产业"][1][2] = "改过的定义"

    reading = check_workbook(editor, draft=draft, name="目录.xlsx", content=changed(content_of(draft), edit))
    assert [(each.kind, each.nature) for each in reading.changes] == [
        ("industry", "changed"),
        ("term", "removed"),
        ("term", "added"),
    ]
    assert (*HP, "储氢罐") in content_of(draft).terms
    with pytest.raises(Refused, match="不是您的"):
        save_workbook(office, pk=draft.pk, token=reading.token)
    assert len(save_workbook(editor, pk=draft.pk, token=reading.token)) == 3
    assert content_of(draft).terms[*HP, "演示储氢罐体"].weight == "weak"
    with pytest.raises(Conflict, match="又被改动"):
        save_workbook(editor, pk=draft.pk, token=reading.token)


def test_a_workbook_of_the_version_in_force_is_merged_into_a_changed_draft(draft, editor):
    published = changed(content_of(in_force()), lambda book: book["词条"].append([*HP, "", "演示甲词", "单独成立", ""]))
    words.add_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], text="演示乙词", weight="core")
    reading = check_workbook(editor, draft=draft, name="目录.xlsx", content=published)
    assert reading.merged
    save_workbook(editor, pk=draft.pk, token=reading.token)
    assert {"演示甲词", "演示乙词"} <= set(content_of(draft).terms_of(*HP))


def test_a_workbook_of_an_older_draft_is_refused(draft, editor):
    words.add_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], text="演示乙词", weight="core")
    stale = book_of(content_of(draft))
    words.add_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], text="演示丙词", weight="core")
    with pytest.raises(Conflict, match="重新导出"):
        check_workbook(editor, draft=draft, name="目录.xlsx", content=stale)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("目录.xls", b"x", "另存为"), ("目录.xlsx", b"", "空的"), ("目录.xlsx", b"PK\x03\x04junk", "压缩结构已损坏")],
)
def test_other_files_are_refused(draft, editor, name, content, says):
    with pytest.raises(Refused, match=says):
        check_workbook(editor, draft=draft, name=name, content=io.BytesIO(content))


def test_another_workbook_is_no_catalogue(draft, editor):
    def edit(book):
        del book["版本"]

    found = check_workbook(editor, draft=draft, name="目录.xlsx", content=changed(content_of(draft), edit)).faults
    assert [each.sheet for each in found] == ["版本"]


def test_a_weight_in_excel_takes_the_synonyms_along(draft, editor):
    def edit(book):
        book["词条"][row_of(book["词条"], "储氢瓶", "单独成立")][4] = "须有旁证"

    reading = check_workbook(editor, draft=draft, name="目录.xlsx", content=changed(content_of(draft), edit))
    assert reading.faults == []
    assert reading.after.terms[*HP, "储氢气瓶"].weight == "weak"
    assert faults(reading.after) == []


def test_the_pages(client_of, draft):
    from django.urls import reverse

    client = client_of("department")
    url = reverse("catalogue:draft-excel", args=[draft.pk])
    book = client.get(reverse("catalogue:draft-export", args=[draft.pk]))
    assert book.status_code == 200
    same = client.post(url, {"file": named(book.content)})
    assert "内容相同" in same.content.decode()
    more = changed(content_of(draft), lambda b: b["词条"].append([*HP, "", "演示甲词", "单独成立", ""]))
    page = client.post(url, {"file": named(more.read())})
    assert "会改动草案 1 处" in page.content.decode()
    token = page.context["reading"].token
    assert client.post(url, {"token": token}).status_code == 302
    bad = changed(content_of(draft), lambda b: b["词条"].append([*HP, "", "演示丁词", "不对", ""]))
    page = client.post(url, {"file": named(bad.read())})
    assert page.status_code == 422
    assert "有 1 处错误" in page.content.decode()
    assert client.post(url).status_code == 422


def named(content):
    file = io.BytesIO(content)
    file.name = "目录.xlsx"
    return file
