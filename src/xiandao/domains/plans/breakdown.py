"""The task breakdown (任务分解表) of a version in force, as Word or Excel, from the very rows the pages show."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans import queries
from xiandao.domains.plans.models import DutyRole, Measure, PlanVersion, Quantity, Strength
from xiandao.domains.shared.excel import CONTENT_TYPE as XLSX
from xiandao.domains.shared.excel import attachment
from xiandao.engines.breakdown import Breakdown, PlanSource, Promise, Section, Task, build
from xiandao.packs.printing import breakdown_docx, breakdown_xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[str, tuple[Callable[[Breakdown], bytes], str]] = {
    "docx": (breakdown_docx, DOCX),
    "xlsx": (breakdown_xlsx, XLSX),
}


def download(viewer: Viewer, version: PlanVersion, form: str) -> HttpResponse:
    """Return the breakdown as a download. Raises Http404 for a form other than docx and xlsx."""
    if form not in FORMS:
        raise Http404
    write, content_type = FORMS[form]
    answer = HttpResponse(write(build(source_of(viewer, version))), content_type=content_type)
    answer.headers["Content-Disposition"] = attachment(f"{version.plan.name}{_('任务分解表')}.{form}")
    return answer


def source_of(viewer: Viewer, version: PlanVersion) -> PlanSource:
    """Return what the breakdown is made from. A published version has been reviewed by a person."""
    actions = queries.actions_of(viewer, version).prefetch_related(queries.commitments_of_measures(viewer))
    headline = queries.targets_in_force(viewer, version).filter(measure=None)
    return PlanSource(
        title=version.plan.name,
        number=version.document_no or None,
        issuers=tuple(issuer.printed for issuer in queries.issuers_of(viewer, version)),
        issued_on=version.issued_on.isoformat() if version.issued_on else None,
        period=(version.year_from, version.year_to) if version.year_from and version.year_to else None,
        sections=tuple(
            Section(action.no, action.name, tuple(_task(measure) for measure in action.measures.all()))
            for action in actions
        ),
        headline=tuple(_promise(target) for target in headline),
    )


def _task(measure: Measure) -> Task:
    duties = list(measure.duties.all())
    return Task(
        no=measure.no,
        title=measure.name,
        lead=tuple(duty.printed for duty in duties if duty.role == DutyRole.LEAD),
        helping=tuple(duty.printed for duty in duties if duty.role == DutyRole.WITH),
        cities=measure.cities,
        promises=tuple(_promise(target) for target in measure.targets.all()),
        commitments=tuple(c.text for c in measure.commitments.all() if c.strength == Strength.FIRM),
        deadline=measure.deadline,
        reviewed=True,
    )


def _promise(quantity: Quantity) -> Promise:
    return Promise(
        value=quantity.value,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        comparator=quantity.comparator,
        year=quantity.year,
        object=quantity.name,
        kind=quantity.kind,
        quote=quantity.quote,
        reviewed=True,
    )
