"""Budget: a 25-measure plan compiled in under 0.5 s. The peer is the script an office would write: one regular
expression over the whole text for numbers with a classifier, which finds numbers and no structure."""

import re

from xiandao.engines.policytext import compile_text
from xiandao.packs import load_pack, packs_dir

TEXT = load_pack(packs_dir() / "jiangsu_2024_2026").source_text
NUMBERS = re.compile(r"[^，。；,;]*?(\d+)(个|家|项|名)[^，。；,;]*")


def test_compile_a_plan_of_25_measures(benchmark):
    document = benchmark(compile_text, TEXT)
    assert len(list(document.measures())) == 25
    assert benchmark.stats.stats.median < 0.5


def test_peer_one_regular_expression(benchmark):
    found = benchmark(lambda: NUMBERS.findall(TEXT))
    assert len(found) >= 15
