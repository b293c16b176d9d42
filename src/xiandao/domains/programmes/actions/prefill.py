"""What a form begins with: who applies is known already, and so is what it wrote last time."""

from typing import Any

from xiandao.domains.enterprises.models import Classification, Enterprise, RunState
from xiandao.domains.orgs.models import Organisation, RegionKind, User
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.common import WHY
from xiandao.domains.programmes.forms import Data, Form, tidy
from xiandao.domains.programmes.models import Application

_SECTIONS = ("applicant", "finance")
"""Sections that ask every time for the same: taken over from the newest application."""
_MOST_INDUSTRIES = 3


def enterprise_of(organisation_id: int) -> Enterprise | None:
    """Return the enterprise of the register an organisation is."""
    found: Enterprise | None = (
        Enterprise.objects.for_system(WHY).filter(organisation=organisation_id, same_as=None).first()
    )
    return found


def first_content(actor: Viewer, form: Form) -> tuple[Data, Enterprise | None]:
    """Return what stands in a new form, and the applicant's enterprise."""
    body = Organisation.objects.select_related("region").get(pk=actor.organisation_id or 0)
    enterprise = enterprise_of(body.pk)
    person = User.objects.filter(pk=actor.user_id or 0).first()
    known: dict[str, Any] = {
        "organisation_name": body.full_name or body.name,
        "credit_code": body.credit_code or (enterprise.uscc if enterprise else ""),
        "region": _region(body, enterprise),
        "industries": _industries(enterprise),
        "contact_name": person.name if person else "",
        "contact_phone": person.phone if person else "",
        "contact_email": person.email if person else "",
    }
    data = _from_last_time(actor, form)
    data |= {key: known[field.prefill] for key, field in form.fields.items() if field.prefill and known[field.prefill]}
    if enterprise is not None and enterprise.registered_on and "founded_on" in form.fields:
        data["founded_on"] = enterprise.registered_on.isoformat()
    return tidy(form, data), enterprise


def _region(body: Organisation, enterprise: Enterprise | None) -> str:
    if enterprise is not None and enterprise.region_id:
        return str(enterprise.region_id)
    return "" if body.region.kind == RegionKind.PROVINCE else str(body.region_id)


def _industries(enterprise: Enterprise | None) -> list[str]:
    if enterprise is None:
        return []
    rows = Classification.objects.for_system(WHY).filter(
        enterprise=enterprise, run__state=RunState.CURRENT, decision="in"
    )
    return list(rows.order_by("industry__order").values_list("industry_id", flat=True)[:_MOST_INDUSTRIES])


def _from_last_time(actor: Viewer, form: Form) -> Data:
    before = (
        Application.objects.for_system(WHY)
        .filter(applicant=actor.organisation_id)
        .exclude(data={})
        .order_by("-id")
        .values_list("data", flat=True)
        .first()
    )
    if not isinstance(before, dict):
        return {}
    kept = {key for key, section in form.section_of.items() if section.key in _SECTIONS}
    # A promise or an answer about one's record is given anew each time.
    kept -= {"has_breach", "breach_note"}
    return {key: value for key, value in before.items() if key in kept}
