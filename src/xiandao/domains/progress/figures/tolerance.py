"""How far behind its path a target may be and still be slightly behind: pack data."""

from decimal import Decimal

from xiandao.domains.inbox.packvalues import value


def path_tolerance() -> Decimal:
    """Return the share of the way from start to target (0.1 = 10%) within which a target is slightly behind."""
    return Decimal(str(value("path_tolerance")))
