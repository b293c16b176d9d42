"""The pages: the list and its filters, an entry, entering and correcting in the browser, panels elsewhere."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.domains.ledger.conftest import MAIN
from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.ledger.actions import Holder
from xiandao.domains.ledger.models import Entry


def rows(page):
    return [row.record.name for row in page.context["table"].rows]


def test_the_list_shows_what_is_on_its_list_and_the_rest_when_asked(entered, client_of):
    entered()
    entered(name="别处公布园（演示）", elsewhere=True, serves=[], source="https://example.org/一")
    client = client_of()
    page = client.get("/ledger/")
    assert rows(page) == ["示范园一（演示）"]
    assert page.context["standing"].elsewhere == 1
    assert rows(client.get("/ledger/?state=elsewhere")) == ["别处公布园（演示）"]
    assert len(rows(client.get("/ledger/?state=all"))) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind=park", 1),
        ("kind=fund", 0),
        ("city=320100", 1),
        ("city=320200", 0),
        ("industry=hydrogen", 1),
        ("industry=synbio", 0),
        (f"target={MAIN}:T03-2", 1),
        (f"target={MAIN}:T03-1", 0),
        (f"state=counted&target={MAIN}:T03-2", 1),
        ("state=counted&target=js-sci-5x100:H3", 1),
        ("year=2026", 1),
        ("q=示范园", 1),
        ("q=管委会", 1),
        ("q=没有这样的", 0),
        ("q=某某某", 0),
    ],
)
def test_filters(entered, client_of, asked, found):
    entered(holders=[Holder("示例园区管委会（演示）"), Holder("某某某", role="person")])
    entered(
        kind="fund", kind_name="产业基金", name="内部的（演示）", serves=[], regions=[], public=False, industries=[]
    )
    page = client_of().get(f"/ledger/?{asked}")
    assert page.status_code == 200
    assert len(page.context["table"].rows) == found


def test_excel_has_the_rows_shown_and_no_person(entered, client_of):
    entered(holders=[Holder("示例园区管委会（演示）"), Holder("某某某", role="person")])
    answer = client_of().get("/ledger/?export=xlsx")
    values = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert values[1][:5] == ["L2026-000001", "示范园一（演示）", "产业园区", "示例园区管委会（演示）", "南京市"]
    assert len(values) == 2
    assert "某某某" not in str(values)


def test_the_same_queries_for_any_number_of_rows(entered, client_of, now):
    def asked(number):
        have = Entry.objects.for_system("tests").count()
        base = {"kind": "park", "kind_name": "园区", "created_at": now, "created_by": "测试", "state": "listed"}
        made = Entry.objects.bulk_create(
            Entry(code=f"L2025-{n:06}", name=f"园{n}（演示）", **base) for n in range(have, number)
        )
        for row in made[:60]:
            row.regions.set(["320100"])
            row.industries.set(["hydrogen"])
        client = client_of("department")
        client.get("/ledger/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/ledger/").status_code == 200
        return len(queries)

    entered()
    one, three, thousand = asked(1), asked(3), asked(1000)
    assert one == three == thousand


def test_an_entry_says_where_it_stands_and_hides_persons_from_the_public(entered, client_of):
    entry = entered(holders=[Holder("示例园区管委会（演示）"), Holder("某某某", role="person")], note_text="内部备注")
    page = client_of().get(f"/ledger/entries/{entry.code}/").content.decode()
    assert "示例园区管委会（演示）" in page
    assert "某某某" not in page
    assert "姓名不公开" in page
    assert "内部备注" not in page
    inside = client_of("department").get(f"/ledger/entries/{entry.code}/").content.decode()
    assert "某某某" in inside
    assert "内部备注" in inside
    assert "办理什么" in inside


def test_entering_in_the_browser(client_of):
    client = client_of("department")
    assert "产业园区" in client.get("/ledger/new/").content.decode()
    given = {
        "kind": "park",
        "name": "网页登记园（演示）",
        "holders": "示例管委会（演示）\n示例公司（演示）",
        "regions": ["320100"],
        "industries": ["hydrogen"],
        "serves": [f"{MAIN}:T03-2"],
        "public": "on",
    }
    answer = client.post("/ledger/new/", given)
    assert answer.status_code == 302
    entry = Entry.objects.for_system("tests").get()
    assert [held.name for held in entry.holders.all()] == ["示例管委会（演示）", "示例公司（演示）"]
    assert entry.decided_on is None
    again = client.post("/ledger/new/", given)
    assert again.status_code == 409
    assert entry.code in again.content.decode()
    wrong = client.post("/ledger/new/", given | {"name": "另一园（演示）", "holders": "甲 ABCDEFGHJKLMNPQRTU"})
    assert wrong.status_code == 422
    assert "统一社会信用代码" in wrong.content.decode()
    assert Entry.objects.for_system("tests").count() == 1


def test_correcting_and_moving_in_the_browser(entered, client_of):
    entry = entered()
    client = client_of("department")
    form = client.get(f"/ledger/entries/{entry.code}/edit/").context["form"]
    given = {
        "name": "更名园（演示）",
        "regions": ["320100"],
        "industries": ["hydrogen"],
        "serves": [f"{MAIN}:T03-2"],
        "decided_on": "2026-03-01",
        "decision": entry.decision,
        "public": "on",
        "reason": "更名",
        "revision": str(form.initial["revision"]),
    }
    assert client.post(f"/ledger/entries/{entry.code}/edit/", given).status_code == 302
    assert client.post(f"/ledger/entries/{entry.code}/edit/", given | {"name": "乙"}).status_code == 409
    step = f"/ledger/entries/{entry.code}/move/"
    bad = client.post(step, {"step": "remove", "reason": "有理由", "on": "昨天"})
    assert bad.status_code == 422
    assert "有理由" in bad.content.decode()
    assert client.post(step, {"step": "remove", "reason": "有理由"}).status_code == 302
    assert client.post(step, {"step": "rectify", "reason": "有理由", "term": "2099-01-01"}).status_code == 409
    scored = client.post(
        f"/ledger/entries/{entry.code}/evaluate/", {"period": "2026", "grade": "良好", "score": "很高"}
    )
    assert scored.status_code == 422
    assert Entry.objects.for_system("tests").get().state == "removed"


def test_the_targets_page_leads_to_the_entries_of_its_number(entered, client_of):
    entered()
    page = client_of().get(f"/plans/{MAIN}/targets/T03-2/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "哪些条目构成这个数" in text
    assert "state=counted&amp;target=js-wlcy-2024-2026%3AT03-2" in text


def test_an_enterprises_page_has_its_titles(entered, client_of, people):
    firm = Enterprise.objects.create(
        key="demo:1", name="示例企业（演示）", name_key="示例企业演示", region_id="320100", is_demo=True
    )
    entered(holders=[Holder(firm.name, enterprise=firm.pk)])
    page = client_of("department").get(f"/enterprises/{firm.pk}/").content.decode()
    assert "称号和台账" in page
    assert "示范园一（演示）" in page


def test_a_claim_of_the_same_thing_joins_the_entrys_result(entered):
    from xiandao.domains.ledger.hooks import known
    from xiandao.domains.progress.models import Claim

    entry = entered()
    claim = Claim(name="示范园一(演示)", holder="示例园区管委会（演示）")
    plan = entry.targets.get().plan_id
    assert known(claim, {(plan, "T03-2")}) == {entry.result_id}
    assert known(claim, {(plan, "T03-1")}) == set()
    assert known(Claim(name="示范园一", holder="别的单位（演示）"), {(plan, "T03-2")}) == set()


def test_decided_today_is_dated_by_the_decision(entered):
    assert entered().events.get().on == dt.date(2026, 3, 1)
