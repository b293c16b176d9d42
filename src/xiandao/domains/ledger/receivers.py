"""What ledger do when something happens elsewhere."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from xiandao.domains.enterprises.signals import demo_firms_going
from xiandao.domains.inbox.models import PackValue
from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.ledger.actions import expire_due
from xiandao.domains.ledger.actions.publishing import load_published
from xiandao.domains.ledger.demo import remove_demo
from xiandao.domains.ledger.registry import PACK_VALUE
from xiandao.domains.orgs.signals import demo_removing, pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack
from xiandao.packs.loader import PUBLISHED


@receiver(pack_loading, dispatch_uid="ledger.kinds")
def load_kinds(actor: Viewer, pack: PolicyPack, **_kwargs: Any) -> None:
    """Keep the kinds of entries of ledger.yaml and enter what others published; without the file all stays as it is."""
    if pack.ledger is None:
        return
    PackValue.objects.update_or_create(
        key=PACK_VALUE,
        defaults={
            "value": pack.ledger.model_dump(mode="json")["kinds"],
            "source": describe(pack, pack.ledger.source),
            "confidence": pack.ledger.source.confidence,
        },
    )
    published = pack.path / PUBLISHED
    if published.is_file():
        load_published(actor, published.read_text(encoding="utf-8"), file=PUBLISHED)


@receiver(clocks_ran, dispatch_uid="ledger.expire")
def expire(actor: Viewer, today: dt.date, now: dt.datetime, **_kwargs: Any) -> None:
    """Let entries expire whose validity is past."""
    expire_due(actor, today=today, now=now)


@receiver(demo_firms_going, dispatch_uid="ledger.demo_of_firms")
@receiver(demo_removing, dispatch_uid="ledger.demo")
def demo(actor: Viewer, **_kwargs: Any) -> None:
    """Remove demonstration entries, before the enterprises and bodies that hold them; twice does nothing more."""
    remove_demo(actor)
