"""How numbers print, on pages, in Excel and in search results alike."""

from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext, gettext_noop

UNKNOWN = "—"
# Units plans print, so that the catalogue has them; a unit not here shows as printed.
UNITS = (
    gettext_noop("个"),
    gettext_noop("家"),
    gettext_noop("项"),
    gettext_noop("名"),
    gettext_noop("名(个)"),
    gettext_noop("款"),
    gettext_noop("台"),
    gettext_noop("位"),
    gettext_noop("万元"),
    gettext_noop("亿元"),
    gettext_noop("个百分点"),
)


def unit_label(unit: str) -> str:
    """Return a unit in the reader's language; one the catalogue does not know shows as printed."""
    return gettext(unit) if unit else ""


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
