"""What every action on a target shares: the target in force, who may, and faults that name their field."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan, PlanVersion, Target
from xiandao.domains.progress.queries.targets import target_in_force

MOST_DIGITS = Decimal(10) ** 15


class BadFields(Refused):
    """What was entered does not hold together. `faults` are (field, sentence); "" stands for the whole."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(sentence for _field, sentence in self.faults))


def steered_target(actor: Viewer, plan: str, key: str) -> Target:
    """Return the target the coordinator works on, its plan locked so that two of them work one after the other.

    Raises Refused for others, and where the plan in force has no such target (any more).
    """
    if not actor.can(Can.STEER):
        raise Refused(_("只有统筹协调单位可以设定基数、进度安排和分市份额。"))
    return locked_target(actor, plan, key)


def locked_target(actor: Viewer, plan: str, key: str) -> Target:
    """Return a target in force with its plan locked. Raises Refused where there is none."""
    try:
        target: Target = target_in_force(actor, plan, key)
    except (PlanVersion.DoesNotExist, Target.DoesNotExist):
        raise Refused(_("现行方案中没有这个目标（%(key)s）。") % {"key": key}) from None
    Plan.objects.for_system("one change at a time").select_for_update().get(pk=target.version.plan_id)
    return target


def object_key(target: Target) -> str:
    """Return the key under which the audit log keeps what happened to a target."""
    return f"{target.version.plan.code}/{target.key}"


def fits(value: Decimal) -> bool:
    """Whether a number can be kept exactly: six places, at most fifteen digits before the point."""
    exponent = value.as_tuple().exponent
    return value.is_finite() and abs(value) < MOST_DIGITS and isinstance(exponent, int) and exponent >= -6  # noqa: PLR2004
