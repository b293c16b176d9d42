"""Writing the industry table. It comes with a policy pack; the pack's loading is what is audited."""

from django.db import transaction

from xiandao.domains.industries.models import Industry, IndustryAlias, IndustryGroup, IndustryListing
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack


@transaction.atomic
def load_industries(actor: Viewer, *, pack: PolicyPack) -> None:
    """Write the pack's industries, aliases and listings. Raises Refused unless the system acts."""
    if not actor.is_system:
        raise Refused("产业目录随政策包载入。")
    table = pack.industries
    groups = [
        IndustryGroup(code=g.code, name=g.name, name_en=g.en, open_ended=g.open_ended, order=order)
        for order, g in enumerate(table.groups)
    ]
    IndustryGroup.objects.bulk_create(
        groups,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "open_ended", "order"],
    )
    industries = [
        Industry(code=row.code, name=row.name, name_en=row.en, group_id=row.group, order=order)
        for order, row in enumerate(table.industries)
    ]
    Industry.objects.bulk_create(
        industries,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "group", "order"],
    )
    IndustryAlias.objects.all().delete()
    IndustryAlias.objects.bulk_create(
        IndustryAlias(
            industry_id=row.code, name=alias.name, relation=alias.relation, source=describe(pack, alias.source)
        )
        for row in table.industries
        for alias in row.aliases
    )
    _load_listings(pack)


def _load_listings(pack: PolicyPack) -> None:
    """Write which document names which industry how, and which it leaves out."""
    titles = {document.id: document.title for document in pack.meta.documents}
    rows = []
    for version in pack.industries.versions:
        shared = {"document": version.document, "title": titles[version.document], "plan_code": version.plan or ""}
        rows += [
            IndustryListing(
                industry_id=wording.industry,
                listed=True,
                printed=wording.name,
                group=wording.group or "",
                relation=wording.relation,
                span_start=wording.span[0] if wording.span else None,
                span_end=wording.span[1] if wording.span else None,
                **shared,
            )
            for wording in version.wordings
        ]
        rows += [IndustryListing(industry_id=code, listed=False, **shared) for code in version.absent]
    IndustryListing.objects.all().delete()
    IndustryListing.objects.bulk_create(rows)
