"""How numbers print, on pages, in Excel and in search results alike."""

from decimal import Decimal
from typing import Protocol

UNKNOWN = "—"


class AQuantity(Protocol):
    """What `goal` needs of a target: its comparator and its value or range."""

    comparator: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


def number(value: Decimal | float | None) -> str:
    """Return a number with thousands separators and no trailing zeros; unknown is a dash, never zero."""
    if value is None:
        return UNKNOWN
    text = f"{Decimal(str(value)):,.6f}".rstrip("0").rstrip(".")
    return text or "0"


def goal(quantity: AQuantity) -> str:
    """Return what a target asks for: comparator, then value or range, without the unit."""
    sign = "" if quantity.comparator == "=" else f"{quantity.comparator} "
    if quantity.value is None:
        return f"{sign}{number(quantity.low)}—{number(quantity.high)}"
    return f"{sign}{number(quantity.value)}"
