"""Pages: what the desk shows and hides, forms without scripts, agreement, lists with equal numbers of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.labelling.conftest import H2, STORAGE
from xiandao.domains.labelling.actions import desk
from xiandao.domains.labelling.actions.desk import Judgement
from xiandao.domains.labelling.actions.samples import close_sample
from xiandao.domains.labelling.models import Item, Label, Sample
from xiandao.domains.labelling.queries.samples import agreements


def text_of(answer):
    return answer.content.decode()


def test_the_model_is_hidden_on_a_random_item_until_it_is_judged(firm, drawn, client_of, people, now):
    firm("甲", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=1)
    client = client_of("department")
    first = client.get(f"/labelling/samples/{sample.pk}/desk/", follow=True)
    assert first.redirect_chain[0][0].endswith(f"/desk/{items[0].pk}/")
    assert "模型的结论在您判断之后才显示" in text_of(first)
    assert "90%" not in text_of(first)
    assert '<mark class="is-hit">氢燃料电池</mark>' in text_of(first)
    saved = client.post(f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/", {f"role-{H2}": "trade"}, follow=True)
    assert "您的部分已判断完" in text_of(saved)
    again = text_of(client.get(f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/"))
    assert "90%" in again
    assert "您已判断过这一家" in again


def test_the_model_is_shown_on_an_uncertain_item(firm, drawn, client_of):
    firm("甲", hydrogen=("review", "core", 0.55))
    sample, _items = drawn(uncertain=1)
    page = text_of(client_of("department").get(f"/labelling/samples/{sample.pk}/desk/", follow=True))
    assert "模型的结论" in page
    assert "55%" in page


def test_an_unjudged_industry_is_said_and_the_rest_is_kept(firm, drawn, client_of):
    firm("甲", hydrogen=("in", "core", 0.9), energy_storage=("in", "core", 0.9))
    sample, items = drawn(random=1)
    client = client_of("department")
    url = f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/"
    answer = client.post(url, {f"role-{H2}": "core", "note": "看不清"})
    assert answer.status_code == 422
    assert "还有 1 个产业没有判断" in text_of(answer)
    assert 'value="看不清"' in text_of(answer)
    assert f'name="role-{H2}" value="core" checked' in text_of(answer)


def test_a_firm_without_terms_is_saved_with_one_key(firm, drawn, client_of):
    firm("丁", scope="餐饮服务。")
    sample, items = drawn(unseen=1)
    url = f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/"
    client = client_of("department")
    assert "没有找到目录中的用语" in text_of(client.get(url))
    assert client.post(url, {}).status_code == 302
    assert Item.objects.for_system("tests").get().outcome == {}


def test_taking_back_and_leaving_out_in_the_browser(firm, drawn, client_of):
    firm("甲", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=1)
    client = client_of("department")
    url = f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/"
    client.post(url, {f"role-{H2}": "core"})
    assert client.post(f"/labelling/samples/{sample.pk}/undo/").url == url
    assert client.post(url, {"step": "skip", "note": ""}).status_code == 422
    assert client.post(url, {"step": "skip", "note": "文字残缺"}).status_code == 302
    assert Item.objects.for_system("tests").get().state == "skipped"


def test_somebody_elses_item_sends_one_on(firm, drawn, client_of):
    for n in range(2):
        firm(f"甲{n}", hydrogen=("in", "core", 0.9))
    sample, _items = drawn(random=2)
    mine = client_of("department").get(f"/labelling/samples/{sample.pk}/desk/").url
    other = client_of("department-other")
    assert other.get(mine).url == f"/labelling/samples/{sample.pk}/desk/"
    assert other.get(f"/labelling/samples/{sample.pk}/desk/").url != mine


def test_two_readers_do_not_see_each_other(firm, drawn, client_of, people, now):
    firm("甲", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=1, readers=2)
    desk.judge(people("department"), pk=items[0].pk, judgement=Judgement({H2: "trade"}, note="绝密意见"), now=now)
    other = client_of("department-other")
    page = text_of(other.get(f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/"))
    assert "绝密意见" not in page
    assert "checked" not in page.split('id="judge"')[1].split("</form>")[0]
    assert "完成后才显示一致程度" in text_of(other.get(f"/labelling/samples/{sample.pk}/agreement/"))
    assert other.get(f"/labelling/disputes/{items[0].pk}/").status_code == 404


def test_a_dispute_is_settled_in_the_browser(firm, drawn, client_of, people, second_settler, now):
    firm("甲", hydrogen=("in", "core", 0.9))
    _sample, items = drawn(random=1, readers=2)
    desk.judge(people("department"), pk=items[0].pk, judgement=Judgement({H2: "trade"}, note="甲说"), now=now)
    desk.judge(people("city"), pk=items[0].pk, judgement=Judgement({H2: "core"}, note="乙说"), now=now)
    client = client_of("second")
    listing = text_of(client.get("/labelling/disputes/"))
    assert "氢能：贸易" in listing
    assert "氢能：核心" in listing
    url = f"/labelling/disputes/{items[0].pk}/"
    page = text_of(client.get(url))
    assert "甲说" in page
    assert "乙说" in page
    assert client.post(url, {f"role-{H2}": "core", "note": ""}).status_code == 422
    assert client.post(url, {f"role-{H2}": "core", "note": "写明生产"}).status_code == 302
    assert "没有待裁定的分歧" in text_of(client.get("/labelling/disputes/"))


@pytest.fixture
def read_twice(firm, drawn, people, office, now):
    """Ten read by two: seven alike in, one in against out, two alike out."""
    for n in range(10):
        firm(f"甲{n}", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=10, readers=2)
    first, second = people("department"), people("department-other")
    for number, item in enumerate(items):
        desk.judge(first, pk=item.pk, judgement=Judgement({H2: "core" if number < 8 else "trade"}), now=now)
        desk.judge(second, pk=item.pk, judgement=Judgement({H2: "core" if number < 7 else "trade"}), now=now)
    return sample, items


def test_agreement_by_hand(read_twice):
    sample, _items = read_twice
    (found,) = agreements(sample)
    # observed 0.9; expected 0.8 · 0.7 + 0.2 · 0.3 = 0.62; (0.9 - 0.62) / 0.38
    assert found.belonging.value == pytest.approx(0.7368, abs=1e-4)
    assert found.items == 10
    assert found.roles.n == 10
    assert [(code, each.n) for code, each in found.by_industry] == [(H2, 10)]
    assert len(found.differing) == 1


def test_the_agreement_page(read_twice, client_of):
    sample, _items = read_twice
    page = text_of(client_of("coordinator").get(f"/labelling/samples/{sample.pk}/agreement/"))
    assert "0.74（" in page
    assert "判断不一的企业" in page


def test_drawing_in_the_browser(firm, client_of, bodies, run):
    for n in range(6):
        firm(f"甲{n}", hydrogen=("in", "core", 0.9))
    client = client_of("coordinator")
    assert "抽取复核批次" in text_of(client.get("/labelling/samples/new/"))
    data = {
        "title": "二季度",
        "random": 4,
        "unseen": 0,
        "uncertain": 0,
        "disagreeing": 0,
        "readers": 1,
        "seed": 42,
        "bodies": [body.pk for body in bodies],
    }
    preview = text_of(client.post("/labelling/samples/new/", data | {"step": "preview"}))
    assert "4 / 6" in preview
    assert "5 ±" in preview
    assert not Sample.objects.for_system("tests").exists()
    done = client.post("/labelling/samples/new/", data | {"step": "draw"})
    sample = Sample.objects.for_system("tests").get()
    assert done.url == f"/labelling/samples/{sample.pk}/"
    page = text_of(client.get(done.url))
    assert ">42<" in page
    assert "开始判断" in page
    assert client.post("/labelling/samples/new/", data | {"step": "draw", "bodies": []}).status_code == 422
    assert client.post("/labelling/samples/new/", data | {"step": "draw", "random": 0}).status_code == 422
    ended = client.post(f"/labelling/samples/{sample.pk}/close/", {"text": ""})
    assert ended.status_code == 422
    assert client.post(f"/labelling/samples/{sample.pk}/withdraw/", {"text": "抽错"}).status_code == 302


def test_a_sample_can_be_finished_in_the_browser(firm, drawn, client_of, people, now):
    firm("甲", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=1)
    desk.judge(people("department"), pk=items[0].pk, judgement=Judgement({H2: "core"}), now=now)
    client = client_of("coordinator")
    assert client.post(f"/labelling/samples/{sample.pk}/close/").status_code == 302
    assert Sample.objects.for_system("tests").get().state == "closed"


def queries_of(client, url):
    client.get(url)  # options of filters and the like are remembered
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def _labels(firm, now, first, last):
    for n in range(first, last):
        enterprise = firm(f"标{n}", hydrogen=("in", "core", 0.9))
        Label.objects.create(
            enterprise=enterprise,
            name=enterprise.name,
            scope=enterprise.scope,
            labels={H2: "core"},
            source="review",
            at=now,
            by="x",
        )


def _samples(drawn, first, last):
    for n in range(first, last):
        drawn(title=f"批{n}", random=1)


@pytest.mark.parametrize("url", ["/labelling/", "/labelling/labels/", "/labelling/objections/"])
def test_lists_ask_as_often_for_one_row_as_for_many(url, firm, drawn, client_of, now, run):
    client = client_of("coordinator")
    _labels(firm, now, 0, 1)
    _samples(drawn, 0, 1)
    one = queries_of(client, url)
    _labels(firm, now, 1, 3)
    _samples(drawn, 1, 3)
    three = queries_of(client, url)
    Label.objects.bulk_create(
        [
            Label(enterprise=label.enterprise, name="旧", scope=str(n), source="review", at=now, by="x", current=False)
            for label in Label.objects.for_system("tests")[:1]
            for n in range(1000)
        ]
    )
    Sample.objects.bulk_create(
        [Sample(run=run, title=f"旧{n}", seed=n, drawn_at=now, drawn_by="x", state="closed") for n in range(1000)]
    )
    assert one == three == queries_of(client, url)


def test_the_list_of_labels_filters_and_exports(firm, now, client_of, run):
    _labels(firm, now, 0, 2)
    client = client_of("department")
    assert "氢能：核心" in text_of(client.get("/labelling/labels/", {"industry": H2}))
    assert "还没有标注" in text_of(client.get("/labelling/labels/", {"industry": STORAGE}))
    assert "还没有标注" in text_of(client.get("/labelling/labels/", {"holds": "changed"}))
    assert "还没有标注" in text_of(client.get("/labelling/labels/", {"doubtful": "yes"}))
    assert client.get("/labelling/labels/?export=xlsx").content[:2] == b"PK"


def test_empty_pages(client_of, db):
    client = client_of("coordinator")
    for url, words in (
        ("/labelling/", "还没有复核批次"),
        ("/labelling/quality/", "还没有现行的识别批次"),
        ("/labelling/disputes/", "没有待裁定的分歧"),
        ("/labelling/objections/", "没有异议"),
        ("/labelling/samples/new/", "还没有现行的识别批次"),
    ):
        assert words in text_of(client.get(url)), url
    assert "没有与本单位对应的企业" in text_of(client_of("applicant").get("/labelling/objections/new/"))


def test_a_closed_sample_is_over_at_the_desk(firm, drawn, client_of, office, now):
    firm("甲", hydrogen=("in", "core", 0.9))
    sample, items = drawn(random=1)
    close_sample(office, pk=sample.pk, reason="试", now=now)
    client = client_of("department")
    assert "这个批次已经结束" in text_of(client.get(f"/labelling/samples/{sample.pk}/desk/"))
    late = client.post(f"/labelling/samples/{sample.pk}/desk/{items[0].pk}/", {f"role-{H2}": "core"})
    assert late.status_code == 409
