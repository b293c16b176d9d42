"""Reading results: what was verified, who claimed it, what it serves in every plan."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Claim, Result, ResultCount
from xiandao.domains.shared.counting import count_of


def results(viewer: Viewer) -> QuerySet[Result]:
    """Return the results the viewer sees, newest first, with `n_claims` and `n_targets` in force."""
    return (
        Result.objects.visible_to(viewer)
        .select_related("region", "industry")
        .annotate(
            n_claims=count_of(Claim.objects.for_system("how many there are, not which"), "result"),
            n_targets=count_of(ResultCount.objects.filter(void_at=None), "result"),
        )
        .order_by("-counted_at", "-pk")
    )


def result(viewer: Viewer, code: str) -> Result:
    """Return one result. Raises Result.DoesNotExist."""
    return Result.objects.visible_to(viewer).select_related("region", "industry").get(code=code)


@dataclass(frozen=True, slots=True)
class Behind:
    """The claims behind a result: those the viewer sees, and how many she does not."""

    claims: list[Claim]
    hidden: int

    @property
    def names(self) -> list[str]:
        """Under which names the claims seen have it."""
        return list(dict.fromkeys(claim.name for claim in self.claims))


def behind(viewer: Viewer, found: Result) -> Behind:
    """Return the claims behind a result."""
    rows = (
        Claim.objects.visible_to(viewer)
        .filter(result=found)
        .select_related("report__round", "report__assignment__organisation", "report__assignment__region")
        .order_by("decided_at", "pk")
    )
    total = Claim.objects.for_system("how many there are, not which").filter(result=found).count()
    seen = list(rows)
    return Behind(seen, total - len(seen))


def served(found: Result) -> QuerySet[ResultCount]:
    """Return the targets a result counts towards, and counted towards until it was voided."""
    return ResultCount.objects.filter(result=found).select_related("plan").order_by("plan__order", "target_key")
