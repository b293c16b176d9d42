"""Brings what is logged into the one form every database gives back, so that a hash taken now holds later."""

import ipaddress
import json
import math
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# From here on PostgreSQL writes a float without fraction or exponent, and so reads it back as a whole number.
_WHOLE_FROM = 1e16


def text(value: str, most: int | None = None) -> str:
    """Return a text both databases can hold: without NUL and half characters, at most `most` characters long."""
    clean = value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return clean if most is None else clean[:most]


def address(value: str | None) -> str | None:
    """Return a network address in its one canonical spelling; what is none (a Unix socket, "") is None."""
    try:
        parsed = ipaddress.ip_address((value or "").partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


def content(value: Any) -> Any:
    """Return `value` as JSON both databases give back unchanged. Raises ValueError for NaN and infinity."""
    if value is None:
        return None
    return _even(json.loads(json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False)))


def _even(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        return [_even(item) for item in value]
    if isinstance(value, dict):
        return {text(key): _even(item) for key, item in value.items()}
    return value


def _number(value: float) -> float | int:
    if not math.isfinite(value):  # 1e999 is JSON, and Python reads it as infinity
        raise ValueError("审计记录中的数必须是有限数")
    if value == 0:
        return 0.0  # PostgreSQL knows no negative zero
    return int(value) if abs(value) >= _WHOLE_FROM and value.is_integer() else value
