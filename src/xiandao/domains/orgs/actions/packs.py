"""Loading a policy pack: regions and organisations here, the rest by the domains that listen."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import (
    Counterpart,
    LoadedPack,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    Region,
    Role,
    SecurityValue,
)
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack
from xiandao.packs.schema import orgs as schema

PACK_LOADED = register("orgs.pack_loaded", _("载入政策包"))


@transaction.atomic
def load_pack(actor: Viewer, *, pack: PolicyPack) -> bool:
    """Load a pack into the database, all of it or nothing; return False if this very version is loaded already.

    Loading again updates what changed and removes nothing that work may refer to. Raises Refused
    unless the system acts: packs come with the installation, not through the interface.
    """
    if not actor.is_system:
        raise Refused(_("政策包由系统管理员用命令行载入。"))
    newest = LoadedPack.objects.filter(code=pack.meta.code).first()
    if newest and newest.version == pack.version:
        return False
    _load_security(pack)
    _load_roles(pack)
    _load_regions(pack)
    _load_organisations(pack)
    pack_loading.send(sender=PolicyPack, actor=actor, pack=pack)
    LoadedPack.objects.filter(code=pack.meta.code, version=pack.version).delete()
    LoadedPack.objects.create(code=pack.meta.code, version=pack.version, title=pack.meta.title)
    audit.record(
        actor,
        PACK_LOADED,
        kind="pack",
        key=pack.meta.code,
        label=pack.meta.title,
        before={"version": newest.version} if newest else None,
        after={"version": pack.version},
    )
    return True


def _load_security(pack: PolicyPack) -> None:
    """Write the security values; what this office has set in their place stays. Without any, nobody could sign in."""
    if pack.security is None:
        if SecurityValue.objects.exists():
            return
        raise Refused(_("政策包缺少 security.yaml：没有密码、锁定、会话数值，任何人都不能登录。"))
    rows = []
    for order, key in enumerate(type(pack.security).model_fields):
        given = getattr(pack.security, key)
        source = describe(pack, given.source)
        rows.append(SecurityValue(key=key, value=given.value, unit=given.unit, source=source, order=order))
    SecurityValue.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["value", "unit", "source", "order"]
    )


def _load_roles(pack: PolicyPack) -> None:
    """Write the roles; a capability or kind of organisation the product does not know is a fault of the pack."""
    rows = []
    for order, role in enumerate(pack.roles.roles):
        known = {"capabilities": set(Can.values), "held_in": set(OrganisationKind.values)}
        for field, values in known.items():
            unknown = sorted(set(getattr(role, field)) - values)
            if unknown:
                raise Refused(
                    _("roles.yaml 角色 %(role)s 的 %(field)s：不认识 %(unknown)s；可用 %(known)s。")
                    % {
                        "role": role.code,
                        "field": field,
                        "unknown": "、".join(unknown),
                        "known": "、".join(sorted(values)),
                    }
                )
        rows.append(
            Role(
                code=role.code,
                name=role.name,
                name_en=role.en,
                may=role.may,
                may_en=role.may_en,
                capabilities=list(role.capabilities),
                held_in=list(role.held_in),
                excludes=list(role.excludes),
                administrator=role.administrator,
                source=describe(pack, role.source),
                order=order,
            )
        )
    Role.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "name",
            "name_en",
            "may",
            "may_en",
            "capabilities",
            "held_in",
            "excludes",
            "administrator",
            "source",
            "order",
        ],
    )


def _load_regions(pack: PolicyPack) -> None:
    """Write the regions, parents before children."""
    groups = {member: group for group in pack.regions.groups for member in group.members}
    waiting = {region.code: region for region in pack.regions.regions}
    while waiting:
        ready = [region for region in waiting.values() if region.parent not in waiting]
        rows = [
            Region(
                code=region.code,
                name=region.name,
                name_en=region.en,
                kind=region.kind,
                parent_id=region.parent,
                group=groups[region.code].name if region.code in groups else "",
                group_en=groups[region.code].en if region.code in groups else "",
                valid_from=region.valid_from,
                valid_to=region.valid_to,
            )
            for region in ready
        ]
        Region.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "name_en", "kind", "parent", "group", "group_en", "valid_from", "valid_to"],
        )
        for region in ready:
            del waiting[region.code]


def _load_organisations(pack: PolicyPack) -> None:
    """Write the organisations, the bureaus of each city, their aliases and counterparts."""
    coordinator = pack.organisations.coordinator.organisation
    bodies: list[schema.Organisation | schema.CityBureau] = [*pack.organisations.organisations, *pack.city_bureaus]
    kept = set(Organisation.objects.filter(is_local=True).values_list("code", flat=True))
    rows = [
        Organisation(
            code=body.code,
            name=body.name,
            full_name=body.full_name,
            name_en=body.en,
            kind=body.kind,
            region_id=body.region,
            is_coordinator=body.code == coordinator,
            note=body.note or "",
            note_en=getattr(body, "note_en", None) or "",
            order=order,
        )
        for order, body in enumerate(bodies)
        if body.code not in kept
    ]
    fields = ["name", "full_name", "name_en", "kind", "region", "is_coordinator", "note", "note_en", "order"]
    Organisation.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    ids = dict(Organisation.objects.values_list("code", "id"))
    for body in pack.organisations.organisations:
        if body.parent and body.code not in kept:
            Organisation.objects.filter(code=body.code).update(parent_id=ids[body.parent])
    aliases = [
        OrganisationAlias(organisation_id=ids[body.code], name=alias, document=pack.meta.code)
        for body in bodies
        for alias in body.aliases
        # The same short name may serve bodies in several cities; only a name that says which is an alias.
        if body.region == pack.meta.jurisdiction.region or alias.startswith(_place(pack, body.region))
    ]
    OrganisationAlias.objects.filter(document=pack.meta.code).delete()
    OrganisationAlias.objects.bulk_create(aliases)
    kept_pairs = set(Counterpart.objects.filter(is_local=True).values_list("department_id", "region_id"))
    counterparts = [
        Counterpart(
            department_id=ids[department],
            bureau_id=ids[bureau.code],
            region_id=bureau.region,
            addressed=bureau.addressed,
            source=describe(pack, bureau.source),
        )
        for bureau in pack.city_bureaus
        for department in bureau.counterpart_of
        if (ids[department], bureau.region) not in kept_pairs
    ]
    Counterpart.objects.bulk_create(
        counterparts,
        update_conflicts=True,
        unique_fields=["department", "region"],
        update_fields=["bureau", "addressed", "source"],
    )


def _place(pack: PolicyPack, code: str) -> str:
    """Return the first two characters of a place's name: enough to tell cities of one province apart."""
    return next(region.name[:2] for region in pack.regions.regions if region.code == code)
