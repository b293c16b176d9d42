"""Rules of a pack: one SQL expression over declared fields, checked when loaded, evaluated column-wise by Polars."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import polars as pl

from .errors import InvalidValue
from .rule_types import type_fault
from .rule_words import KEYWORDS, Token, check_words, tokenise


class FieldType(StrEnum):
    """What a field holds. Money and other exact numbers are `decimal`; `number` is for measured quantities."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"

    @property
    def label(self) -> str:
        """The type in Chinese."""
        labels = {"integer": "整数", "decimal": "精确小数", "number": "数值", "text": "文字", "date": "日期"}
        return labels.get(self.value, "是否")

    @property
    def polars(self) -> pl.DataType:
        """The column type the field has in a frame; a decimal column of another scale is taken as it is, exactly."""
        types: dict[str, pl.DataType] = {
            "integer": pl.Int64(),
            "decimal": pl.Decimal(38, 6),
            "number": pl.Float64(),
            "text": pl.String(),
            "date": pl.Date(),
            "boolean": pl.Boolean(),
        }
        return types[self.value]


class NullPolicy(StrEnum):
    """What becomes of a rule whose result is null because a field it needs is unknown."""

    UNKNOWN = "unknown"
    PASSES = "passes"
    FAILS = "fails"


class Outcome(StrEnum):
    """What a rule found: met, not met, or cannot tell."""

    PASS = "pass"  # noqa: S105 — an outcome, no password
    FAIL = "fail"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The outcome in Chinese."""
        return {"pass": "符合", "fail": "不符合", "unknown": "无法判断"}[self.value]


_LONGEST = 2000  # a condition longer than a page is several rules
OUTCOMES = pl.Enum([outcome.value for outcome in Outcome])
_ON_NULL = {
    NullPolicy.UNKNOWN: Outcome.UNKNOWN,
    NullPolicy.PASSES: Outcome.PASS,
    NullPolicy.FAILS: Outcome.FAIL,
}


class RuleError(InvalidValue):
    """A rule that cannot be loaded: `.code` of the rule, `.field` concerned, `.position` in the expression from 1."""

    def __init__(
        self,
        code: str,
        expression: str,
        expected: str,
        mend: str = "",
        *,
        field_name: str | None = None,
        position: int | None = None,
    ) -> None:
        where = f"第{position}个字符处" if position else ""
        super().__init__(expression, expected, mend, f"规则 {code} 的表达式{where}")
        self.args = (code, expression, expected, mend)
        self.code = code
        self.field = field_name
        self.position = position


@dataclass(frozen=True, slots=True)
class Field:
    """A field rules may use: name as written in expressions (letters, Chinese, digits, `_`), type, label and unit."""

    name: str
    dtype: FieldType
    label: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise InvalidValue(self.name, "字母、汉字、数字和下划线组成且不以数字开头的字段名", what="字段名")
        if self.name.upper() in KEYWORDS:
            raise InvalidValue(self.name, "不是 SQL 保留字的字段名", "请换一个更具体的名称，如 signed_on", "字段名")


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition a pack states: SQL `expression`, what null means, `message` when it fails, and its source."""

    code: str
    expression: str
    null_policy: NullPolicy = NullPolicy.UNKNOWN
    message: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A checked rule. `fields` are those it uses, `condition` the Polars expression (null: cannot tell)."""

    rule: Rule
    fields: tuple[Field, ...]
    condition: pl.Expr = field(repr=False, compare=False)

    @property
    def outcome(self) -> pl.Expr:
        """The Polars expression of the outcome as an Enum of pass, fail, unknown; for many rules in one select."""
        unknown = _ON_NULL[self.rule.null_policy]
        text = pl.when(self.condition).then(pl.lit(Outcome.PASS.value)).when(self.condition.not_())
        return text.then(pl.lit(Outcome.FAIL.value)).otherwise(pl.lit(unknown.value)).cast(OUTCOMES)

    def evaluate(self, frame: pl.DataFrame) -> pl.Series:
        """Return the outcome for each row of `frame`, shape (rows,), dtype `OUTCOMES`, named after the rule.

        Raises `InvalidValue` if a field is missing or a column's type does not fit.
        """
        return evaluate_rules([self], frame).to_series()

    def evaluate_one(self, values: Mapping[str, object]) -> Outcome:
        """Return the outcome for one set of field values; None is unknown, a field left out is an error."""
        columns: dict[str, list[object]] = {}
        types = {used.name: used.dtype.polars for used in self.fields}
        for used in self.fields:
            if used.name not in values:
                raise InvalidValue("、".join(values), f"含字段 {used.name} 的数据", "未知请给空值", self.rule.code)
            columns[used.name] = [_one(used, values[used.name])]
        try:
            series = [
                # a decimal keeps its own scale: cut to the column's six places, 0.0500001 would equal 0.05
                pl.Series(name, column, dtype=None if isinstance(column[0], Decimal) else types[name])
                for name, column in columns.items()
            ]
        except (pl.exceptions.PolarsError, OverflowError, RuntimeError, TypeError) as error:
            raise InvalidValue(dict(values), "字段类型容得下的数值", "请检查过大的数", self.rule.code) from error
        return Outcome(self.evaluate(pl.DataFrame(series))[0])


def compile_rule(rule: Rule, fields: Iterable[Field]) -> CompiledRule:
    """Return `rule` checked and compiled against the declared `fields`.

    The expression is SQL as Polars reads it, restricted to what is decided row by row and can be trusted with nulls:
    comparison, AND OR NOT, IN, BETWEEN, LIKE, IS NULL, CASE, arithmetic, and the functions in `rule_words.FUNCTIONS`.
    `/` of whole numbers keeps the fraction. Raises `RuleError` for an undeclared field (with the nearest declared
    name), words or signs outside that language, a divisor that may be zero, types that do not go together, and a
    result that is not boolean.
    """
    declared = {item.name: item for item in fields}
    tokens = _read(rule, declared)
    used = tuple(dict.fromkeys(declared[token.name] for token in tokens if token.name in declared))
    if not used:
        raise RuleError(rule.code, rule.expression, "至少用到一个字段的条件", f"可用字段：{'、'.join(declared)}")
    try:
        condition = pl.sql_expr(rule.expression)
    except pl.exceptions.PolarsError as error:
        raise RuleError(rule.code, rule.expression, "完整的 SQL 条件", f"解析器报告：{_brief(error)}") from error
    empty = pl.DataFrame(schema={item.name: item.dtype.polars for item in used})
    try:
        fault = type_fault(condition, empty)
    except RecursionError as error:
        raise RuleError(rule.code, rule.expression, "层次不太深的条件", "请拆成几条规则") from error
    if fault is not None:
        mend = f"字段类型：{'、'.join(f'{item.name} {item.dtype.label}' for item in used)}"
        position = next((token.position for token in tokens if token.name in fault.fields), None)
        name = fault.fields[0] if fault.fields else None
        raise RuleError(rule.code, rule.expression, fault.expected, mend, field_name=name, position=position)
    return CompiledRule(rule, used, condition)


def evaluate_rules(rules: Iterable[CompiledRule], frame: pl.DataFrame) -> pl.DataFrame:
    """Return one outcome column per rule, named by its code, in one pass over `frame` (n rows).

    NaN counts as unknown: Polars would rank it above every number. Raises `InvalidValue` if a field is missing or a
    column's type does not fit the declared one.
    """
    compiled = list(rules)
    codes = [rule.rule.code for rule in compiled]
    if len(set(codes)) < len(codes):
        raise InvalidValue("、".join(codes), "互不相同的规则代码", what="规则组")
    used: dict[str, Field] = {}
    for item in (item for rule in compiled for item in rule.fields):
        if used.setdefault(item.name, item).dtype is not item.dtype:
            raise InvalidValue(item.name, "在各条规则中类型一致的字段", "请统一字段声明", "规则组字段")
    try:
        ready = frame.select([_column(frame, item) for item in used.values()])
        return ready.select([rule.outcome.alias(rule.rule.code) for rule in compiled])
    except pl.exceptions.PolarsError as error:
        raise InvalidValue(_brief(error), "字段类型容得下的数值", "请检查无穷大或过大的数", "数据") from error


def _read(rule: Rule, declared: Mapping[str, Field]) -> list[Token]:
    """Return the tokens of the expression; raises `RuleError` at the first word or sign that may not stand there."""
    if len(rule.expression) > _LONGEST:
        raise RuleError(rule.code, rule.expression, f"不超过{_LONGEST}个字符的表达式", "请拆成几条规则")
    tokens, fault = tokenise(rule.expression)
    if fault is None:
        fault = check_words(tokens, declared)
    if fault is None:
        return tokens
    if not fault.field:
        raise RuleError(rule.code, rule.expression, fault.expected, fault.mend, position=fault.position)
    names = {name.lower(): name for name in declared}
    near = difflib.get_close_matches(fault.field.lower(), names, n=1, cutoff=0.5)
    mend = f"“{fault.field}”是否指“{names[near[0]]}”" if near else f"可用字段：{'、'.join(declared)}"
    expected = f"已声明的字段，没有字段“{fault.field}”"
    raise RuleError(rule.code, rule.expression, expected, mend, field_name=fault.field, position=fault.position)


def _brief(error: Exception) -> str:
    """Return the first line of a library's message, short enough to show."""
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__


_FITS: dict[FieldType, tuple[type[pl.DataType], ...]] = {
    FieldType.TEXT: (pl.String, pl.Categorical, pl.Enum),
    FieldType.DATE: (pl.Date,),
    FieldType.BOOLEAN: (pl.Boolean,),
}


def _column(frame: pl.DataFrame, item: Field) -> pl.Expr:
    """Return the column of a field cast to its declared type; raises `InvalidValue` if absent or of another kind."""
    if item.name not in frame.columns:
        raise InvalidValue("、".join(frame.columns), f"含字段 {item.name}（{item.label}）的数据表", what="数据列")
    dtype = frame.schema[item.name]
    if item.dtype in _FITS:
        fits = dtype in _FITS[item.dtype]
    elif item.dtype is FieldType.INTEGER:
        fits = dtype.is_integer()
    else:
        fits = dtype.is_numeric()
    if not fits and dtype != pl.Null:
        raise InvalidValue(str(dtype), f"{item.dtype.label}列", f"请先转换字段 {item.name} 的类型", "数据列类型")
    column = pl.col(item.name)
    if dtype.is_float():
        column = column.fill_nan(None)
    exact = item.dtype is FieldType.DECIMAL and isinstance(dtype, pl.Decimal)
    return column if exact else column.cast(item.dtype.polars)


def _one(item: Field, value: object) -> object:
    """Return one value of a field's type, or None; raises `InvalidValue` if it is of another type."""
    accepted: dict[FieldType, tuple[type, ...]] = {
        FieldType.INTEGER: (int,),
        FieldType.DECIMAL: (int, Decimal),
        FieldType.NUMBER: (int, float, Decimal),
        FieldType.TEXT: (str,),
        FieldType.DATE: (date,),
        FieldType.BOOLEAN: (bool,),
    }
    if value is None:
        return None
    wrong_kin = isinstance(value, datetime) or (isinstance(value, bool) and item.dtype is not FieldType.BOOLEAN)
    if wrong_kin or not isinstance(value, accepted[item.dtype]):
        raise InvalidValue(value, f"{item.dtype.label}（字段 {item.name}）", "未知请给空值", "字段值")
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidValue(value, f"有限的{item.dtype.label}（字段 {item.name}）", "未知请给空值", "字段值")
    if item.dtype is FieldType.DECIMAL:
        return Decimal(str(value))
    return float(str(value)) if item.dtype is FieldType.NUMBER else value
