"""Handing in a register: uploaded or named on the server, checked, confirmed, cancelled, repeated, put back in force.

The work itself is `registers_work`.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.enterprises import jobs, lake
from xiandao.domains.enterprises.actions import registers_work as work
from xiandao.domains.enterprises.models import Preview, RegisterState, RegisterVersion, Run
from xiandao.domains.enterprises.tasks import check_register_file, load_register_version
from xiandao.domains.files.content import clean_name
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.scanning import scan
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.archives import PIECE
from xiandao.domains.shared.liveness import is_lost

STARTED = register("registers.started", gettext_lazy("上传登记名录"))
CONFIRMED = register("registers.confirmed", gettext_lazy("确认载入登记名录"))
CANCELLED = register("registers.cancelled", gettext_lazy("取消登记名录"))
REPEATED = register("registers.repeated", gettext_lazy("重新检查登记名录"))
INTERRUPTED = register("registers.interrupted", gettext_lazy("登记名录载入中断"))
SUFFIXES: Final = (".xlsx", ".csv", ".parquet")
"""The kinds of files that can be uploaded; the command reads .xls, .tsv and .txt too."""
BUSY: Final = (RegisterState.CHECKING, RegisterState.LOADING)
OPEN: Final = (*BUSY, RegisterState.READY)
_WHY: Final = "the actor may load registers"


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of a register: its title, where it comes from, the day its data is of."""

    title: str
    as_of: dt.date
    source: str = ""
    is_demo: bool = False
    identify: bool = True


def may_load(actor: Viewer) -> None:
    """Raise Refused unless the actor may load registers and start identifications."""
    if not actor.can(Can.LOAD_REGISTERS):
        raise Refused(_("载入登记名录、启动识别由统筹协调单位办理。"))


def start_register(
    actor: Viewer, *, name: str, content: IO[bytes], about: About, now: dt.datetime | None = None
) -> RegisterVersion:
    """Take a file in and have it checked in the background. Nothing is changed by it.

    Raises Refused where the actor may not, words or the file are wrong, Conflict where another one is under way.
    """
    may_load(actor)
    name = clean_name(PurePath(name).name)
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused(_("请上传 .xlsx、.csv 或 .parquet 文件；其他格式请先另存。"))
    limits = file_limits()
    content.seek(0, 2)
    size = content.tell()
    if not size:
        raise Refused(_("文件是空的。请核对是否选对了文件。"))
    if size > limits.size:
        words = _("文件超过 %(limit)s MB 的上限。更大的名录请系统管理员在服务器上用 xiandao register load 载入。")
        raise Refused(words % {"limit": limits.megabytes})
    content.seek(0)
    scan(content)
    moment = now or timezone.now()

    def keep(target: Path) -> None:
        content.seek(0)
        with target.open("wb") as out:
            while piece := content.read(PIECE):
                out.write(piece)

    version = _take_in(actor, name, about, keep, moment, at_once=False)
    version.refresh_from_db(from_queryset=RegisterVersion.objects.for_system(_WHY))
    return version


def load_register(
    actor: Viewer,
    *,
    path: Path,
    about: About,
    told: Callable[[int], None] | None = None,
    check_only: bool = False,
    now: dt.datetime | None = None,
) -> RegisterVersion:
    """Check a file on this server and load it, while the caller waits; `told` hears how many rows were read.

    Returns the version: current, faulty or failed (`reason` says why), with `check_only` ready to be confirmed; only
    then it is identified once it is loaded, else that is the caller's to start. Raises as `start_register` does.
    """
    may_load(actor)
    moment = now or timezone.now()
    about = replace(about, identify=about.identify and check_only)
    version = _take_in(actor, path.name, about, lambda target: _link(path, target), moment, at_once=True)
    work.check(version.pk, told=told)
    version.refresh_from_db(from_queryset=RegisterVersion.objects.for_system(_WHY))
    if version.state == RegisterState.READY and not check_only:
        version = confirm_register(actor, pk=version.pk, at_once=True, now=now)
    return version


def _link(path: Path, target: Path) -> None:
    """Have a file of this server in the lake: the same content under two names where the disk allows, else a copy."""
    try:
        target.hardlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, target)


def _take_in(
    actor: Viewer, name: str, about: About, keep: Callable[[Path], None], now: dt.datetime, *, at_once: bool
) -> RegisterVersion:
    if not about.title.strip():
        raise Refused(_("请填写名录的名称，如“江苏省企业登记名录（2026年6月）”。"))
    if about.as_of > timezone.localdate(now):
        raise Refused(_("数据截止日不能晚于今天。"))
    with transaction.atomic():
        number = _next_number(about)
        incoming = lake.folder("incoming") / f"{number}-{actor.click.hex[:8]}{PurePath(name).suffix.lower()}"
        keep(incoming)
        version = RegisterVersion(
            number=number,
            title=about.title.strip()[:200],
            source=about.source.strip()[:300],
            as_of=about.as_of,
            file_name=name[:200],
            incoming=lake.name_of(incoming),
            is_demo=about.is_demo,
            identify=about.identify,
            created_at=now,
        )
        jobs.acts(version, actor, now=now, at_once=at_once)
        try:
            with transaction.atomic():
                version.save()
        except IntegrityError as error:  # two people at the same moment
            raise Conflict(_("刚刚有人上传了另一份名录。请刷新后再试。")) from error
        _record(actor, STARTED, version, after={"file": name, "size": incoming.stat().st_size, "as_of": about.as_of})
        if not at_once:
            check_register_file.enqueue(version.pk)
    return version


def _next_number(about: About) -> int:
    """Return the number of the next version; its rows stay locked. Raises Conflict where one is under way."""
    rows = RegisterVersion.objects.for_system(_WHY).select_for_update()
    sweep()
    other = rows.filter(state__in=OPEN).first()
    if other is not None:
        words = _("第 %(number)s 版名录“%(title)s”正在检查、待确认或载入。请先确认或取消它。")
        raise Conflict(words % {"number": other.number, "title": other.title})
    former = work.in_force()
    if about.is_demo and former is not None and not former.is_demo:
        raise Refused(_("已经载入真实的登记名录，不能再载入演示名录。"))
    newest = rows.order_by("-number").first()
    return newest.number + 1 if newest is not None else 1


def confirm_register(
    actor: Viewer, *, pk: int, at_once: bool = False, now: dt.datetime | None = None
) -> RegisterVersion:
    """Load what the preview shows, in the background or at once: all of it or nothing.

    Raises RegisterVersion.DoesNotExist, Refused, Conflict where it does not wait to be confirmed.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        version = take(actor, pk)
        if version.state != RegisterState.READY:
            raise Conflict(_("只有检查完毕、待确认的名录可以载入。"))
        version.state = RegisterState.LOADING
        jobs.acts(version, actor, now=moment, at_once=at_once)
        version.save()
        _record(actor, CONFIRMED, version, after={"rows": version.rows, "bad": version.bad_rows})
        if not at_once:
            load_register_version.enqueue(version.pk)
    if at_once:
        work.load(version.pk, now=now)
    version.refresh_from_db(from_queryset=RegisterVersion.objects.for_system(_WHY))
    return version


@transaction.atomic
def cancel_register(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> RegisterVersion:
    """Give a register up that is being checked or waits to be confirmed. Raises as `confirm_register` does."""
    version = take(actor, pk)
    if version.state not in (RegisterState.CHECKING, RegisterState.READY):
        raise Conflict(_("只有检查中或待确认的名录可以取消。"))
    before = version.state
    version.state, version.beat_at = RegisterState.CANCELLED, now or timezone.now()
    version.incoming = version.path = ""
    version.save(update_fields=["state", "beat_at", "incoming", "path"])
    _record(actor, CANCELLED, version, before={"state": before})
    return version


def repeat_register(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> RegisterVersion:
    """Check a register again that broke off. Raises as `confirm_register` does."""
    moment = now or timezone.now()
    with transaction.atomic():
        version = take(actor, pk)
        if not repeatable(version, now=moment):
            raise Conflict(_("名录正在处理，或已经载入，或文件已不在，不能重新检查。请重新上传。"))
        before = version.state
        version.state, version.done, version.reason, version.path = RegisterState.CHECKING, 0, "", ""
        version.preview, version.counts = {}, {}
        jobs.acts(version, actor, now=moment, at_once=False)
        version.save()
        _record(actor, REPEATED, version, before={"state": before})
        check_register_file.enqueue(version.pk)
    version.refresh_from_db(from_queryset=RegisterVersion.objects.for_system(_WHY))
    return version


def repeatable(version: RegisterVersion, *, now: dt.datetime) -> bool:
    """Whether a register may be checked again: its file is there and nobody who still lives works on it."""
    if not version.incoming or not lake.place(version.incoming).is_file():
        return False
    if version.state in BUSY:
        return is_lost(version.worker, version.beat_at, now)
    return version.state == RegisterState.FAILED


def reinstate_register(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> RegisterVersion:
    """Put a superseded version back: its rows are handed in once more as a new version, checked and shown as any.

    Nothing is undone that way: what enterprises were in between stays in their history. Raises as `start_register`
    does, Conflict unless the version was in force before.
    """
    moment = now or timezone.now()
    may_load(actor)
    old = RegisterVersion.objects.visible_to(actor).get(pk=pk)
    if old.state != RegisterState.SUPERSEDED:
        raise Conflict(_("只有曾经现行、后被替代的名录可以恢复。"))
    about = About(old.title, old.as_of, old.source, is_demo=old.is_demo)
    name = f"{old.number}.parquet"
    version = _take_in(actor, name, about, lambda target: _link(lake.register_file(old), target), moment, at_once=False)
    version.refresh_from_db(from_queryset=RegisterVersion.objects.for_system(_WHY))
    return version


def fail_interrupted(actor: Viewer, *, now: dt.datetime | None = None) -> int:
    """Mark the registers whose process was killed as broken off; return how many. Nothing of them was loaded.

    Called when the worker starts and with its clocks. Safe to repeat. Raises Refused unless the system acts.
    """
    moment = now or timezone.now()
    if not actor.is_system:
        raise Refused(_("中断的载入由平台登记。"))
    rows = RegisterVersion.objects.for_system("the worker").filter(state__in=BUSY)
    return sum(_interrupt(actor, pk, moment) for pk in list(rows.values_list("pk", flat=True)))


@transaction.atomic
def _interrupt(actor: Viewer, pk: int, moment: dt.datetime) -> bool:
    version = RegisterVersion.objects.for_system("the worker").select_for_update().get(pk=pk)
    if version.state not in BUSY or not is_lost(version.worker, version.beat_at, moment):
        return False
    before = version.state
    version.state = RegisterState.FAILED
    version.reason = _("处理到一半时程序被终止，什么都没有载入。可以重新检查。")
    version.save(update_fields=["state", "reason"])
    _record(actor, INTERRUPTED, version, before={"state": before})
    return True


def sweep() -> None:
    """Delete the files of the lake that nothing in the database names. To be called while no version is under way."""
    named: set[str] = set()
    busy = False
    for version in RegisterVersion.objects.for_system(_WHY).exclude(state=RegisterState.CANCELLED):
        lists = {lake.name_of(lake.beside(version, what)) for what in ("findings", "bad")}
        named |= {version.path, version.incoming} | lists
        busy |= version.state in BUSY
    if busy:
        return
    named |= set(Run.objects.for_system(_WHY).values_list("path", flat=True))
    running = Run.objects.for_system(_WHY).filter(state__in=("waiting", "running")).exists()
    if not running and not Preview.objects.for_system(_WHY).filter(state="running").exists():
        lake.sweep(named)


def take(actor: Viewer, pk: int) -> RegisterVersion:
    """Return a register the actor may see and load, locked. Raises RegisterVersion.DoesNotExist, Refused."""
    rows = RegisterVersion.objects.visible_to(actor).select_for_update(of=("self",))
    version: RegisterVersion = rows.get(pk=pk)
    may_load(actor)
    return version


def _record(actor: Viewer, action: RegisteredAction, version: RegisterVersion, **facts: Any) -> None:
    audit.record(actor, action, kind=work.KIND, key=str(version.number), label=version.title, **facts)
