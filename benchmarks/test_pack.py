"""Reading and checking the whole pack: part of every start of the product."""

from xiandao.packs import load_pack, packs_dir


def test_read_and_check_the_pack(benchmark):
    pack = benchmark(load_pack, packs_dir() / "jiangsu_2024_2026")
    assert len(pack.plans) == 2
