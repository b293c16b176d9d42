"""Answers for the pages of enterprises: how many there truly are, with an interval."""

from django.utils.translation import gettext as _

from xiandao.domains.enterprises.figures.counting import alive
from xiandao.domains.enterprises.models import Classification, Decision, Run, RunState
from xiandao.domains.enterprises.registry import register_estimate
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling import figures
from xiandao.domains.labelling.frame import in_region
from xiandao.domains.labelling.models import Sample, SampleState
from xiandao.domains.labelling.roles import COUNTED
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.remember import remembered
from xiandao.kernel import Figure

_WHY = "counts are public"


def place_of(viewer: Viewer) -> Region | None:
    """Return the region whose enterprises a viewer counts: a city's own; None, the whole province, for others."""
    if not viewer.region:
        return None
    return Region.objects.filter(code=viewer.region).exclude(parent=None).first()


def base_run(run: Run) -> Run | None:
    """Return the run whose finished samples speak for the register of a run: itself, else the newest of the register.

    How many truly belong is a matter of the register, not of the model; of another register nothing is known.
    """
    rows = Run.objects.for_system(_WHY).filter(register=run.register_id, number__lte=run.number)
    sampled = Sample.objects.for_system(_WHY).filter(state=SampleState.CLOSED).values("run")
    found: Run | None = (
        rows.filter(pk__in=sampled, state__in=(RunState.CURRENT, RunState.SUPERSEDED))
        .select_related("register")
        .order_by("-number")
        .first()
    )
    return found


def model_counts(run: Run, region: Region | None) -> dict[str, int]:
    """Return how many enterprises in business the model itself counts, by industry; "" for each once over all."""
    return remembered("labelling.model_counts", run.pk, region.pk if region else "", make=lambda: _counts(run, region))


def _counts(run: Run, region: Region | None) -> dict[str, int]:
    rows = Classification.objects.for_system(_WHY).filter(
        in_region(region, "enterprise__"),
        alive(run.register.as_of),
        run=run,
        model_decision=Decision.IN,
        model_role__in=COUNTED,
    )
    found: dict[str, int] = {}
    firms = set()
    for industry, firm in rows.values_list("industry", "enterprise").order_by():
        found[industry] = found.get(industry, 0) + 1
        firms.add(firm)
    return {**found, "": len(firms)}


def estimate(run: Run, industry: Industry | None, viewer: Viewer) -> Figure | None:
    """Return the estimated number of enterprises of an industry, of any for None; None where too few were seen."""
    region = place_of(viewer)
    code = industry.code if industry else ""
    return remembered(
        "labelling.estimate", run.pk, region.pk if region else "", code, make=lambda: _estimate(run, region, code)
    )


def _estimate(run: Run, region: Region | None, industry: str) -> Figure | None:
    base = base_run(run)
    found = figures.evidence(base, region, industry=industry) if base else None
    if base is None or found is None or (not industry and found.industries):
        return None
    counts = model_counts(base, region)
    return figures.figure(found, industry, str(_("核心和服务企业")), counted=counts.get(industry, 0))


register_estimate(estimate)
