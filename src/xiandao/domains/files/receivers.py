"""What files do when a policy pack is loaded: they keep which types may be uploaded."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.files.models import AllowedType
from xiandao.domains.orgs.signals import pack_loading
from xiandao.packs import PolicyPack


@receiver(pack_loading)
def load_types(pack: PolicyPack, **_kwargs: Any) -> None:
    """Write the types of files.yaml; files already stored stay whatever their type."""
    if pack.files is None:
        return
    AllowedType.objects.all().delete()
    AllowedType.objects.bulk_create(
        AllowedType(ending=ending, order=order) for order, ending in enumerate(pack.files.types)
    )
