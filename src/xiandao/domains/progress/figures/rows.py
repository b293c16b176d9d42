"""The rows behind the numbers of a target, as they stood at a moment: claimed, verified, counted."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Claim, ClaimState, Result, ResultCount

UNDONE = (ClaimState.REJECTED, ClaimState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: what lies in a city (region code; its counties count in), what one organisation reported."""

    region: str = ""
    organisation: int | None = None


WHOLE = Part()


def verified_by(as_of: dt.datetime) -> Q:
    """Return the condition of a claim that had been verified by a moment."""
    return Q(state=ClaimState.VERIFIED, decided_at__lte=as_of)


def claims(viewer: Viewer, *, as_of: dt.datetime, part: Part = WHOLE) -> QuerySet[Claim]:
    """Return the claims a viewer sees that had been submitted by `as_of` and not been withdrawn or rejected by then."""
    undone = Q(state__in=UNDONE) & (Q(decided_at=None) | Q(decided_at__lte=as_of))
    rows = Claim.objects.visible_to(viewer).filter(~undone, claimed_at__lte=as_of)
    if part.region:
        # A claim that does not say where it is lies where it was reported.
        here = "report__assignment__region"
        rows = rows.filter(
            Q(region=part.region)
            | Q(region__parent=part.region)
            | (Q(region=None) & (Q(**{here: part.region}) | Q(**{f"{here}__parent": part.region})))
        )
    if part.organisation is not None:
        rows = rows.filter(report__assignment__organisation=part.organisation)
    return rows


def counts(*, as_of: dt.datetime, part: Part = WHOLE) -> QuerySet[ResultCount]:
    """Return what counted towards targets at `as_of`. The numbers are public; who sees the rows is another matter."""
    rows = ResultCount.objects.filter(counted_at__lte=as_of).filter(Q(void_at=None) | Q(void_at__gt=as_of))
    if part.region:
        rows = rows.filter(Q(result__region=part.region) | Q(result__region__parent=part.region))
    if part.organisation is not None:
        of_body = Claim.objects.for_system("counted numbers are public").filter(
            verified_by(as_of), result=OuterRef("result"), report__assignment__organisation=part.organisation
        )
        rows = rows.filter(Exists(of_body))
    return rows


def results(
    viewer: Viewer, *, plan_id: int, target_key: str, as_of: dt.datetime, part: Part = WHOLE
) -> QuerySet[Result]:
    """Return the results a viewer sees that counted towards a target at `as_of`, each once."""
    counting = counts(as_of=as_of, part=part).filter(plan=plan_id, target_key=target_key)
    return Result.objects.visible_to(viewer).filter(pk__in=counting.values("result"))
