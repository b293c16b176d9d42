"""What the ledger adds to pages of other domains: the entries that make a target's number, an enterprise's titles."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.http import urlencode

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.enterprises.registry import register_panel
from xiandao.domains.ledger.models import Entry
from xiandao.domains.ledger.queries import entries as queries
from xiandao.domains.ledger.registry import pipelines_of
from xiandao.domains.ledger.views.listing import chip
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import PlanVersion, Target
from xiandao.domains.plans.panels import Panel
from xiandao.domains.plans.signals import collecting_panels

_AFTER = 10
_MOST = 20


@receiver(collecting_panels, dispatch_uid="ledger.panels")
def panels(page: str, viewer: Viewer, **things: Any) -> list[Panel]:
    """Return the panel of a target's page: by kind how many entries count, and what is still under way, apart."""
    return [_target(viewer, **things)] if page == "target" else []


def _target(viewer: Viewer, target: Target, version: PlanVersion, **_rest: Any) -> Panel:
    chosen = f"{version.plan.code}:{target.key}"
    lines = [
        (
            line,
            _address(state="counted", target=chosen, kind=line.kind),
            _address(state="off", target=chosen, kind=line.kind),
        )
        for line in queries.lines_of_target(viewer, version.plan_id, target.key)
    ]
    context = {
        "lines": lines,
        "url": _address(state="counted", target=chosen),
        "pipelines": pipelines_of(viewer, version.plan.code, target.key),
    }
    return Panel("ledger/_target_panel.html", context, order=_AFTER)


def _address(**asked: str) -> str:
    return f"{reverse('ledger:list')}?{urlencode(asked)}"


@register_panel
def of_enterprise(viewer: Viewer, enterprise: Enterprise) -> list[Panel]:
    """Return the titles of an enterprise and what of it is in the ledger."""
    rows = Entry.objects.visible_to(viewer).filter(
        pk__in=Entry.objects.for_system("by holder").filter(holders__enterprise=enterprise).values("pk")
    )
    found = list(rows.order_by("-decided_on", "-pk")[:_MOST])
    return [Panel("ledger/_enterprise_panel.html", {"rows": [(row, chip(row)) for row in found]}, order=_AFTER)]
