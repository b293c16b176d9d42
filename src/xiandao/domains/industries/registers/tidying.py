"""Gives the rows of a register common columns and types, and counts and lists what cannot be read."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from xiandao.domains.industries.registers import cells
from xiandao.domains.industries.registers.columns import LABELS
from xiandao.domains.industries.registers.places import Place, Places
from xiandao.domains.industries.registers.reading import BadRow, Register
from xiandao.kernel.credit_code import CodeStatus, check_credit_codes, normalise

_GOOD: Final = (CodeStatus.OK, CodeStatus.BAD_ORGANISATION_CHECK)
"""Codes that identify: registers themselves print some whose inner check is wrong (GB 32100 checks the whole)."""


@dataclass
class Counts:
    """What was found in a register: rows kept, rows put aside, and of the kept ones how many have what."""

    rows: int = 0
    bad: int = 0
    codes: int = 0
    legacy: int = 0
    wrong_codes: int = 0
    without_code: int = 0
    duplicates: int = 0
    inside: int = 0
    outside: int = 0
    without_region: int = 0
    region_partly: int = 0
    capital_read: int = 0
    capital_unread: int = 0
    capital_foreign: int = 0
    capital_without_unit: int = 0
    dates_unread: int = 0
    patents_unread: int = 0
    activity_unread: int = 0
    columns: list[str] = field(default_factory=list)
    examples: dict[str, list[list[str]]] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the counts as JSON holds them."""
        return asdict(self)


class Tidying:
    """One pass over a register: what was counted, and the findings of the batch at hand."""

    def __init__(self, register: Register, places: Places) -> None:
        self.register = register
        self.places = places
        self.counts = Counts(columns=["name", "scope", *register.columns.keys, *register.columns.extra])
        self._found: list[tuple[str, pl.DataFrame]] = []
        self._cells: dict[tuple[str, str], cells.Read] = {}

    def normal(self, batch: pa.RecordBatch) -> pl.DataFrame:
        """Return a batch in the lake's form, with what is needed to sift duplicates."""
        frame = self._named(_frame(batch))
        self._found = []
        frame = self._codes(frame)
        frame = self._regions(frame)
        frame = self._read(frame, "registered_on", cells.day, pl.Date, "dates_unread")
        frame = self._read(frame, "ended_on", cells.day, pl.Date, "dates_unread")
        frame = self._read(frame, "patents", cells.count, pl.Int64, "patents_unread")
        frame = self._read(frame, "activity", cells.activity, pl.String, "activity_unread")
        frame = self._capital(frame)
        frame = frame.with_columns(
            key=pl.when(pl.col("code_ok")).then("uscc")
            .when(pl.col("legacy")).then(pl.lit("reg:") + pl.col("uscc"))
            .when(pl.col("rid") != "").then(pl.lit("rid:") + pl.col("rid"))
            .otherwise(pl.lit("name:") + pl.col("folded") + "@" + pl.coalesce("region", "place", pl.lit("")))
            .str.slice(0, 280),
            filled=pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int8) for name in _FILLED),
        )  # fmt: skip
        self.counts.rows += frame.height
        return frame

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Put rows without a name aside."""
        nameless = frame.filter(pl.col("name").is_null())
        texts = [column for column in nameless.columns if column != "row"]
        for row in nameless.iter_rows(named=True):
            shown = "\t".join(str(row[column] or "") for column in texts)
            self.register.bad.append(BadRow(row["row"], "没有企业名称", shown))
        frame = frame.filter(pl.col("name").is_not_null()) if nameless.height else frame
        folded = pc.utf8_lower(pc.utf8_normalize(frame["name"].to_arrow().cast(pa.string()), form="NFKC"))
        series = pl.Series("folded", pl.from_arrow(folded))
        return frame.with_columns(folded=series.str.replace_all(r"[\s\p{P}\p{S}]+", ""))

    def _codes(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Check credit codes; what is none identifies nothing and stays as printed."""
        given = frame["uscc"]
        codes = [value if value is None or _clean(value) else normalise(value) for value in given.to_list()]
        status = check_credit_codes(codes)
        good = np.isin(status, _GOOD)
        legacy = status == CodeStatus.LEGACY
        wrong = ~good & ~legacy & (status != CodeStatus.MISSING)
        frame = frame.with_columns(
            pl.Series("uscc", codes, pl.String), pl.Series("code_ok", good), pl.Series("legacy", legacy)
        )
        labels = pl.Series("why", [str(CodeStatus(each).label) for each in status[wrong | (status == _GOOD[1])]])
        self._note(
            "uscc", frame.filter(pl.Series(wrong | (status == _GOOD[1]))).with_columns(labels, text=pl.col("uscc"))
        )
        counts = self.counts
        counts.codes += int(good.sum())
        counts.legacy += int(legacy.sum())
        counts.wrong_codes += int(wrong.sum())
        counts.without_code += int((status == CodeStatus.MISSING).sum())
        return frame

    def _regions(self, frame: pl.DataFrame) -> pl.DataFrame:
        names = ("region", "province", "city", "county", "place")
        five = frame.select(pl.col(name).fill_null("") for name in names)
        unique = five.unique(maintain_order=True)
        read: list[Place] = [self.places.read(*row) for row in unique.iter_rows()]
        known = unique.with_columns(
            pl.Series("read_code", [each.code or None for each in read], pl.String),
            pl.Series("outside", [each.outside for each in read], pl.Boolean),
            pl.Series("why", [each.why or None for each in read], pl.String),
            pl.Series("printed", [_printed(row) for row in unique.iter_rows()], pl.String),
        )
        found = five.join(known, on=list(names), how="left", maintain_order="left")
        frame = frame.with_columns(
            region=found["read_code"], outside=found["outside"], place=found["printed"], why=found["why"]
        )
        self.counts.inside += int(frame["region"].is_not_null().sum())
        self.counts.outside += int(frame["outside"].sum())
        self.counts.without_region += int((frame["region"].is_null() & ~frame["outside"]).sum())
        self.counts.region_partly += int((frame["region"].is_not_null() & frame["why"].is_not_null()).sum())
        self._note("region", frame.filter(pl.col("why").is_not_null()).with_columns(text=pl.col("place")))
        return frame

    def _read(
        self, frame: pl.DataFrame, column: str, read: Callable[[str], cells.Read], type_: Any, count: str
    ) -> pl.DataFrame:
        """Read the cells of a column, each distinct text once."""
        if frame[column].null_count() == frame.height:
            return frame.with_columns(pl.lit(None, type_).alias(column))
        table = self._table(frame[column], read)
        found = frame.select(pl.col(column).alias("text")).join(table, on="text", how="left", maintain_order="left")
        value = found["value"].str.to_date() if type_ == pl.Date else found["value"].cast(type_)
        unread = frame.with_columns(found["text"], found["why"]).filter(pl.col("why").is_not_null())
        setattr(self.counts, count, getattr(self.counts, count) + unread.height)
        self._note(column, unread)
        return frame.with_columns(value.alias(column))

    def _table(self, column: pl.Series, read: Callable[[str], cells.Read]) -> pl.DataFrame:
        texts = column.drop_nulls().unique().sort().to_list()
        done = [read(text) for text in texts]
        return pl.DataFrame(
            {
                "text": texts,
                "value": [each.value for each in done],
                "why": [each.why or None for each in done],
            },
            schema={"text": pl.String, "value": pl.String, "why": pl.String},
        )

    def _capital(self, frame: pl.DataFrame) -> pl.DataFrame:
        if frame["capital"].null_count() == frame.height:
            return frame.with_columns(capital_text=pl.lit(None, pl.String), capital=pl.lit(None, pl.Decimal(20, 2)))
        unit = self.register.columns.unit
        both = frame.select("capital", pl.col("currency").fill_null("")).unique(maintain_order=True)
        rows = [row for row in both.iter_rows() if row[0] is not None]
        done = [cells.capital(text, unit=unit, currency=currency) for text, currency in rows]
        table = pl.DataFrame(
            {
                "capital": [text for text, _ in rows],
                "currency": [currency for _, currency in rows],
                "value": [each.value for each in done],
                "why": [each.why or None for each in done],
                "bare": [
                    not unit and not each.why and not cells.has_unit(text)
                    for (text, _), each in zip(rows, done, strict=True)
                ],
            },
            schema={
                "capital": pl.String,
                "currency": pl.String,
                "value": pl.String,
                "why": pl.String,
                "bare": pl.Boolean,
            },
        )
        given = frame.select("capital", pl.col("currency").fill_null(""))
        found = given.join(table, on=["capital", "currency"], how="left", maintain_order="left")
        counts = self.counts
        foreign = (found["why"] == "不是人民币，未折算").fill_null(False)
        counts.capital_read += int(found["value"].is_not_null().sum())
        counts.capital_foreign += int(foreign.sum())
        counts.capital_unread += int((found["why"].is_not_null() & ~foreign).sum())
        counts.capital_without_unit += int(found["bare"].fill_null(False).sum())
        self._note(
            "capital", frame.with_columns(found["why"], text=pl.col("capital")).filter(pl.col("why").is_not_null())
        )
        printed = (
            pl.concat_str("capital", "currency", ignore_nulls=True)
            if "currency" in frame.columns
            else pl.col("capital")
        )
        return frame.with_columns(capital_text=printed, capital=found["value"].cast(pl.Decimal(20, 2)))

    def _note(self, column: str, rows: pl.DataFrame) -> None:
        if rows.height:
            self._found.append((column, rows.select("row", "name", "why", "text")))

    def take_findings(self) -> Iterator[tuple[Any, ...]]:
        """Yield the findings of the batch just made, as lines of the list; the first of each kind become examples."""
        for column, rows in self._found:
            kept = self.counts.examples.setdefault(column, [])
            for row, name, why, text in rows.iter_rows():
                if len(kept) < _EXAMPLES:
                    kept.append([str(row), name, why, text or ""])
                yield row, name, LABELS[column], why, text or ""

    def duplicates(self, lost: list[tuple[int, str, str, int]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows left out as lines of the list."""
        kept = self.counts.examples.setdefault("duplicates", [])
        for row, name, key, winner in lost:
            why = f"与第 {winner} 行重复，采用该行"
            if len(kept) < _EXAMPLES:
                kept.append([str(row), name, why, key])
            yield row, name, "重复", why, key


_EXAMPLES: Final = 20
_FILLED: Final = (
    "scope", "region", "registered_on", "capital", "activity", "status", "kind", "product_lines", "patents",
)  # fmt: skip
_WANTED: Final = (
    "rid", "uscc", "name", "scope", "region", "province", "city", "county", "place", "registered_on", "ended_on",
    "capital", "currency", "activity", "status", "kind", "product_lines", "patents",
)  # fmt: skip


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    """Return a batch with all columns there may be, as text without space around it; blank is null."""
    frame = pl.DataFrame(pl.from_arrow(batch))
    missing = [pl.lit(None, pl.String).alias(name) for name in _WANTED if name not in frame.columns]
    texts = [pl.col(name).cast(pl.String).str.strip_chars() for name in _WANTED if name in frame.columns]
    frame = frame.with_columns(*texts, *missing)
    return frame.with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in _WANTED if name != "rid"
    ).with_columns(pl.col("rid").fill_null(""))


def _printed(row: tuple[str, ...]) -> str | None:
    """Return the place as printed: province, city and county, else the address, else what stands for the region."""
    region, province, city, county, place = row
    return f"{province}{city}{county}" or place or region or None


def _clean(code: str) -> bool:
    return len(code) == 18 and code.isascii() and code.isalnum() and code.isupper()  # noqa: PLR2004 — GB 32100
