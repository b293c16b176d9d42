"""Refusals, filters and keys tell nobody of another city's things."""

import datetime as dt
import io

import pytest
from django.urls import reverse

from tests.domains.progress.reports.conftest import PDF
from xiandao.domains.files.actions import attach
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.actions import hand_down, letters, problems
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.evidence import CLAIM

pytestmark = pytest.mark.django_db
NAME = "南京长江智能航运示范场景有限公司"


@pytest.fixture
def doubted(report, report_of, submit, people):
    """The other city's report, whose claim may be the same thing as the first city's."""
    submit(report, {"new-1": {"target_key": "T06-1", "name": NAME, "holder": "南京某航运公司"}})
    theirs = report_of("city-other", "M06")
    alike = {"target_key": "T06-1", "name": NAME.replace("有限公司", ""), "region": "321300"}
    return submit(theirs, {"new-1": alike}, who=people("city-other"))[0]


@pytest.mark.parametrize("address", ["progress:report-verify", "progress:report-return"])
def test_who_may_not_decide_is_refused_without_seeing_the_other_citys_claim(client_of, doubted, address):
    answer = client_of("city-other").post(reverse(address, args=[doubted.pk]), {"revision": doubted.revision})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "不能核实本单位填报的进展" in page
    assert "南京某航运公司" not in page
    assert NAME not in page


def test_a_city_that_confirms_a_countys_report_does_not_see_what_only_the_lead_compares(
    client_of, people, report, duty, submit, report_of, now
):
    away = report_of("city-other", "M06")
    submit(
        away,
        {"new-1": {"target_key": "T06-1", "name": NAME, "holder": "宿迁某航运公司", "region": "321300"}},
        who=people("city-other"),
    )
    county = Organisation.objects.select_related("region").get(code="demo-county")
    made = hand_down.hand_down(people("city"), pk=duty("city", "M06").pk, to=county, now=now)
    below = made.reports.for_system("tests").get()
    alike = {"target_key": "T06-1", "name": NAME.replace("有限公司", ""), "region": county.region_id}
    submit(below, {"new-1": alike}, who=people("county"))
    page = client_of("city").get(reverse("progress:report-verify", args=[below.pk])).content.decode()
    assert alike["name"] in page
    assert "宿迁某航运公司" not in page


@pytest.fixture
def letter(people, now):
    """A letter to the first city that only the coordinator knows of."""
    to = Organisation.objects.get(pk=people("city").organisation_id)
    says = letters.LetterText("关于限期填报的督办单", "尚未填报。", "", dt.date(2026, 5, 8))
    return letters.draft_letter(people("coordinator"), to=to, says=says, now=now)


def test_the_filter_of_letters_names_no_body_whose_letters_one_does_not_see(client_of, letter):
    def choices(account):
        page = client_of(account).get(reverse("progress:letters"))
        return [row.code for row in page.context["filter"].form.fields["to"].queryset]

    assert choices("coordinator") == [letter.to.code]
    assert choices("city-other") == []


def test_the_filter_of_problems_names_no_body_whose_problems_one_does_not_see(client_of, people, duty, now):
    problems.raise_problem(
        people("city"), assignment=duty("city"), new=problems.NewProblem("用地", "指标不足。", "请协调。"), now=now
    )
    own = people("city").organisation_code

    def choices(account, name):
        page = client_of(account).get(reverse("progress:problems"))
        return [row.code for row in page.context["filter"].form.fields[name].queryset]

    assert choices("coordinator", "raised_by") == [own]
    assert choices("city-other", "raised_by") == []
    assert own not in choices("city-other", "holder")


def test_a_problem_is_not_hung_on_another_duties_report(people, report, report_of, duty, now):
    with pytest.raises(Refused, match="不是这项责任"):
        problems.raise_problem(
            people("city"),
            assignment=duty("city", "M06"),
            new=problems.NewProblem("用地", "指标不足。", "请协调。"),
            report=report_of("city-other", "M06"),
            now=now,
        )


@pytest.mark.parametrize("key", ["0{}", "{}\x00", "１{}", "9" * 5000])
def test_evidence_is_kept_under_the_claims_own_number_only(people, report, save, key):
    pk = next(iter(save(report, {"new-1": {}}).ids.values()))
    with pytest.raises(LookupError):
        attach(people("city"), holder_kind=CLAIM, holder_key=key.format(pk), name="认定.pdf", content=io.BytesIO(PDF))


def test_an_ended_duty_is_not_written_any_more(people, report, save, submit, now):
    submitted, _claims = submit(report, {"new-1": {}})
    submitted.assignment.ended_at = now
    submitted.assignment.save()
    with pytest.raises(Refused, match="已经结束"):
        act.withdraw_report(people("city"), pk=submitted.pk, now=now)


def test_an_ended_duty_whose_report_was_returned_is_corrected(people, verifier, report, submit, save, again, now):
    submitted, _claims = submit(report, {"new-1": {}})
    act.return_report(verifier, pk=submitted.pk, revision=submitted.revision, reason="补佐证", now=now)
    submitted.assignment.ended_at = now
    submitted.assignment.save()
    save(report, happened="补充了佐证。")
    assert again(report).happened == "补充了佐证。"


def test_an_ended_duty_nobody_wrote_about_is_not_begun(report, save, now):
    report.assignment.ended_at = now
    report.assignment.save()
    with pytest.raises(Refused, match="已经结束"):
        save(report)
