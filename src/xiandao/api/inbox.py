"""What waits for whoever asks: the same tasks as on the home page."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from xiandao.api import schemas
from xiandao.domains.inbox import queries
from xiandao.domains.inbox.rows import TaskRow

router = Router()
MOST = 500


@router.get("", response={200: schemas.TaskPage, 404: schemas.Missing, 422: schemas.BadInput}, summary="我的待办")
def list_tasks(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=1_000_000),
) -> dict[str, Any]:
    """Return the open tasks of the post acted in, nearest last day first; for whom none can come it is not there."""
    if not queries.may_have_tasks(request.viewer):
        raise Http404
    count, rows = queries.part(request.viewer, limit=limit, offset=offset)
    return {"count": count, "limit": limit, "offset": offset, "items": [_task(row) for row in rows]}


def _task(row: TaskRow) -> dict[str, Any]:
    task, rule = row.task, row.task.clock_rule
    return {
        "id": task.pk,
        "kind": task.kind,
        "label": row.label,
        "subject": row.subject,
        "object_kind": task.object_kind,
        "object_key": task.object_key,
        "url": row.url,
        "opened_at": task.opened_at,
        "opened_by": task.opened_by,
        "due_on": task.due_on,
        "due_provisional": task.due_provisional,
        "group": row.group.name.lower(),
        "left": row.left,
        "left_unit": ("working" if row.working else "natural") if row.left is not None else None,
        "paused": row.paused,
        "otherwise": row.otherwise,
        "rule": {"key": rule.key, "name": rule.name, "source": rule.source, "confidence": rule.confidence}
        if rule
        else None,
        "person": task.person.name if task.person else None,
        "handed_by": task.handed_by.name if task.handed_by else None,
        "seen": row.seen,
    }
