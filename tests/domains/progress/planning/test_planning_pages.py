"""Pages of planning: what they show, what they keep of what was typed, what they refuse."""

import pytest

from tests.domains.progress.filling import cities
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress.models import Baseline, Path, ShareSet, SubTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(where):
    return f"/progress/targets/{where['plan']}/{where['key']}/"


@pytest.fixture
def office(client_of):
    return client_of("coordinator")


def text_of(answer):
    return answer.content.decode()


def test_a_baseline_is_recorded_on_the_page(office, base):
    answer = office.post(
        f"{base}baseline/", {"kind": "from_zero", "as_of": "2024-01-01", "source": "方案口径"}, follow=True
    )
    assert "自方案起算" in text_of(answer)
    assert Baseline.objects.for_system("tests").get().source == "方案口径"


def test_a_baseline_that_cannot_be_read_stays_in_the_form(office, base):
    answer = office.post(
        f"{base}baseline/", {"kind": "measured", "value": "三十", "as_of": "2024-13-01", "source": "公报"}
    )
    text = text_of(answer)
    assert answer.status_code == 422
    assert "“三十”不是数" in text
    assert "“2024-13-01”不是日期" in text
    assert 'value="公报"' in text
    assert 'value="三十"' in text
    assert Baseline.objects.for_system("tests").count() == 0


def test_a_path_is_typed_year_by_year(office, base, target):
    page = text_of(office.get(f"{base}?step=half"))
    assert 'name="2025-06-30"' in page
    end = f"{target.value:.0f}"
    answer = office.post(
        f"{base}path/", {"2024-12-31": "10", "2025-12-31": "", "2026-12-31": end, "path-source": "计划"}, follow=True
    )
    assert answer.status_code == 200
    assert Path.objects.for_system("tests").get().points == [["2024-12-31", "10"], ["2026-12-31", end]]


def test_a_path_that_falls_is_refused_beside_its_day(office, base, target):
    end = f"{target.value:.0f}"
    answer = office.post(f"{base}path/", {"2024-12-31": "20", "2025-12-31": "10", "2026-12-31": end})
    assert answer.status_code == 422
    assert "不能小于上一时点的 20" in text_of(answer)
    assert 'value="20"' in text_of(answer)
    office.post(f"{base}path/", {"2026-12-31": end})
    assert office.post(f"{base}path/", {"2026-12-31": end}).status_code == 409
    assert office.post(f"{base}path/remove/", {"text": ""}).status_code == 422
    office.post(f"{base}path/remove/", {"text": "计划调整"})
    assert Path.objects.for_system("tests").filter(superseded_at=None).count() == 0


def test_shares_are_pasted_from_excel_and_the_remainder_is_shown(office, base, target):
    names = [city.name for city in cities()]
    rows = "\n".join(
        ["设区市\t份额", f"{names[0]}\t{target.value - 3:.0f}", f"{names[1].removesuffix('市')}\t１", "合计\t…"]
    )
    answer = office.post(f"{base}shares/", {"paste": rows, "take": "1"})
    text = text_of(answer)
    assert answer.status_code == 200
    assert f'name="320100" value="{target.value - 3:.0f}"' in text
    assert "未分到设区市 2" in text
    assert ShareSet.objects.for_system("tests").count() == 0


def test_a_paste_that_names_no_city_says_which_row(office, base):
    answer = office.post(f"{base}shares/", {"paste": "南京市\t1\n杭州市\t2\n苏州市\t3", "take": "1"})
    assert answer.status_code == 422
    assert "第 2 行：不认识的设区市“杭州市”" in text_of(answer)


def test_shares_go_from_proposal_to_confirmation(office, client_of, base, target):
    posted = {"320100": f"{target.value - 2:.0f}", "reason": "省属单位承担 2 个"}
    assert office.post(f"{base}shares/", posted | {"reason": ""}).status_code == 422
    answer = office.post(f"{base}shares/", posted, follow=True)
    assert "建议、未确认" in text_of(answer)
    made = ShareSet.objects.for_system("tests").get()
    url = f"/progress/shares/{made.pk}/"
    plan_page = f"/plans/{target.version.plan.code}/targets/{target.key}/"
    assert "建议、未确认" in text_of(office.get(plan_page))
    lead = client_of("department")
    assert "确认" in text_of(lead.get(url))
    assert "只有该目标的牵头单位" in text_of(office.get(url))
    assert lead.post(url, {"decision": "refuse", "text": ""}).status_code == 422
    assert client_of("city").post(url, {"decision": "confirm"}).status_code == 404
    assert client_of("department-other").post(url, {"decision": "confirm"}).status_code == 422
    assert "已处理" in text_of(lead.post(url, {"decision": "confirm", "text": "同意"}, follow=True))
    assert lead.post(url, {"decision": "confirm"}).status_code == 409
    assert "建议、未确认" not in text_of(office.get(plan_page))
    assert "同意" in text_of(office.get(base))


def test_a_split_is_shown_in_full_before_anything_is_written(office, plan, people):
    lead = Organisation.objects.get(pk=people("department").organisation_id)
    url = f"/progress/measures/{plan.code}/M07/split/"
    rows = {
        "1.name": "编制方案", "1.weight": "1", "1.due_on": "2026-06-30", "1.lead": lead.name, "1.helping": "", "1.note": "",
        "2.name": "组织实施", "2.weight": "３", "2.due_on": "", "2.lead": lead.full_name, "2.helping": "省发展改革委", "2.note": "",
        "3.name": "", "3.weight": "", "3.due_on": "", "3.lead": "", "3.helping": "", "3.note": "",
    }  # fmt: skip
    answer = office.post(url, rows)
    text = text_of(answer)
    assert answer.status_code == 200
    assert "将要拆分成这样" in text
    assert "25%" in text
    assert "75%" in text
    assert SubTask.objects.for_system("tests").count() == 0
    again = office.post(url, rows | {"edit": "1"})
    assert 'value="组织实施"' in text_of(again)
    more = office.post(url, rows | {"more": "1"})
    assert 'name="4.name"' in text_of(more)
    done = office.post(url, rows | {"confirmed": "1"}, follow=True)
    assert "已拆分为 2 个子任务" in text_of(done)
    assert "编制方案" in text_of(office.get(f"/plans/{plan.code}/measures/M07/"))
    assert office.post(url, rows | {"confirmed": "1"}).status_code == 409
    withdrawn = office.post(f"{url}withdraw/", {"text": ""})
    assert withdrawn.status_code == 422
    assert "已撤销 2 个子任务" in text_of(office.post(f"{url}withdraw/", {"text": "合并"}, follow=True))


def test_a_body_nobody_knows_is_named_beside_its_row(office, plan):
    rows = {f"{n}.{field}": "" for n in (1, 2) for field in ("name", "weight", "due_on", "lead", "helping", "note")}
    rows |= {"1.name": "一", "1.lead": "不存在的局", "2.name": "二", "2.weight": "许多"}
    answer = office.post(f"/progress/measures/{plan.code}/M07/split/", rows)
    text = text_of(answer)
    assert answer.status_code == 422
    assert "没有叫“不存在的局”的单位" in text
    assert "“许多”不是数" in text
    assert "请填写牵头单位" in text


def test_the_list_of_targets_filters_by_what_is_missing_and_exports(office, base, client_of):
    everything = text_of(office.get("/progress/targets/"))
    assert "共 20 条" in everything
    office.post(f"{base}baseline/", {"kind": "from_zero", "as_of": "2024-01-01", "source": "方案口径"})
    assert "共 19 条" in text_of(office.get("/progress/targets/?planned=baseline"))
    assert "共 20 条" in text_of(office.get("/progress/targets/?state=unknown"))
    sheet = office.get("/progress/targets/?export=xlsx")
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")
    assert client_of("").get("/progress/targets/").status_code == 404


def test_the_roll_up_page_tells_a_past_day_and_refuses_nonsense(office, plan):
    url = f"/progress/rollup/{plan.code}/"
    assert "平台默认" in text_of(office.get(url))
    assert "截至 2026-01-31 23:59" in text_of(office.get(f"{url}?on=2026-01-31"))
    assert "不是日期" in text_of(office.get(f"{url}?on=昨天"))
    assert office.get("/progress/rollup/nothing/").status_code == 404
