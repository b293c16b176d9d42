"""What programmes do when something happens elsewhere."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.loading import load_programmes
from xiandao.packs import PolicyPack


@receiver(pack_loading, dispatch_uid="programmes.load")
def load(actor: Viewer, pack: PolicyPack, **_kwargs: Any) -> None:
    """Load the pack's programmes."""
    load_programmes(actor, pack=pack)
