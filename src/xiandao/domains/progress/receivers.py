"""What progress does when other domains act."""

import datetime as dt
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.orgs.signals import demo_removing, pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import PlanVersion
from xiandao.domains.plans.signals import plan_published
from xiandao.domains.progress.actions.assignments import sync_all, sync_assignments
from xiandao.domains.progress.actions.excel_import import fail_interrupted
from xiandao.domains.progress.actions.problems import escalate_due
from xiandao.domains.progress.demo import remove_demo


@receiver(plan_published, dispatch_uid="progress.duties_of_version")
def follow_the_plan(actor: Viewer, version: PlanVersion, **_kwargs: Any) -> None:
    """Bring the duties in line with the version that has just come into force."""
    sync_assignments(actor, plan=version.plan, now=timezone.now())


@receiver(pack_loading, dispatch_uid="progress.duties_of_pack")
def follow_the_pack(actor: Viewer, **_kwargs: Any) -> None:
    """Bring the duties in line with the pack's counterparts, which may change without a plan changing."""
    sync_all(actor, now=timezone.now())


@receiver(clocks_ran, dispatch_uid="progress.escalate_problems")
def escalate_problems(actor: Viewer, today: dt.date, now: dt.datetime, **_kwargs: Any) -> None:
    """Hand problems whose time has run out to the coordination mechanism."""
    escalate_due(actor, today=today, now=now)


@receiver(clocks_ran, dispatch_uid="progress.fail_interrupted_imports")
def fail_interrupted_imports(actor: Viewer, now: dt.datetime, **_kwargs: Any) -> None:
    """Say of files whose process was killed that nothing of them was saved."""
    fail_interrupted(actor, now=now)


@receiver(demo_removing, dispatch_uid="progress.remove_demo")
def remove_demo_progress(actor: Viewer, **_kwargs: Any) -> None:
    """Remove the invented rounds before the invented people go."""
    remove_demo(actor)
