"""The same on a Spark cluster of two workers, row for row; without Java or pyspark a clear message."""

import builtins
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xiandao.domains.industries.registers.errors import RegisterError
from xiandao.domains.industries.registers.reading import open_register
from xiandao.domains.industries.registers.spark import identify_on_spark, session
from xiandao.engines.identify import Identifier
from xiandao.packs import load_pack, packs_dir
from xiandao.packs.catalogue import MODEL, engine_catalogue, load_model

SCOPES = [
    "燃料电池、储氢瓶的研发、生产",
    "建材销售",
    "无人机植保服务；工业机器人制造",
    None,
    "机器人培训",
    "锂电池（不含铅酸电池）生产",
]


@pytest.mark.filterwarnings("ignore")  # of pyspark itself
def test_a_cluster_of_two_workers_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shutil.which("java"), "Spark needs Java 17: apt install openjdk-17-jre-headless"
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    rows = pa.table(
        {
            "rid": pa.array(range(600), pa.uint32()),
            "name": [f"某{number}公司" for number in range(600)],
            "scope": pa.array(SCOPES * 100, pa.large_string()),
        }
    )
    pq.write_table(rows, tmp_path / "register.parquet", row_group_size=100)
    pack = load_pack(packs_dir() / "jiangsu_2024_2026")
    identifier = Identifier(engine_catalogue(pack), load_model(pack.path / MODEL))
    register = open_register(tmp_path / "register.parquet")
    expected = pa.Table.from_batches(
        [identifier.identify(batch, name="name", scope="scope", keys=register.keys) for batch in register.batches()]
    )
    (tmp_path / "work").mkdir()
    spark = session("local-cluster[2,1,1024]")
    try:
        found = identify_on_spark(spark, register, identifier, tmp_path / "work")
    finally:
        spark.stop()
    assert found.schema == expected.schema
    assert found.combine_chunks().equals(expected.combine_chunks())
    assert found.num_rows == 500


def test_without_java_or_pyspark_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(RegisterError, match="没有 Java"):
        session("local[1]")
    real = builtins.__import__

    def refuse(name: str, *rest: object) -> object:
        if name.startswith("pyspark"):
            raise ImportError(name, name="pyspark")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(RegisterError, match="没有安装 pyspark"):
        session("local[1]")
