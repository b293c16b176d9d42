"""Title, number, date, issuers and period, from every place where they are printed."""

import pytest

from xiandao.engines.policytext import compile_text

BODY = "为推进工作，制定本方案。\n一、任务\n（一）建设平台。推进建设，完善机制。\n（二）加强领导。落实责任，统筹实施。（责任单位：市科技局）\n"


def head(before, after=""):
    found = compile_text(before + BODY + after).head
    return found.title, found.number, found.issued_on, [b.name for b in found.issuers], found.period


def test_a_notice_with_the_title_in_book_marks():
    before = (
        "澄湖市人民政府办公室关于印发《澄湖市发展行动计划（2025—2027年）》的通知\n澄政办发〔2025〕27号\n各区人民政府：\n"
        "《澄湖市发展行动计划（2025—2027年）》已经同意，现印发给你们，请认真贯彻执行。\n澄湖市人民政府办公室\n2025年6月18日\n（此件公开发布）\n"
        "澄湖市发展行动计划（2025—2027年）\n"
    )
    assert head(before) == (
        "澄湖市发展行动计划（2025—2027年）",
        "澄政办发〔2025〕27号",
        "2025-06-18",
        ["澄湖市人民政府办公室"],
        (2025, 2027),
    )


def test_a_notice_without_book_marks_and_a_title_over_two_lines():
    before = "某市人民政府关于印发某市新材料集群建设行动方案的通知\n某政发〔2025〕3号\n某市人民政府\n2025年3月5日\n某市新材料集群\n建设行动方案\n（2025—2027年）\n"
    assert head(before)[0] == "某市新材料集群建设行动方案（2025—2027年）"


def test_ministries_sign_at_the_end():
    before = "工业和信息化部等三部门关于推动产业发展的实施意见\n工信部联科〔2025〕12号\n"
    after = "工业和信息化部\n教育部　　科学技术部\n2025年1月18日\n"
    assert head(before, after) == (
        "工业和信息化部等三部门关于推动产业发展的实施意见",
        "工信部联科〔2025〕12号",
        "2025-01-18",
        ["工业和信息化部", "教育部", "科学技术部"],
        None,
    )


def test_the_signing_date_goes_before_the_web_date():
    before = "发布时间：2025-03-10 10:00 来源：某局\n某市发展行动方案\n某市人民政府\n2025年3月5日\n"
    assert head(before)[2] == "2025-03-05"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("发文日期：2025年03月05日", "2025-03-05"),
        ("成文日期：2025-03-05 发布日期：2025-03-10", "2025-03-05"),
        ("发布时间：2025-03-10", "2025-03-10"),
    ],
)
def test_without_a_signature_the_header_table_has_the_date(line, date):
    assert head(f"{line}\n某市发展行动方案\n")[2] == date


def test_chinese_dates():
    assert head("某市发展行动方案\n某市人民政府\n二〇二五年三月十五日\n")[2] == "2025-03-15"


def test_the_bulletin_header_gives_the_number():
    assert head("文 号：苏发改〔2024〕229号 主 题 词：\n某省发展行动方案\n")[1] == "苏发改〔2024〕229号"


def test_a_number_cited_in_the_text_is_not_the_documents_own():
    assert head("某市发展行动方案\n为贯彻《某意见》（国发〔2020〕1号）精神，结合实际，制定本方案。\n")[1] is None


def test_what_is_not_printed_is_none():
    assert head("某市发展行动方案\n") == ("某市发展行动方案", None, None, [], None)


def test_full_width_figures_make_a_period():
    assert head("某市发展行动方案（２０２５—２０２７年）\n")[4] == (2025, 2027)
