"""A PlanDoc written as YAML and read again is the same PlanDoc, whatever it holds; and the writing is stable."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from xiandao.packs import PackError, PlanDoc, dump_record, parse_plan
from xiandao.packs.schema.common import Quoted, Source
from xiandao.packs.schema.plan import (
    Action,
    Commitment,
    Duty,
    Measure,
    Mechanism,
    StandingDuty,
    Target,
    TargetPart,
)

from .conftest import JIANGSU

awkward = ["1", "no", "true", "~", "1e3", "- a", "#", "a: b", "'", '"', "[x]", "2024-02-27", "“链主”", "&a", "*a", "!x"]
lines = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20).map(
    lambda text: text.strip() or "空"
) | st.sampled_from(awkward)
prose = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
spans = st.tuples(st.integers(0, 10**6), st.integers(1, 500)).map(lambda pair: (pair[0], pair[0] + pair[1]))
quoted = st.builds(Quoted, quote=prose, span=st.none() | spans)
numbers = st.decimals(min_value=-(10**8), max_value=10**8, places=3, allow_nan=False) | st.integers(
    -(10**12), 10**12
).map(Decimal)
item = {
    "key": st.just("K1"),
    "span": st.none() | spans,
    "confidence": st.none() | st.floats(0, 1),
    "doubts": st.lists(lines, max_size=2).map(tuple),
    "reviewed": st.booleans(),
}


@st.composite
def targets(draw):
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    single = draw(st.booleans())
    fields = {"value": low} if single else {"low": low, "high": high}
    return Target(
        **{name: draw(strategy) for name, strategy in item.items()},
        **fields,
        unit=draw(st.sampled_from(["", "家", "名(个)", "%", "亿元"])),
        comparator=draw(st.sampled_from(["=", "≥", "≤", "≈", "<", ">"])),
        year=draw(st.none() | st.integers(1949, 2199)),
        object=draw(lines),
        kind=draw(st.sampled_from(["count", "amount", "ratio", "growth", "rank", "subsidy"])),
        quote=draw(st.none() | prose),
        also=tuple(draw(st.lists(quoted, max_size=2))),
        parts=tuple(draw(st.lists(st.builds(TargetPart, name=lines, name_en=st.none() | lines), max_size=2))),
        note=draw(st.none() | prose),
    )


def several(strategy, size=2):
    return st.lists(strategy, max_size=size).map(tuple)


commitments = st.builds(
    Commitment, **item, quote=prose, strength=st.sampled_from(["firm", "soft"]), verb=st.none() | lines
)
duties = st.builds(
    Duty,
    lead=several(lines),
    helping=several(lines),
    cities=st.booleans(),
    open_ended=st.booleans(),
    standing=st.booleans(),
    quotes=several(quoted, 1),
)
measures = st.builds(
    Measure,
    **item,
    no=st.sampled_from(["1", "（一）", "第三条", ""]),
    title=lines,
    title_en=st.none() | lines,
    duty=duties,
    deadline=st.none() | lines,
    targets=several(targets()),
    support=several(targets(), 1),
    mechanisms=several(st.builds(Mechanism, **item, name=lines), 1),
    commitments=several(commitments, 1),
)
actions = st.builds(Action, **item, no=st.just("一"), title=lines, implied=st.booleans(), measures=several(measures))
plans = st.builds(
    PlanDoc,
    code=st.sampled_from(["p", "js-2024", "1"]),
    title=lines,
    title_en=st.none() | lines,
    number=st.none() | lines,
    issued_on=st.none() | st.dates(date(1950, 1, 1), date(2199, 1, 1)),
    issuers=several(lines),
    period=st.none() | st.tuples(st.integers(1949, 2000), st.integers(2000, 2199)),
    text_available=st.booleans(),
    source=st.none() | st.builds(Source, confidence=st.just("law"), document=st.just("a-1"), article=st.none() | lines),
    note=st.none() | prose,
    preamble=st.none() | quoted,
    standing_duty=st.none() | st.builds(StandingDuty, quote=prose, span=st.none() | spans, cities=st.booleans()),
    actions=several(actions),
    headline_targets=several(targets(), 1),
    headline_commitments=several(commitments, 1),
    unplaced=several(quoted),
)


def renumbered(plan: PlanDoc) -> PlanDoc:
    """Give each item a key of its own: a plan may not use one twice."""
    count = iter(range(10**6))

    def rename(record):
        update = {}
        for name in type(record).model_fields:
            value = getattr(record, name)
            if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
                update[name] = tuple(rename(v) for v in value)
        if hasattr(record, "key"):
            update["key"] = f"K{next(count)}"
        return record.model_copy(update=update)

    return rename(plan)


@given(plan=plans.map(renumbered))
@settings(max_examples=100, deadline=None)
def test_dumping_and_reading_a_plan_is_identity(plan):
    text = dump_record(plan)
    again = parse_plan(text)
    assert again == plan
    assert dump_record(again) == text


def test_the_jiangsu_plan_survives_the_round_trip_word_for_word(jiangsu):
    text = dump_record(jiangsu.plan)
    assert parse_plan(text, text=jiangsu.source_text) == jiangsu.plan
    shipped = (JIANGSU / "plan.yaml").read_text(encoding="utf-8")
    assert [line for line in shipped.split("\n") if not line.startswith("#")] == text.split("\n")


def test_an_item_shows_its_words_before_its_place_and_its_contents_last(jiangsu):
    text = dump_record(jiangsu.plan)
    measure = text[text.index("key: M02") : text.index("key: M03")]
    order = [
        measure.index(f"{field}:")
        for field in ("key", "no", "title", "span", "reviewed", "duty", "targets", "mechanisms")
    ]
    assert order == sorted(order)
    assert "value: 100\n" in measure
    assert "span: [1189, 1211]\n" in measure
    assert "null" not in text


def test_a_long_quote_stays_on_one_line(jiangsu):
    assert max(len(line) for line in dump_record(jiangsu.plan).split("\n")) > 240


@pytest.mark.parametrize("words", ["no", "1", "1.5", "true", "~", "2024-02-27", "0x1F", "=", "<<", "yes", "1:30"])
def test_text_that_looks_like_something_else_stays_text(words):
    plan = PlanDoc(code="p", title=words)
    assert parse_plan(dump_record(plan)).title == words


def test_numbers_are_written_as_printed():
    target = Target(key="T1", value=Decimal("0.5"), object="甲", kind="ratio")
    text = dump_record(PlanDoc(code="p", title="甲", headline_targets=(target,)))
    assert "value: 0.5\n" in text
    assert parse_plan(text).headline_targets[0].value == Decimal("0.5")


def test_unknown_is_not_zero():
    zero = Target(key="T1", value=Decimal(0), object="甲", kind="count")
    text = dump_record(PlanDoc(code="p", title="甲", headline_targets=(zero,)))
    assert "value: 0\n" in text
    assert parse_plan(text).headline_targets[0].value == 0


def test_reading_a_plan_reports_all_its_faults_with_lines():
    raw = "code: p\ntitle: 甲\ncolour: red\nissued_on: 今天\nissuers: 省科技厅\n"
    with pytest.raises(PackError) as caught:
        parse_plan(raw, file="草稿.yaml")
    assert [(f.file, f.line, f.field) for f in caught.value.faults] == [
        ("草稿.yaml", 3, "colour"),
        ("草稿.yaml", 4, "issued_on"),
        ("草稿.yaml", 5, "issuers"),
    ]


def test_reading_a_plan_beside_its_text_compares_every_quote():
    raw = "code: p\ntitle: 甲\npreamble: {quote: 建设三个, span: [0, 4]}\n"
    assert parse_plan(raw, text="建设三个中心").preamble.quote == "建设三个"
    with pytest.raises(PackError) as caught:
        parse_plan(raw, text="要建设三个中心")
    assert caught.value.faults[0].mend == "span 改为 [1, 5]"


def test_a_quote_may_leave_out_the_line_breaks_of_the_text():
    raw = "code: p\ntitle: 甲\npreamble: {quote: 建设三个中心, span: [0, 9]}\n"
    assert parse_plan(raw, text="建设三\n  个中心。").preamble.span == (0, 9)


def test_a_syntax_error_in_a_plan_is_a_pack_error():
    with pytest.raises(PackError) as caught:
        parse_plan("code: [")
    assert "YAML 语法错误" in caught.value.faults[0].found
