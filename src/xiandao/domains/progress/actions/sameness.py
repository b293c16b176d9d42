"""Whether a claimed result is one somebody has claimed already: certain by its number, else asked of the verifier."""

import datetime as dt
from collections.abc import Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import AlsoCounts
from xiandao.domains.progress.models import Certainty, Claim, ClaimState, SamenessQuestion, Sequence, Verdict
from xiandao.engines.sameness import Candidate, Pair, find_pairs, normalise_name
from xiandao.engines.sameness import Certainty as Sure

DECIDED = register("progress.sameness_decided", gettext_lazy("判定是否同一成果"))
LIVE = (ClaimState.CLAIMED, ClaimState.VERIFIED)
_WHY = "looking for the same thing everywhere; what may be shown of it is for the page to say"
Target = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verifier's answer to one question: the same thing or not, and why."""

    question: int
    same: bool
    note: str


def one_at_a_time() -> None:
    """Compare and count alone until the transaction ends.

    Two claims of one thing submitted at the same moment would not see one another, and two verified at the same moment
    would count twice. Called before anything is compared or recorded.
    """
    Sequence.hold("sameness", 0)


def name_keys_of(names: Many[str]) -> list[str]:
    """Return the canonical forms of names without the places in them; one query for all."""
    places = _place_names() if names else ()
    return [normalise_name(name, places)[:300] for name in names]


def _place_names() -> tuple[str, ...]:
    return tuple(Region.objects.values_list("name", flat=True))


def linked_targets() -> dict[Target, Target]:
    """Return for each target that shares results with others one of its family that stands for all of them."""
    family: dict[Target, Target] = {}

    def root(target: Target) -> Target:
        while family.get(target, target) != target:
            target = family[target]
        return target

    for link in AlsoCounts.objects.order_by("plan", "key", "other_plan", "other_key"):
        one, other = (link.plan_id, link.key), (link.other_plan_id, link.other_key)
        family.setdefault(one, one)
        family[root(other)] = root(one)
    return {target: root(target) for target in family}


def ask(claims: Many[Claim], *, now: dt.datetime) -> list[SamenessQuestion]:
    """Compare claims with every live claim they could be the same as, and with one another; return the new questions.

    What is certain is answered by its number; the rest waits for the verifier. Open questions that no longer arise,
    because the claim was corrected, are dropped; answers given stay.
    """
    if not claims:
        return []
    own = {claim.pk for claim in claims}
    families = linked_targets()
    rows = _with_places(Claim.objects.for_system(_WHY).filter(pk__in=own))
    known = _with_places(_comparable(rows, families).exclude(pk__in=own))
    by_pk = {row.pk: row for row in [*rows, *known]}
    pairs = find_pairs(
        [_candidate(row, families) for row in rows],
        [_candidate(row, families) for row in known],
        places=_place_names(),
        similar_from=value("similar_name"),
    )
    found = {(int(pair.new), int(pair.known)): pair for pair in pairs}
    before = SamenessQuestion.objects.for_system(_WHY).filter(claim__in=own)
    for question in before:
        pair = found.pop((question.claim_id, question.other_id), None)
        if pair is None and question.verdict == Verdict.OPEN:
            question.delete()
    return SamenessQuestion.objects.bulk_create(
        _question(pair, by_pk[new], by_pk[other], now) for (new, other), pair in found.items()
    )


def foresee(claims: Many[Claim], *, but: Iterable[int] = ()) -> list[Pair]:
    """Return what `ask` would find about claims that are not saved yet; nothing is kept.

    Keys of new ones are their places in `claims`, which have report and region set. `but` are ids of claims not to be
    compared with, such as those they are to replace.
    """
    if not claims:
        return []
    families = linked_targets()
    known = _with_places(_comparable(claims, families).exclude(pk__in=list(but)))
    return find_pairs(
        [replace(_candidate(row, families), key=str(place)) for place, row in enumerate(claims)],
        [_candidate(row, families) for row in known],
        places=_place_names(),
        similar_from=value("similar_name"),
    )


def _comparable(rows: Iterable[Claim], families: dict[Target, Target]) -> QuerySet[Claim]:
    """Return the live claims that serve the same targets, or that like some of `rows` serve none."""
    targets = {(row.report.assignment.plan_id, row.target_key) for row in rows if row.target_key}
    plans = {row.report.assignment.plan_id for row in rows}
    roots = {families.get(target, target) for target in targets}
    wanted = targets | {target for target, root in families.items() if root in roots}
    condition = Q(pk__in=[])
    for plan, key in sorted(wanted):
        condition |= Q(report__assignment__plan=plan, target_key=key)
    if any(not row.target_key for row in rows):
        condition |= Q(report__assignment__plan__in=plans, target_key="")
    return Claim.objects.for_system(_WHY).filter(condition, state__in=LIVE)


def _with_places(rows: QuerySet[Claim]) -> list[Claim]:
    return list(rows.select_related("region", "report__assignment").order_by("pk"))


def _candidate(claim: Claim, families: dict[Target, Target]) -> Candidate:
    """Return a claim as the engine compares it: only within what serves the same target, or the same class."""
    target = (claim.report.assignment.plan_id, claim.target_key)
    plan, key = families.get(target, target)
    return Candidate(
        key=str(claim.pk),
        name=claim.name,
        identifier=claim.identifier if claim.identifier_kind else "",
        place=_city(claim.region),
        holder=claim.holder_code or claim.holder,
        kind=f"{plan} {key}" if claim.target_key else f"- {normalise_name(claim.item)}",
        date=claim.happened_on,
    )


def _city(region: Region | None) -> str:
    """Return the code of the city a place lies in; nothing for a province, which every place lies in."""
    if region is None or region.kind == RegionKind.PROVINCE:
        return ""
    return region.code if region.kind == RegionKind.CITY else region.parent_id or ""


def _question(pair: Pair, claim: Claim, other: Claim, now: dt.datetime) -> SamenessQuestion:
    # A number that is a certificate here and a project there may be two things.
    certain = pair.certainty is Sure.CERTAIN and claim.identifier_kind == other.identifier_kind
    return SamenessQuestion(
        claim=claim,
        other=other,
        certainty=Certainty.CERTAIN if certain else Certainty.ASK,
        score=pair.score,
        reasons=[reason.value for reason in pair.reasons],
        verdict=Verdict.SAME if certain else Verdict.OPEN,
        asked_at=now,
        decided_at=now if certain else None,
        decided_by=_("系统（编号相同）") if certain else "",
    )


def decide(actor: Viewer, claim: Claim, judgements: Iterable[Judgement], *, now: dt.datetime) -> None:
    """Write the verifier's answers about one claim. The caller has checked that she decides it, in its transaction.

    An answer by number may be overruled, with a reason, as long as the claim is undecided.
    """
    questions = {row.pk: row for row in claim.questions.for_system(_WHY).select_for_update()}
    for judgement in judgements:
        row = questions.get(judgement.question)
        if row is None:
            continue
        verdict = Verdict.SAME if judgement.same else Verdict.DIFFERENT
        if row.verdict == verdict:
            continue
        before = {"verdict": row.verdict}
        row.verdict, row.decided_at, row.decided_by = verdict, now, actor.name
        row.note = judgement.note.strip()
        row.save(update_fields=["verdict", "decided_at", "decided_by", "note"])
        audit.record(
            actor,
            DECIDED,
            kind="progress.claim",
            key=str(claim.pk),
            label=claim.name,
            before=before,
            after={"other": row.other_id, "verdict": row.verdict},
            reason=row.note,
        )


def open_questions(claim: Claim) -> QuerySet[SamenessQuestion]:
    """Return the questions about a claim that still have to be answered: those about a claim that is still live."""
    return claim.questions.for_system(_WHY).filter(verdict=Verdict.OPEN, other__state__in=LIVE)


def same_things(claim: Claim) -> set[int]:
    """Return the ids of all claims that were found to be the same thing as a claim, directly or through others."""
    found, edge = {claim.pk}, {claim.pk}
    while edge:
        rows = SamenessQuestion.objects.for_system(_WHY).filter(
            Q(claim__in=edge) | Q(other__in=edge), verdict=Verdict.SAME
        )
        edge = {pk for pair in rows.values_list("claim", "other") for pk in pair} - found
        found |= edge
    return found - {claim.pk}


def require_answers(claim: Claim) -> None:
    """Raise Conflict while a question about a claim is open."""
    if open_questions(claim).exists():
        raise Conflict(_("“%(name)s”疑似与已申报的成果相同：请先逐条判定是否同一成果。") % {"name": claim.name})
