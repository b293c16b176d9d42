"""From characters to logical paragraphs: folding, furniture, marks, broken lines."""

import pytest

from xiandao.engines.policytext.blocks import build_blocks
from xiandao.engines.policytext.furniture import is_closing, is_foot, is_furniture, is_meta
from xiandao.engines.policytext.marks import Style, read_mark
from xiandao.engines.policytext.model import Span
from xiandao.engines.policytext.normalise import cite, fold, join, squeeze


def paragraphs(text, *kinds):
    return [b.run.text for b in build_blocks(fold(text)) if not kinds or b.kind in kinds]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("（２０２５—２０２７年）", "（2025—2027年）"),
        ("(省科技厅,省财政厅)", "（省科技厅，省财政厅）"),
        ("责任单位:市科技局;", "责任单位：市科技局；"),
        ("1,200家", "1,200家"),
        ("按4:6分担", "按4:6分担"),
        ("５０％", "50%"),
        ("5～8家", "5~8家"),
        ("⼈⼯智能", "人工智能"),
        ("「揭榜」", "“揭榜”"),
        ("a\r\nb", "a\n\nb"),
        ("&nbsp;&nbsp;一、", " \0\0\0\0\0 \0\0\0\0\0一、"),
        ("<p>一、</p>", "\n\0\0一、\n\0\0\0"),
        ("市\u200b科技局", "市\0科技局"),
    ],
)
def test_folding_gives_one_form_at_the_same_length(text, folded):
    assert fold(text) == folded
    assert len(fold(text)) == len(text)


def test_a_run_knows_where_each_character_stood():
    text = "到 2027 年，建成智能\n  工厂\u200b５０家"
    run = squeeze(fold(text), 0, len(text))
    assert run.text == "到2027年，建成智能工厂50家"
    assert run.span(len(run.text) - 3) == Span(len(text) - 3, len(text))
    assert cite(text, run, 7).text == "建成智能工厂５０家"
    assert run.cut(0, 1).text == "到"


def test_a_blank_between_latin_words_is_kept():
    assert squeeze("AI Agent 应用", 0, 11).text == "AI Agent应用"


def test_straight_quotation_marks_open_and_close_in_turn():
    assert squeeze('推行"免申即享"和"一网通办"', 0, 15).text == "推行“免申即享”和“一网通办”"


def test_runs_join_without_a_gap():
    assert join([squeeze("建设", 0, 2), squeeze("", 0, 0), squeeze("平台", 0, 2)]).text == "建设平台"


@pytest.mark.parametrize(
    "line",
    [
        "【字体：大 中 小】 打印 关闭",
        "字体：大 中 小",
        "当前位置：首页 > 政务公开 > 政策文件",
        "首页 > 政务公开 > 政策文件",
        "网站首页 | 政务公开 | 办事服务",
        "分享到：微信 微博",
        "扫一扫在手机打开当前页",
        "上一篇：关于印发2023年工作要点的通知",
        "责任编辑：张三",
        "来源：市政府办公室",
        "浏览次数：1234次",
        "— 3 —",
        "- 12 -",
        "第3页 共12页",
        "3/12",
        "1.任务分解表.docx",
        "https://www.example.gov.cn/a.html",
        "网站标识码：3200000001 苏ICP备12345678号",
        "版权所有 © 某市人民政府",
        "主办：某市人民政府 承办：某市大数据中心",
        "网站地图 | 联系我们 | 关于我们",
        "相关解读：",
        "政策解读",
        "一图读懂《方案》",
        "[打印本页] [关闭窗口]",
        "————————",
    ],
)
def test_furniture_is_recognised(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "（七）推广适老家居产品。支持电商平台开设适老专栏，推进网站无障碍改造。",
        "以上，推动老字号、国潮品牌开发适老产品线。",
        "提供技术支持和服务保障，推动企业转型。",
        "分享经验做法，推荐优秀案例。",
        "）",
        "】",
        "责任单位：市科技局",
        "一、总体要求",
        "市科技局",
        "加强信息公开，完善检索功能。",
        "打印一批标识产品，建设3D打印中心2个。",
    ],
)
def test_lines_of_the_text_are_no_furniture(line):
    assert not is_furniture(line)


def test_header_fields_footers_and_closing_lines():
    assert is_meta("- 索 引 号: 014001303/2024-00702 分 类: 政策文件")
    assert is_foot("上一篇：关于印发的通知")
    assert not is_foot("主办单位：市科技局")
    assert is_closing("（此件公开发布）")
    assert not is_closing("（市科技局负责）")


@pytest.mark.parametrize(
    ("line", "style", "number"),
    [
        ("第三章 重点任务", Style.CHAPTER, 3),
        ("第十二节 保障", Style.SECTION, 12),
        ("第一条 支持研发", Style.ARTICLE, 1),
        ("一、总体要求", Style.DUN, 1),
        ("十二. 保障", Style.DUN, 12),
        ("（二十一）加强领导。", Style.PAREN, 21),
        ("( 三 ) 完善机制", Style.PAREN, 3),
        ("1.建设平台", Style.ARABIC, 1),
        ("１２．建设平台", Style.ARABIC, 12),
        ("3、建设平台", Style.ARABIC, 3),
        ("1.2025年建成平台", Style.ARABIC, 1),
        ("（1）建设平台", Style.ARABIC_PAREN, 1),
        ("2）建设平台", Style.ARABIC_PAREN, 2),
        ("①建设平台", Style.CIRCLED, 1),
        ("## 一、总体要求", Style.DUN, 1),
    ],
)
def test_numbering_marks(line, style, number):
    mark = read_mark(fold(line))
    assert (mark.style, mark.number) == (style, number)


@pytest.mark.parametrize(
    "line", ["2.5亿元投资", "一、二、三产业融合", "2025年建成", "建设平台", "第三方机构", "5G基站建设", "1、2号线"]
)
def test_what_only_looks_like_a_mark(line):
    assert read_mark(line) is None


def test_a_sentence_broken_over_lines_is_one_paragraph():
    assert paragraphs("一、任务\n（一）建设平台。到2027年，\n建成智能工厂1\n00家。\n（二）完善机制。") == [
        "一、任务",
        "（一）建设平台。到2027年，建成智能工厂100家。",
        "（二）完善机制。",
    ]


def test_a_heading_on_its_own_line_does_not_swallow_its_text():
    assert paragraphs("1．建设普惠算力底座\n统筹存量盘活与增量建设。\n2．打通数据\n支持企业共建。") == [
        "1.建设普惠算力底座",
        "统筹存量盘活与增量建设。",
        "2.打通数据",
        "支持企业共建。",
    ]


def test_a_page_number_in_the_middle_of_a_sentence_is_taken_out():
    text = "（一）建设平台。到2027年，建成智能工\n\n— 3 —\n\n厂100家。"
    assert paragraphs(text, "mark") == ["（一）建设平台。到2027年，建成智能工厂100家。"]
    assert paragraphs(text, "furniture") == ["—3—"]


def test_a_list_of_bodies_may_break_anywhere():
    text = "责任单位：市科技局、市自然资源和\n规划局、市中小企业服务中\n心，各区人民政府\n2.完善机制"
    assert paragraphs(text, "label") == ["责任单位：市科技局、市自然资源和规划局、市中小企业服务中心，各区人民政府"]


def test_a_bracket_broken_before_its_label_stays_whole():
    assert paragraphs("1.建设。推进（\n责任单位：市科技局\n）", "mark") == ["1.建设。推进（责任单位：市科技局）"]


def test_below_the_last_heading_a_foot_ends_the_text_but_buttons_above_do_not():
    text = "分享到：微信\n一、任务\n（一）建设平台。加快推进。\n（二）完善机制。持续优化。\n相关链接：\n1.某某解读\n2.某某通知\n"
    assert paragraphs(text, "mark") == ["一、任务", "（一）建设平台。加快推进。", "（二）完善机制。持续优化。"]


def test_a_text_on_one_line_is_parted_before_its_headings():
    body = "推进平台建设，完善协同机制，优化创新生态，提升服务能力，" * 4
    text = f"某市行动方案 为推进工作，制定本方案。 一、任务 (一)建设平台。{body}。 (二)完善机制。{body}。 二、保障 (三)加强领导。{body}。 (四)强化支持。{body}。"
    marks = [b.mark.label for b in build_blocks(fold(text)) if b.mark]
    assert marks == ["一", "（一）", "（二）", "二", "（三）", "（四）"]
