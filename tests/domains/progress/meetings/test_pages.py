"""Pages of meeting papers: making, reading with numbers that lead to their rows, checking, comparing, files."""

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.domains.progress.conftest import moment
from xiandao.domains.progress.actions import meetings as act
from xiandao.domains.progress.models import MeetingPack

pytestmark = pytest.mark.django_db
LIST = "/progress/meetings/"


@pytest.fixture
def papers(story, people, running):
    return act.make_meeting_pack(
        people("coordinator"), plan=running, as_of=moment("2026-04-30"), now=moment("2026-05-01")
    )


@pytest.fixture
def address(papers):
    return f"{LIST}{papers.pk}/"


def text_of(answer):
    return answer.content.decode()


def test_the_button_makes_papers_of_a_past_moment(story, client_of, running):
    office = client_of("coordinator")
    assert "编制会议材料" in text_of(office.get(LIST))
    answer = office.post(f"{LIST}new/", {"plan": running.code, "as_of": "2026-04-30T09:30"}, follow=True)
    assert "数据截至2026年4月30日9时30分" in text_of(answer) or "2026-04-30 09:30" in text_of(answer)
    assert MeetingPack.objects.for_system("tests").get().as_of == moment("2026-04-30 09:30")


def test_a_moment_to_come_is_refused_and_what_was_chosen_stays(story, client_of, running):
    answer = client_of("coordinator").post(f"{LIST}new/", {"plan": running.code, "as_of": "2099-04-30T09:30"})
    assert answer.status_code == 422
    assert "不能晚于现在" in text_of(answer)
    assert "2099-04-30T09:30" in text_of(answer)
    assert not MeetingPack.objects.for_system("tests").exists()


def test_readers_have_no_button(papers, client_of):
    answer = client_of("auditor").get(LIST)
    assert answer.status_code == 200
    assert "/progress/meetings/new/" not in text_of(answer)
    assert papers.title in text_of(answer)


def test_numbers_lead_to_their_rows(papers, address, client_of):
    page = text_of(client_of("auditor").get(address))
    for words in ("一季度", "分设区市情况", "附件", papers.sha256):
        assert words in page
    late = papers.content
    links = [
        number["url"]
        for section in late["sections"]
        for block in section["blocks"]
        if block["kind"] == "key"
        for _label, number in block["items"]
    ]
    assert len(links) == 4
    for link in links:
        assert client_of("auditor").get(link).status_code == 200


def test_the_rows_are_listed_as_they_were_and_exported(papers, story, client_of):
    stamp = "as_of=2026-04-30T00%3A00%3A00%2B08%3A00"
    url = f"/progress/rows/reports/?plan={papers.plan.code}&{stamp}&round=2026Q1&state=verified"
    page = client_of("auditor").get(url)
    assert page.context["count"] == 1
    assert story.lead.organisation.name in text_of(page)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client_of("auditor").get(f"{url}&export=xlsx").content))
    assert [row[4] for row in book.get_sheet_by_index(0).to_python()] == ["当时状态", "已核实"]


@pytest.mark.parametrize("kind", ["reports", "problems", "letters", "duties", "claims", "results", "counts"])
def test_every_kind_of_rows_has_a_list(papers, client_of, kind):
    stamp = "as_of=2026-04-30T00%3A00%3A00%2B08%3A00"
    page = client_of("coordinator").get(f"/progress/rows/{kind}/?plan={papers.plan.code}&{stamp}")
    assert page.status_code == 200
    assert page.context["count"] > 0


def test_who_may_not_see_all_is_told_that_the_list_may_be_shorter(papers, client_of):
    stamp = "as_of=2026-04-30T00%3A00%3A00%2B08%3A00"
    url = f"/progress/rows/reports/?plan={papers.plan.code}&{stamp}"
    few, all_ = client_of("city-head").get(url), client_of("auditor").get(url)
    assert 0 < few.context["count"] < all_.context["count"]
    assert "可能少于材料中的数" in text_of(few)
    assert "可能少于材料中的数" not in text_of(all_)


@pytest.mark.parametrize(
    "query", ["", "plan=none&as_of=2026-04-30T00:00:00Z", "as_of=yesterday", "as_of=2099-01-01T00:00:00Z"]
)
def test_rows_of_no_moment_are_not_there(papers, client_of, query):
    assert client_of("auditor").get(f"/progress/rows/reports/?plan={papers.plan.code}&{query}").status_code == 404
    assert client_of("auditor").get(f"/progress/rows/nothing/?{query}").status_code == 404


def test_the_check_says_word_for_word(papers, address, client_of, story):
    assert "逐字相同" in text_of(client_of("auditor").get(f"{address}check/"))
    story.counted.counts.all().delete()
    page = text_of(client_of("auditor").get(f"{address}check/"))
    assert "个数与保存的不同" in page
    assert "重新编制的" in page


def test_two_papers_are_compared(papers, address, client_of, people, running):
    other = act.make_meeting_pack(
        people("coordinator"), plan=running, as_of=moment("2026-04-21"), now=moment("2026-05-01")
    )
    page = client_of("auditor").get(f"{address}diff/?with={other.pk}")
    assert page.status_code == 200
    assert [row.key for row in page.context["differences"]]
    assert page.context["before"].pk == other.pk
    assert "已认定" in text_of(page)
    for query in ("", f"with={papers.pk}", "with=x", "with=99999"):
        assert client_of("auditor").get(f"{address}diff/?{query}").status_code == 404


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_word_and_pdf_are_downloads(papers, address, client_of, form, begins):
    answer = client_of("department-head").get(f"{address}papers.{form}")
    assert answer.content.startswith(begins)
    assert "attachment" in answer["Content-Disposition"]
    assert client_of("department-head").get(f"{address}papers.exe").status_code == 404


def test_the_page_issues_the_same_queries_for_one_and_for_many(papers, address, people, running, client_of):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    office = client_of("coordinator")
    office.get(LIST)

    def queries_of(url):
        with CaptureQueriesContext(connection) as found:
            office.get(url)
        return len(found)

    one = queries_of(LIST), queries_of(address)
    for day in range(1, 4):
        act.make_meeting_pack(
            people("coordinator"), plan=running, as_of=moment(f"2026-04-2{day}"), now=moment("2026-05-01")
        )
    assert (queries_of(LIST), queries_of(address)) == one
