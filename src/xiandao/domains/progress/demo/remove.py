"""Removes demonstration progress and everything that hangs on it, in one transaction."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.files.models import Attachment
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.demo.wording import MARK
from xiandao.domains.progress.evidence import CLAIM
from xiandao.domains.progress.kinds.problems import LETTER, PROBLEM
from xiandao.domains.progress.kinds.reports import ROUND
from xiandao.domains.progress.models import (
    Baseline,
    Claim,
    Letter,
    MeetingPack,
    Path,
    Problem,
    Report,
    Result,
    Round,
    ShareSet,
)

REMOVED = register("progress.demo_removed", _("移除演示进展"))
_WHY = "removing demonstration rows"


@transaction.atomic
def remove_demo(actor: Viewer) -> dict[str, int]:
    """Remove the demonstration rounds with their reports, claims, results, problems, letters and tasks.

    A result that a real report claims too stays. Returns how many rounds, reports, claims and results went; the audit
    log keeps what was done with them. Raises Refused for anybody but the system.
    """
    if not actor.is_system:
        raise Refused(_("演示数据由命令行移除。"))
    rounds = Round.objects.for_system(_WHY).filter(is_demo=True)
    reports = Report.objects.for_system(_WHY).filter(round__is_demo=True)
    claims = Claim.objects.for_system(_WHY).filter(report__round__is_demo=True)
    real = Claim.objects.for_system(_WHY).filter(result=OuterRef("pk"), report__round__is_demo=False)
    result_ids = list(
        Result.objects.for_system(_WHY)
        .filter(claims__report__round__is_demo=True)
        .exclude(Exists(real))
        .filter(entry=None)  # one the ledger counts too is the ledger's
        .values_list("pk", flat=True)
        .distinct()
    )
    made = {"rounds": rounds.count(), "reports": reports.count(), "claims": claims.count(), "results": len(result_ids)}
    _remove_evidence([str(pk) for pk in claims.values_list("pk", flat=True)])
    for pk in rounds.values_list("pk", flat=True):
        Task.objects.for_system(_WHY).filter(object_kind=ROUND, object_key__startswith=f"{pk}-").delete()
    problems = Problem.objects.for_system(_WHY).filter(report__round__is_demo=True)
    Task.objects.for_system(_WHY).filter(object_kind=PROBLEM, object_key__in=problems.values("code")).delete()
    letters = Letter.objects.for_system(_WHY).filter(reports__round__is_demo=True)
    letter_keys = [str(pk) for pk in letters.values_list("pk", flat=True)]
    Task.objects.for_system(_WHY).filter(object_kind=LETTER, object_key__in=letter_keys).delete()
    letters.delete()
    problems.delete()
    claims.delete()
    Result.objects.for_system(_WHY).filter(pk__in=result_ids).delete()
    _remove_planning()
    Baseline.objects.for_system(_WHY).filter(recorded_by=MARK).delete()
    reports.update(based_on=None)
    reports.delete()
    rounds.delete()
    if any(made.values()):
        audit.record(actor, REMOVED, kind="plan", key="demo", label="演示进展", before=made)
    return made


def _remove_evidence(claim_keys: list[str]) -> None:
    """Remove what was attached to claims; the one invented content stays in the storage."""
    for start in range(0, len(claim_keys), 500):
        keys = claim_keys[start : start + 500]
        Attachment.objects.for_system(_WHY).filter(holder_kind=CLAIM, holder_key__in=keys).delete()


def _remove_planning() -> None:
    """Remove what demonstration people recorded of targets, and the meeting papers made of invented numbers."""
    names = list(User.objects.filter(is_demo=True).values_list("name", flat=True))
    for model in (Path, ShareSet, Baseline):
        model.objects.for_system(_WHY).filter(recorded_by__in=names).delete()
    MeetingPack.objects.for_system(_WHY).filter(made_by__in=names).delete()
