"""How kappas, shares with intervals and roles are written."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import EnterpriseRole
from xiandao.domains.labelling.roles import worded
from xiandao.engines.estimation import Bin, Interval, Kappa, Ratio

register = template.Library()


@register.filter
def kappa(found: Kappa) -> str:
    """Write a kappa with its interval; where there is none say why."""
    if found.value is None or found.interval is None:
        return _("无法计算（没有差别可比）") if found.n else "—"
    return f"{found.value:.2f}（{found.interval.low:.2f}–{found.interval.high:.2f}）"


@register.filter
def rows(found: Kappa) -> list[tuple[object, tuple[int, ...]]]:
    """Return the rows of a kappa's table with their categories."""
    return list(zip(found.categories, found.table, strict=True))


@register.filter
def share(found: Ratio) -> str:
    """Write a share with its interval; unknown where nobody was seen."""
    if found.value is None or found.interval is None:
        return "—"
    return _with(found.value, found.interval)


@register.filter
def share_of_bin(found: Bin) -> str:
    """Write the share of a bin with its interval."""
    return _with(found.share, found.interval)


def _with(value: float, interval: Interval) -> str:
    return f"{value:.0%}（{interval.low:.0%}–{interval.high:.0%}）"


@register.filter
def whole(value: float) -> str:
    """Write a number without decimals."""
    return f"{round(value):,}"


@register.filter
def role_name(role: str) -> str:
    """Write a role."""
    return str(EnterpriseRole(role).label) if role in EnterpriseRole.values else _("不属于")


@register.filter
def roles(labels: Mapping[str, str] | None, names: Mapping[str, str]) -> str:
    """Write role by industry as words."""
    return worded(labels, names)
