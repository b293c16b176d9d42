"""What the ledger gives to domains to its left: results it counted, so that a claim of the same thing joins them."""

from xiandao.domains.ledger.actions.counting import alike_holder
from xiandao.domains.ledger.actions.entering import key_of
from xiandao.domains.ledger.models import Entry
from xiandao.domains.progress.actions.results import Target, register_known
from xiandao.domains.progress.models import Claim, ResultCount

_WHY = "looking for the same thing everywhere"


@register_known
def known(claim: Claim, targets: set[Target]) -> set[int]:
    """Return the results of entries that count towards one of the targets with the claim's name and holder."""
    if not targets:
        return set()
    rows = Entry.objects.for_system(_WHY).filter(name_key=key_of(claim.name), result__void_at=None)
    holder = (claim.holder_code, key_of(claim.holder))
    found = {}
    for row in rows.exclude(result=None).prefetch_related("holders"):
        lead = next(iter(row.holders.all()), None)
        if alike_holder(holder, (lead.credit_code, lead.name_key) if lead else ("", "")):
            found[row.result_id] = row
    counts = ResultCount.objects.filter(result__in=found, void_at=None)
    served = counts.values_list("result_id", "plan_id", "target_key")
    return {pk for pk, plan, key in served if (plan, key) in targets}
