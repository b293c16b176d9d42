"""What plans do when a policy pack is loaded."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.publish import load_plans
from xiandao.packs import PolicyPack


@receiver(pack_loading, dispatch_uid="plans.load")
def load(actor: Viewer, pack: PolicyPack, **_kwargs: Any) -> None:
    """Load the pack's plans and which of their targets count the same results."""
    load_plans(actor, pack=pack)
