"""The numbers enterprises offer: how many count, their registered capital, how many are new. Each with its source."""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.figures.counting import Cell, cube
from xiandao.domains.enterprises.figures.links import rows_ref
from xiandao.domains.enterprises.models import Run
from xiandao.domains.enterprises.registry import estimate_of
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.viewer import Viewer
from xiandao.kernel import Figure, FigureKind
from xiandao.kernel.figure import Coverage

UNCHECKED: Final = _("按模型识别，未经抽样校核")
_HUNDRED_MILLION: Final = Decimal(10**8)
_CENT: Final = Decimal("0.01")


def firms(run: Run, *, industry: Industry | None = None, city: str = "") -> Figure:
    """Return how many enterprises count as the model decided (each once over all industries)."""
    counts = cube(run)
    code = industry.code if industry else None
    if industry is None:
        value = counts.firms.get(city, 0) if city else sum(counts.firms.values())
    else:
        value = counts.sum(industry=code, city=city or None).firms
    return Figure(
        name=str(_("核心和服务企业")),
        value=value,
        unit="家",
        period=None,
        kind=FigureKind.ESTIMATED,
        as_of=run.register.as_of,
        rows=rows_ref(value, industry=code, city=city),
        method=str(UNCHECKED),
    )


def best(run: Run, viewer: Viewer, *, industry: Industry | None = None) -> Figure:
    """Return the estimate with interval from a sample where there is one, else what the model counted."""
    return estimate_of(run, industry, viewer) or firms(run, industry=industry)


def capital(run: Run, cell: Cell, *, industry: str = "", city: str = "", segment: str = "") -> Figure:
    """Return the registered capital of the enterprises of a cell in 亿元: the sum of the known, coverage stated.

    Unknown where no enterprise tells its capital.
    """
    value = (cell.capital / _HUNDRED_MILLION).quantize(_CENT) if cell.known else None
    return Figure(
        name=str(_("注册资本")),
        value=value,
        unit="亿元",
        period=None,
        kind=FigureKind.ESTIMATED,
        as_of=run.register.as_of,
        rows=rows_ref(cell.firms, industry=industry, city=city, segment=f"{industry}/{segment}" if segment else ""),
        method=str(_("登记的注册资本相加，未登记金额和外币的不计")),
        coverage=Coverage(cell.known, cell.firms),
    )
