"""What the quality page shows: by industry counts, precision, recall with intervals, and what is still missing."""

import datetime as dt
from dataclasses import dataclass

from xiandao.domains.enterprises.models import Run
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling import figures
from xiandao.domains.labelling.actions.labels import current_run
from xiandao.domains.labelling.estimates import base_run, model_counts
from xiandao.domains.labelling.figures import Evidence, Quality
from xiandao.domains.orgs.models import Region
from xiandao.engines.estimation import Bin


@dataclass(frozen=True)
class Line:
    """One industry, or all together."""

    code: str
    name: str
    quality: Quality | None
    wording: str
    closed_at: dt.datetime | None


@dataclass(frozen=True)
class Page:
    """The numbers of one run in one place; `base` is the run that was sampled, which may be an earlier one."""

    run: Run | None
    base: Run | None
    evidence: Evidence | None
    total: Line | None
    lines: list[Line]
    bins: list[Bin]
    error: float | None

    @property
    def blind(self) -> Quality | None:
        """What the look at those without a term says of any industry in which it found nothing."""
        known = (line.quality for line in self.lines if line.quality is not None)
        return next((each for each in known if each.unseen is not None and not each.unseen_hits), None)


def page(region: Region | None) -> Page:
    """Return what is known of the run in force in a place."""
    run = current_run()
    base = base_run(run) if run else None
    names = {each.code: each.label for each in Industry.objects.order_by("order")}
    if run is None or base is None:
        counts = model_counts(run, region) if run else {}
        lines = [Line(code, names[code], None, "", None) for code in names if counts.get(code)]
        return Page(run, base, None, None, lines, [], None)
    counts = model_counts(base, region)
    whole = figures.evidence(base, region)
    lines = []
    for code, name in names.items():
        found = figures.evidence(base, region, industry=code) if whole is None else whole
        if code not in counts and not (found and any(each.belongs(code) for each in found.looked)):
            continue
        lines.append(_line(code, name, found, counts.get(code, 0)))
    every = whole if whole is not None and not whole.industries else None
    bins, error = figures.calibration(every) if every else ([], None)
    return Page(
        run=run,
        base=base,
        evidence=every,
        total=_line("", "", every, counts.get("", 0)) if every else None,
        lines=lines,
        bins=bins,
        error=error,
    )


def _line(code: str, name: str, found: Evidence | None, counted: int) -> Line:
    if found is None:
        return Line(code, name, None, "", None)
    made = figures.quality(found, code, counted=counted)
    figure = figures.figure(found, code, name, counted=counted)
    return Line(code, name, made, figure.wording or "" if figure else "", found.closed_at)
