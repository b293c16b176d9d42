"""What the pages of enterprises do when a policy pack is loaded: the thresholds of layout.yaml are kept as values."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.inbox.models import PackValue
from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack


@receiver(pack_loading, dispatch_uid="enterprises.layout")
def load_layout(pack: PolicyPack, **_kwargs: Any) -> None:
    """Write the single values of layout.yaml."""
    if pack.layout is None:
        return
    source, confidence = describe(pack, pack.layout.source), pack.layout.source.confidence
    values = pack.layout.model_dump(mode="json", exclude={"source"})
    PackValue.objects.bulk_create(
        [
            PackValue(key=f"layout.{key}", value=value, source=source, confidence=confidence)
            for key, value in values.items()
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["value", "source", "confidence"],
    )
