"""Where each item of a version stands in its text, with the page that describes it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import PlanVersion
from xiandao.domains.plans.queries.items import actions_of, issuers_of, targets_in_force
from xiandao.domains.plans.signals import collecting_marks
from xiandao.domains.plans.text import Mark


def marks_of(viewer: Viewer, version: PlanVersion) -> list[Mark]:
    """Return the marks of everything read from the version's text."""
    code = version.plan.code
    marks = []

    def add(start: int | None, end: int | None, *, kind: str, key: str, url: str, title: str) -> None:
        if start is not None and end is not None:
            marks.append(Mark(start, end, kind, key, url, title))

    for issuer in issuers_of(viewer, version):
        if issuer.organisation:
            url = reverse("parties:organisation", args=[issuer.organisation.code])
            add(issuer.span_start, issuer.span_end, kind="issuer", key=issuer.key, url=url, title=issuer.printed)
    for action in actions_of(viewer, version):
        url = reverse("plans:action", args=[code, action.key])
        add(action.span_start, action.span_end, kind="action", key=action.key, url=url, title=action.label)
        for measure in action.measures.all():
            url = reverse("plans:measure", args=[code, measure.key])
            add(measure.span_start, measure.span_end, kind="measure", key=measure.key, url=url, title=measure.label)
            key = f"{measure.key}-duty"
            title = _("责任单位：%(measure)s") % {"measure": measure.label}
            for start, end in measure.duty_spans:
                add(start, end, kind="duty", key=key, url=f"{url}#duties", title=title)
    for target in targets_in_force(viewer, version):
        url = reverse("plans:target", args=[code, target.key])
        add(target.span_start, target.span_end, kind="target", key=target.key, url=url, title=target.label)
    for _receiver, found in collecting_marks.send(sender=PlanVersion, version=version):
        marks += found
    return marks
