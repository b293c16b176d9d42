"""What the review desk does when something happens elsewhere: a run takes its place, the demonstration goes."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from xiandao.domains.enterprises.models import Run
from xiandao.domains.enterprises.signals import demo_firms_going, run_finishing
from xiandao.domains.labelling.actions.labels import carry_over
from xiandao.domains.orgs.signals import demo_removing
from xiandao.domains.orgs.viewer import Viewer


@receiver(run_finishing, dispatch_uid="labelling.carry_over")
def carry_labels_over(run: Run, actor: Viewer, now: dt.datetime, **_kwargs: Any) -> None:
    """Let what people settled hold in the new run, where the text is the one they read."""
    carry_over(actor, run, now=now)


@receiver(demo_firms_going, dispatch_uid="labelling.remove_demo_of_firms")
@receiver(demo_removing, dispatch_uid="labelling.remove_demo")
def remove_demo_labels(actor: Viewer, **_kwargs: Any) -> None:
    """Remove the invented samples, labels and objections before the invented firms and people go."""
    from xiandao.domains.labelling.demo import remove_demo

    remove_demo(actor)
