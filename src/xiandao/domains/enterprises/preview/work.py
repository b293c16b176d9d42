"""The work of a preview: the register identified with base and draft, compared, and the result kept on its row."""

import time
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.enterprises import jobs, lake, pack
from xiandao.domains.enterprises.models import Preview, PreviewState
from xiandao.domains.enterprises.preview.comparing import Compared, Tick, compare
from xiandao.domains.industries.queries.catalogue import content_of, to_engine
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared.liveness import here
from xiandao.engines.identify import Identifier

_BEAT: Final = 0.5


def work(pk: int) -> None:
    """Do a preview that waits. Does nothing where it was cancelled meanwhile; says why where it fails."""
    rows = Preview.objects.for_system(jobs.WHY)
    if not rows.filter(pk=pk, state=PreviewState.RUNNING).update(worker=here(), beat_at=timezone.now()):
        return
    made = rows.select_related("draft__based_on", "register").get(pk=pk)
    try:
        found = _compare(made)
    except jobs.Stopped:
        return
    except Refused as refused:
        _end(made, state=PreviewState.FAILED, reason=str(refused.reason))
    except Exception:
        _end(made, state=PreviewState.FAILED, reason=jobs.broken())
        raise
    else:
        places = _placed(made, found)
        _end(made, state=PreviewState.DONE, done=found.rows, total=found.rows, counts=found.counts, examples=places)


def _compare(made: Preview) -> Compared:
    content = content_of(made.draft)
    if content.digest != made.digest or made.draft.based_on is None:
        raise Refused(_("排队期间草案又有改动，没有算。请重新算。"))
    model = pack.model_in_force().model
    base, draft = (
        Identifier(to_engine(each, code), model)
        for each, code in ((content_of(made.draft.based_on), "base"), (content, "draft"))
    )
    return compare(lake.batches(made.register), base=base, draft=draft, tick=_ticker(made))


def _ticker(made: Preview) -> Tick:
    last = 0.0

    def tick(done: int) -> None:
        nonlocal last
        if time.monotonic() - last < _BEAT:
            return
        last = time.monotonic()
        rows = Preview.objects.for_system(jobs.WHY).filter(pk=made.pk, state=PreviewState.RUNNING)
        if not rows.update(done=done, beat_at=timezone.now()):
            raise jobs.Stopped

    return tick


def _placed(made: Preview, found: Compared) -> dict[str, Any]:
    """Return the examples with the place of each, as its row of the register gives it."""
    every = [each for kinds in found.examples.values() for some in kinds.values() for each in some]
    rows = lake.rows(made.register, [each["key"] for each in every]) if every else []
    regions = {row["key"]: row["region"] or "" for row in rows}
    for each in every:
        each["region"] = regions.get(each["key"], "")
    return found.examples


def _end(made: Preview, *, state: PreviewState, **facts: Any) -> None:
    rows = Preview.objects.for_system(jobs.WHY).filter(pk=made.pk, state=PreviewState.RUNNING)
    rows.update(state=state, ended_at=timezone.now(), **facts)
