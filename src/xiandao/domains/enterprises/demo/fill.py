"""Loads the invented register in two versions and has both identified, by the very actions a person would use."""

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.actions.registers import About, load_register
from xiandao.domains.enterprises.actions.runs import start_run
from xiandao.domains.enterprises.demo.firms import Version, table
from xiandao.domains.enterprises.demo.wording import MARK
from xiandao.domains.enterprises.demo.world import SEED, World, goods_of, places_of
from xiandao.domains.enterprises.models import Classification, Enterprise, RegisterState, RegisterVersion, RunState
from xiandao.domains.industries.models import Segment, Trap
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.orgs.models import Organisation, OrganisationKind, Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

_WHY: Final = "filling the demonstration"
_VERSIONS: Final[tuple[Version, ...]] = ("older", "newer")


def fill_demo(actor: Viewer, *, now: dt.datetime | None = None, size: int = 1500, seed: int = SEED) -> dict[str, int]:
    """Load and identify both versions of the invented register; return how much of what.

    Raises Refused outside demonstration mode, for anybody but the system, and where the catalogue or the model is
    missing; Conflict where a register was loaded before.
    """
    if not settings.DEMO_MODE or not actor.is_system:
        raise Refused(_("演示数据只能在演示模式下由命令行载入。"))
    if RegisterVersion.objects.for_system(_WHY).exists():
        raise Conflict(_("已经有登记名录，不再载入演示名录。"))
    moment = now or timezone.now()
    world = _world(timezone.localdate(moment), size=size, seed=seed)
    by = replace(actor, name=MARK)
    with tempfile.TemporaryDirectory() as folder:
        for version, day in zip(_VERSIONS, (world.older, world.newer), strict=True):
            path = Path(folder) / f"演示名录{day:%Y%m%d}.parquet"
            pq.write_table(table(world, version), path)
            _load(by, path, day)
            if version == "newer":
                _link(world.known)
            run = start_run(by, at_once=True)
            if run.state != RunState.CURRENT:
                raise Refused(run.reason)
    return {
        "registers": len(_VERSIONS),
        "enterprises": Enterprise.objects.for_system(_WHY).filter(is_demo=True).count(),
        "results": Classification.objects.for_system(_WHY).filter(run=run).count(),
    }


def _load(actor: Viewer, path: Path, day: dt.date) -> None:
    about = About(
        title=_("登记名录 %(day)s%(mark)s") % {"day": f"{day:%Y-%m}", "mark": MARK},
        as_of=day,
        source=_("虚构，供演示"),
        is_demo=True,
        identify=False,
    )
    version = load_register(actor, path=path, about=about)
    if version.state != RegisterState.CURRENT:
        raise Refused(version.reason)


def _world(today: dt.date, *, size: int, seed: int) -> World:
    """Return what the register is drawn from: the places and the catalogue in force; as of the end of last month and of
    a year before. Raises Refused without a catalogue.
    """
    version = catalogue.in_force()
    if version is None:
        raise Refused(_("还没有现行的产品目录，造不出演示名录。"))
    newer = today.replace(day=1) - dt.timedelta(days=1)
    older = newer.replace(year=newer.year - 1, day=min(newer.day, 28))
    segments = Segment.objects.filter(version=version).values_list("industry_id", "code", "gbt4754")
    traps: dict[str, tuple[str, ...]] = {}
    for industry, text in Trap.objects.filter(version=version).order_by("order").values_list("industry_id", "text"):
        traps[industry or ""] = (*traps.get(industry or "", ()), text)
    return World(
        places=places_of(Region.objects.values_list("code", "name", "parent_id")),
        goods=goods_of(
            catalogue.engine_catalogue(version),
            activities={(industry, code): tuple(codes) for industry, code, codes in segments},
            traps=traps,
        ),
        older=older,
        newer=newer,
        size=size,
        seed=seed,
        known=tuple(_bodies().values_list("name", flat=True)),
    )


def _bodies() -> QuerySet[Organisation]:
    return Organisation.objects.filter(is_demo=True, kind=OrganisationKind.ENTERPRISE).order_by("code")


def _link(names: tuple[str, ...]) -> None:
    """Say which enterprise a demonstration account acts for."""
    for body in _bodies().filter(name__in=names):
        Enterprise.objects.for_system(_WHY).filter(name=body.name, is_demo=True).update(organisation=body)
