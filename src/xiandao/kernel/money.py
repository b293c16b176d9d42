"""Sums of money: Decimal yuan, exact until rounding is asked for, printed in 元, 万元 or 亿元."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import overload

from .errors import InvalidValue

UNITS: dict[str, int] = {
    "元": 0, "十元": 1, "百元": 2, "千元": 3, "万元": 4, "十万元": 5, "百万元": 6, "千万元": 7, "亿元": 8, "万亿元": 12,
}  # fmt: skip
"""Units of money and their powers of ten in yuan."""

_EXACT = Context(prec=60)  # far beyond any budget, so sums and products of amounts are never rounded silently
_FEN = Decimal("0.01")
_WHAT = "金额"
_AMOUNT = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(\D*)")


def _decimal(value: object) -> Decimal:
    """Return an exact finite Decimal; floats are refused because 0.1 has no exact binary form."""
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise InvalidValue(value, "文字、整数或 Decimal", "浮点数有误差，请以文字给出，如 “1.2”", _WHAT)
    try:
        number = Decimal(value.strip().replace(",", "") if isinstance(value, str) else value)
    except InvalidOperation:
        raise InvalidValue(value, "数字", "例如 1200、1,200.50", _WHAT) from None
    if not number.is_finite():
        raise InvalidValue(value, "有限的数字", "无穷大和非数值不是金额", _WHAT)
    return number


def _power(unit: str) -> int:
    """Return the power of ten of a unit; raises `InvalidValue` on an unknown one."""
    if unit not in UNITS:
        raise InvalidValue(unit, f"金额单位：{'、'.join(UNITS)}", "其他货币请先折算为人民币", "金额单位")
    return UNITS[unit]


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in yuan as an exact Decimal; may be negative. Floats raise `InvalidValue`."""

    yuan: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "yuan", _decimal(self.yuan))

    @classmethod
    def of(cls, value: str | int | Decimal, unit: str = "元") -> Money:
        """Return `value` in `unit` (元, 万元, 亿元 …) as money, exactly: `Money.of("1.2", "亿元")`."""
        return cls(_decimal(value).scaleb(_power(unit), _EXACT))

    @classmethod
    def parse(cls, text: str) -> Money:
        """Return the amount printed in `text`, such as 1.2亿元, 3,000万元, 500 元; without a unit it is 元."""
        match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip()) if isinstance(text, str) else None
        if match is None:
            raise InvalidValue(text, "数字加单位", "例如 1.2亿元、3000万元", _WHAT)
        unit = match[2].strip().removeprefix("人民币")
        return cls.of(match[1], unit if unit.endswith("元") else f"{unit}元")

    def __str__(self) -> str:
        return self.text()

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.yuan, other.yuan)) if isinstance(other, Money) else NotImplemented

    def __radd__(self, other: object) -> Money:
        """Let `sum()` start from 0."""
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.yuan, other.yuan)) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> Money:
        return Money(-self.yuan)

    def __abs__(self) -> Money:
        return Money(abs(self.yuan))

    def __mul__(self, factor: int | Decimal) -> Money:
        """Return the exact product with a number; money times money is refused."""
        return Money(_EXACT.multiply(self.yuan, _decimal(factor)))

    __rmul__ = __mul__

    @overload
    def __truediv__(self, other: Money) -> Decimal: ...
    @overload
    def __truediv__(self, other: int | Decimal) -> Money: ...
    def __truediv__(self, other: Money | int | Decimal) -> Decimal | Money:
        """Return a ratio for money by money, else an unrounded share; raises `InvalidValue` on division by zero."""
        divisor = other.yuan if isinstance(other, Money) else _decimal(other)
        if not divisor:
            raise InvalidValue(divisor, "不为零的除数", "先判断分母是否为零", "除数")
        quotient = _EXACT.divide(self.yuan, divisor)
        return quotient if isinstance(other, Money) else Money(quotient)

    def to_fen(self) -> Money:
        """Return the amount rounded to 0.01 yuan, half away from zero (四舍五入)."""
        return Money(self.yuan.quantize(_FEN, ROUND_HALF_UP, _EXACT))

    def in_unit(self, unit: str) -> Decimal:
        """Return the exact number of `unit` this amount makes."""
        return self.yuan.scaleb(-_power(unit), _EXACT)

    def text(self, unit: str | None = None, places: int | None = None) -> str:
        """Return the amount for print, without trailing zeros: 1.2亿元, 3000万元, 999.5元.

        `unit` None chooses 亿元 from 100 million, 万元 from ten thousand, else 元; `places` rounds half up to so many
        decimals, None prints exactly.
        """
        if unit is not None:
            return self._print(unit, places)
        for candidate in ("亿元", "万元"):
            if abs(_rounded(self.in_unit(candidate), places)) >= 1:
                # 9999.99995万元 rounded to two places reads 1亿元, so the next unit is tried on the rounded number
                return self._print(candidate, places)
        return self._print("元", places)

    def _print(self, unit: str, places: int | None) -> str:
        """Return the amount in one unit, rounded and stripped of trailing zeros."""
        number = f"{_rounded(self.in_unit(unit), places):f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
        return f"{'0' if number in {'-0', ''} else number}{unit}"

    def split(self, weights: Sequence[int | Decimal]) -> tuple[Money, ...]:
        """Return shares in proportion to non-negative `weights`, whole fen each, adding up to exactly this amount.

        The fen left over go to the largest remainders, the earlier share first among equals (largest remainder
        method). Raises `InvalidValue` if the amount is no whole number of fen or the weights sum to zero.
        """
        if self.to_fen().yuan != self.yuan:
            raise InvalidValue(self.yuan, "精确到分的金额", "请先用 to_fen 取到分", _WHAT)
        parts = [Fraction(_decimal(w)) for w in weights]
        if not parts or min(parts) < 0 or not sum(parts):
            raise InvalidValue(list(weights), "非负且合计大于零的权重", "至少要有一个大于零", "权重")
        fen, total, sign = int(abs(self.yuan) * 100), sum(parts), -1 if self.yuan < 0 else 1
        ideal = [fen * part / total for part in parts]
        shares = [int(share) for share in ideal]
        order = sorted(range(len(parts)), key=lambda i: (shares[i] - ideal[i], i))
        for i in order[: fen - sum(shares)]:
            shares[i] += 1
        return tuple(Money(Decimal(sign * share).scaleb(-2)) for share in shares)

    def upper(self) -> str:
        """Return the amount in the capital numerals of cheques and contracts: 壹佰元整, 壹万零贰元叁角整.

        Rounded to fen. Raises `InvalidValue` from ten quadrillion yuan. Source: 支付结算办法, 附一《正确填写票据和
        结算凭证的基本规定》.
        """
        amount = abs(self.to_fen().yuan)
        if amount >= Decimal(10) ** 16:
            raise InvalidValue(self.yuan, "小于一亿亿元的金额", what=_WHAT)
        yuan, fen = divmod(int(amount * 100), 100)
        text = f"{_capitals(yuan)}元" if yuan else ""
        if fen == 0:
            text = f"{text or '零元'}整"
        else:
            jiao, cents = divmod(fen, 10)
            text += f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
            text += f"{_DIGITS[cents]}分" if cents else "整"
        return f"负{text}" if self.to_fen().yuan < 0 else text


def _rounded(number: Decimal, places: int | None) -> Decimal:
    """Return `number` rounded half up to `places` decimals; None leaves it."""
    return number if places is None else number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _capitals(number: int) -> str:
    """Return a positive whole number below 10**16 in capital numerals, zeros inside read once."""
    text, gap = "", False
    for position in range(15, -1, -1):
        digit = number // 10**position % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + ("", "拾", "佰", "仟")[position % 4]
            gap = False
        else:
            gap = True
        group = number // 10 ** (position // 4 * 4) % 10_000
        if position % 4 == 0 and position and (group or (position == 8 and text)):  # noqa: PLR2004 — 亿 closes 万亿
            text += {4: "万", 8: "亿", 12: "万"}[position]
    return text
