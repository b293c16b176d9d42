"""The words of a rule's expression: which signs, keywords and functions it may use, and where it strays."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

FUNCTIONS = frozenset(
    {
        "ABS", "CEIL", "FLOOR", "ROUND", "SIGN",
        "COALESCE", "NULLIF", "TRY_CAST",
        "LENGTH", "LOWER", "UPPER", "TRIM", "SUBSTR", "LEFT", "RIGHT", "REPLACE",
        "STARTS_WITH", "ENDS_WITH", "REGEXP_LIKE",
        "EXTRACT", "YEAR", "MONTH", "DAY", "QUARTER",
    }
)  # fmt: skip
"""Functions that decide row by row and give null for null. Left out on purpose: aggregates and windows (a rule sees one
row), GREATEST, LEAST, CONCAT, STRPOS, IF (they let unknown pass for a value), MOD, SQRT, LN and CAST (they fail or give
NaN or infinity on odd data), NOW and CURRENT_DATE (time is passed in as a field)."""

KEYWORDS = frozenset(
    {
        "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "LIKE", "ILIKE", "DISTINCT", "FROM",
        "CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE", "DATE", "INTERVAL", "AS",
    }
)  # fmt: skip
"""Words of the language itself; no field may be called so."""

_TYPES = frozenset({"BIGINT", "INT", "INTEGER", "DOUBLE", "FLOAT", "TEXT", "VARCHAR", "DATE", "BOOLEAN"})
_DATE_PARTS = frozenset({"YEAR", "QUARTER", "MONTH", "DAY"})
_TRUTHS = frozenset({"TRUE", "FALSE", "UNKNOWN"})
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|!=|\|\||//|--|[-+*/%=<>(),])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression: its kind, its text, and its position counted from 1."""

    kind: str
    text: str
    position: int

    @property
    def upper(self) -> str:
        """The text in capitals if it is a bare word or sign, else empty."""
        return self.text.upper() if self.kind in {"word", "sign"} else ""

    @property
    def name(self) -> str:
        """The field name this token may be: a bare word as it stands, or the inside of double quotes."""
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"')
        return self.text if self.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression: what was expected, how to mend it, where; `field` if a field is unknown."""

    expected: str
    mend: str
    position: int
    field: str = ""


def tokenise(expression: str) -> tuple[list[Token], Fault | None]:
    """Return the tokens of `expression` without spaces, and the first sign that is not part of the language, if any."""
    tokens: list[Token] = []
    at = 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            hints = {"'": "文字常量缺少右引号", '"': "字段名缺少右引号"}
            mend = hints.get(expression[at], "可用 + - * / // % || = <> < <= > >= 和括号；全角符号请改为半角")
            return tokens, Fault(f"规则允许的符号，不能用“{expression[at]}”", mend, at + 1)
        if match.lastgroup == "sign" and match[0] == "--":
            return tokens, Fault("不含注释的表达式", "减负数请加空格或括号", at + 1)
        if match.lastgroup != "space":
            tokens.append(Token(str(match.lastgroup), match[0], at + 1))
        at = match.end()
    return tokens, None if tokens else Fault("一个条件", "表达式不能为空", 1)


def check_words(tokens: list[Token], fields: Container[str]) -> Fault | None:
    """Return the first word that may not stand where it stands: unknown field, function or keyword, unsafe divisor."""
    nothing = Token("end", "", 0)
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else nothing
        after = tokens[i + 1 : i + 4] + [nothing] * 3
        fault = None
        if token.kind in {"word", "quoted"}:
            fault = _check_name(token, before, tokens[max(i - 2, 0) : i], after, fields)
        elif token.text in {"/", "//", "%"}:
            fault = _check_divisor(token, tokens[i + 1 :])
        if fault:
            return fault
    return None


def _check_name(
    token: Token, before: Token, two_before: list[Token], after: list[Token], fields: Container[str]
) -> Fault | None:
    """Return what is wrong with a word: it must be a field, a function before a bracket, or a keyword in its place."""
    if after[0].text == "(" and token.upper not in KEYWORDS:
        if token.upper in FUNCTIONS:
            return None
        mend = f"可用函数：{'、'.join(sorted(FUNCTIONS))}"
        return Fault(
            f"规则允许的函数，不能用“{token.text}”（聚合、窗口、取当前时间等函数不许用）", mend, token.position
        )
    if token.name in fields:
        return None
    is_type = before.upper == "AS" and token.upper in _TYPES
    is_part = [t.upper for t in two_before] == ["EXTRACT", "("] and token.upper in _DATE_PARTS
    if is_type or is_part:
        return None
    if token.kind == "word" and token.upper in KEYWORDS:
        return _check_keyword(token, after)
    return Fault("已声明的字段", "", token.position, field=token.name)


def _check_keyword(token: Token, after: list[Token]) -> Fault | None:
    """Return a fault for DATE and INTERVAL without a constant, and for IS [NOT] TRUE.

    Polars leaves null where SQL says false for IS TRUE, so such a condition would mislead.
    """
    if token.upper in {"DATE", "INTERVAL"} and after[0].kind != "text":
        example = "DATE '2025-01-31'" if token.upper == "DATE" else "INTERVAL '30 days'"
        return Fault(f"{token.upper} 后跟文字常量", f"例如 {example}", token.position)
    following = after[1] if after[0].upper == "NOT" else after[0]
    if token.upper == "IS" and following.upper in _TRUTHS:
        mend = "真假请直接写条件或 NOT 条件，空值请用 COALESCE(条件, FALSE)"
        return Fault("IS NULL 或 IS NOT NULL", mend, token.position)
    return None


def _check_divisor(token: Token, following: list[Token]) -> Fault | None:
    """Return a fault unless the divisor is a number but zero, or NULLIF(…, 0): x / 0 would be infinite and pass."""
    divisor = following[0] if following else token
    if divisor.kind == "number" and float(divisor.text) != 0:
        return None
    if divisor.upper == "NULLIF" and _last_argument(following[1:]) == [",", "0"]:
        return None
    return Fault("不会为零的除数", "请写成 被除数 / NULLIF(除数, 0)", token.position)


def _last_argument(tokens: list[Token]) -> list[str]:
    """Return the last two texts before the bracket that closes the one `tokens` begin with."""
    depth = 0
    for i, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return [t.text for t in tokens[max(i - 2, 0) : i]]
    return []
