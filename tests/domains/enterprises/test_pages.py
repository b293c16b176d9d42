"""Pages of enterprises: what the list shows and to whom, the evidence, the numbers."""

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.domains.enterprises.conftest import SCOPE, evidence

pytestmark = pytest.mark.django_db


def _names(answer):
    return [row.record.name for row in answer.context["table"].page.object_list]


def test_without_a_run_every_page_says_that_nobody_has_looked(client_of):
    client = client_of("coordinator")
    for address in ("", "chain/", "layout/", "map/", "growth/"):
        answer = client.get(f"/enterprises/{address}")
        assert answer.status_code == 200
        assert "没有识别不等于没有企业" in answer.content.decode()


@pytest.fixture
def some(made, run):
    """Four enterprises: one that counts, one to review, one that trades, one that counts in another city."""
    one = made.firm("甲储氢有限公司（演示）", "320505", capital="12345678.90")
    two = made.firm("乙量子有限公司（演示）", "320505")
    three = made.firm("丙商贸有限公司（演示）", "320505")
    four = made.firm("丁燃料电池有限公司（演示）", "320102", registered="2025-05-06")
    made.result(run, one)
    made.result(run, one, "quantum", segment="sensing", decision="review", role="mention", score=0.4)
    made.result(run, two, "quantum", segment="sensing", decision="review", role="mention", score=0.35)
    made.result(run, three, decision="out", role="trade", score=0.05)
    made.result(run, four, role="service", score=0.9)
    return {"one": one, "two": two, "three": three, "four": four}


def test_the_list_shows_what_counts_and_the_rest_is_one_click_away(client_of, some):
    client = client_of("coordinator")
    answer = client.get("/enterprises/")
    assert _names(answer) == ["丁燃料电池有限公司（演示）", "甲储氢有限公司（演示）"]
    assert [(str(tab["label"]), tab["count"]) for tab in answer.context["tabs"]] == [
        ("计入：核心和服务企业", 2),
        ("待复核", 2),
        ("不计", 1),
        ("全部识别结果", 4),
    ]
    assert _names(client.get("/enterprises/?decision=review")) == ["乙量子有限公司（演示）", "甲储氢有限公司（演示）"]
    assert _names(client.get("/enterprises/?decision=out")) == ["丙商贸有限公司（演示）"]
    assert len(_names(client.get("/enterprises/?decision=all"))) == 4


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("industry=hydrogen", ["丁", "甲"]),
        ("industry=quantum", []),
        ("industry=quantum&decision=review", ["乙", "甲"]),
        ("segment=hydrogen/storage", ["丁", "甲"]),
        ("segment=hydrogen/production", []),
        ("industry=quantum&segment=hydrogen/storage&decision=review", ["乙", "甲"]),
        ("role=service", ["丁"]),
        ("score=95", ["甲"]),
        ("score=80", ["丁"]),
        ("city=320500", ["甲"]),
        ("city=320500&county=320505", ["甲"]),
        ("city=320500&county=320506", []),
        ("city=320100&county=320505", ["丁"]),
        ("since=2020", ["丁"]),
        ("until=2020", ["甲"]),
        ("capital=1000", ["丁", "甲"]),
        ("capital=10000", []),
        ("q=甲储", ["甲"]),
        ("q=储氢罐", ["丁", "甲"]),
        ("settled=review", []),
        ("life=2020", ["甲"]),
        ("life=any", ["丁", "甲"]),
        ("since=abc", ["丁", "甲"]),
        ("industry=nothing", ["丁", "甲"]),
    ],
)
def test_filters(client_of, some, query, names):
    answer = client_of("coordinator").get(f"/enterprises/?{query}")
    assert answer.status_code == 200
    assert [name[0] for name in _names(answer)] == names


def test_new_and_gone_since_the_former_register(client_of, made):
    old, new = made.register(as_of="2025-12-31", state="superseded"), made.register()
    former = made.run(old, state="superseded")
    current = made.run(new)
    gone = made.firm("走了有限公司（演示）", last_seen=old, first_seen=old, gone_in=new)
    fresh = made.firm("新来有限公司（演示）", last_seen=new, first_seen=new, registered="2026-02-01")
    stays = made.firm("还在有限公司（演示）", last_seen=new, first_seen=old)
    made.result(former, gone)
    made.result(former, stays)
    made.result(current, fresh)
    made.result(current, stays)
    client = client_of("coordinator")
    assert _names(client.get("/enterprises/")) == ["新来有限公司（演示）", "还在有限公司（演示）"]
    assert _names(client.get("/enterprises/?change=new")) == ["新来有限公司（演示）"]
    assert _names(client.get("/enterprises/?change=gone")) == ["走了有限公司（演示）"]
    assert _names(client.get("/enterprises/?life=2025")) == ["走了有限公司（演示）", "还在有限公司（演示）"]


def test_who_sees_which_rows(client_of, some):
    assert _names(client_of("city").get("/enterprises/?city=320500")) == ["丁燃料电池有限公司（演示）"]
    assert client_of().get("/enterprises/").status_code == 404
    assert client_of("applicant").get("/enterprises/").status_code == 404
    assert client_of("city").get(f"/enterprises/{some['one'].pk}/").status_code == 404
    assert client_of("city").get(f"/enterprises/{some['four'].pk}/").status_code == 200


def test_a_firm_sees_its_own_page_and_no_other(client_of, people, some):
    one = some["one"]
    client = client_of("applicant")
    assert client.get("/enterprises/own/").status_code == 200
    assert "登记名录里还没有" in client.get("/enterprises/own/").content.decode()
    one.organisation_id = people("applicant").organisation_id
    one.save()
    assert client.get("/enterprises/own/").headers["Location"] == f"/enterprises/{one.pk}/"
    assert "本单位在登记名录中的记录" in client.get(f"/enterprises/{one.pk}/").content.decode()
    assert client.get(f"/enterprises/{some['two'].pk}/").status_code == 404
    assert client_of("coordinator").get("/enterprises/own/").status_code == 404


def test_evidence_stands_in_the_scope_with_reasons(client_of, made, run):
    firm = made.firm(scope=SCOPE + "氢气球销售（不含储氢材料）")
    trap = SCOPE + "氢气球销售（不含储氢材料）"
    hits = [
        evidence("储氢瓶", at=0),
        evidence("氢气", at=trap.index("氢气球"), verbs=("sell",), discount="trap", trap="氢气球"),
        evidence(
            "储氢材料", at=trap.index("储氢材料"), verbs=(), discount="excluded", product="hydrogen/solid-storage"
        ),
    ]
    made.result(run, firm, evidence=hits)
    text = client_of("coordinator").get(f"/enterprises/{firm.pk}/").content.decode()
    assert '<mark class="hit c1" tabindex="0" aria-describedby="hit-1 ">储氢瓶' in text
    assert '<s class="hit is-dropped" tabindex="0" aria-describedby="hit-2 ">氢气' in text
    assert "易误认用语“氢气球”" in text
    assert "排除语" in text
    assert (
        "经营范围中写有氢能词条“储氢瓶”，支配它的动词是研发、生产制造，另有 2 处不计（易误认用语“氢气球”、排除语）。"
        in text
    )
    assert "模型判断其为核心或服务企业的概率是 97%，不低于采纳线 49%，结论为计入，角色为核心，环节为储运。" in text


def test_a_rewritten_scope_keeps_the_words_and_loses_the_place(client_of, made, run):
    firm = made.firm(scope="服装加工")
    made.result(run, firm)
    text = client_of("coordinator").get(f"/enterprises/{firm.pk}/").content.decode()
    assert "<mark" not in text
    assert "已经找不到原位" in text


def test_markup_in_a_register_is_text(client_of, made, run):
    firm = made.firm("<b>甲</b>有限公司（演示）", scope="<script>alert(1)</script>储氢瓶")
    made.result(run, firm, evidence=[evidence(at=25)])
    client = client_of("coordinator")
    for address in (f"/enterprises/{firm.pk}/", "/enterprises/"):
        text = client.get(address).content.decode()
        assert "<b>甲</b>" not in text
        assert "alert(1)</script>" not in text


def test_export_has_the_rows_shown_with_terms_as_text(client_of, some):
    answer = client_of("coordinator").get("/enterprises/?city=320500&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == (
        "企业",
        "统一社会信用代码",
        "地区",
        "成立日期",
        "注册资本（万元）",
        "产业、角色、概率",
        "依据的词条",
    )
    assert len(rows) == 2
    assert rows[1][0] == "甲储氢有限公司（演示）"
    assert rows[1][4] == pytest.approx(1234.56789)
    assert rows[1][5] == "氢能 核心 97% 计入（模型）；量子科技 提及 40% 待复核（模型）"
    assert rows[1][6].startswith("氢能：储氢瓶")
