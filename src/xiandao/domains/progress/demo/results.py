"""Invented claims and the results they became, spread over the reports whose measure has a target."""

import datetime as dt
import io
import random
from collections import defaultdict
from decimal import Decimal

from xiandao.domains.files.models import Attachment, StoredFile
from xiandao.domains.files.storing import fingerprint, store
from xiandao.domains.industries.models import Industry
from xiandao.domains.plans.models import AlsoCounts, PlanVersion, Target
from xiandao.domains.progress.demo.wording import BODIES, FIRST, MARK, SECOND
from xiandao.domains.progress.evidence import CLAIM
from xiandao.domains.progress.models import (
    Claim,
    ClaimState,
    Report,
    ReportState,
    Result,
    ResultCount,
    Sequence,
)
from xiandao.engines.sameness import normalise_name

_STATES = {
    ReportState.DRAFT: ClaimState.DRAFT,
    ReportState.RETURNED: ClaimState.CLAIMED,
    ReportState.SUBMITTED: ClaimState.CLAIMED,
    ReportState.VERIFIED: ClaimState.VERIFIED,
}
# How far each target is by now, as a share of where it should be: some ahead, some behind.
_PACE = (1.16, 1.08, 0.95, 1.1, 0.82, 1.07, 0.7, 1.02, 1.12, 0.88, 1.05, 0.65, 1.09, 0.97, 1.14)
_BATCH = 500


def claim_results(
    version: PlanVersion, reports: list[Report], *, total: int | None, elapsed: float, dice: random.Random
) -> tuple[int, int]:
    """Write claims for the reports' targets, and results for those verified; return how many of each."""
    targets = list(
        Target.objects.for_system("filling").filter(version=version, measure__isnull=False).select_related("measure")
    )
    by_measure: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.state in _STATES:
            by_measure[report.assignment.measure_key].append(report)
    industries = list(Industry.objects.order_by("order"))
    claims: list[Claim] = []
    numbers: dict[int, int] = defaultdict(int)
    for target, wanted in _wanted(targets, total, elapsed):
        for serial in range(1, wanted + 1):
            written = by_measure.get(target.measure.key) if target.measure else None
            if written:
                report = dice.choice(written)
                numbers[report.pk] += 1
                claims.append(
                    _claim(
                        report,
                        target,
                        serial=serial,
                        number=numbers[report.pk],
                        dice=dice,
                        industries=industries,
                    )
                )
    results = _results([claim for claim in claims if claim.state == ClaimState.VERIFIED])
    Claim.objects.bulk_create(claims, batch_size=_BATCH)
    _count(version, [(claim, claim.result) for claim in claims if claim.result])
    _evidence([claim for claim in claims if claim.claimed_at is not None])
    return len(claims), len(results)


def _wanted(targets: list[Target], total: int | None, elapsed: float) -> list[tuple[Target, int]]:
    """Return how many things to invent for each target: about what is due by now, or `total` spread evenly."""
    counted = [target for target in targets if target.value]
    if total is not None:
        return [(target, total // len(counted) + (n < total % len(counted))) for n, target in enumerate(counted)]
    paces = [float(target.value or 0) * elapsed * _PACE[n % len(_PACE)] for n, target in enumerate(counted)]
    return [(target, max(1, round(pace))) for target, pace in zip(counted, paces, strict=True)]


def _claim(
    report: Report, target: Target, *, serial: int, number: int, dice: random.Random, industries: list[Industry]
) -> Claim:
    firm = f"{dice.choice(FIRST)}{dice.choice(SECOND)}{serial}号{dice.choice(BODIES)}"
    place = report.assignment.region.name
    name = f"{place}{firm}{target.name[:20]}{MARK}"
    state = _STATES[ReportState(report.state)]
    happened = report.round.period_end - dt.timedelta(days=dice.randint(1, 85))
    return Claim(
        report=report,
        number=number,
        target_key=target.key,
        item=target.name[:100],
        name=name,
        name_key=normalise_name(name, (place,)),
        identifier_kind="other",
        identifier=f"DEMO-{target.key}-{serial:05}",
        holder=firm,
        region=report.assignment.region,
        industry=dice.choice(industries) if industries else None,
        happened_on=happened,
        quantity=Decimal(1),
        unit=target.unit,
        note=MARK,
        state=state,
        claimed_at=report.submitted_at,
        decided_at=report.decided_at if state == ClaimState.VERIFIED else None,
        decided_by=MARK if state == ClaimState.VERIFIED else "",
    )


def _decided(claim: Claim) -> dt.datetime:
    """Return when a verified claim was decided."""
    if claim.decided_at is None:
        raise ValueError(f"claim {claim} has not been decided")
    return claim.decided_at


def _results(verified: list[Claim]) -> list[Result]:
    """Write a result for each verified claim and put it on the claim."""
    by_year: dict[int, list[Claim]] = defaultdict(list)
    for claim in verified:
        by_year[_decided(claim).year].append(claim)
    results = []
    for year, claims in sorted(by_year.items()):
        first = Sequence.take("result", year, len(claims))
        for serial, claim in enumerate(sorted(claims, key=_decided), first):
            claim.result = _result(claim, f"R{year}-{serial:06}")
            results.append(claim.result)
    Result.objects.bulk_create(results, batch_size=_BATCH)
    return results


def _result(claim: Claim, code: str) -> Result:
    copied = ("item", "name", "identifier_kind", "identifier", "holder", "region", "industry", "happened_on")
    return Result(
        code=code,
        counted_at=_decided(claim),
        counted_by=MARK,
        quantity=claim.quantity,
        unit=claim.unit,
        **{field: getattr(claim, field) for field in copied},
    )


def _count(version: PlanVersion, counted: list[tuple[Claim, Result]]) -> None:
    """Count each result towards its target, and towards the other plans' targets the same results serve."""
    links: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in AlsoCounts.objects.filter(plan=version.plan, rule="same"):
        links[link.key].append((link.other_plan_id, link.other_key))
    rows = [
        ResultCount(result=result, plan_id=plan_id, target_key=key, counted_at=_decided(claim))
        for claim, result in counted
        for plan_id, key in [(version.plan_id, claim.target_key), *links[claim.target_key]]
    ]
    ResultCount.objects.bulk_create(rows, batch_size=_BATCH)


def _evidence(claims: list[Claim]) -> None:
    """Attach the one invented piece of evidence to each claim that was submitted."""
    if not claims:
        return
    content = io.BytesIO(f"演示佐证，不是真实材料。{MARK}\n".encode())
    sha256, size = fingerprint(content)
    path = store(content, sha256, size)
    file, _created = StoredFile.objects.for_system("demonstration").get_or_create(
        sha256=sha256, defaults={"size": size, "path": path, "stored_at": claims[0].claimed_at}
    )
    rows = [
        Attachment(
            file=file,
            holder_kind=CLAIM,
            holder_key=str(claim.pk),
            name=f"佐证{MARK}.txt",
            media_type="text/plain",
            uploader=MARK,
            organisation_id=claim.report.assignment.organisation_id,
            at=claim.claimed_at,
        )
        for claim in claims
        if claim.claimed_at
    ]
    Attachment.objects.bulk_create(rows, batch_size=_BATCH)
