"""Technology roadmaps: drafted, edited, published, compared; no circles; what is published does not change."""

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.ledger.actions import roadmaps as act
from xiandao.domains.ledger.models import Roadmap, RoadmapEdge, RoadmapNode
from xiandao.domains.ledger.roadmaps import difference, drawing
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.faults import BadFields


@pytest.fixture
def office(people):
    return people("department")


@pytest.fixture
def draft(office, now):
    """A draft with two nodes, the second requiring the first."""
    made = act.begin_roadmap(office, industry="hydrogen", now=now)
    one = act.save_node(office, pk=made.pk, code="", fields=fields("电解槽隔膜（演示）", layer="technology"))
    two = act.save_node(office, pk=made.pk, code="", fields=fields("电解槽（演示）", horizon="middle"))
    act.link(office, pk=made.pk, source=two.code, target=one.code, kind="requires")
    return made


def fields(name="电解槽（演示）", **given):
    return act.NodeFields(**({"name": name, "field": "制氢", "layer": "product", "horizon": "near"} | given))


def codes(roadmap):
    return list(roadmap.nodes.order_by("order").values_list("code", flat=True))


def test_a_new_version_is_a_copy_of_the_published_one(draft, office, now):
    with pytest.raises(Conflict, match="已有一份草案"):
        act.begin_roadmap(office, industry="hydrogen")
    act.publish_roadmap(office, pk=draft.pk, now=now)
    second = act.begin_roadmap(office, industry="hydrogen", now=now)
    assert second.version == 2
    assert codes(second) == codes(draft)
    assert RoadmapEdge.objects.filter(roadmap=second).count() == 1
    act.save_node(office, pk=second.pk, code=codes(second)[1], fields=fields("电解槽（演示）", readiness=7))
    act.save_node(office, pk=second.pk, code="", fields=fields("储氢瓶（演示）"))
    act.remove_node(office, pk=second.pk, code=codes(second)[0])
    assert draft.nodes.count() == 2
    assert draft.nodes.get(name="电解槽（演示）").readiness is None
    found = difference(list(draft.nodes.all()), list(second.nodes.all()), RoadmapEdge.objects.filter(roadmap=draft), [])
    assert [node.name for node in found.added] == ["储氢瓶（演示）"]
    assert [node.name for node in found.gone] == ["电解槽隔膜（演示）"]
    assert [(node.name, [(str(a), b, c) for a, b, c in changes]) for node, changes in found.changed] == [
        ("电解槽（演示）", [("时段", "中期", "近期"), ("技术就绪度", "—", "7")])
    ]
    assert found.edges_gone == ["电解槽（演示） 依赖 电解槽隔膜（演示）"]


def test_what_is_published_does_not_change(draft, office, now):
    act.publish_roadmap(office, pk=draft.pk, now=now)
    with pytest.raises(Conflict, match="不再改动"):
        act.save_node(office, pk=draft.pk, code="", fields=fields())
    with pytest.raises(BadFields, match="理由"):
        act.withdraw_roadmap(office, pk=draft.pk, reason="")
    act.withdraw_roadmap(office, pk=draft.pk, reason="有误")
    with pytest.raises(Conflict, match="已经撤回"):
        act.withdraw_roadmap(office, pk=draft.pk, reason="有误")
    assert act.begin_roadmap(office, industry="hydrogen").version == 2


def test_no_circle_and_no_node_with_itself(draft, office):
    one, two = codes(draft)
    with pytest.raises(BadFields, match="成环"):
        act.link(office, pk=draft.pk, source=one, target=two, kind="enables")
    with pytest.raises(BadFields, match="两个不同"):
        act.link(office, pk=draft.pk, source=one, target=one, kind="requires")
    with pytest.raises(BadFields, match="选择关系"):
        act.link(office, pk=draft.pk, source=two, target=one, kind="likes")
    assert RoadmapEdge.objects.filter(roadmap=draft).count() == 1
    act.link(office, pk=draft.pk, source=two, target=one, kind="")
    assert not RoadmapEdge.objects.filter(roadmap=draft).exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": " "}, "名称"),
        ({"field": ""}, "细分领域"),
        ({"layer": "sky"}, "所列"),
        ({"horizon": "never"}, "所列"),
        ({"gap": "huge"}, "所列"),
        ({"readiness": 10}, "1 到 9"),
        ({"owner": "长" * 301}, "300"),
    ],
)
def test_bad_nodes(draft, office, given, told):
    before = AuditRecord.objects.count()
    with pytest.raises(BadFields, match=told):
        act.save_node(office, pk=draft.pk, code="", fields=fields(**given))
    assert RoadmapNode.objects.count() == 2
    assert AuditRecord.objects.count() == before


def test_who_may_not_is_refused_and_an_empty_one_is_not_published(people, office):
    with pytest.raises(Refused):
        act.begin_roadmap(people("city"), industry="hydrogen")
    with pytest.raises(BadFields):
        act.begin_roadmap(office, industry="nothing")
    empty = act.begin_roadmap(office, industry="hydrogen")
    with pytest.raises(Conflict, match="一个节点也没有"):
        act.publish_roadmap(office, pk=empty.pk)


def test_the_drawing_stands_in_layers_and_horizons(draft):
    made = drawing(list(draft.nodes.all()), RoadmapEdge.objects.filter(roadmap=draft))
    places = {box.node.name: (box.x, box.y) for box in made.boxes}
    assert places == {"电解槽隔膜（演示）": (90, 34), "电解槽（演示）": (270, 110)}
    assert [(line.one.node.name, line.other.node.name) for line in made.lines] == [
        ("电解槽（演示）", "电解槽隔膜（演示）")
    ]
    # From the upper edge of the lower box to the lower edge of the upper one.
    assert made.lines[0].ends == (345, 110, 165, 78)


def test_in_the_browser(client_of):
    client = client_of("department")
    answer = client.post("/ledger/roadmaps/begin/", {"industry": "hydrogen"})
    assert answer.status_code == 302
    page = answer.url
    assert client_of().get(page).status_code == 404
    given = {"name": "电解槽（演示）", "field": "制氢", "layer": "product", "horizon": "near", "gap": "behind"}
    wrong = client.post(f"{page}nodes/", given | {"readiness": "12"})
    assert wrong.status_code == 422
    assert (
        client.post(f"{page}nodes/", given | {"alternatives": "甲路线\n\n乙路线", "chokepoint": "on"}).status_code
        == 302
    )
    node = RoadmapNode.objects.get()
    assert (node.alternatives, node.readiness, node.chokepoint) == (["甲路线", "乙路线"], None, True)
    form = client.get(f"{page}nodes/{node.code}/").context["form"]
    assert form.initial["alternatives"] == "甲路线\n乙路线"
    assert client.post(f"{page}nodes/{node.code}/", given | {"name": "碱性电解槽（演示）"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "碱性电解槽（演示）" in shown
    assert "<svg" in shown
    assert (
        client.post(f"{page}link/", {"source": node.code, "target": node.code, "kind": "requires"}).status_code == 422
    )
    assert client.post(f"{page}remove/", {"code": "nothing"}).status_code == 404
    assert client.post(f"{page}publish/").status_code == 302
    assert client_of().get(page).status_code == 200
    assert client.post(f"{page}remove/", {"code": node.code}).status_code == 409
    assert client.post("/ledger/roadmaps/begin/", {"industry": "hydrogen"}).status_code == 302
    second = Roadmap.objects.for_system("tests").get(version=2)
    first = Roadmap.objects.for_system("tests").get(version=1)
    compared = client.get(f"/ledger/roadmaps/{second.pk}/?with={first.pk}").content.decode()
    assert "两版相同" in compared
