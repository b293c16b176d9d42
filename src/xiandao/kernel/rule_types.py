"""Type checks of a rule beyond those Polars makes: it would compare dates with numbers and booleans with text."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_NULL = "空值"
_NUMBER = "数值"
_TEXT = "文字"
_DATE = "日期"
_DURATION = "时长"
_BOOLEAN = "是否"
_CASTS = {".cast(String)": _TEXT, ".strict_cast(Boolean)": _BOOLEAN}


@dataclass(frozen=True, slots=True)
class TypeFault:
    """What was expected instead, and the fields of the part of the expression concerned."""

    expected: str
    fields: tuple[str, ...]


def type_fault(expression: pl.Expr, empty: pl.DataFrame) -> TypeFault | None:
    """Return the first type error of `expression`, innermost first; None if all goes together and yields a boolean.

    `empty`: a frame without rows whose schema holds the fields used; the expression is evaluated on it.
    """
    family = _walk(expression, empty)
    if not isinstance(family, TypeFault):
        family = _evaluated(expression, empty)
    if isinstance(family, TypeFault):
        return family
    if family != _BOOLEAN:
        return TypeFault(f"结果为“是”或“否”的条件，现结果是{family}", tuple(expression.meta.root_names()))
    return None


def _walk(node: pl.Expr, empty: pl.DataFrame) -> str | TypeFault:
    """Return what kind of value `node` yields, or the first fault under it, operands before the operation."""
    operands = node.meta.pop(schema=empty.schema)[::-1]  # Polars hands them over last first
    families: list[str] = []
    for operand in operands:
        family = _walk(operand, empty)
        if isinstance(family, TypeFault):
            return family
        families.append(family)
    text, operand_texts = str(node), [str(operand) for operand in operands]
    expected = _clash(text, operand_texts, families)
    if expected:
        return TypeFault(expected, tuple(node.meta.root_names()))
    # What signs and casts yield is known; asking Polars at every step of a long chain of them would take cubic time.
    known = _CASTS.get(text.removeprefix(operand_texts[0])) if len(operands) == 1 else None
    return known or _yield_of(_sign(text, operand_texts), families) or _evaluated(node, empty)


def _evaluated(node: pl.Expr, empty: pl.DataFrame) -> str | TypeFault:
    """Return what kind of value `node` yields, or the fault if Polars cannot evaluate it."""
    try:
        dtype = empty.select(node.alias("result")).dtypes[0]
    except pl.exceptions.PolarsError as error:
        brief = str(error).strip().splitlines()[0][:100]
        return TypeFault(f"类型相配的运算（{brief}）", tuple(node.meta.root_names()))
    if isinstance(dtype, pl.List):
        inner = dtype.inner  # the constants of an IN list
        dtype = inner() if isinstance(inner, type) else inner
    if isinstance(dtype, pl.Date | pl.Datetime):
        return _DATE
    names = {pl.Null: _NULL, pl.String: _TEXT, pl.Boolean: _BOOLEAN, pl.Duration: _DURATION}
    return names.get(type(dtype), _NUMBER if dtype.is_numeric() else str(dtype))


def _clash(node: str, operands: list[str], families: list[str]) -> str | None:
    """Return what is expected instead of an operation on these kinds of values, None if they go together.

    `node` and `operands` are the printed expressions: Polars names the operation nowhere else.
    """
    if node.startswith(".when("):
        *values, condition = families  # popped order reversed: otherwise-value … condition last
        wrong = condition not in {_BOOLEAN, _NULL}
        return f"CASE WHEN 后的条件，现为{condition}" if wrong else _mixture(values, "")
    if node.endswith(".strict_cast(Boolean)"):
        wrong = not {_BOOLEAN, _NULL}.issuperset(families)
        return f"NOT 后的条件，现为{families[0]}" if wrong else None
    if operands and node.removeprefix(operands[0]).startswith((".str.", ".dt.")):
        return None  # text and date functions take counts and texts; Polars itself checks what they apply to
    return _mixture(families, _sign(node, operands))


def _sign(node: str, operands: list[str]) -> str:
    """Return the first character of the binary sign between two operands, empty if `node` is no binary operation."""
    head = f"[({operands[0]}) " if operands else ""
    return node[len(head) :][:1] if len(operands) > 1 and node.startswith(head) and node.endswith(")]") else ""


def _yield_of(sign: str, families: list[str]) -> str | None:
    """Return the kind a binary sign yields on operands that go together, None where Polars has to be asked."""
    if sign and sign in "&|<>=!":
        return _BOOLEAN
    if sign == "+" and set(families) == {_TEXT}:
        return _TEXT
    return _NUMBER if sign and sign in "+-*" and set(families) == {_NUMBER} else None


def _mixture(families: list[str], sign: str) -> str | None:
    """Return what is expected instead of values of these kinds joined by `sign` (empty if it is no binary sign)."""
    kinds = sorted(set(families) - {_NULL})
    if kinds == sorted((_DATE, _DURATION)) and sign in {"+", "-"}:
        return None
    if len(kinds) > 1:
        return f"同类数据的比较或运算，不能把{'与'.join(kinds)}放在一起"
    if kinds == [_BOOLEAN] and sign and sign in "+-*/%":
        return "数值的加减乘除，现为是否"
    return None
