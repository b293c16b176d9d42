"""Invented applications: who applies, what is written, and handing it in by the same steps people take."""

import datetime as dt
import io
from dataclasses import replace

from xiandao.domains.files.actions import attach
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Organisation, OrganisationKind, Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions import applications
from xiandao.domains.programmes.demo import wording
from xiandao.domains.programmes.evidence import KIND, holder_key
from xiandao.domains.programmes.forms import form_of
from xiandao.domains.programmes.models import Application, Call
from xiandao.kernel.credit_code import check_character, organisation_check_character


def firm_viewer(firm: Viewer, code: str, name: str) -> Viewer:
    """Return who acts for an invented firm."""
    region = Organisation.objects.get(is_coordinator=True).region
    body, _created = Organisation.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "kind": OrganisationKind.ENTERPRISE,
            "region": region,
            "is_demo": True,
            "order": 90_100,
        },
    )
    return replace(firm, organisation_id=body.pk, organisation_code=code)


def write(firm: Viewer, call: Call, *, place: int, industry: str, moment: dt.datetime) -> Application:
    """Write an invented application."""
    begun = applications.start_application(firm, call_code=call.code, now=moment)
    city = Region.objects.filter(kind=RegionKind.CITY).order_by("code")[place]
    known = Industry.objects.filter(code=industry).first() or Industry.objects.order_by("order").first()
    name = begun.applicant.name
    data = wording.answers(wording.TITLES[place], known.pk if known else "", name, city.pk)
    data["credit_code"] = _credit_code(place, city.pk)
    applications.save_application(firm, code=begun.code, revision=begun.revision, data=data, now=moment)
    return begun


def hand_in(firm: Viewer, begun: Application, *, moment: dt.datetime) -> None:
    """Attach what is asked for and hand an invented application in."""
    for key, field in form_of(begun.call.version).fields.items():
        if field.type == "files" and field.required and not field.when:
            attach(
                firm,
                holder_kind=KIND,
                holder_key=holder_key(begun, key),
                name=wording.FILE_NAME,
                content=io.BytesIO(wording.FILE_TEXT.encode()),
                now=moment,
            )
    applications.submit_application(firm, code=begun.code, now=moment)


def _credit_code(place: int, region: str) -> str:
    """Return an invented code of the right form."""
    inner = f"MA00DEM{place}"
    first = f"91{region}{inner}{organisation_check_character(inner)}"
    return f"{first}{check_character(first)}"
