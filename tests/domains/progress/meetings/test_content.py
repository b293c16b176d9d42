"""What papers say: numbers counted by hand, the list behind each, unknown is no zero, a past day is told as it was."""

import datetime as dt
from collections import defaultdict

import pytest

from tests.domains.progress.conftest import moment
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.actions import letters, problems, rounds
from xiandao.domains.progress.meeting import MeetingContent, content, fingerprint
from xiandao.domains.progress.models import Assignment, Report, ReportEvent, ReportVersion

pytestmark = pytest.mark.django_db


def text_of(made, key):
    (section,) = [part for part in (*made.sections, *made.annexes) if part.key == key]
    words = []
    for block in section.blocks:
        if block.kind == "sentence":
            words.append("".join(w if isinstance(w, str) else f"{w.value}{w.unit}" for w in block.words))
        if block.kind == "table":
            words += [
                "|".join("".join(w if isinstance(w, str) else str(w.value) for w in c) for c in row)
                for row in block.rows
            ]
    return "\n".join(words)


class TestNumbers:
    def test_of_the_round(self, story, numbers):
        leads = (
            Assignment.objects.for_system("tests").filter(plan=story.opened.plan, role="lead", ended_at=None).count()
        )
        found = numbers("2026-04-30")
        assert found["reports/due"] == str(leads)
        assert (found["reports/spoken"], found["reports/verified"]) == ("2", "1")
        assert found["reports/late"] == str(leads - 2)
        assert (found["reports/standing/on_track"], found["reports/standing/blocked"]) == ("1", "1")

    @pytest.mark.usefixtures("story")
    def test_of_a_day_before_the_deadline_are_not_late(self, numbers):
        assert numbers("2026-04-20 23:59")["reports/late"] == "0"
        assert int(numbers("2026-04-21")["reports/late"]) > 0

    def test_of_a_target_side_by_side(self, story, numbers):
        found = numbers("2026-04-30")
        key = story.key
        assert (found[f"claimed/{key}"], found[f"verified/{key}"], found[f"counted/{key}"]) == ("10", "5", "3")

    def test_unknown_stays_unknown_until_a_report_is_verified(self, story, numbers):
        key = story.key
        assert (numbers("2026-04-09")[f"claimed/{key}"], numbers("2026-04-09")[f"counted/{key}"]) == (None, None)
        assert (numbers("2026-04-21")[f"claimed/{key}"], numbers("2026-04-21")[f"counted/{key}"]) == ("10", None)
        assert numbers("2026-04-22")[f"counted/{key}"] == "5"

    def test_of_cities_and_departments(self, story, numbers, body):
        found = numbers("2026-04-30")
        city, department = story.city.assignment.region_id, body("department").code
        assert (found[f"cities/spoken/{city}"], found[f"cities/verified/{city}"]) == ("1", "0")
        assert (found[f"cities/blocked/{city}"], found[f"cities/problems/{city}"]) == ("1", "2")
        assert (found[f"cities/claims/{city}"], found[f"cities/results/{city}"]) == ("3", "1")
        assert (found[f"departments/spoken/{department}"], found[f"departments/verified/{department}"]) == ("1", "1")
        assert found[f"departments/problems/{department}"] == "1"
        silent = [key for key, value in found.items() if key.startswith("cities/blocked/") and value is None]
        assert len(silent) == 12

    @pytest.mark.usefixtures("story")
    def test_of_problems_and_letters(self, numbers):
        found = numbers("2026-04-30")
        assert (found["problems/open"], found["problems/escalated"]) == ("2", "1")
        assert (found["problems/raised"], found["problems/assigned"]) == ("1", "1")
        assert (found["letters/open"], found["letters/late"]) == ("1", "1")
        before = numbers("2026-04-20")
        assert (before["letters/open"], before["letters/late"]) == ("2", "0")
        assert numbers("2026-03-05 12:00")["problems/answered"] == "1"

    @pytest.mark.usefixtures("story")
    def test_each_is_the_number_of_rows_of_its_list(self, people, running, rows_of):
        made = content(people("coordinator"), running, moment("2026-04-30"))
        listed = [number for number in made.numbers().values() if "/progress/rows/" in number.url]
        assert len(listed) > 300
        by_column = defaultdict(list)
        for number in sorted(listed, key=lambda number: number.value in {"0", None}):
            by_column[number.key.rsplit("/", 1)[0]].append(number)
        # Of each column the lines that are not zero, and one that is. How many bodies are late is told from the same
        # list as how many reports are: it has a row for each report.
        chosen = [number for column in by_column.values() for number in (*column[:3], column[-1])]
        wrong = {n.key: (n.value, rows_of(n)) for n in chosen if int(n.value or 0) != rows_of(n)}
        assert set(wrong) == {"late/bodies"}

    @pytest.mark.usefixtures("story")
    def test_each_has_a_footnote_that_names_the_moment_and_the_list(self, people, running):
        made = content(people("coordinator"), running, moment("2026-04-30 16:05"))
        for number in made.numbers().values():
            note = made.note_of(number.note)
            assert "截至2026年4月30日16时05分" in note, number
        assert "/progress/rows/reports/?plan=" in made.note_of("reports/late")


class TestWords:
    def test_say_what_is_late_stuck_and_to_be_decided(self, story, people, running, body):
        made = content(people("coordinator"), running, moment("2026-04-30"))
        assert "某督〔2026〕1号" in text_of(made, "late")
        assert "某督〔2026〕2号" not in text_of(made, "late")
        waiting = f"{body('city').name}|{body('department').name}|1|2026-03-06"
        assert waiting in text_of(made, "problems")
        assert "正在协调。" in text_of(made, "problems")
        matters = text_of(made, "matters")
        assert f"{story.problem.code} 用地" in matters
        assert "用地指标没有落实。" in matters
        assert "新认定成果计入目标1项次" in text_of(made, "new")

    def test_nothing_to_say_is_said(self, running, people):
        made = content(people("coordinator"), running, moment("2026-03-01"))
        assert "尚未开启填报期" in text_of(made, "overview")
        assert text_of(made, "late") == "没有逾期未报的进展报告。\n没有办理中的督办单。"
        assert text_of(made, "problems") == "没有未办结的难点堵点。"
        assert text_of(made, "matters") == "无。"
        assert "没有新认定的成果" in text_of(made, "new")

    def test_nobody_has_reported_yet(self, running, people, open_round):
        open_round(opened_at=moment("2026-04-01"))
        made = content(people("coordinator"), running, moment("2026-04-02"))
        assert "尚无单位提交进展报告" in text_of(made, "overview")

    def test_a_moment_before_the_plan_was_taken_in_says_so(self, running, people):
        made = content(people("coordinator"), running, moment("2025-12-31"))
        assert any("早于方案录入平台" in getattr(b, "text", "") for b in made.sections[0].blocks)

    @pytest.mark.usefixtures("story")
    def test_are_the_same_in_english(self, people, running):
        from django.utils import translation

        chinese = content(people("coordinator"), running, moment("2026-04-30"))
        with translation.override("en"):
            assert content(people("coordinator"), running, moment("2026-04-30")) == chinese

    @pytest.mark.usefixtures("story")
    def test_come_back_from_json_as_they_were(self, people, running):
        made = content(people("coordinator"), running, moment("2026-04-30"))
        again = MeetingContent.from_json(made.as_json())
        assert again == made
        assert fingerprint(made.as_json()) == fingerprint(again.as_json())


class TestWho:
    @pytest.mark.usefixtures("story")
    @pytest.mark.parametrize("account", ["coordinator", "auditor", "department-head", "city-head"])
    def test_readers_all_read_the_same(self, people, running, account):
        own = content(people(account), running, moment("2026-04-30"))
        assert own == content(people("coordinator"), running, moment("2026-04-30"))

    @pytest.mark.parametrize("account", ["department", "city", "county", "applicant", "system"])
    def test_others_are_refused(self, running, people, account):
        with pytest.raises(Refused):
            content(people(account), running, moment("2026-04-30"))


@pytest.mark.usefixtures("story")
class TestThePast:
    """What happens later changes nothing that was true."""

    @pytest.fixture
    def before(self, people, running):
        return content(people("coordinator"), running, moment("2026-04-30"))

    @pytest.fixture
    def same_as(self, people, running):
        return lambda then: content(people("coordinator"), running, moment("2026-04-30")) == then

    def test_a_deadline_moved(self, before, same_as, story, people, numbers):
        rounds.move_deadline(
            people("coordinator"),
            pk=story.opened.pk,
            due_on=dt.date(2026, 5, 20),
            reason="延期",
            now=moment("2026-05-06"),
        )
        assert same_as(before)
        assert numbers("2026-05-07")["reports/late"] == "0"

    def test_a_round_closed_and_opened_again(self, before, same_as, story, people, numbers):
        office = people("coordinator")
        rounds.close_round(office, pk=story.opened.pk, force=True, reason="结束", now=moment("2026-05-06"))
        rounds.reopen_round(
            office, pk=story.opened.pk, due_on=dt.date(2026, 5, 20), reason="补报", now=moment("2026-05-07")
        )
        assert same_as(before)
        # Opening the round again leaves a trace in what was submitted; it stays submitted.
        assert numbers("2026-05-08")["reports/spoken"] == "2"

    def test_a_verified_report_opened_again(self, before, same_as, story, numbers):
        Report.objects.for_system("tests").filter(pk=story.report.pk).update(state="returned")
        ReportVersion.objects.create(
            report=story.report, number=3, event=ReportEvent.REOPENED, at=moment("2026-05-06"), by="测试"
        )
        assert same_as(before)
        assert numbers("2026-05-07")["reports/spoken"] == "1"

    def test_a_letter_replied_to_and_sent_back(self, before, same_as, story, people, numbers):
        letters.reply_letter(people("city"), pk=story.letter.pk, text="已报。", now=moment("2026-05-06"))
        assert same_as(before)
        assert numbers("2026-05-07")["letters/late"] == "0"
        letters.reject_reply(people("coordinator"), pk=story.letter.pk, text="缺一项", now=moment("2026-05-08"))
        assert numbers("2026-05-07")["letters/late"] == "0"
        assert numbers("2026-05-09")["letters/late"] == "1"

    def test_a_problem_answered_and_closed(self, before, same_as, story, people, numbers):
        problems.answer_problem(
            people("department"), code=story.problem.code, text="已解决。", now=moment("2026-05-06")
        )
        problems.accept_answer(people("city"), code=story.problem.code, now=moment("2026-05-07"))
        assert same_as(before)
        assert numbers("2026-05-08")["problems/open"] == "1"

    def test_a_result_voided(self, before, same_as, story, numbers):
        story.counted.counts.update(void_at=moment("2026-05-06"))
        assert same_as(before)
        assert numbers("2026-05-07")[f"counted/{story.key}"] == "0"

    def test_a_duty_ended(self, before, same_as, story, numbers):
        late = Report.objects.for_system("tests").filter(round=story.opened, state="empty").first()
        Assignment.objects.for_system("tests").filter(pk=late.assignment_id).update(ended_at=moment("2026-05-06"))
        assert same_as(before)
        assert int(numbers("2026-05-07")["reports/late"]) == int(before.numbers()["reports/late"].value) - 1
