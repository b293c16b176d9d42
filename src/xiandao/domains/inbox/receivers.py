"""What the inbox does when a policy pack is loaded: it keeps the time limits and single values."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.inbox.models import ClockRule, PackValue
from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack


@receiver(pack_loading)
def load_clock_rules(pack: PolicyPack, **_kwargs: Any) -> None:
    """Write the time limits of deadlines.yaml; a running clock keeps its start and takes the rule's new length."""
    rows = [
        ClockRule(
            key=clock.key,
            name=clock.name,
            name_en=clock.en,
            days=clock.days,
            unit=clock.unit,
            bound=clock.bound,
            event=clock.event,
            event_en=clock.event_en,
            starts=clock.starts,
            silence=clock.silence,
            on_lapse=clock.on_lapse,
            extension_days=clock.extension_days,
            roll_to_working_day=clock.roll_to_working_day,
            source=describe(pack, clock.source),
            confidence=clock.source.confidence,
        )
        for clock in pack.deadlines.deadlines
    ]
    fields = [field.name for field in ClockRule._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
    ClockRule.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=fields)


@receiver(pack_loading)
def load_values(pack: PolicyPack, **_kwargs: Any) -> None:
    """Write the single values of progress.yaml."""
    if pack.progress is None:
        return
    source = describe(pack, pack.progress.source)
    rows = [
        PackValue(key=key, value=value, source=source, confidence=pack.progress.source.confidence)
        for key, value in pack.progress.model_dump(mode="json", exclude={"source"}).items()
    ]
    PackValue.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["value", "source", "confidence"]
    )
