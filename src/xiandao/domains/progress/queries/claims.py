"""Reading claims: evidence, questions of sameness, and no more of another's claim than one may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Claim, ClaimState, Report, SamenessQuestion, Verdict
from xiandao.engines.sameness import Reason

# Why two claims may be one thing, and what speaks against it, in words.
REASONS: dict[str, str | Promise] = {
    Reason.SAME_IDENTIFIER.value: _("编号相同"),
    Reason.SAME_NAME.value: _("名称相同"),
    Reason.SIMILAR_NAME.value: _("名称相近"),
    Reason.SAME_PLACE.value: _("同一地区"),
    Reason.SAME_HOLDER.value: _("同一承担单位"),
    Reason.SAME_DATE.value: _("同一日期"),
    Reason.NAMES_DIFFER.value: _("但名称不同"),
    Reason.IDENTIFIERS_DIFFER.value: _("但编号不同"),
    Reason.PLACES_DIFFER.value: _("但地区不同"),
    Reason.NAMED_PLACES_DIFFER.value: _("但名称中的地名不同"),
    Reason.NUMBERS_DIFFER.value: _("但序号、期次不同"),
}


def claims(viewer: Viewer) -> QuerySet[Claim]:
    """Return the claims the viewer sees that were submitted, newest first."""
    rows = Claim.objects.visible_to(viewer).exclude(state=ClaimState.DRAFT).exclude(claimed_at=None)
    return _with_names(rows).order_by("-claimed_at", "-pk")


def claims_of(viewer: Viewer, found: Report) -> QuerySet[Claim]:
    """Return the claims of a report but those taken back."""
    rows = Claim.objects.visible_to(viewer).filter(report=found).exclude(state=ClaimState.WITHDRAWN)
    return _with_names(rows).order_by("number")


def earlier_claims(viewer: Viewer, found: Report) -> QuerySet[Claim]:
    """Return what the duty of a report claimed in other rounds: not to be claimed again."""
    rows = Claim.objects.visible_to(viewer).filter(report__assignment=found.assignment_id)
    rows = rows.exclude(report=found).filter(state__in=(ClaimState.CLAIMED, ClaimState.VERIFIED))
    return _with_names(rows).order_by("-report__round__period_end", "number")


def _with_names(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    return rows.select_related(
        "region",
        "industry",
        "result",
        "report__round",
        "report__assignment__organisation",
        "report__assignment__region",
        "report__assignment__plan",
        "report__assignment__parent",
    )


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question of sameness as one reader may see it: `other` is None where the other claim is not hers to see."""

    question: SamenessQuestion
    other: Claim | None

    @property
    def reasons(self) -> list[str]:
        """Why it is asked, in words."""
        return [str(REASONS[reason]) for reason in self.question.reasons if reason in REASONS]


def doubts(viewer: Viewer, found: Iterable[Claim], *, everything: bool = False) -> dict[int, list[Doubt]]:
    """Return the questions about claims by the claim's id.

    The other claim is shown to who may see it; with `everything` also to the one who has to decide, who could not
    otherwise. Questions about claims that were taken back or rejected since are left out unless answered.
    """
    ids = [claim.pk for claim in found]
    rows = SamenessQuestion.objects.for_system("the claims are the viewer's to see").filter(claim__in=ids)
    rows = list(rows.order_by("-score", "pk"))
    others = _with_names(Claim.objects.for_system("what is shown of them is decided here")).in_bulk(
        {row.other_id for row in rows}
    )
    seen = set(others)
    if not everything:
        seen = set(Claim.objects.visible_to(viewer).filter(pk__in=others).values_list("pk", flat=True))
    grouped: dict[int, list[Doubt]] = defaultdict(list)
    for row in rows:
        other = others[row.other_id]
        if row.verdict == Verdict.OPEN and other.state not in (ClaimState.CLAIMED, ClaimState.VERIFIED):
            continue
        grouped[row.claim_id].append(Doubt(row, other if row.other_id in seen else None))
    return dict(grouped)
