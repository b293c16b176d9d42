"""Panels: what domains to the right add to the pages of plans, each with a template of its own."""

from dataclasses import dataclass, field
from typing import Any

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.signals import collecting_panels


@dataclass(frozen=True, slots=True)
class Panel:
    """One piece of a page. Its template finds `context` under the name `panel`; lower `order` stands first."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 0


def panels_of(page: str, viewer: Viewer, **things: Any) -> list[Panel]:
    """Return the panels of a page for a viewer; `things` are what it shows.

    Pages: target, measure, city, organisation, industry, overview.
    """
    answers: list[tuple[Any, Any]] = collecting_panels.send(sender=Panel, page=page, viewer=viewer, **things)
    found: list[Panel] = []
    for _receiver, panels in answers:
        found += panels or []
    return sorted(found, key=lambda panel: panel.order)
