"""Reminder letters: numbered when issued, received, replied to, closed; Word and PDF carry what was said."""

import datetime as dt
import io

import docx
import pytest

from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import letters as act
from xiandao.domains.progress.models import Letter
from xiandao.domains.progress.queries import letters as queries

pytestmark = pytest.mark.django_db
SAYS = act.LetterText("关于限期填报的督办单", "一季度进展尚未填报。", "请于限期内填报。", dt.date(2026, 5, 8))


@pytest.fixture
def city(people):
    return Organisation.objects.get(pk=people("city").organisation_id)


@pytest.fixture
def draft(people, city, now):
    return act.draft_letter(people("coordinator"), to=city, says=SAYS, now=now)


@pytest.fixture
def issued(people, draft, now):
    return act.issue_letter(people("coordinator"), pk=draft.pk, mark="某督", now=now)


def open_tasks():
    rows = Task.objects.for_system("tests").filter(state="open", object_kind="letter")
    return {(task.kind, task.organisation.code, task.due_on) for task in rows.select_related("organisation")}


def test_a_letter_is_numbered_when_issued_and_waits_for_its_receipt(issued, city):
    assert (issued.number, issued.state) == ("某督〔2026〕1号", "issued")
    # Three working days from Friday 10 April 2026.
    assert issued.receive_by == dt.date(2026, 4, 15)
    assert open_tasks() == {("letter.receive", city.code, dt.date(2026, 4, 15))}


def test_a_draft_has_no_number_and_is_not_seen_by_the_addressee(people, draft):
    assert draft.number is None
    assert not queries.letters(people("city")).exists()
    with pytest.raises(Letter.DoesNotExist):
        act.receive_letter(people("city"), pk=draft.pk)


@pytest.mark.parametrize("account", ["city", "department", "auditor", "applicant"])
def test_only_the_coordinator_writes_letters(people, city, now, account):
    with pytest.raises(Refused):
        act.draft_letter(people(account), to=city, says=SAYS, now=now)


def test_a_deadline_in_the_past_is_refused(people, city, now, draft, at):
    past = act.LetterText("甲", "乙", "", dt.date(2026, 4, 9))
    with pytest.raises(Refused, match="2026-04-10"):
        act.draft_letter(people("coordinator"), to=city, says=past, now=now)
    with pytest.raises(Refused, match="2026-05-08"):
        act.issue_letter(people("coordinator"), pk=draft.pk, mark="某督", now=at("2026-05-09"))


def test_the_whole_way_of_a_letter(people, issued, city, at):
    mine, office = people("city"), people("coordinator")
    with pytest.raises(Conflict):
        act.reply_letter(mine, pk=issued.pk, text="还没签收")
    act.receive_letter(mine, pk=issued.pk, now=at("2026-04-13"))
    assert open_tasks() == {("letter.reply", city.code, dt.date(2026, 5, 8))}
    with pytest.raises(Refused):
        act.reply_letter(mine, pk=issued.pk, text=" ")
    act.reply_letter(mine, pk=issued.pk, text="已补报。", now=at("2026-04-14"))
    assert open_tasks() == {("letter.close", "js-drc", None)}
    act.reject_reply(office, pk=issued.pk, text="还缺一项。", now=at("2026-04-15"))
    assert open_tasks() == {("letter.reply", city.code, dt.date(2026, 5, 8))}
    act.reply_letter(mine, pk=issued.pk, text="已全部补报。", now=at("2026-04-16"))
    closed = act.close_letter(office, pk=issued.pk, text="同意。", now=at("2026-04-17"))
    assert (closed.state, closed.reply) == ("closed", "已全部补报。")
    assert not open_tasks()


def test_another_body_neither_sees_nor_receives_it(people, issued, client_of):
    with pytest.raises(Letter.DoesNotExist):
        act.receive_letter(people("city-other"), pk=issued.pk)
    assert client_of("city-other").get(f"/progress/letters/{issued.pk}/").status_code == 404
    with pytest.raises(Refused):
        act.receive_letter(people("coordinator"), pk=issued.pk)


def test_an_issued_letter_is_not_edited_and_its_number_is_not_given_again(people, issued, city, now):
    office = people("coordinator")
    with pytest.raises(Conflict):
        act.edit_letter(office, pk=issued.pk, says=SAYS, now=now)
    act.withdraw_letter(office, pk=issued.pk, text="已按期办理", now=now)
    assert not open_tasks()
    second = act.draft_letter(office, to=city, says=SAYS, now=now)
    assert act.issue_letter(office, pk=second.pk, mark="某督", now=now).number == "某督〔2026〕2号"


def test_word_and_pdf_carry_number_addressee_and_words(client_of, issued, city):
    answer = client_of("city").get(f"/progress/letters/{issued.pk}/letter.docx")
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)
    for words in (
        "某督〔2026〕1号",
        "关于限期填报的督办单",
        city.full_name,
        "一季度进展尚未填报。",
        "请于2026年5月8日前办结",
    ):
        assert words in text
    assert client_of("city").get(f"/progress/letters/{issued.pk}/letter.pdf").content.startswith(b"%PDF")
    assert client_of("city").get(f"/progress/letters/{issued.pk}/letter.exe").status_code == 404


def test_the_pages_propose_what_is_late_and_take_every_step(client_of, people, open_round, city):
    opened = open_round(due_on=dt.date(2026, 4, 1))
    office, mine = client_of("coordinator"), client_of("city")
    listed = office.get("/progress/letters/").content.decode()
    assert f"?to={city.code}" in listed
    form = office.get(f"/progress/letters/new/?to={city.code}").content.decode()
    late = queries.late_reports(people("coordinator"), today=dt.date(2026, 12, 1)).filter(assignment__organisation=city)
    assert late.count() > 1
    assert form.count('name="reports"') == late.count()
    given = {"to": city.code, "title": "督办", "text": "请填报", "demand": "", "due_on": "2099-12-31"}
    assert office.post("/progress/letters/new/", given | {"due_on": "明天"}).status_code == 422
    made = office.post("/progress/letters/new/", given | {"reports": [late.first().pk]})
    assert made.status_code == 302
    assert office.post(f"{made.url}issue/").status_code == 302
    assert mine.post(f"{made.url}receive/").status_code == 302
    assert mine.post(f"{made.url}reply/", {"text": "已办"}).status_code == 302
    assert office.post(f"{made.url}close/").status_code == 302
    assert office.post(f"{made.url}close/").status_code == 409
    assert opened.period in mine.get(made.url).content.decode()
