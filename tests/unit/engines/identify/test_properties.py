"""What must hold of every scope: unrelated clauses change nothing, an exclusion removes, order does not matter."""

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.identify import Identifier

TERMS = [
    "无人机",
    "工业机器人",
    "储能电池",
    "氢燃料电池",
    "基因检测",
    "量子通信",
    "人工智能软件",
    "碳化硅晶片",
    "石墨烯",
    "核级阀门",
]
DOES = ["的研发、生产、销售", "销售", "制造", "技术服务", "", "及配件的批发、零售", "的租赁"]
clauses = st.builds(lambda term, does: term + does, st.sampled_from(TERMS), st.sampled_from(DOES))
UNRELATED = [
    "房屋租赁",
    "建材、五金交电销售",
    "餐饮服务",
    "货物及技术进出口",
    "生产、加工、销售：服装、鞋帽",
    "普通货运（凭许可证经营）",
]


def scores(identifier: Identifier, scope: str, name: str = "某某有限公司") -> dict[str, tuple[str, str, float]]:
    batch = pa.RecordBatch.from_pydict({"name": [name], "scope": [scope]})
    found = identifier.identify(batch, name="name", scope="scope", keys=())
    return {each["industry"]: (each["decision"], each["role"], each["score"]) for each in found.to_pylist()}


@given(
    st.lists(clauses, min_size=1, max_size=3), st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=3), st.data()
)
@settings(max_examples=60, deadline=None)
def test_a_clause_without_a_term_changes_nothing(
    identifier: Identifier, some: Sequence[str], unrelated: Sequence[str], data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations([*some, *unrelated]))
    order = [each for each in mixed if each in some]
    assert scores(identifier, "；".join(mixed)) == scores(identifier, "；".join(order))


@given(st.lists(clauses, min_size=2, max_size=4, unique=True), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_clauses_does_not_matter(identifier: Identifier, some: list[str], random: object) -> None:
    other = list(some)
    random.shuffle(other)
    assert scores(identifier, "；".join(some)) == scores(identifier, "；".join(other))


@pytest.mark.parametrize(
    "wrapped", ["建材销售（不含{}）", "建材（{}除外）的生产", "除{}外，建材的研发、生产", "不得从事{}；建材的研发"]
)
@pytest.mark.parametrize("term", TERMS)
def test_an_excluded_term_counts_for_nothing(identifier: Identifier, term: str, wrapped: str) -> None:
    for decision, role, score in scores(identifier, wrapped.format(term)).values():
        assert (decision, role) == ("out", "mention")
        assert score < 0.2


@pytest.mark.parametrize("term", TERMS)
def test_full_width_and_brackets_do_not_hide_a_term(identifier: Identifier, term: str) -> None:
    plain = scores(identifier, f"{term}的研发、生产")
    assert scores(identifier, f"{term}（依法须经批准的项目除外）的研发、生产") == plain
    assert all(decision == "in" for decision, _, _ in plain.values())
