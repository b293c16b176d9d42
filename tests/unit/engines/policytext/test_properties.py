"""What holds for any text at all: no crash, spans in bounds, full coverage, faithful quotes, one answer."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiandao.engines.policytext import NotAPlan, compile_text, sentences, to_schema
from xiandao.engines.policytext.normalise import fold

DATA = Path(__file__).resolve().parents[3] / "data" / "policytext"
TEXTS = [p.read_text(encoding="utf-8-sig") for p in sorted((DATA / "known").glob("*.txt"))]
PIECES = [
    "某市创新发展行动方案（2025—2027年）\n",
    "一、重点任务\n",
    "二、保障措施\n",
    "（一）建设平台。",
    "（二）攻关技术。",
    "1.培育企业。",
    "2.完善机制\n",
    "第一条 支持研发。",
    "到2027年，建成平台50个、覆盖率达到80%以上。",
    "对获评企业给予最高50万元奖励。",
    "（市科技局牵头，各区人民政府配合）",
    "责任单位：市科技局、市财政局\n",
    "专栏1 重点工程\n",
    "序号\t任务\t目标\t责任单位\n",
    "1\t建设平台\t建成5个\t市科技局\n",
    "附件\n",
    "“揭榜挂帅”",
    "— 3 —\n",
    "上一篇：某通知\n",
    "\n",
    "　　",
    "（",
    "“",
    "\u200b",
    "<p>",
    "&nbsp;",
    "2025年、2026年分别达到5家、8家。",
    "以下均需各区落实，不再单独列出。",
]

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def bare(text):
    return "".join(text.split()).replace("\u200b", "")


def compiled(text):
    """The plan, or the refusal."""
    try:
        return compile_text(text)
    except NotAPlan as refused:
        return refused


def check(text):
    plan = compiled(text)
    if isinstance(plan, NotAPlan):
        assert plan.reason
        assert plan.mend
        assert plan.code in {"empty", "binary", "too_long", "not_chinese", "no_structure", "not_a_plan"}
        return
    covered = bytearray(len(text))
    for passage in (*plan.placed, *plan.unplaced):
        assert 0 <= passage.span.start < passage.span.end <= len(text)
        covered[passage.span.start : passage.span.end] = b"\1" * (passage.span.end - passage.span.start)
    assert all(done or char.isspace() for char, done in zip(text, covered, strict=True))
    for measure in plan.measures():
        assert 0 <= measure.span.start < measure.span.end <= len(text)
        assert all(body.name for body in (*measure.duty.lead, *measure.duty.with_))
        assert not {b.name for b in measure.duty.lead} & {b.name for b in measure.duty.with_}
    for target in (*plan.targets(), *(s for m in plan.measures() for s in m.support)):
        assert (target.value is None) == (target.low is not None and target.high is not None)
        for place in (target.quote, *target.also):
            assert_faithful(text, place)
    ids = [item.id for item in plan.items()]
    assert len(ids) == len(set(ids))
    read = sentences(plan)
    assert all(0 <= s.span.start < s.span.end <= len(text) for s in read)
    assert all(set(s.items) <= set(ids) for s in read)
    assert to_schema(compile_text(text)) == to_schema(plan)


def assert_faithful(text, place):
    """The quote is the text of its span, less blanks, line breaks, mark-up and page furniture between."""
    printed, quoted = bare(text[place.span.start : place.span.end]), bare(place.text)
    rest = iter(printed)
    assert all(char in rest for char in quoted)
    if "<" not in printed and "&" not in printed and "—" not in printed and "篇" not in printed:
        assert printed == quoted


@quick
@given(st.text(max_size=400))
def test_any_text(text):
    check(text)


@quick
@given(
    st.text(
        alphabet="一二三十百万亿、。，；：（）“”《》年月日家个项元%2025—\n\t |市区局委建设达到以上超给予补助责任单位牵头配合第章条",
        max_size=600,
    )
)
def test_any_text_of_official_characters(text):
    check("某市行动方案\n一、任务\n（一）推进建设。" + text)


@quick
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_arrangement_of_the_pieces_of_a_plan(text):
    check(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(TEXTS),
    st.integers(0, 20000),
    st.integers(50, 4000),
    st.lists(
        st.tuples(
            st.integers(0, 4000), st.text(alphabet="\n\t 　（）“”、。；：|一1%<>" + string.ascii_letters, max_size=6)
        ),
        max_size=6,
    ),
)
def test_any_piece_of_a_real_plan_with_anything_put_in(text, start, length, changes):
    piece = text[start % len(text) :][:length]
    for at, put in changes:
        piece = piece[: at % (len(piece) + 1)] + put + piece[at % (len(piece) + 1) :]
    check(piece)


@quick
@given(st.text())
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", TEXTS)
def test_whole_plans(text):
    check(text)
