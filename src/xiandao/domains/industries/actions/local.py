"""Cities' own product lists, mapped beside the province's: by the city itself or by who edits the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.industries.models import LocalItem, LocalLink, LocalList, Relation
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack

KIND: Final = "local_list"
name_kind(KIND, gettext_lazy("地方目录"))
CREATED = register("catalogue.local_created", gettext_lazy("登记地方目录"))
CHANGED = register("catalogue.local_changed", gettext_lazy("修改地方目录内容"))
MAPPED = register("catalogue.local_mapped", gettext_lazy("对应地方目录"))
REMOVED = register("catalogue.local_removed", gettext_lazy("删除地方目录"))
MOST_ITEMS: Final = 3000
_LONGEST: Final = 200


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


def may_keep(viewer: Viewer, region: str) -> Answer:
    """Whether the viewer may keep a place's list: the place's own body that reports, or who edits the catalogue."""
    if viewer.can(Can.EDIT_CATALOGUE):
        return ALLOWED
    if viewer.can(Can.REPORT) and viewer.region == region:
        return ALLOWED
    return refuse(_("地方目录由本市填报单位或省里修订产品目录的单位维护。"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: its code where it has one, and its words."""

    code: str
    name: str


def lines(text: str) -> list[Line]:
    """Return the lines pasted: a code before a tab or a bar, if any, then the words; empty lines go."""
    found = []
    for row in text.splitlines():
        cells = [cell.strip() for cell in row.replace("|", "\t").split("\t") if cell.strip()]
        if cells:
            found.append(Line(cells[0] if len(cells) > 1 else "", cells[1] if len(cells) > 1 else cells[0]))
    return found


@transaction.atomic
def create_list(actor: Viewer, *, region: Region, name: str, source: str, text: str) -> LocalList:
    """Take down a list of a city. Raises Refused without the right, for an empty or too long list or a name taken."""
    may_keep(actor, region.code).require()
    if region.kind not in (RegionKind.CITY, RegionKind.PROVINCE):
        raise Refused(_("地方目录按设区市登记。"))
    if not name.strip():
        raise Refused(_("请填写名称。"))
    if LocalList.objects.filter(region=region, name=name.strip()).exists():
        raise Conflict(_("%(region)s已有同名的目录，请在那一份上改。") % {"region": region.label})
    row = LocalList.objects.create(region=region, name=name.strip()[:200], source=source.strip()[:300], is_local=True)
    _add(row, _checked(text, 0), 0)
    audit.record(actor, CREATED, kind=KIND, key=str(row.pk), label=str(row.name), after={"items": row.items.count()})
    return row


@transaction.atomic
def add_items(actor: Viewer, *, pk: int, text: str) -> int:
    """Add lines to a list and return how many; those that are there already are left out."""
    row = _take(actor, pk)
    have = set(row.items.values_list("name", flat=True))
    fresh = [line for line in _checked(text, len(have)) if line.name not in have]
    if not fresh:
        raise Refused(_("这些内容都已在目录里。"))
    last = row.items.order_by("-order").first()
    _add(row, fresh, last.order + 1 if last is not None else 0)
    _touch(row)
    audit.record(actor, CHANGED, kind=KIND, key=str(pk), label=row.name, after={"added": [each.name for each in fresh]})
    return len(fresh)


@transaction.atomic
def remove_items(actor: Viewer, *, pk: int, items: Iterable[int]) -> int:
    """Remove lines from a list with what they are mapped to."""
    row = _take(actor, pk)
    gone = row.items.filter(pk__in=list(items))
    names = list(gone.values_list("name", flat=True))
    if not names:
        raise Refused(_("请先选择要删去的项。"))
    gone.delete()
    _touch(row)
    audit.record(actor, CHANGED, kind=KIND, key=str(pk), label=row.name, before={"removed": names})
    return len(names)


@transaction.atomic
def map_items(
    actor: Viewer, *, pk: int, seen: int, links: Mapping[int, Mapping[str, str]], segments: Iterable[str]
) -> int:
    """Say under which segments lines fall (item to segment to relation) and return how many lines changed.

    Lines not in `links` stay. `segments` are those of the catalogue in force. Raises Conflict where somebody changed
    the list since its revision `seen`, Refused for an unknown segment or relation.
    """
    row = _take(actor, pk)
    if row.revision != seen:
        raise Conflict(_("别人刚刚改过这份目录，您的对应没有保存。下面是最新的内容，请核对后重新选。"))
    known, before, after = set(segments), {}, {}
    for item in row.items.filter(pk__in=list(links)).prefetch_related("links"):
        old = {link.target: link.relation for link in item.links.all()}
        new = dict(links[item.pk])
        if old == new:
            continue
        _require_known(new, known | set(old), item.name)
        item.links.all().delete()
        LocalLink.objects.bulk_create(LocalLink(item=item, target=key, relation=how) for key, how in new.items())
        before[item.name], after[item.name] = old, new
    if not after:
        return 0
    _touch(row)
    audit.record(actor, MAPPED, kind=KIND, key=str(pk), label=row.name, before=before, after=after)
    return len(after)


@transaction.atomic
def remove_list(actor: Viewer, *, pk: int, reason: str) -> None:
    """Remove a list with all its lines. Raises Refused without a reason."""
    row = _take(actor, pk)
    if not reason.strip():
        raise Refused(_("请写明为什么删除。"))
    audit.record(
        actor,
        REMOVED,
        kind=KIND,
        key=str(pk),
        label=row.name,
        before={"region": row.region_id, "items": list(row.items.values_list("name", flat=True))},
        reason=reason.strip(),
    )
    row.delete()


def _take(actor: Viewer, pk: int) -> LocalList:
    row = LocalList.objects.select_for_update(of=("self",)).get(pk=pk)
    may_keep(actor, row.region_id).require()
    return row


def _touch(row: LocalList) -> None:
    row.revision += 1
    row.is_local = True
    row.save(update_fields=["revision", "is_local"])


def _checked(text: str, have: int) -> list[Line]:
    found = list({line.name: line for line in lines(text)}.values())
    if not found:
        raise Refused(_("请填写目录内容，一行一项。"))
    if have + len(found) > MOST_ITEMS:
        raise Refused(_("一份目录最多 %(most)s 项。") % {"most": MOST_ITEMS})
    long = next((line.name for line in found if len(line.name) > _LONGEST), "")
    if long:
        raise Refused(_("“%(name)s……”超过 %(most)s 字，请只写产品名称。") % {"name": long[:20], "most": _LONGEST})
    return found


def _add(row: LocalList, found: list[Line], order: int) -> None:
    LocalItem.objects.bulk_create(
        LocalItem(list=row, code=line.code[:60], name=line.name, order=order + number)
        for number, line in enumerate(found)
    )


def _require_known(links: Mapping[str, str], known: set[str], name: str) -> None:
    for target, how in links.items():
        if target not in known:
            raise Refused(_("“%(name)s”：省目录里没有“%(target)s”，请从列表里选。") % {"name": name, "target": target})
        if how not in Relation.values:
            raise Refused(_("“%(name)s”：不认识的关系。") % {"name": name})
