"""What industries do when a policy pack is loaded."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.industries.actions import load_industries
from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.packs import PolicyPack


@receiver(pack_loading, dispatch_uid="industries.load")
def load(actor: Viewer, pack: PolicyPack, **_kwargs: Any) -> None:
    """Load the pack's industry table."""
    load_industries(actor, pack=pack)
