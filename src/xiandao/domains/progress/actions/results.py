"""A verified claim becomes a result, or joins the one it is the same as; a result that proves wrong is voided."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import AlsoCounts, Plan
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions import sameness
from xiandao.domains.progress.faults import needed_reason
from xiandao.domains.progress.models import Claim, ClaimState, Result, ResultCount, Sequence

COUNTED = register("progress.result_counted", gettext_lazy("认定成果"))
JOINED = register("progress.result_joined", gettext_lazy("并入已认定的成果"))
VOIDED = register("progress.result_voided", gettext_lazy("撤销成果认定"))
KIND = "progress.result"
_WHY = "the verifier has been checked"
_COPIED = (
    "item",
    "name",
    "identifier_kind",
    "identifier",
    "holder",
    "holder_code",
    "region",
    "industry",
    "happened_on",
    "quantity",
    "unit",
)
Target = tuple[int, str]
Known = Callable[[Claim, set[Target]], set[int]]
_known: Final[list[Known]] = []


def register_known(known: Known) -> Known:
    """Register who knows results that became so without a claim, such as the ledger.

    It is given a claim and the targets it serves, and answers with the primary keys of those that are the same thing.
    """
    _known.append(known)
    return known


def count(actor: Viewer, claim: Claim, *, also: Iterable[Target] = (), now: dt.datetime) -> Result:
    """Make a verified claim count, once, towards its target and those that share its results; return the result.

    `also` are targets (plan id, key) linked by overlap that the verifier says it serves too. Called inside the
    transaction that verifies. Raises Conflict where the claim is the same as two results that were counted apart.
    """
    targets = _targets(claim, also)
    found = _live_results(sameness.same_things(claim), {pk for known in _known for pk in known(claim, targets)})
    if len(found) > 1:
        codes = _("、").join(result.code for result in found)
        raise Conflict(
            _("“%(name)s”与分别认定过的 %(codes)s 是同一成果：请先撤销其中多认定的，再核实。")
            % {"name": claim.name, "codes": codes}
        )
    result = _join(actor, claim, found[0]) if found else _make(actor, claim, now)
    _count_towards(result, targets, now)
    claim.result = result
    return result


def _live_results(claims: set[int], known: set[int]) -> list[Result]:
    """Return the results in force that some claims became, and those known otherwise, locked."""
    ids = Claim.objects.for_system(_WHY).filter(pk__in=claims, state=ClaimState.VERIFIED).values("result")
    rows = Result.objects.for_system(_WHY).select_for_update().filter(Q(pk__in=ids) | Q(pk__in=known), void_at=None)
    return list(rows.order_by("pk"))


def _make(actor: Viewer, claim: Claim, now: dt.datetime) -> Result:
    """Make a result of a claim, with the next number of the year."""
    year = timezone.localdate(now).year
    result = Result(
        code=f"R{year}-{Sequence.take('result', year):06}",
        counted_at=now,
        counted_by=actor.name,
        **{name: getattr(claim, name) for name in _COPIED},
    )
    result.save(force_insert=True)
    _record(actor, COUNTED, result, claim)
    return result


def _join(actor: Viewer, claim: Claim, result: Result) -> Result:
    """Let a claim be another writing of a result that stands."""
    if claim.name not in (result.name, *result.other_names):
        result.other_names = [*result.other_names, claim.name]
        result.save(update_fields=["other_names"])
    _record(actor, JOINED, result, claim)
    return result


def _record(actor: Viewer, action: RegisteredAction, result: Result, claim: Claim) -> None:
    audit.record(
        actor,
        action,
        kind=KIND,
        key=result.code,
        label=result.name,
        after={"claim": claim.pk, "name": claim.name, "quantity": claim.quantity, "target": claim.target_key},
    )


def _targets(claim: Claim, also: Iterable[Target]) -> set[Target]:
    """Return the targets a claim serves: its own, those linked to it, and of overlapping ones those named in `also`."""
    if not claim.target_key:
        return set()
    own = (claim.report.assignment.plan_id, claim.target_key)
    links = shared_targets(own)
    served = {own} | {target for target, rule in links.items() if rule != "overlap"}
    return served | {target for target in also if links.get(target) == "overlap"}


def shared_targets(own: Target) -> dict[Target, str]:
    """Return the targets the results of a target serve too, with the rule: of a part the whole, not the reverse."""
    plan, key = own
    found: dict[Target, str] = {}
    for link in AlsoCounts.objects.filter(Q(plan=plan, key=key) | Q(other_plan=plan, other_key=key)):
        forward = (link.plan_id, link.key) == own
        if link.rule == "subset" and not forward:
            continue
        found[(link.other_plan_id, link.other_key) if forward else (link.plan_id, link.key)] = link.rule
    return found


def _count_towards(result: Result, targets: set[Target], now: dt.datetime) -> None:
    """Count a result towards targets it does not count towards yet."""
    have = set(ResultCount.objects.filter(result=result).values_list("plan_id", "target_key"))
    ResultCount.objects.bulk_create(
        ResultCount(result=result, plan_id=plan, target_key=key, counted_at=now) for plan, key in sorted(targets - have)
    )


def may_void(viewer: Viewer, result: Result) -> Answer:
    """Whether the viewer may void a result: who steers, or who decides the claims behind it."""
    if result.void_at is not None:
        return refuse(_("这项成果的认定已经撤销。"))
    if viewer.can(Can.STEER):
        return ALLOWED
    if not viewer.can(Can.VERIFY):
        return refuse(_("您的岗位不能撤销成果认定。"))
    claims = Claim.objects.for_system("who decided a result may void it").filter(result=result)
    for claim in claims.select_related("report__assignment__parent"):
        if viewer.organisation_id in rules.claim_verifiers_of(claim.report.assignment):
            return ALLOWED
    return refuse(_("只有核实这项成果的牵头部门和统筹协调单位可以撤销认定。"))


@transaction.atomic
def void_result(actor: Viewer, *, code: str, reason: str, now: dt.datetime | None = None) -> Result:
    """Take a result out of every count from now on; what was counted on days past stays so.

    Raises Result.DoesNotExist, Refused, Conflict if it is void already, BadFields without a reason.
    """
    moment = now or timezone.now()
    result: Result = Result.objects.visible_to(actor).select_for_update().get(code=code)
    if result.void_at is not None:
        raise Conflict(_("这项成果的认定已经撤销。"))
    may_void(actor, result).require()
    said = needed_reason(reason, _("请写明撤销认定的理由。"))
    plans = dict(Plan.objects.for_system(_WHY).values_list("pk", "code"))
    counts = ResultCount.objects.filter(result=result, void_at=None)
    before = [f"{plans[plan]} {key}" for plan, key in counts.values_list("plan_id", "target_key")]
    counts.update(void_at=moment)
    result.void_at, result.void_reason = moment, said
    result.save(update_fields=["void_at", "void_reason"])
    audit.record(
        actor,
        VOIDED,
        kind=KIND,
        key=result.code,
        label=result.name,
        before={"counts": before},
        after={"counts": []},
        reason=said,
    )
    return result
