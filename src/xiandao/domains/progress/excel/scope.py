"""Whose duties one file holds: an organisation's own, or a whole city's for the body that coordinates there."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Counterpart, Organisation, Region
from xiandao.domains.orgs.permission import Answer, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.models import Report, Round, RoundState

OWN, CITY = "own", "city"
_WHY = "the scope says whose reports a file may hold"


@dataclass(frozen=True, slots=True)
class Scope:
    """An organisation's own duties, or with a city those of all its bodies."""

    organisation: Organisation
    city: Region | None = None

    @property
    def code(self) -> str:
        """How addresses and files name it."""
        return CITY if self.city else OWN

    @property
    def label(self) -> str:
        """Whose duties these are."""
        return self.city.label if self.city else self.organisation.label

    def reports(self, opened: Round) -> Any:
        """Return the reports of a round a file of this scope holds. Duties that have ended are no longer asked for."""
        rows = Report.objects.for_system(_WHY).filter(round=opened, assignment__ended_at=None)
        if self.city:
            return rows.filter(assignment__region=self.city)
        return rows.filter(assignment__organisation=self.organisation)

    def may_fill(self, actor: Viewer, report: Report) -> Answer:
        """Whether the actor may write a report through a file of this scope: her own as on the page, or the city's."""
        if self.city is None or report.assignment.organisation_id == actor.organisation_id:
            return rules.may_fill(actor, report)
        if not actor.can(Can.REPORT):
            return refuse(_("您的岗位不能填写进展。"))
        if report.assignment.region_id != self.city.code:
            return refuse(_("只能填写本市的进展。"))
        if report.round.state != RoundState.OPEN:
            return refuse(_("填报期已经关闭；需要补报的，请统筹协调单位重新开启。"))
        return Answer(allowed=True)


def scopes_of(viewer: Viewer) -> list[Scope]:
    """Return the scopes a viewer may exchange files for: her organisation, and the city it coordinates, if any."""
    if viewer.organisation_id is None or not viewer.can(Can.REPORT):
        return []
    body = Organisation.objects.get(pk=viewer.organisation_id)
    links = Counterpart.objects.filter(department__is_coordinator=True, bureau=body).select_related("region")
    return [Scope(body), *(Scope(body, link.region) for link in links)]


def scope_of(viewer: Viewer, code: str) -> Scope:
    """Return one scope by its code. Raises Refused where the viewer has none of that kind."""
    found = next((scope for scope in scopes_of(viewer) if scope.code == code), None)
    if found is None:
        raise Refused(_("只能导入导出本单位的进展；整市的由该市对口统筹协调单位的部门办理。"))
    return found
