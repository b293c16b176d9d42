"""Every page of the catalogue, as those who use it see it."""

import pytest
from django.urls import reverse

from xiandao.domains.industries.actions import words
from xiandao.domains.industries.content import fingerprint
from xiandao.domains.industries.models import LocalList, ProductName
from xiandao.domains.industries.queries.catalogue import content_of

HP = ("hydrogen", "hp-storage")


@pytest.fixture
def clerk(client_of):
    return client_of("department")


@pytest.fixture
def boss(client_of):
    return client_of("coordinator")


def at(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def text(answer):
    return answer.content.decode()


def test_the_catalogue_in_force_is_public(client_of):
    page = text(client_of().get(at("current")))
    assert "2026.1" in page
    assert "氢能" in page
    assert "开始修订" not in page


def test_an_industry_shows_its_chain(client_of):
    page = text(client_of().get(at("industry", "2026.1", "hydrogen")))
    assert page.index("制氢") < page.index("加氢基础设施")
    assert "储氢瓶" in page
    assert "Ⅳ型瓶" in page
    assert "加氢精制" in page


def test_a_product_shows_its_words_links_and_names(client_of):
    ProductName.objects.create(
        target="hydrogen/hp-storage", document="x", title="某文件（演示）", printed="高压储氢装置", relation="near"
    )
    page = text(client_of().get(at("product", "2026.1", *HP)))
    for words_ in ("储氢气瓶", "F17C", "6.4", "3332", "高压储氢装置", "含义相近", "没有地方目录对应"):
        assert words_ in page


@pytest.mark.parametrize("args", [("2026.9",), ("2026.1", "nothing"), ("2026.1", "hydrogen", "nothing")])
def test_what_is_missing(client_of, args):
    name = {1: "version", 2: "industry", 3: "product"}[len(args)]
    assert client_of().get(at(name, *args)).status_code == 404


def test_a_word_is_found(client_of):
    page = text(client_of().get(at("search"), {"q": "储氢气瓶"}))
    assert "同义于 储氢瓶" in page
    assert "高压储氢" in page
    assert "没有含“不存在的词”的词条" in text(client_of().get(at("search"), {"q": "不存在的词"}))


def test_the_industry_page_leads_to_the_catalogue(client_of):
    page = text(client_of().get(reverse("industries:detail", args=["hydrogen"])))
    assert at("industry", "2026.1", "hydrogen") in page


def test_a_clerk_revises_from_start_to_publication(clerk, boss, editor):
    answer = clerk.post(at("draft-start"))
    pk = int(answer.url.rstrip("/").rpartition("/")[2])
    assert text(clerk.get(at("draft", pk))).count("还没有改动") == 1
    edit = at("edit-product", pk, *HP)
    assert clerk.get(edit).status_code == 200
    answer = clerk.post(edit, {"what": "add", "words": "演示储氢罐体\n储氢瓶", "weight": "core"})
    assert answer.status_code == 422
    assert "已经是这个产品的词条：储氢瓶" in text(answer)
    assert "演示储氢罐体" in text(answer)
    assert clerk.post(edit, {"what": "add", "words": "演示储氢罐体", "weight": "core"}).status_code == 302
    page = text(clerk.get(at("draft", pk)))
    assert "演示储氢罐体" in page
    assert "由统筹协调单位发布" in page
    assert clerk.post(at("draft-step", pk, "publish"), {"note": "补词"}).status_code == 422
    given = {"note": "补一个词", "untried": "演示"}
    assert boss.post(at("draft-step", pk, "publish"), given).status_code == 302
    page = text(boss.get(at("current")))
    assert "补一个词" in page
    assert "演示储氢罐体" in text(boss.get(at("compare"), {"a": "2026.1", "b": "2026.2"})) or "2026.2" in page


def test_a_refused_step_keeps_what_was_written(boss, draft, editor):
    words.add_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], text="演示储氢罐体", weight="core")
    answer = boss.post(at("draft-step", draft.pk, "publish"), {"note": "很长的说明", "digest": "0" * 64})
    assert answer.status_code == 409
    assert "很长的说明" in text(answer)


def test_editing_the_fields_of_a_product_somebody_changed_shows_the_newest(clerk, draft, office, now_in):
    url = at("edit-product", draft.pk, *HP)
    given = {"what": "save", "name": "甲", "segment": "storage", "definition": "定义", "seen": "stale"}
    answer = clerk.post(url, given)
    assert answer.status_code == 409
    assert "别人刚刚改过" in text(answer)
    seen = fingerprint(now_in().products[HP])
    assert clerk.post(url, given | {"seen": seen}).status_code == 302
    assert now_in().products[HP].name == "甲"


def test_what_is_not_filled_in_is_named(clerk, draft, now_in):
    answer = clerk.post(at("edit-product", draft.pk, *HP), {"what": "save", "name": "", "segment": "storage"})
    assert answer.status_code == 422
    assert "这个字段是必填项" in text(answer)


def test_a_product_and_a_segment_are_made_on_pages(clerk, draft, now_in):
    url = at("edit-segment", draft.pk, "hydrogen", "storage")
    assert clerk.get(url).status_code == 200
    given = {
        "what": "product",
        "product-name": "演示品",
        "product-name_en": "Demo thing",
        "product-segment": "storage",
        "product-definition": "演示",
        "words-words": "演示品词",
        "words-weight": "weak",
    }
    assert clerk.post(url, given).url == at("edit-product", draft.pk, "hydrogen", "demo-thing")
    assert now_in().terms["hydrogen", "demo-thing", "演示品词"].weight == "weak"
    new = at("edit-new-segment", draft.pk, "hydrogen")
    assert clerk.get(new).status_code == 200
    given |= {"name": "演示环节", "stage": "supporting", "gbt4754": "3849、3841"}
    given |= {"product-name": "又一品", "product-name_en": "", "words-words": "又一品词"}
    assert clerk.post(new, given).status_code == 302
    assert now_in().segments["hydrogen", "s-2"].gbt4754 == ("3849", "3841")
    assert "p-2" in {path[1] for path in now_in().products}


def test_traps_and_definition_on_pages(clerk, draft, now_in):
    url = at("edit-industry", draft.pk, "hydrogen")
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"what": "add-traps", "words": "储氢瓶玩具"}).status_code == 302
    assert clerk.post(url, {"what": "remove-traps", "word": ["储氢瓶玩具"]}).status_code == 302
    seen = fingerprint(now_in().industries[("hydrogen",)])
    given = {"what": "scope", "definition": "新定义", "includes": "甲\n乙", "seen": seen}
    assert clerk.post(url, given).status_code == 302
    assert now_in().industries[("hydrogen",)].includes == ("甲", "乙")
    assert clerk.get(at("edit-traps", draft.pk)).status_code == 200
    assert clerk.post(at("edit-traps", draft.pk), {"words": "无人机票务代理点"}).status_code == 302


def test_a_line_is_restored_on_the_page(clerk, draft, editor, now_in):
    words.remove_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["储氢罐"])
    given = {"key": "term|hydrogen|hp-storage|储氢罐"}
    assert clerk.post(at("draft-step", draft.pk, "restore"), given).status_code == 302
    assert (*HP, "储氢罐") in now_in().terms
    assert clerk.post(at("draft-step", draft.pk, "restore"), given).status_code == 409


def test_names_are_kept(clerk, client_of):
    given = {
        "target": "hydrogen/station",
        "document": "demo",
        "title": "某文件（演示）",
        "printed": "加氢设施",
        "relation": "same",
    }
    assert clerk.post(at("name-new"), given | {"target": "hydrogen/none"}).status_code == 422
    assert clerk.post(at("name-new"), given).status_code == 302
    assert clerk.post(at("name-new"), given).status_code == 409
    row = ProductName.objects.get()
    assert clerk.post(at("name", row.pk), given | {"printed": "加氢基础设施"}).status_code == 302
    page = text(client_of().get(at("names")))
    assert "加氢基础设施" in page
    assert "氢能 › 加氢基础设施 › 加氢站" in page
    assert clerk.post(at("name-remove", row.pk)).status_code == 302
    assert not ProductName.objects.exists()


def test_a_city_keeps_its_own_list(client_of, people):
    city = client_of("city")
    region = people("city").region
    given = {"region": region, "name": "本市未来产业目录（演示）", "lines": "A1\t车载储氢瓶组\n加氢站运营\n民谣吉他"}
    answer = city.post(at("local-new"), given)
    row = LocalList.objects.get()
    assert answer.url == at("local-list", row.pk)
    page = text(city.get(answer.url))
    assert "含词条“车载储氢”" in page
    first, second, _third = row.items.order_by("order")
    assert first.code == "A1"
    mapped = {
        "revision": row.revision,
        "shown": [first.pk, second.pk],
        f"link-{first.pk}": ["hydrogen/storage"],
        f"how-{first.pk}-hydrogen/storage": "narrower",
        f"new-{second.pk}": "氢能 › 加氢基础设施（hydrogen/refuel）",
    }
    url = at("local-step", row.pk, "map")
    assert city.post(url, mapped).status_code == 302
    assert [(link.target, link.relation) for link in first.links.all()] == [("hydrogen/storage", "narrower")]
    assert [link.target for link in second.links.all()] == ["hydrogen/refuel"]
    assert city.post(url, mapped).status_code == 409
    row.refresh_from_db()
    answer = city.post(url, mapped | {"revision": row.revision, f"new-{second.pk}": "没有这个"})
    assert answer.status_code == 422
    assert "省目录里没有“没有这个”" in text(answer)
    product = text(client_of().get(at("product", "2026.1", *HP)))
    assert "车载储氢瓶组" in product
    assert client_of("city-other").post(url, mapped).status_code == 404
    assert client_of().get(at("local-list", row.pk)).status_code == 200
    assert client_of().get(at("local-export", row.pk)).status_code == 200
    assert city.post(at("local-step", row.pk, "add"), {"lines": "固态储氢"}).status_code == 302
    assert city.post(at("local-step", row.pk, "remove"), {"item": [first.pk]}).status_code == 302
    assert city.post(at("local-step", row.pk, "delete"), {}).status_code == 422
    assert city.post(at("local-step", row.pk, "delete"), {"reason": "停用"}).status_code == 302


@pytest.mark.parametrize("name", ["current", "names", "local-lists"])
def test_pages_cost_the_same_however_much_there_is(client_of, name, django_assert_max_num_queries, people):
    client = client_of()
    client.get(at(name))
    with django_assert_max_num_queries(16):
        client.get(at(name))


def test_names_cost_the_same_for_1_3_and_1000(client_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = client_of(), []
    for number in (1, 3, 1000):
        have = ProductName.objects.count()
        ProductName.objects.bulk_create(
            ProductName(target="hydrogen/station", document="d", title="t", printed=f"词{n}", relation="same")
            for n in range(have, number)
        )
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(at("names"))
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]


def test_the_draft_and_its_content_stay_hidden(client_of, draft):
    for account in ("", "city", "auditor"):
        assert client_of(account).get(at("draft", draft.pk)).status_code == 404
    assert content_of(draft).products
