"""Papers of problems and letters: attached by their parties while open, seen by who sees what they hang on."""

import datetime as dt
import io

import pytest

from xiandao.domains.files import actions as files
from xiandao.domains.files.queries import attachments
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.actions import letters, problems

pytestmark = pytest.mark.django_db


def paper():
    return io.BytesIO("用地批复。\n".encode())


@pytest.fixture
def raised(people, duty):
    return problems.raise_problem(people("city"), assignment=duty("city"), new=problems.NewProblem("难", "点", "堵"))


@pytest.fixture
def letter(people):
    body = Organisation.objects.get(pk=people("city").organisation_id)
    says = letters.LetterText("督办", "请办", "", dt.date(2099, 12, 31))
    return letters.draft_letter(people("coordinator"), to=body, says=says)


def attach(viewer, kind, key):
    return files.attach(viewer, holder_kind=kind, holder_key=str(key), name="批复.txt", content=paper())


@pytest.mark.parametrize("account", ["city", "coordinator"])
def test_parties_attach_to_an_open_problem_and_the_page_shows_it(people, client_of, raised, account):
    attach(people(account), "progress.problem", raised.code)
    assert "批复.txt" in client_of("city").get(f"/progress/problems/{raised.code}/").content.decode()
    assert not attachments(people("city-other"), "progress.problem", [raised.code]).get(raised.code)


def test_who_only_looks_does_not_attach_and_who_sees_nothing_finds_nothing(people, raised):
    with pytest.raises(Refused):
        attach(people("auditor"), "progress.problem", raised.code)
    with pytest.raises(LookupError):
        attach(people("city-other"), "progress.problem", raised.code)


def test_a_closed_problem_takes_no_more_papers(people, raised):
    problems.withdraw_problem(people("city"), code=raised.code, text="已解决")
    with pytest.raises(Refused, match="办结"):
        attach(people("city"), "progress.problem", raised.code)


def test_a_letter_takes_papers_from_who_writes_it_then_from_who_answers_it(people, client_of, letter):
    attach(people("coordinator"), "progress.letter", letter.pk)
    letters.issue_letter(people("coordinator"), pk=letter.pk, mark="督")
    with pytest.raises(Refused):
        files.attach(
            people("city"), holder_kind="progress.letter", holder_key=str(letter.pk), name="回.txt", content=paper()
        )
    letters.receive_letter(people("city"), pk=letter.pk)
    files.attach(
        people("city"),
        holder_kind="progress.letter",
        holder_key=str(letter.pk),
        name="回.txt",
        content=io.BytesIO(b"ok"),
    )
    page = client_of("city").get(f"/progress/letters/{letter.pk}/").content.decode()
    assert "批复.txt" in page
    assert "回.txt" in page
    with pytest.raises(LookupError):
        attach(people("city-other"), "progress.letter", letter.pk)
