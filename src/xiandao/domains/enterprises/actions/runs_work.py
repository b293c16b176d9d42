"""The work of a run: the register in force identified, its result written to the lake and, in one transaction, to the
database.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.enterprises import jobs, lake, pack
from xiandao.domains.enterprises.actions.runs_writing import write_result
from xiandao.domains.enterprises.models import RegisterState, Run, RunState
from xiandao.domains.enterprises.signals import run_finishing
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.industries.registers.running import metadata, write
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.engines.identify import Identifier, identify

FINISHED = register("runs.finished", gettext_lazy("完成识别"))
KIND: Final = "run"
name_kind(KIND, gettext_lazy("识别批次"))
_THREADS: Final = 2


def work(pk: int, *, told: Callable[[int], None] | None = None, now: dt.datetime | None = None) -> None:
    """Do a run that waits: identify, write, take the former run's place. Does nothing where it was cancelled."""
    run = jobs.begin(Run, pk, RunState.WAITING, RunState.RUNNING)
    if run is None:
        return
    try:
        actor = jobs.actor_of(run)
        _identify(run, told)
        with transaction.atomic():
            _finish(run.pk, actor, now or timezone.now())
    except jobs.Stopped:
        return
    except Refused as refused:
        _fail(run, str(refused.reason))
    except Exception:
        _fail(run, jobs.broken())
        raise


def _identify(run: Run, told: Callable[[int], None] | None) -> None:
    """Write the result file and note on the run what it was made with."""
    found = pack.model_in_force()
    model = found.model
    identifier = Identifier(catalogue.engine_catalogue(run.catalogue), model)
    tick = jobs.ticker(run, RunState.RUNNING, told)
    read = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal read
        for batch in lake.batches(run.register):
            yield batch
            read += batch.num_rows
            tick(read)

    results = identify(counted(), identifier, name="name", scope="scope", keys=lake.KEYS, threads=_THREADS)
    moment = run.started_at or timezone.now()
    target = lake.folder("runs") / f"{run.number}-{moment.astimezone(dt.UTC):%Y%m%d%H%M%S}.parquet"
    beside = Path(f"{target}.new")
    pairs, into, enterprises = write(results, beside, metadata(identifier))
    lake.persist(beside, target)
    rows = Run.objects.for_system(jobs.WHY).filter(pk=run.pk, state=RunState.RUNNING)
    kept = rows.update(
        model_digest=found.digest,
        model_card=model.card,
        accept=model.accept,
        reject=model.reject,
        path=lake.name_of(target),
        done=read,
        total=read,
        counts={"rows": read, "pairs": pairs, "in": into, "enterprises_in": enterprises},
    )
    if not kept:
        raise jobs.Stopped


def _finish(pk: int, actor: Viewer, now: dt.datetime) -> None:
    """Put a run in force within a transaction."""
    rows = Run.objects.for_system(jobs.WHY).select_for_update(of=("self",)).select_related("register", "catalogue")
    run = rows.get(pk=pk)
    if run.state != RunState.RUNNING:
        raise jobs.Stopped
    if run.register.state != RegisterState.CURRENT:
        raise Refused(_("识别期间另有一版名录载入，本批次没有生效。请重新启动识别。"))
    former = rows.filter(state=RunState.CURRENT).first()
    counts = write_result(run, now=now)
    run_finishing.send(sender=Run, run=run, former=former, actor=actor, now=now)
    if former is not None:
        Run.objects.for_system(jobs.WHY).filter(pk=former.pk).update(state=RunState.SUPERSEDED)
    run.state, run.ended_at, run.counts = RunState.CURRENT, now, run.counts | counts
    run.save(update_fields=["state", "ended_at", "counts"])
    audit.record(
        actor,
        FINISHED,
        kind=KIND,
        key=str(run.number),
        label=str(run),
        before={"run": former.number} if former is not None else None,
        after={
            "register": run.register.number,
            "catalogue": run.catalogue.code,
            "model": run.model_digest,
            **run.counts,
        },
    )


@transaction.atomic
def _fail(run: Run, reason: str) -> None:
    rows = Run.objects.for_system(jobs.WHY).filter(pk=run.pk, state=RunState.RUNNING)
    kept: dict[str, Any] = {"state": RunState.FAILED, "reason": reason, "ended_at": timezone.now()}
    rows.update(**kept)
