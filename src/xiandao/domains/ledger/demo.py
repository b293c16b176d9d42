"""Invented entries of several kinds in several states, marked （演示）, so that the pages show what they are for."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.files.models import Attachment
from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger.actions import Holder, correct, enter, evaluate, move
from xiandao.domains.ledger.evidence import ENTRY
from xiandao.domains.ledger.models import Entry, EntryHolder, HolderRole
from xiandao.domains.ledger.registry import EntryKind, kinds
from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Result, ResultCount

FILLED = register("ledger.demo_filled", _("载入演示台账"))
REMOVED = register("ledger.demo_removed", _("移除演示台账"))
MARK: Final = "（演示）"
_WHY: Final = "demonstration rows"
_NAMES: Final = ("启明", "远望", "星汉", "云帆", "北辰", "长风", "澄江", "青岚")


@transaction.atomic
def fill_demo(actor: Viewer, *, now: dt.datetime | None = None) -> dict[str, int]:
    """Invent two entries of each kind of the pack, and move some of them on; return how many.

    Raises Refused for anybody but the system, Conflict where there are some already.
    """
    if not actor.is_system:
        raise Refused(_("演示数据由命令行载入。"))
    if Entry.objects.for_system(_WHY).filter(is_demo=True).exists():
        raise Conflict(_("已经有演示台账。"))
    moment = now or timezone.now()
    cities = list(Region.objects.filter(kind=RegionKind.CITY).order_by("code"))
    industries = list(Industry.objects.order_by("order"))
    office = Organisation.objects.filter(is_coordinator=True).first()
    made: list[Entry] = []
    for at, kind in enumerate(kind for kind in kinds().values() if kind.by_hand):
        for n in (0, 1):
            place, field = cities[(2 * at + n) % len(cities)], industries[(2 * at + n) % len(industries)]
            word = _NAMES[(at + n) % len(_NAMES)]
            made.append(_made(actor, kind, word, place=place, field=field, office=office, at=at, now=moment))
    _move_on(actor, made, moment)
    audit.record(actor, FILLED, kind=ENTRY, key="demo", label="", after={"entries": len(made)})
    return {"entries": len(made)}


def _made(
    actor: Viewer,
    kind: EntryKind,
    word: str,
    *,
    place: Region,
    field: Industry,
    office: Organisation | None,
    at: int,
    now: dt.datetime,
) -> Entry:
    day = timezone.localdate(now) - dt.timedelta(days=200 - 10 * at)
    name = f"{place.name}{word}{field.name}{kind.name}{MARK}"
    role = HolderRole.PERSON if kind.people else HolderRole.LEAD
    given: dict[str, Any] = {"holders": [Holder(f"{word}{field.name}有限公司{MARK}", role=HolderRole.LEAD)]}
    if kind.people:
        name = f"{word}人才{place.code}{MARK}"
        given["holders"].append(Holder(name, role=role))
    return enter(
        actor,
        kind=kind.code,
        kind_name=kind.name,
        name=name,
        regions=[place.code],
        industries=[field.code],
        serves=kind.serves,
        decided_on=day,
        decision=f"关于公布{kind.name}名单的通知{MARK}",
        decision_number=f"演示〔{day.year}〕{at + 1}号",
        decided_by=office,
        valid_from=day,
        valid_to=day.replace(year=day.year + 3, day=min(day.day, 28)),
        is_demo=True,
        now=now,
        **given,
    )


def _move_on(actor: Viewer, made: list[Entry], now: dt.datetime) -> None:
    """Evaluate one, give one time to mend, remove one, rename one."""
    today = timezone.localdate(now)
    graded = [entry for entry in made if kinds()[entry.kind].scale]
    if graded:
        scale = kinds()[graded[0].kind].scale
        evaluate(actor, code=graded[0].code, period=str(today.year), grade=scale[0], on=today, now=now)
        reason = f"年度评价不合格，限期整改{MARK}"
        term = today + dt.timedelta(days=180)
        move(actor, code=graded[-1].code, step="rectify", reason=reason, term=term, now=now)
    bar = today + dt.timedelta(days=730)
    move(actor, code=made[0].code, step="remove", reason=f"主要条件不再具备{MARK}", term=bar, now=now)
    name = made[1].name.removesuffix(MARK) + f"（二期）{MARK}"
    correct(actor, code=made[1].code, reason=f"单位来函更名{MARK}", fields={"name": name}, now=now)


@transaction.atomic
def remove_demo(actor: Viewer) -> int:
    """Remove demonstration entries with the results they became; return how many. Raises Refused unless the system."""
    if not actor.is_system:
        raise Refused(_("演示数据由命令行移除。"))
    rows = Entry.objects.for_system(_WHY).filter(is_demo=True)
    EntryHolder.objects.filter(enterprise__is_demo=True).update(enterprise=None)
    codes = list(rows.values_list("code", flat=True))
    if not codes:
        return 0
    # Every result an entry ever was bears its number; one with claims belongs to the reports that claimed it.
    results = Result.objects.for_system(_WHY).filter(identifier__in=codes, claims__isnull=True)
    keys = list(results.values_list("pk", flat=True))
    Attachment.objects.for_system(_WHY).filter(holder_kind=ENTRY, holder_key__in=codes).delete()
    rows.delete()
    ResultCount.objects.filter(result__in=keys).delete()
    Result.objects.for_system(_WHY).filter(pk__in=keys).delete()
    audit.record(actor, REMOVED, kind=ENTRY, key="demo", label="", before={"entries": len(codes)})
    return len(codes)
