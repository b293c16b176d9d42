"""The work on a register handed in: checking it, saying what it would change, and loading it whole or not at all."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.enterprises import jobs, lake, pack
from xiandao.domains.enterprises.actions.following import follow
from xiandao.domains.enterprises.models import RegisterState, RegisterVersion
from xiandao.domains.enterprises.signals import register_loaded
from xiandao.domains.industries.registers.comparing import KINDS, Comparison, compare
from xiandao.domains.industries.registers.errors import RegisterError
from xiandao.domains.industries.registers.normal import write_bad_rows, write_normal
from xiandao.domains.industries.registers.reading import open_register
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import Refused

LOADED = register("registers.loaded", gettext_lazy("载入登记名录"))
KIND: Final = "register"
name_kind(KIND, gettext_lazy("登记名录"))
_CHUNK: Final = 1 << 20


def check(pk: int, *, told: Callable[[int], None] | None = None) -> None:
    """Check a register that waits to be checked and keep what was found. Does nothing where it was cancelled."""
    version = jobs.begin(RegisterVersion, pk, RegisterState.CHECKING)
    if version is None:
        return
    beside = lake.folder("registers") / f".{lake.stem(version)}.parquet"
    try:
        jobs.actor_of(version)
        found = _check(version, beside, jobs.ticker(version, RegisterState.CHECKING, told))
    except jobs.Stopped:
        return
    except RegisterError as error:
        reason = _("%(found)s。应为：%(expected)s。处理：%(mend)s。")
        words = {"found": error.found, "expected": error.expected, "mend": error.mend}
        _end(version, RegisterState.FAULTY, reason=reason % words)
    except Refused as refused:
        _end(version, RegisterState.FAILED, reason=str(refused.reason))
    except OSError as error:
        _end(version, RegisterState.FAILED, reason=_("文件无法读写：%(error)s") % {"error": error.strerror or error})
        raise
    except Exception:
        _end(version, RegisterState.FAILED, reason=jobs.broken())
        raise
    else:
        _end(version, RegisterState.READY, **found)
    finally:
        beside.unlink(missing_ok=True)


def _check(version: RegisterVersion, beside: Path, tick: Callable[[int], None]) -> dict[str, Any]:
    """Write the version's files and return what to keep of it."""
    opened = open_register(lake.place(version.incoming))
    rows = RegisterVersion.objects.for_system(jobs.WHY).filter(pk=version.pk)
    rows.update(total=opened.rows or 0)
    counts = write_normal(opened, pack.places(), beside, lake.beside(version, "findings"), tick)
    write_bad_rows(opened.bad, lake.beside(version, "bad"))
    if not counts.rows:
        raise RegisterError("没有一行可以载入", "至少一家有名称的企业", "核对文件内容")
    target = lake.folder("registers") / f"{lake.stem(version)}.parquet"
    lake.persist(beside, target)
    former = in_force()
    version.path, version.rows = lake.name_of(target), counts.rows
    return {
        "path": version.path,
        "sha256": sha256_of(target),
        "rows": counts.rows,
        "bad_rows": counts.bad,
        "done": counts.rows + counts.bad + counts.duplicates,
        "total": counts.rows + counts.bad + counts.duplicates,
        "counts": counts.plain(),
        "follows": comparable(version, former),
        "preview": preview_of(version, comparable(version, former)),
    }


def in_force() -> RegisterVersion | None:
    """Return the register in force, or None."""
    return RegisterVersion.objects.for_system(jobs.WHY).filter(state=RegisterState.CURRENT).first()


def comparable(version: RegisterVersion, former: RegisterVersion | None) -> RegisterVersion | None:
    """Return the version a register is compared with: none where the one in force is a demonstration and it is not."""
    return former if former is not None and former.is_demo == version.is_demo else None


def preview_of(version: RegisterVersion, former: RegisterVersion | None) -> dict[str, Any]:
    """Return what a version would change against the former one, by city, with examples; {} for the first one."""
    if former is None:
        return {}
    return _plain(compare(lake.register_file(former), lake.register_file(version)))


def _plain(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON holds it, counties added to their cities."""
    city_of = dict(
        Region.objects.filter(kind__in=("district", "county_city", "county", "zone")).values_list("code", "parent")
    )
    by_city: dict[str, dict[str, int]] = {}
    for region, counts in found.by_region.items():
        city = by_city.setdefault(city_of.get(region) or region, {})
        for kind, number in counts.items():
            city[kind] = city.get(kind, 0) + number
    return {
        "totals": {kind: found.total(kind) for kind in KINDS},
        "by_city": dict(sorted(by_city.items())),
        "examples": found.examples,
        "asked": len(found.asked),
    }


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


@transaction.atomic
def _end(version: RegisterVersion, state: RegisterState, *, reason: str = "", **found: Any) -> None:
    """Keep what came of a check, unless it was cancelled meanwhile."""
    rows = RegisterVersion.objects.for_system(jobs.WHY).select_for_update()
    locked = rows.get(pk=version.pk)
    if locked.state not in (RegisterState.CHECKING, RegisterState.LOADING):
        return
    for name, value in found.items():
        setattr(locked, name, value)
    locked.state, locked.reason = state, reason
    locked.save()


def load(pk: int, *, now: dt.datetime | None = None) -> None:
    """Load a register that was confirmed: one transaction brings enterprises up to date and puts it in force.

    Where another version came into force since the preview, nothing is loaded: it is to be looked at again.
    """
    version = jobs.begin(RegisterVersion, pk, RegisterState.LOADING)
    if version is None:
        return
    try:
        actor = jobs.actor_of(version)
        former = version.follows
        found = compare(lake.register_file(former), lake.register_file(version)) if former is not None else None
        with transaction.atomic():
            done = _load(version, actor, found, now or timezone.now())
    except Refused as refused:
        _end(version, RegisterState.FAILED, reason=str(refused.reason))
    except Exception:
        _end(version, RegisterState.FAILED, reason=jobs.broken())
        raise
    else:
        if done:
            lake.place(version.incoming).unlink(missing_ok=True)


def _load(version: RegisterVersion, actor: Any, found: Comparison | None, now: dt.datetime) -> bool:
    rows = RegisterVersion.objects.for_system(jobs.WHY).select_for_update()
    locked = rows.get(pk=version.pk)
    if locked.state != RegisterState.LOADING:
        return False
    former = rows.filter(state=RegisterState.CURRENT).first()
    if comparable(locked, former) != version.follows:
        follows = comparable(locked, former)
        reason = _("预览之后另有一版名录已经载入，将要改动的与您看到的不同。请再看一遍。")
        preview = preview_of(locked, follows)
        _end(version, RegisterState.READY, reason=reason, follows=follows, preview=preview)
        return False
    if former is not None:
        rows.filter(pk=former.pk).update(state=RegisterState.SUPERSEDED)
    locked.state, locked.loaded_at, locked.reason, locked.incoming = RegisterState.CURRENT, now, "", ""
    locked.save(update_fields=["state", "loaded_at", "reason", "incoming"])
    changed = follow(locked, found, now=now)
    register_loaded.send(sender=RegisterVersion, register=locked, actor=actor, now=now)
    audit.record(
        actor,
        LOADED,
        kind=KIND,
        key=str(locked.number),
        label=locked.title,
        before={"register": former.number} if former is not None else None,
        after={"sha256": locked.sha256, "rows": locked.rows, "as_of": locked.as_of, "changes": changed},
    )
    return True
