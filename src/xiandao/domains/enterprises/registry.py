"""What domains to the right add to enterprises: estimates with intervals, panels of the page, links above the list."""

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise

from xiandao.domains.enterprises.models import Enterprise, Run
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.panels import Panel
from xiandao.kernel import Figure

Estimate = Callable[[Run, Industry | None, Viewer], Figure | None]
PanelMaker = Callable[[Viewer, Enterprise], list[Panel]]
LinkMaker = Callable[[Viewer, Run], list[tuple[str | Promise, str]]]
_estimates: Final[list[Estimate]] = []
_panels: Final[list[PanelMaker]] = []
_links: Final[list[LinkMaker]] = []


def register_estimate(estimate: Estimate) -> Estimate:
    """Register who estimates how many enterprises count, with an interval, from the random part of a sample.

    It is given a run, an industry (None: all industries, each enterprise once) and a viewer, and answers with a Figure
    of kind estimated, or None where nothing was sampled. Raises ValueError if there is one already.
    """
    if _estimates:
        raise ValueError("企业数的估计只能由一处提供")
    _estimates.append(estimate)
    return estimate


def estimate_of(run: Run, industry: Industry | None, viewer: Viewer) -> Figure | None:
    """Return the estimate with its interval; None where there is none yet."""
    return _estimates[0](run, industry, viewer) if _estimates else None


def register_panel(maker: PanelMaker) -> PanelMaker:
    """Register what adds panels to the page of an enterprise; a panel's template finds its context as `panel`."""
    _panels.append(maker)
    return maker


def panels_for(viewer: Viewer, enterprise: Enterprise) -> list[Panel]:
    """Return the panels of an enterprise's page for a viewer, lower order first."""
    return sorted((panel for maker in _panels for panel in maker(viewer, enterprise)), key=lambda panel: panel.order)


def register_links(maker: LinkMaker) -> LinkMaker:
    """Register what adds links above the list of enterprises: label and address."""
    _links.append(maker)
    return maker


def links_for(viewer: Viewer, run: Run) -> list[tuple[str | Promise, str]]:
    """Return the links above the list of enterprises for a viewer."""
    return [link for maker in _links for link in maker(viewer, run)]
