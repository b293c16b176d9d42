"""Reading numbers and days people type or paste, with what was expected where they cannot be read."""

import datetime as dt
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

# What a column keeps: fifteen digits before the point. What is told of lies within these years.
_MOST = Decimal(10) ** 15
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


def number_in(text: str) -> Decimal | None:
    """Return the number typed: full width, spaces and separators of thousands are taken as they are meant. Empty: None.

    Raises ValueError with a sentence.
    """
    clean = "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "")
    if not clean:
        return None
    try:
        value = Decimal(clean)
    except InvalidOperation:
        raise ValueError(_("“%(text)s”不是数，应为例如 12 或 12.5。") % {"text": text.strip()[:40]}) from None
    if not value.is_finite():
        raise ValueError(_("“%(text)s”不是数，应为例如 12 或 12.5。") % {"text": text.strip()[:40]})
    if not -_MOST < value < _MOST:
        raise ValueError(_("“%(text)s”太大，小数点前最多十五位。") % {"text": text.strip()[:40]})
    return value


def day_in(text: str) -> dt.date | None:
    """Return the day typed (2026-06-30, 2026/6/30, 2026.6.30). Empty: None. Raises ValueError with a sentence."""
    clean = "".join(unicodedata.normalize("NFKC", text).split()).replace("/", "-").replace(".", "-")
    if not clean:
        return None
    parts = clean.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        raise ValueError(_("“%(text)s”不是日期，应为例如 2026-06-30。") % {"text": text.strip()[:40]}) from None


def moment_in(text: str) -> dt.datetime | None:
    """Return the moment in an address (ISO, with its zone); None where there is none or it cannot be read."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    # At the ends of the calendar a moment has no counterpart in another zone.
    told = moment.tzinfo is not None and _FIRST_YEAR <= moment.year <= _LAST_YEAR
    return moment if told else None
