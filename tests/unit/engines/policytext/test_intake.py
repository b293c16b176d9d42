"""What is no plan is turned away, quickly, with its reason; nothing takes for ever."""

import time

import pytest

from xiandao.engines.policytext import NotAPlan, compile_text
from xiandao.engines.policytext.intake import MAX_LENGTH

RECIPE = "红烧肉的做法\n一、准备食材\n1.五花肉。五花肉500克，切成2厘米的块。\n2.调料。生抽20克，冰糖30克，姜3片。\n二、烹饪步骤\n1.焯水。冷水下锅，煮5分钟捞出。\n2.炒糖色。小火炒至融化，放入肉块翻炒。\n"
NOVEL = "第一章 雨夜\n那一夜的雨下得很大，他站在窗前，想起了许多年前的往事。\n第二章 远行\n她走了，没有回头。船开得很慢，江水拍打着船舷。\n第三章 归来\n十年以后，他回到了小镇，街道还是原来的样子。\n"
NEWS = "某市出台行动方案\n本报讯 记者从某市政府获悉，该市近日印发行动方案，提出到2027年建成平台50个，产业规模达到1000亿元，将推进建设、完善机制、加强保障。\n"
HEAD = "某市人民政府关于印发发展行动方案的通知\n某政发〔2025〕1号\n一、重点任务\n（一）推进建设。加快发展，建成中心5个。（责任单位：市科技局）\n（二）加强保障。落实政策。（责任单位：市财政局）\n"


def code(text):
    with pytest.raises(NotAPlan) as refused:
        compile_text(text)
    assert refused.value.reason.endswith("。")
    assert refused.value.mend.endswith("。")
    assert str(refused.value) == refused.value.reason + refused.value.mend
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        (" \n\t\u3000\ufeff", "empty"),
        ("PK\x03\x04\x00\x00\x08\x00" * 50 + "文档内容", "binary"),
        ("\ufffd\ufffd\ufffd\ufffd" * 200, "binary"),
        ("1. Build the platform.\n2. Hire people.\n" * 20, "not_chinese"),
        (NEWS, "no_structure"),
        ("推进建设，完善机制，加强保障。" * 50, "no_structure"),
        (RECIPE, "not_a_plan"),
        (NOVEL, "not_a_plan"),
        ("测试文字" * (MAX_LENGTH // 4 + 1), "too_long"),
    ],
)
def test_what_is_no_plan(text, expected):
    assert code(text) == expected


def test_a_plan_of_two_measures_is_enough():
    assert sum(1 for _ in compile_text(HEAD).measures()) == 2


LONG = {
    "open brackets": HEAD + "（三）推进" + "建设（" * 10000,
    "open quotation marks": HEAD + "（三）推进" + "建设“" * 10000,
    "chinese numerals": HEAD + "（三）推进" + "一百" * 20000,
    "one numeral": HEAD + "（三）推进" + "万" * 40000,
    "no punctuation": HEAD + "（三）推进" + "建设" * 20000,
    "years": HEAD + "（三）" + "2025年、" * 5000 + "分别达到5个。",
    "numbers": HEAD + "（三）推进" + "建设5个，" * 5000,
    "numbers in one list": HEAD + "（三）推进" + "建设5个、" * 5000,
    "standing rules": HEAD + "（三）以上各项均" + "以下均" * 15000,
    "departments": HEAD + "（三）推进。（" + "市科技局、" * 8000 + "负责）",
    "labels": HEAD + "责任单位：" * 10000,
    "short lines": HEAD + "市\n" * 20000,
    "headings": HEAD + "（三）推进。完善机制\n" * 4000,
    "rows": "序号\t任务\t责任单位\n" + "1\t建设平台\t市科技局\n" * 3000,
    "boxes": HEAD + "专栏1 工程\n" * 4000,
    "titles": "行动方案\n" * 5000 + HEAD,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_nothing_takes_for_ever(text):
    start = time.process_time()
    outcome = "read"
    try:
        compile_text(text)
    except NotAPlan as refused:
        outcome = refused.code
    assert outcome in {"read", "no_structure", "not_a_plan", "not_chinese"}
    assert time.process_time() - start < 8


def test_five_megabytes_of_noise_are_refused_at_once():
    start = time.process_time()
    assert code("噪声" * 2_500_000) == "too_long"
    assert time.process_time() - start < 1


def test_a_plan_of_twenty_five_measures_is_read_in_half_a_second():
    measures = "".join(
        f"{n}.推进平台建设。"
        + "加强统筹，完善机制，到2027年，建成平台50个以上，覆盖率达到80%。" * 8
        + "（市科技局牵头，市财政局配合）\n"
        for n in range(1, 26)
    )
    start = time.process_time()
    assert sum(1 for _ in compile_text("某市发展行动方案\n一、重点任务\n" + measures).measures()) == 25
    assert time.process_time() - start < 0.5
