"""Reading files handed in, and what an import leaves to be done."""

from dataclasses import dataclass, field
from typing import Any

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions.reports.content import EDITABLE
from xiandao.domains.progress.evidence import evidence_counts
from xiandao.domains.progress.excel.preview import LISTED
from xiandao.domains.progress.models import Claim, ImportJob, Round


def imports(viewer: Viewer, opened: Round | None = None) -> Any:
    """Return the files the viewer's organisation handed in, newest first, of one round or of all."""
    rows = ImportJob.objects.visible_to(viewer).select_related("round__plan", "organisation", "city", "file")
    rows = rows.filter(round=opened) if opened is not None else rows
    return rows.defer("faults", "preview")


def import_by_pk(viewer: Viewer, pk: int) -> ImportJob:
    """Return one file with what was found in it. Raises ImportJob.DoesNotExist; missing and hidden look the same."""
    rows = ImportJob.objects.visible_to(viewer)
    job: ImportJob = rows.select_related("round__plan", "organisation", "city", "file", "annotated").get(pk=pk)
    return job


@dataclass(slots=True)
class Bare:
    """A duty whose claims lack evidence: how many, and the first names."""

    report: int
    measure: str
    body: str
    count: int = 0
    names: list[str] = field(default_factory=list)


def without_evidence(job: ImportJob) -> list[Bare]:
    """Return the duties an import changed whose claims still need evidence; for callers that have the job."""
    duties = {row["report"]: Bare(row["report"], row["measure"], row["body"]) for row in job.preview.get("duties", [])}
    claims = Claim.objects.for_system("the file was handed in for these reports").filter(
        report__in=list(duties), state__in=EDITABLE
    )
    rows = list(claims.order_by("report", "number").values_list("pk", "report", "name", "item"))
    have = evidence_counts(pk for pk, _report, _name, _item in rows)
    for pk, report, name, item in rows:
        if have[pk]:
            continue
        bare = duties[report]
        bare.count += 1
        if len(bare.names) < LISTED:
            bare.names.append(name or item)
    return [bare for bare in duties.values() if bare.count]
