"""Who leads, who helps, and whether lower governments answer."""

import pytest

from xiandao.engines.policytext.bodies import is_collective, is_lower_government, looks_like_bodies
from xiandao.engines.policytext.duty import read_duty, read_standing
from xiandao.engines.policytext.measures import with_standing
from xiandao.engines.policytext.normalise import fold, squeeze


def run(text):
    return squeeze(fold(text), 0, len(text))


def duty(text):
    found, _ = read_duty([run(text)])
    read = found.duty()
    return [b.name for b in read.lead], [b.name for b in read.with_], read.cities


@pytest.mark.parametrize(
    ("text", "lead", "helping", "cities"),
    [
        ("推进。（省科技厅、省教育厅等按职责分工负责）", ["省科技厅"], ["省教育厅"], False),
        (
            "推进。（市科技局牵头，市财政局、市商务局（市口岸办）配合）",
            ["市科技局"],
            ["市财政局", "市商务局（市口岸办）"],
            False,
        ),
        ("推进。（市科技局、市财政局牵头，各县（市、区）人民政府按职责分工负责）", ["市科技局", "市财政局"], [], True),
        ("推进。（市科技局会同市财政局、市教育局负责）", ["市科技局"], ["市财政局", "市教育局"], False),
        ("推进。（市科技局会同市财政局牵头，市教育局配合）", ["市科技局"], ["市财政局", "市教育局"], False),
        ("由市科技局会同市财政局负责。", ["市科技局"], ["市财政局"], False),
        (
            "推进。（由市科技局牵头，市发展改革委、市教育局等部门配合）",
            ["市科技局"],
            ["市发展改革委", "市教育局"],
            False,
        ),
        ("推进。（牵头单位：省科技厅，责任单位：省财政厅）", ["省科技厅"], ["省财政厅"], False),
        ("牵头单位：市数据局；配合单位：市财政局，各区人民政府", ["市数据局"], ["市财政局"], True),
        ("牵头单位：市财政局、市国资委；配合单位：市教育局", ["市财政局", "市国资委"], ["市教育局"], False),
        ("责任单位：市数据局、市市场监督管理局", ["市数据局"], ["市市场监督管理局"], False),
        ("责任部门：市数据局", ["市数据局"], [], False),
        ("主办单位：市科技局；协办单位：市委组织部", ["市科技局"], ["市委组织部"], False),
        ("主办：市科技局；协办：市财政局", ["市科技局"], ["市财政局"], False),
        ("【责任单位：市科技局、市财政局】", ["市科技局"], ["市财政局"], False),
        (
            "牵头单位：市投资促进局会同市文旅局；责任单位：各区县政府、云溪高新区管委会",
            ["市投资促进局"],
            ["市文旅局", "云溪高新区管委会"],
            True,
        ),
        ("责任单位：各区、市科技局、市财政局", ["市科技局"], ["市财政局"], True),
        ("责任单位：市科技局、各区、县（市）政府，有关园区，临江县政府", ["市科技局"], ["临江县政府"], True),
        ("（科技部、工业和信息化部按职责分工负责）", ["科技部"], ["工业和信息化部"], False),
        (
            "推进。（区国土分局牵头，区规划分局、区级相关部门配合）",
            ["区国土分局"],
            ["区规划分局", "区级相关部门"],
            False,
        ),
        (
            "（省推进战略性新兴产业发展工作协调机制成员单位按职责分工负责）",
            ["省推进战略性新兴产业发展工作协调机制成员单位"],
            [],
            False,
        ),
        ("推进。（市科技局）", ["市科技局"], [], False),
        ("市财政局（市科技局、市教育局配合）按职责分工负责。", ["市财政局"], ["市科技局", "市教育局"], False),
        ("推进。（市科技局（牵头）、市财政局按职责分工负责）", ["市科技局"], ["市财政局"], False),
    ],
)
def test_forms_of_responsibility(text, lead, helping, cities):
    assert duty(text) == (lead, helping, cities)


@pytest.mark.parametrize(
    "text",
    [
        "推动国家实验室（基地）建设，支持首台（套）装备。",
        "完善碳捕集（利用及封存）产业。",
        "探索由企业牵头组建创新联合体。",
        "支持链主企业联合上下游共建数据空间（平台）。",
    ],
)
def test_prose_is_no_duty(text):
    assert duty(text) == ([], [], False)


def test_a_deadline_beside_the_bodies_is_read_and_is_no_body():
    found, _ = read_duty([run("责任单位：市科技局；完成时限：2026年12月")])
    assert found.deadline == "2026年12月"
    assert [b.name for b in found.duty().lead] == ["市科技局"]


def test_every_name_knows_where_it_stands():
    text = "牵头单位：市数据局；\n配合单位：市财政局"
    found, _ = read_duty([run(text)])
    for body in (*found.duty().lead, *found.duty().with_):
        assert text[body.span.start : body.span.end] == body.name


@pytest.mark.parametrize(
    "name",
    [
        "各区",
        "各县（市、区）",
        "有关园区",
        "各设区市人民政府",
        "各市县",
        "各地",
        "各地区",
        "各级政府",
        "相关区县",
        "各街道",
        "各镇街",
        "各功能区",
        "各开发区管委会",
        "属地政府",
        "沿江各区县政府",
        "县（市、区）政府",
        "市县人民政府",
        "各设区市相应职能部门",
        "各乡镇（街道）",
        "各市（州）人民政府",
        "试点城市",
        "有条件的地区",
    ],
)
def test_collectives_stand_for_all_lower_governments(name):
    assert is_collective(name)


@pytest.mark.parametrize(
    "name",
    [
        "市市场监管局",
        "各有关部门",
        "市直各部门",
        "市级各部门",
        "各金融机构",
        "各高校",
        "相关企业",
        "市城市管理局",
        "市区块链中心",
        "市属国企",
        "国家能源局东北监管局",
        "各成员单位",
        "县农业农村局",
        "市国资委",
    ],
)
def test_departments_are_neither_collectives_nor_lower_governments(name):
    assert not is_collective(name)
    assert not is_lower_government(name)


@pytest.mark.parametrize(
    "name",
    [
        "青东新区管委会",
        "澄北高新区管委会",
        "临江县政府",
        "江北区人民政府",
        "云溪区",
        "高新区",
        "东湖街道",
        "白马镇",
        "市经开区管委会",
    ],
)
def test_single_lower_governments_are_named(name):
    assert not is_collective(name)
    assert is_lower_government(name)


def test_lists_of_bodies_are_told_from_prose():
    assert looks_like_bodies("市科技局、市财政局，各区人民政府")
    assert not looks_like_bodies("加快建设创新平台、完善机制")
    assert not looks_like_bodies("")


@pytest.mark.parametrize(
    ("text", "cities", "names"),
    [
        ("以下均需各设区市相应职能部门落实，不再单独列出。", True, []),
        ("以下各项任务均由各县（市、区）人民政府、各开发区管委会按职责落实，不再逐一列出。", True, []),
        ("本方案各项任务均需市财政局配合，不再单独列出。", False, ["市财政局"]),
    ],
)
def test_a_rule_stated_once_for_all(text, cities, names):
    rule = read_standing(run(text))
    assert rule is not None
    assert rule.cities is cities
    assert [b.name for b in (*rule.lead, *rule.plain, *rule.helping)] == names


@pytest.mark.parametrize(
    "text",
    [
        "各县区、各部门要压实责任，主要负责同志亲自研究、亲自推动。",
        "以上政策均由市科技局负责解释。",
        "各项指标均达到全省平均水平。",
    ],
)
def test_exhortations_are_no_rule_for_all(text):
    assert read_standing(run(text)) is None


def test_a_rule_for_all_adds_to_what_a_measure_says_itself():
    own, _ = read_duty([run("（市科技局、市教育局负责）")])
    rule = read_standing(run("本方案各项任务均需市财政局和各区人民政府配合，不再单独列出。"))
    read = with_standing(own, [rule])
    assert [b.name for b in read.lead] == ["市科技局"]
    assert [b.name for b in read.with_] == ["市教育局", "市财政局"]
    assert read.cities
    assert read.standing
