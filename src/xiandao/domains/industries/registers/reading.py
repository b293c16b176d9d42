"""Reads a register from Parquet, CSV or Excel in batches of the same columns, and keeps aside what it cannot read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from xiandao.domains.industries.registers.columns import Columns, find_columns
from xiandao.domains.industries.registers.errors import RegisterError

LINES: Final = "；主要产品："
"""What stands between the scope and the product lines, which the engine reads as one more clause behind the scope."""
BATCH: Final = 65_536
"""Rows in a batch: a few megabytes of text, so that several fit into the memory of any machine."""
_BLOCK: Final = 16_000_000
_SAMPLE: Final = 1_000_000
_EXPECTED: Final = "Parquet（.parquet）、CSV（.csv、.tsv、.txt）或 Excel（.xlsx、.xls）文件"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read: its number in the file counted from 1 without the heading, why, and what it
    says.
    """

    row: int
    reason: str
    text: str


@dataclass
class Register:
    """A register in a file. ``rows`` is known for Parquet only; ``bad`` fills while ``batches`` are read."""

    path: Path
    kind: str
    columns: Columns
    rows: int | None = None
    bad: list[BadRow] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of its batches; ``row``, the number of the row, where the file has no key."""
        return tuple(self.columns.keys) or ("row",)

    def batches(self, *, full: bool = False) -> Iterator[pa.RecordBatch]:
        """Yield batches of the columns ``keys``, ``name`` and ``scope``, with the product lines behind the scope.

        With ``full``: ``row`` (the number of the row), all columns known, as text, and the scope by itself.
        Raises RegisterError for a file that breaks off.
        """
        self.bad.clear()
        wanted = self.columns.all if full else self.columns.wanted
        read = {"parquet": _parquet, "csv": _csv, "excel": _excel}[self.kind]
        number = 1
        try:
            for batch in read(self, wanted):
                numbers = self._numbers(number, batch.num_rows)
                yield self._clean(batch, numbers, full=full)
                number = int(numbers[-1]) + 1 if len(numbers) else number
            if number == 1:  # an empty register has an empty result, not none
                none = pa.array([], pa.string())
                empty = pa.RecordBatch.from_pydict(dict.fromkeys(wanted, none))
                yield self._clean(empty, np.arange(0), full=full)
        except (pa.ArrowException, OSError) as error:
            raise _broken(error) from error

    def _numbers(self, first: int, count: int) -> NDArray[np.int64]:
        """Return the numbers in the file of the next rows: those a CSV reader left out are passed over."""
        skipped = np.array([bad.row for bad in self.bad if bad.row >= first], np.int64)
        numbers = np.arange(first, first + count + len(skipped))
        return np.setdiff1d(numbers, skipped)[:count]

    def _clean(self, batch: pa.RecordBatch, numbers: NDArray[np.int64], *, full: bool) -> pa.RecordBatch:
        """Give columns their common names and types; rows that are not text go to ``bad``."""
        names = {**self.columns.keys, "name": self.columns.name, "scope": self.columns.scope}
        lines = self.columns.extra.get("product_lines")
        if full:
            names |= self.columns.extra
        elif lines is not None:
            names["product_lines"] = lines
        arrays = {common: batch.column(given) for common, given in names.items()}
        wrong: set[int] = set()
        for common in arrays.keys() - ({"rid"} if not full else set()):
            wrong |= _not_text(arrays[common])
        if full or not self.columns.keys:
            arrays = {"row": pa.array(numbers, pa.int64()), **arrays}
        if wrong:
            self.bad += [BadRow(int(numbers[at]), "文字编码有误", _shown(batch.slice(at, 1))) for at in sorted(wrong)]
            kept = pa.array([at for at in range(batch.num_rows) if at not in wrong], pa.int64())
            arrays = {common: array.take(kept) for common, array in arrays.items()}
        untouched = {"row"} if full else {"row", "rid"}
        texts = {common: _text(array) for common, array in arrays.items() if common not in untouched}
        if not full and lines is not None:
            texts["scope"] = with_lines(texts["scope"], texts.pop("product_lines"))
            del arrays["product_lines"]
        return pa.RecordBatch.from_pydict({**arrays, **texts})


def with_lines(scopes: pa.Array, lines: pa.Array) -> pa.Array:
    """Return scopes with the product lines behind them, as the engine reads them; without lines a scope is itself."""
    blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(lines), ""), True)
    joined = pc.binary_join_element_wise(pc.fill_null(scopes, ""), pc.fill_null(lines, ""), LINES)
    return pc.if_else(blank, scopes, joined)


def open_register(path: Path) -> Register:
    """Return the register in a file, its columns found. Raises RegisterError for what is no register."""
    suffix = path.suffix.lower()
    if not path.is_file():
        found = "这是文件夹" if path.is_dir() else "没有这个文件"
        raise RegisterError(found, _EXPECTED, "核对文件名和位置")
    try:
        if suffix == ".parquet":
            file = pq.ParquetFile(path)
            return Register(path, "parquet", find_columns(file.schema_arrow.names), file.metadata.num_rows)
        if suffix in {".csv", ".tsv", ".txt"}:
            return Register(path, "csv", find_columns(_heading(path)))
        if suffix in {".xlsx", ".xls"}:
            return Register(path, "excel", find_columns(_sheet(path)[0]))
    except (pa.ArrowException, OSError) as error:
        raise _broken(error) from error
    raise RegisterError(f"后缀为“{suffix}”的文件", _EXPECTED, "另存为其中一种格式")


def _broken(error: Exception) -> RegisterError:
    return RegisterError(f"文件内容读不了（{str(error).splitlines()[0]}）", _EXPECTED, "重新导出该文件")


def _parquet(register: Register, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    file = pq.ParquetFile(register.path)
    yield from file.iter_batches(BATCH, columns=wanted)


def _encoding(path: Path) -> str:
    """Return utf-8 or gb18030, by what the start of the file can be read as."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    end = max(sample.rfind(b"\n"), 0) or len(sample)
    for encoding in ("utf-8", "gb18030"):
        try:
            sample[:end].decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"  # broken rows are kept aside one by one


def _delimiter(line: str) -> str:
    return max(",\t;|", key=line.count)


def _first_line(path: Path) -> str:
    with path.open("rb") as stream:
        return stream.readline(_SAMPLE).decode(_encoding(path), errors="replace").lstrip("\ufeff").rstrip("\r\n")


def _heading(path: Path) -> list[str]:
    line = _first_line(path)
    return [cell.strip().strip('"') for cell in line.split(_delimiter(line))]


def _csv(register: Register, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    """Read a CSV without threads, so that the numbers of bad rows are known."""

    def aside(row: Any) -> str:
        reason = f"应有 {row.expected_columns} 列，实有 {row.actual_columns} 列"
        register.bad.append(BadRow((row.number or 2) - 1, reason, str(row.text)))
        return "skip"

    path = register.path
    line = _first_line(path)
    reader = pa_csv.open_csv(
        path,
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=_BLOCK, column_names=_heading(path), skip_rows=1, encoding=_encoding(path)
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=_delimiter(line), newlines_in_values=True, invalid_row_handler=aside
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.binary()),
            strings_can_be_null=True,
        ),
    )
    for batch in reader:
        for start in range(0, batch.num_rows, BATCH):
            yield batch.slice(start, BATCH)


def _sheet(path: Path) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of the first sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, IndexError) as error:
        raise _broken(error) from error
    return [str(cell).strip() for cell in rows[0]] if rows else [], rows[1:]


def _excel(register: Register, wanted_names: list[str]) -> Iterator[pa.RecordBatch]:
    headings, rows = _sheet(register.path)
    wanted = [(name, headings.index(name)) for name in wanted_names]
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        yield pa.RecordBatch.from_pydict(
            {name: pa.array([_cell(row[at]) for row in part], pa.string()) for name, at in wanted}
        )


def _cell(value: Any) -> str | None:
    """Return a cell as text; whole numbers without the point that Excel gives them."""
    if value is None or value == "":
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _not_text(array: pa.Array) -> set[int]:
    """Return the places of an array that are not UTF-8."""
    try:
        if pa.types.is_binary(array.type) or pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            _text(array).validate(full=True)
    except pa.ArrowInvalid:
        return {at for at, value in enumerate(array.cast(pa.binary())) if not _readable(value.as_py())}
    return set()


def _readable(value: bytes | None) -> bool:
    try:
        return value is None or bool(value.decode("utf-8")) or True
    except UnicodeDecodeError:
        return False


def _text(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return array
    return pc.cast(array, pa.string())


def _shown(row: pa.RecordBatch) -> str:
    cells = [value for column in row.columns for value in column.cast(pa.binary()).to_pylist()]
    return "\t".join((cell or b"").decode("utf-8", errors="replace") for cell in cells)
