"""What programmes do when something happens elsewhere."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.orgs.signals import demo_removing, pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.calls import close_due
from xiandao.domains.programmes.actions.loading import load_programmes
from xiandao.packs import PolicyPack


@receiver(pack_loading, dispatch_uid="programmes.load")
def load(actor: Viewer, pack: PolicyPack, **_kwargs: Any) -> None:
    """Load the pack's programmes."""
    load_programmes(actor, pack=pack)


@receiver(clocks_ran, dispatch_uid="programmes.close_calls")
def close_calls(actor: Viewer, now: dt.datetime, **_kwargs: Any) -> None:
    """Close calls whose time is over."""
    close_due(actor, now=now)


@receiver(demo_removing, dispatch_uid="programmes.remove_demo")
def remove_demo_applications(actor: Viewer, **_kwargs: Any) -> None:
    """Remove the invented calls, needs and applications before the invented bodies go."""
    from xiandao.domains.programmes.demo import remove_demo

    remove_demo(actor)
