"""The same identification on a Spark cluster: the engine's function through ``mapInArrow``, the same rows in the same
order.
"""

import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from xiandao.domains.industries.registers.errors import RegisterError
from xiandao.domains.industries.registers.reading import BATCH, Register
from xiandao.engines.identify import RESULT, Catalogue, Identifier, Model

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ORDER: Final = "_row"
_here: dict[str, Identifier] = {}
"""The identifier of this worker process, so that a task does not compile the patterns again."""


def session(master: str) -> "SparkSession":
    """Return a session on a cluster (``local-cluster[2,1,1024]``, ``spark://…``, ``yarn``).

    Raises RegisterError where pyspark or Java is missing.
    """
    try:
        import_module("pandas")  # pyspark refuses Arrow functions without it
        from pyspark.sql import SparkSession
    except ImportError as error:
        mend = "pip install pyspark pandas"
        raise RegisterError(f"没有安装 {error.name}", "与集群版本相同的 pyspark，以及 pandas", mend) from error
    java = os.environ.get("JAVA_HOME", "")
    if not (shutil.which("java") or (java and (Path(java) / "bin" / "java").exists())):
        raise RegisterError("这台机器没有 Java", "Java 17 或更新", "安装 openjdk-17-jre-headless，或设置 JAVA_HOME")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return (
        SparkSession.builder.master(master)
        .appName("xiandao identify")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )


def identify_on_spark(spark: "SparkSession", register: Register, identifier: Identifier, work: Path) -> pa.Table:
    """Return the result for a register, computed by the workers of ``spark``, in the order of the register.

    The register is first written with common column names into the folder ``work``, which all workers must see.
    """
    path, types = _as_parquet(register, work)
    catalogue, model = identifier.catalogue, identifier.model
    keys = register.keys
    frame = spark.read.parquet(str(path.resolve()))
    columns = [*keys, "name", "scope"]
    frame = frame.select("*", "_metadata.row_index").toDF(*frame.columns, _ORDER).select(*columns, _ORDER)

    def work_on(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        mine = _identifier(catalogue, model)
        for batch in batches:
            yield mine.identify(batch, name="name", scope="scope", keys=(*keys, _ORDER))

    result = frame.mapInArrow(work_on, _schema(frame.schema, keys)).toArrow()
    return _as_engine(result, identifier, [types.field(key) for key in keys])


def _identifier(catalogue: Catalogue, model: Model | None) -> Identifier:
    if catalogue.version not in _here:
        _here[catalogue.version] = Identifier(catalogue, model)
    return _here[catalogue.version]


def _as_parquet(register: Register, work: Path) -> tuple[Path, pa.Schema]:
    """Write the register with common column names as Parquet; return the file and the types it had."""
    path = work / "register.parquet"
    batches = register.batches()
    first = next(batches)
    with pq.ParquetWriter(path, first.schema) as writer:
        for batch in itertools.chain([first], batches):
            writer.write_batch(batch)
    return path, first.schema


def _schema(schema: Any, keys: tuple[str, ...]) -> Any:
    """Return the schema of the result as Spark types."""
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import LongType, StructField, StructType

    kept = [schema[key] for key in keys]
    return StructType([*kept, StructField(_ORDER, LongType()), *from_arrow_schema(RESULT).fields])


def _as_engine(result: pa.Table, identifier: Identifier, keys: list[pa.Field]) -> pa.Table:
    """Put rows in the order of the register and of the catalogue, and columns into the types they had."""
    order = {code: place for place, code in enumerate(identifier.all_industries)}
    place = pa.array([order[code] for code in result.column("industry").to_pylist()], pa.int32())
    result = result.append_column("_industry", place).sort_by([(_ORDER, "ascending"), ("_industry", "ascending")])
    fields = [*keys, *RESULT]
    return pa.Table.from_arrays([result.column(each.name).cast(each.type) for each in fields], schema=pa.schema(fields))
