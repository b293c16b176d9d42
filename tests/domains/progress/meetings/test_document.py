"""Papers on paper: Word opened again and its numbers compared one by one with the database, footnotes, PDF."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.domains.progress.conftest import moment
from tests.domains.progress.meetings.filled import fill
from xiandao.domains.progress.meeting import content, meeting_document
from xiandao.domains.progress.meeting.pen import UNREPORTED
from xiandao.domains.progress.models import Assignment, Claim, Problem, Report, ResultCount
from xiandao.printing.official import pdf, word

pytestmark = pytest.mark.django_db
APRIL = moment("2026-04-30")
ISSUER = "某省未来产业统筹协调办公室"


@pytest.fixture
def papers(people, running):
    return lambda when=APRIL: meeting_document(content(people("coordinator"), running, when), issuer=ISSUER)


def opened(document):
    return docx.Document(io.BytesIO(word(document)))


def table(made, *header):
    """Return the rows of the table whose header begins so, as texts without the marks of footnotes, by first cell."""
    for each in made.tables:
        names = [plain(cell.text) for cell in each.rows[0].cells]
        if names[: len(header)] == list(header):
            return {
                row.cells[0].text: dict(zip(names, (plain(c.text) for c in row.cells), strict=True))
                for row in each.rows[1:]
            }
    raise AssertionError(f"no table {header}")


def plain(text):
    return re.sub(r"\[\d*\]|\n", "", text)


def test_word_says_of_the_cities_what_the_database_holds(story, papers):
    lines = table(opened(papers()), "设区市")
    assert len(lines) == 13
    duties = Assignment.objects.for_system("tests").filter(plan=story.opened.plan, ended_at=None)
    reports = Report.objects.for_system("tests").filter(round=story.opened)
    problems = Problem.objects.for_system("tests")
    claims = Claim.objects.for_system("tests").exclude(claimed_at=None)
    counts = ResultCount.objects.filter(plan=story.opened.plan, void_at=None)
    spoke = reports.exclude(submitted_at=None)
    for name, line in lines.items():
        here = {"assignment__region__name": name}
        said = spoke.filter(**here).exists()
        blocked = spoke.filter(**here, standing="blocked").count()
        expected = {
            "责任项": duties.filter(region__name=name).count(),
            "应报": reports.filter(**here).count(),
            "已报": spoke.filter(**here).count(),
            "已核实": reports.filter(**here, state="verified").count(),
            "逾期": reports.filter(**here, submitted_at=None).count(),
            "受阻": blocked if said else "—",
            "申报成果": claims.filter(region__name=name).count() if said else "—",
            "认定成果": counts.filter(result__region__name=name).count() if said else "—",
            "难点堵点": problems.filter(**here).count(),
        }
        assert {key: line[key] for key in expected} == {key: str(value) for key, value in expected.items()}, name


def test_word_says_of_departments_and_targets_what_the_database_holds(story, papers, body):
    made = opened(papers())
    lines = table(made, "部门")
    duties = Assignment.objects.for_system("tests").filter(plan=story.opened.plan, ended_at=None)
    provincial = duties.filter(region=story.opened.plan.region_id)
    assert len(lines) == provincial.values("organisation").distinct().count()
    for name, line in lines.items():
        assert line["牵头"] == str(provincial.filter(organisation__name=name, role="lead").count()), name
    assert lines[body("department").name]["已核实"] == "1"
    targets = table(made, "目标", "目标值", "已申报")
    assert len(targets) == 15
    known = [line for line in targets.values() if line["已认定"] != UNREPORTED]
    assert known
    assert {line["已认定"] for line in known} >= {"3"}
    assert all(line["已认定"] != "" for line in targets.values())


def test_unknown_is_said_in_words_and_never_zero(running, papers):
    targets = table(opened(papers()), "目标", "目标值", "已申报")
    assert {line["已认定"] for line in targets.values()} == {"—（尚无核实报告）"}
    cities = table(opened(papers()), "设区市")
    assert {(line["受阻"], line["认定成果"]) for line in cities.values()} == {("—", "—")}


def test_every_footnote_names_rows_moment_and_list(story, papers):
    with zipfile.ZipFile(io.BytesIO(word(papers()))) as archive:
        notes = parse_xml(archive.read("word/footnotes.xml"))
    said = ["".join(t.text for t in note.iter(qn("w:t"))) for note in notes if int(note.get(qn("w:id"))) > 0]
    assert len(said) > 30
    assert len(set(said)) == len(said)
    for text in said:
        assert "截至2026年4月30日0时00分" in text
        assert "明细" in text or "外推" in text or "每月" in text, text


def test_parts_are_numbered_and_signed(story, papers):
    made = opened(papers())
    heads = [p.text for p in made.paragraphs if p.style.name == "heading 1" or p.style.style_id == "Heading1"]
    assert heads == [
        "一、总体情况",
        "二、逾期事项",
        "三、难点堵点",
        "四、分部门情况",
        "五、分设区市情况",
        "六、需协调机制研究的事项",
    ]
    text = "\n".join(p.text for p in made.paragraphs)
    assert ISSUER in text
    assert "（协调机制会议材料，数据截至2026年4月30日0时00分）" in text
    assert "已认定的成果" in text


def test_pdf_holds_all_parts_when_everything_is_full_and_when_nothing_is(running, papers):
    empty = PdfReader(io.BytesIO(pdf(papers(moment("2026-03-01")))))
    assert "无。" in "".join(page.extract_text() for page in empty.pages)
    fill(running, ["2025Q3", "2025Q4", "2026Q1"], 600)
    full = PdfReader(io.BytesIO(pdf(papers(moment("2026-05-30")))))
    text = "".join("".join(page.extract_text().split()) for page in full.pages)
    assert "共600项，此处列前100项" in text
    assert len(full.pages) > 10
