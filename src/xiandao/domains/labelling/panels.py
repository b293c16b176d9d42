"""What the review desk adds to the page of an enterprise and above the list of enterprises."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import Enterprise, Run
from xiandao.domains.enterprises.registry import register_links, register_panel
from xiandao.domains.labelling.actions.objections import may_object
from xiandao.domains.labelling.models import Label, Objection
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.panels import Panel


def enterprise_panels(viewer: Viewer, enterprise: Enterprise) -> list[Panel]:
    """Return what people settled of an enterprise, its objections, and for itself the way to object."""
    objections = list(
        Objection.objects.visible_to(viewer).filter(enterprise=enterprise).select_related("industry")[:10]
    )
    label = Label.objects.visible_to(viewer).filter(enterprise=enterprise, current=True).first()
    objects = bool(may_object(viewer, enterprise))
    if not (objections or label or objects):
        return []
    context = {
        "objections": objections,
        "label": label,
        "holds": label is not None and (label.name, label.scope) == (enterprise.name, enterprise.scope),
        "may_object": objects,
        "enterprise": enterprise,
    }
    return [Panel("labelling/_enterprise_panel.html", context, order=40)]


def list_links(viewer: Viewer, _run: Run) -> list[tuple[str | Promise, str]]:
    """Return the ways from the list of enterprises to the desk and to what its numbers are worth."""
    links: list[tuple[str | Promise, str]] = []
    if viewer.can(Can.READ_ENTERPRISES):
        links.append((_("查准率、查全率和估计区间"), reverse("labelling:quality")))
    if viewer.can(Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS):
        links.append((_("识别复核"), reverse("labelling:home")))
    return links


register_panel(enterprise_panels)
register_links(list_links)
