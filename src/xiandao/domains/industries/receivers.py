"""What industries do when a policy pack is loaded."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from xiandao.domains.industries.actions import load_industries
from xiandao.domains.industries.actions.packed import load_catalogue
from xiandao.domains.industries.models import IndustryListing
from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import PlanVersion
from xiandao.domains.plans.signals import collecting_marks
from xiandao.domains.plans.text import Mark
from xiandao.packs import PolicyPack


@receiver(pack_loading, dispatch_uid="industries.load")
def load(actor: Viewer, pack: PolicyPack, **_kwargs: Any) -> None:
    """Load the pack's industry table and its product catalogue."""
    load_industries(actor, pack=pack)
    load_catalogue(actor, pack=pack)


@receiver(collecting_marks, dispatch_uid="industries.marks")
def marks(version: PlanVersion, **_kwargs: Any) -> list[Mark]:
    """Return where the text lists industries."""
    listings = IndustryListing.objects.filter(plan_code=version.plan.code, span_start__isnull=False)
    return [
        Mark(
            start=listing.span_start,
            end=listing.span_end,
            kind="industry",
            key=listing.industry_id,
            url=reverse("industries:detail", args=[listing.industry_id]),
            title=listing.industry.label,
        )
        for listing in listings.select_related("industry")
    ]
