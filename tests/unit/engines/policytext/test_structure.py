"""Which headings are actions and which measures; boxes; what becomes of everything else."""

import pytest

from xiandao.engines.policytext import compile_text

HEAD = "某市创新发展行动方案（2025—2027年）\n某政发〔2025〕1号\n"


def tree(text):
    return [(a.no, a.title, [(m.no, m.title) for m in a.measures]) for a in compile_text(HEAD + text).actions]


def headline(text):
    return [(float(t.value), t.unit) for t in compile_text(HEAD + text).headline_targets]


def test_parts_with_numbered_measures_are_actions():
    text = "一、科技创新行动\n1.建设平台。推进建设。\n2.攻关技术。加强攻关。\n二、保障措施\n3.加强领导。落实责任。"
    assert tree(text) == [
        ("一", "科技创新行动", [("1", "建设平台"), ("2", "攻关技术")]),
        ("二", "保障措施", [("3", "加强领导")]),
    ]


def test_actions_stand_below_an_umbrella():
    text = (
        "一、总体目标\n到2027年，建成平台5个。\n二、重点任务\n（一）算力行动\n1.建设底座\n统筹建设，加快推进。\n2.打通数据\n支持共建，完善机制。\n"
        "（二）模型行动\n3.研发模型\n聚焦需求，组织攻关。\n三、保障措施\n4.加强领导\n落实责任，抓好实施。"
    )
    assert tree(text) == [
        ("（一）", "算力行动", [("1", "建设底座"), ("2", "打通数据")]),
        ("（二）", "模型行动", [("3", "研发模型")]),
        ("三", "保障措施", [("4", "加强领导")]),
    ]


def test_an_umbrella_over_measures_is_their_action():
    text = "一、工作目标\n加快发展。\n二、重点任务\n（一）建设平台。推进建设。\n（二）攻关技术。加强攻关。"
    assert tree(text) == [("二", "重点任务", [("（一）", "建设平台"), ("（二）", "攻关技术")])]


def test_points_of_a_measure_are_no_measures():
    text = (
        "一、支持创新\n（一）加大研发投入。\n（1）对新认定的中心给予50万元奖励。\n（2）对获奖单位给予20万元奖励。\n（责任单位：市科技局）\n"
        "（二）强化金融支持。推进贷款投放。（责任单位：市财政局）"
    )
    assert tree(text) == [("一", "支持创新", [("（一）", "加大研发投入"), ("（二）", "强化金融支持")])]


def test_one_duty_for_all_points_makes_them_points():
    text = (
        "一、重点任务\n（一）建设平台\n1.布局中心。建成中心5个，服务企业。\n2.完善机制。推行预约，提升效率。（责任单位：市科技局）\n"
        "（二）培育企业\n1.壮大龙头。培育龙头10家，给予支持。\n2.扶持小微。服务企业100家，优化环境。（责任单位：市工信局）"
    )
    assert [no for _, _, ms in tree(text) for no, _ in ms] == ["（一）", "（二）"]


def test_numbers_may_run_through_the_sections_or_start_again():
    for second in ("3", "1"):
        text = f"一、创新行动\n1.建设平台。推进。\n2.攻关技术。加强。\n二、产业行动\n{second}.培育企业。壮大。\n"
        assert [m[0] for a in tree(text) for m in a[2]] == ["1", "2", second]


def test_chapters_and_sections():
    text = "第一章 发展基础\n建成平台12个。\n第二章 重点任务\n第一节 夯实基础\n加快建设，完善网络。\n第二节 壮大产业\n培育企业20家。\n第三章 附则\n本规划由某局解释。"
    assert tree(text) == [("第二章", "重点任务", [("第一节", "夯实基础"), ("第二节", "壮大产业")])]
    assert headline(text) == []


def test_articles_under_headings_and_rules_about_the_document():
    text = (
        "一、支持研发\n第一条 支持攻关。对新认定的中心给予50万元奖励。\n第二条 支持平台。建设平台5个。\n二、附则\n"
        "第三条 本措施自2025年1月1日起施行，有效期3年。\n第四条 所需资金由市、区按1:1比例分担。"
    )
    assert tree(text) == [("一", "支持研发", [("第一条", "支持攻关"), ("第二条", "支持平台")])]


def test_a_flat_list_has_the_plan_for_its_action():
    text = "一、支持企业引育\n给予奖励，优化服务。\n二、支持科技创新\n组织攻关，完善机制。\n三、支持场景应用\n遴选场景，推广应用。\n"
    plan = compile_text(HEAD + text)
    assert [(a.title, a.implied, len(a.measures)) for a in plan.actions] == [(plan.title, True, 3)]


@pytest.mark.parametrize(
    "title",
    ["总体要求", "指导思想", "发展目标", "总体思路和目标", "发展基础", "现状与形势", "附则", "年度目标", "适用范围"],
)
def test_parts_that_hold_aims_are_no_actions(title):
    text = f"一、{title}\n（一）第一点。坚持创新。\n（二）第二点。坚持开放。\n二、重点任务\n（一）建设平台。推进。\n（二）攻关技术。加强。"
    assert [a[1] for a in tree(text)] == ["重点任务"]


def test_a_duty_in_the_heading_of_an_action_is_its_measures():
    text = "一、强化创新（市科技局牵头）\n（一）建设平台。推进建设。\n（二）加大投入。加强投入。（市财政局牵头）"
    plan = compile_text(HEAD + text)
    assert plan.actions[0].title == "强化创新"
    assert [[b.name for b in m.duty.lead] for m in plan.measures()] == [["市科技局"], ["市财政局"]]


def test_unnumbered_guarantees_give_headline_targets():
    text = "一、重点任务\n（一）建设平台。推进。\n（二）攻关技术。加强。\n二、保障措施\n每年安排专项资金1.2亿元。加强领导。"
    assert headline(text) == [(1.2, "亿元")]


@pytest.mark.parametrize(
    "box",
    [
        "专栏1 攻关工程\n1.平台。完成样机3台。\n2.机器。推广200台。\n3.船舶。交付20艘。",
        "【专栏一】攻关工程\n（1）平台。完成样机3台。\n（2）机器。推广200台。\n（3）船舶。交付20艘。",
        "专栏1：攻关工程\n——平台。完成样机3台。\n——机器。推广200台。\n——船舶。交付20艘。",
        "专栏1 攻关工程\n平台工程。完成样机3台。\n机器工程。推广200台。\n船舶工程。交付20艘。",
        "专栏1 攻关工程：完成样机3台。推广200台。交付20艘。",
    ],
)
def test_items_of_a_box_are_no_measures_and_its_targets_are_headline(box):
    text = f"一、重点任务\n1.建设平台。推进。\n2.突破装备。形成装备30台。\n{box}\n（责任单位：市工信局）\n3.壮大企业。培育企业8家。\n4.拓展场景。打造场景50个。"
    assert [m for _, _, ms in tree(text) for m in ms] == [
        ("1", "建设平台"),
        ("2", "突破装备"),
        ("3", "壮大企业"),
        ("4", "拓展场景"),
    ]
    assert [n for n, _ in headline(text)] == [3, 200, 20]
    assert [b.name for b in list(compile_text(HEAD + text).measures())[1].duty.lead] == ["市工信局"]


def test_a_box_item_with_the_next_number_is_told_from_the_next_measure():
    text = "一、重点任务\n1.建设平台。推进。\n专栏1 工程\n1.甲。建成1座。\n2.乙。建成2座。\n3.丙。建成3座。\n2.壮大企业。培育。\n3.拓展场景。打造。"
    assert [m for _, _, ms in tree(text) for m in ms] == [("1", "建设平台"), ("2", "壮大企业"), ("3", "拓展场景")]


def test_what_follows_the_last_measure_is_not_its_text():
    text = "一、任务\n（一）建设平台。推进。\n（二）加强领导。落实。\n本方案自2025年7月1日起施行，有效期3年。\n某市人民政府办公室\n2025年6月18日"
    plan = compile_text(HEAD + text)
    last = list(plan.measures())[-1]
    assert plan.text[last.span.start : last.span.end] == "（二）加强领导。落实。"


def test_a_rule_stated_once_reaches_every_measure():
    text = "一、任务\n1.建设平台。推进。（市科技局负责，以下均需各县区落实，不再单独列出）\n2.攻关技术。加强。（市教育局负责）"
    assert [m.duty.cities for m in compile_text(HEAD + text).measures()] == [True, True]


def test_a_title_ends_at_its_full_stop_or_at_the_line():
    text = "一、任务\n1.建设“一站式。全流程”平台。推进建设。\n2.攻关技术（责任单位：市科技局）\n加强攻关。\n3.完善机制：长效管理\n持续推进。"
    assert [m[1] for a in tree(text) for m in a[2]] == ["建设“一站式。全流程”平台", "攻关技术", "完善机制：长效管理"]


def test_a_numbered_notice_before_its_plan_is_not_the_plan():
    text = (
        "某市人民政府关于做好工作的通知\n一、高度重视。加强领导。\n二、抓好落实。压实责任。\n某市创新行动方案\n"
        "一、创新行动\n1.建设平台。推进。\n2.攻关技术。加强。\n二、产业行动\n3.培育企业。壮大。\n"
    )
    plan = compile_text(text)
    assert [a.title for a in plan.actions] == ["创新行动", "产业行动"]
    assert plan.title == "某市创新行动方案"
