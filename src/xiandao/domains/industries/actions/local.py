"""Cities' own product lists."""

from xiandao.domains.industries.models import LocalItem, LocalLink, LocalList
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack


def load_local_lists(pack: PolicyPack) -> None:
    """Write the lists a pack brings; those the office or a city keeps by itself stay as they are."""
    header = pack.catalogue_header
    for local in header.local_lists if header else ():
        row = LocalList.objects.filter(region=local.region, name=local.name).first()
        if row is not None and row.is_local:
            continue
        if row is None:
            source = describe(pack, local.source)[:300]
            row = LocalList.objects.create(region_id=local.region, name=local.name, source=source)
        row.items.all().delete()
        items = [LocalItem(list=row, name=item.name, order=number) for number, item in enumerate(local.items)]
        made = LocalItem.objects.bulk_create(items)
        LocalLink.objects.bulk_create(
            LocalLink(item=saved, target=target)
            for saved, item in zip(made, local.items, strict=True)
            for target in dict.fromkeys(item.segments)
        )
