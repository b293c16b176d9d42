"""Applications locked for an action, checked as a whole, and written to the log."""

import datetime as dt
from typing import Any

from django.utils import timezone

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction
from xiandao.domains.orgs.models import Counterpart, Organisation, Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.common import APPLICATION, WHY
from xiandao.domains.programmes.evidence import file_counts
from xiandao.domains.programmes.forms import Checked, Choices, check_form, form_of
from xiandao.domains.programmes.models import Application


def locked(actor: Viewer, code: str) -> Application:
    """Return an application the actor sees, locked until the transaction ends. Raises Application.DoesNotExist."""
    visible = Application.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = Application.objects.for_system(WHY).select_related(
        "call__version__programme", "call__organiser", "applicant", "need"
    )
    application: Application = rows.select_for_update(of=("self",)).get(pk__in=list(visible))
    return application


def check(application: Application, *, moment: dt.datetime, choices: Choices | None = None) -> Checked:
    """Check what an application says against its programme's version, as of a moment."""
    form = form_of(application.call.version)
    files = [key for key, field in form.fields.items() if field.type == "files"]
    context = {"applied_on": timezone.localdate(moment), "applicant_kind": application.applicant.kind}
    return check_form(
        form,
        application.data,
        choices=choices or Choices.load(),
        context=context,
        files=file_counts(application, files) if files else {},
    )


def recommender_of(application: Application, region_code: str | None) -> Organisation | None:
    """Return who recommends an application: the counterpart in its city, a department, or nobody."""
    given = application.call.version.definition["recommendation"]
    programme = application.call.version.programme
    of = Organisation.objects.filter(name=given["of"]).first() if given.get("of") else programme.lead
    if given["by"] == "none" or of is None:
        return None
    if given["by"] == "department":
        return of
    city = _city(region_code)
    found = Counterpart.objects.filter(department=of, region=city).select_related("bureau").first() if city else None
    return found.bureau if found else None


def _city(code: str | None) -> Region | None:
    region = Region.objects.filter(pk=code).select_related("parent__parent").first() if code else None
    while region is not None and region.kind != RegionKind.CITY:
        region = region.parent
    return region


def record(actor: Viewer, action: RegisteredAction, application: Application, **content: Any) -> None:
    """Write an action to the log under the application's code; what the form says stays in the application."""
    label = f"{application.code} {application}"[:300]
    audit.record(actor, action, kind=APPLICATION, key=application.code, label=label, **content)
