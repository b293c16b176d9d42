"""Numbers that are targets, numbers that are support standards, and numbers that are neither."""

from pathlib import Path

import pytest

from xiandao.engines.policytext.normalise import fold, squeeze
from xiandao.engines.policytext.targets import Scene, alike, harvest, settle

SNIPPETS = Path(__file__).resolve().parents[3] / "data" / "policytext" / "snippets"


def cases(name):
    lines = (SNIPPETS / name).read_text(encoding="utf-8").splitlines()
    return [tuple(part.strip() for part in line.split("|")) for line in lines if line and not line.startswith("#")]


def read(sentence, **scene):
    return harvest(sentence, squeeze(fold(sentence), 0, len(sentence)), Scene(**{"base_year": 2024, **scene}))


def written(target):
    number = f"{target.low}-{target.high}" if target.value is None else f"{target.value:f}"
    return f"{number}{target.unit}{'' if target.comparator == '=' else target.comparator}"


def dated(target):
    return written(target) + (f"@{target.year}" if target.year else "")


@pytest.mark.parametrize(("sentence", "targets", "support"), cases("targets.txt") + cases("support.txt"))
def test_a_sentence_gives_its_targets_and_its_support_standards(sentence, targets, support):
    got = read(sentence)
    assert [dated(t) for t in got.targets] == targets.split()
    assert [written(t) for t in got.support] == support.split()


@pytest.mark.parametrize(("sentence", "targets", "support"), cases("targets.txt") + cases("support.txt"))
def test_every_quote_stands_in_the_sentence_and_holds_its_number(sentence, targets, support):
    got = read(sentence)
    for item in [*got.targets, *got.support]:
        span = item.quote.span
        assert sentence[span.start : span.end] == item.quote.text
        assert span.start <= item.number.start < item.number.end <= span.end
        assert len(item.quote.text) <= 200
        assert 0 < item.confidence.value <= 1


@pytest.mark.parametrize(
    ("sentence", "number", "reason"),
    [
        ("截至2024年底，已建成平台86个。", "86个", "已经取得的成绩"),
        ("2023年，全市产值达到420亿元。", "420亿元", "早于本方案的年份"),
        ("覆盖率由10%提高到16%。", "10%", "变化前的数值"),
        ("所需资金由省、市按4:6比例分担。", "4:6", "配比"),
        ("对年营业收入首次突破1亿元的企业，给予20万元奖励。", "1亿元", "适用条件"),
        ("培育营业收入超百亿元的企业5家。", "百亿元", "名词内的门槛"),
        ("推进28纳米及以下制程研发。", "28纳米", "技术规格"),
        ("每季度召开1次调度会。", "1次", "会议、报告或检查的频次"),
        ("有效期3年。", "3年", "期限或年限"),
        ("每万人拥有专利20件。", "万人", "“每……”中的分母"),
        ("本措施共8个方面25条。", "25条", "文件自身的条目数"),
        ("每家企业每年申报的产品不超过3款。", "3款", "申报数量的限制"),
        ("全市6个国家级高新区全部建成未来产业园。", "6个", "没有动词或比较词"),
    ],
)
def test_a_number_passed_over_says_why(sentence, number, reason):
    assert (number, reason) in [(p.text, p.reason) for p in read(sentence).passed]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("建成平台50个。", "count"),
        ("完成投资50亿元。", "amount"),
        ("新增厂房30万平方米。", "amount"),
        ("覆盖率达到80%。", "ratio"),
        ("产业规模年均增长15%以上。", "growth"),
        ("占比提高6个百分点。", "growth"),
        ("产值翻一番。", "growth"),
        ("成本下降8%。", "growth"),
        ("跃居全省第2位。", "rank"),
        ("满意度保持在92分以上。", "ratio"),
        ("室内温度提高2摄氏度。", "growth"),
        ("给予50万元奖励。", "subsidy"),
    ],
)
def test_the_kind_of_a_number(sentence, kind):
    got = read(sentence)
    assert [t.kind for t in (*got.targets, *got.support)] == [kind]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("建设100个未来技术应用场景。", "未来技术应用场景"),
        ("全市企业人工智能应用普及率达到60%。", "企业人工智能应用普及率"),
        ("到2027年，技术合同成交额突破260亿元。", "技术合同成交额"),
        ("培养技术经理人五百名。", "技术经理人"),
        ("组建总规模50亿元的产业基金群。", "产业基金群"),
    ],
)
def test_the_object_of_a_number(sentence, name):
    assert [t.object for t in read(sentence).targets] == [name]


def test_a_table_cell_takes_the_year_of_the_deadline_column():
    got = read("服务规范1部；平台年均服务企业超3000家次", cell=True, fallback_year=2025)
    assert [dated(t) for t in got.targets] == ["1部@2025", "3000家次≥@2025"]


def test_a_lead_year_governs_a_sentence_without_one_but_not_yearly_outputs():
    assert [t.year for t in read("建成平台50个。", lead_year=2027).targets] == [2027]
    assert [t.year for t in read("每年建成平台50个。", lead_year=2027).targets] == [None]


def test_everything_in_a_chapter_about_the_past_is_past():
    got = read("建成平台50个。", is_past=True)
    assert not got.targets
    assert got.passed[0].reason == "已经取得的成绩"


@pytest.mark.parametrize(("base_year", "targets"), [(2022, ["80亿元"]), (2025, [])])
def test_a_five_year_plan_is_past_when_it_is_over_as_the_document_begins(base_year, targets):
    assert [written(t) for t in read("“十四五”期间累计投入80亿元。", base_year=base_year).targets] == targets


def test_one_number_for_each_of_several_things_is_several_targets():
    got = read("布局森林康养基地、中医药基地各5个。")
    assert [(t.object, t.value) for t in got.targets] == [("森林康养基地", 5), ("中医药基地", 5)]


def test_the_same_promise_printed_twice_is_listed_once_with_both_places():
    text = "到2027年，建成行业中试平台45个。建成行业中试平台45个，其中省级15个。"
    settled = settle(read(text).targets, "M01.T")
    assert [(t.id, written(t), t.year) for t in settled] == [("M01.T1", "45个", 2027), ("M01.T2", "15个", None)]
    assert [c.text for c in settled[0].also] == ["建成行业中试平台45个"]


def test_equal_numbers_of_different_things_stay_two():
    text = "培育30家“链主”企业，培育30家单项冠军企业和小巨人。"
    assert len(settle(read(text).targets, "T")) == 2


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("行业中试平台", "行业中试平台", True),
        ("中试平台", "行业中试平台", True),
        ("奖励", "一次性奖励", False),
        ("龙头企业", "上市公司", False),
        ("", "平台", False),
    ],
)
def test_names_that_mean_one_thing(a, b, same):
    assert alike(a, b) is same


def test_a_sentence_broken_over_lines_keeps_a_quote_without_the_break():
    text = "到2027年，建成智能\n工厂100家以上。"
    (target,) = read(text).targets
    assert target.quote.text == "建成智能工厂100家以上"
    assert text[target.quote.span.start : target.quote.span.end] == "建成智能\n工厂100家以上"
