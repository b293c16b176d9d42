"""Reading files: through their holder, so that who sees the holder sees its files and nobody else does."""

from collections.abc import Collection, Iterable

from django.db.models import Count

from xiandao.domains.files.models import Attachment
from xiandao.domains.files.registry import holders
from xiandao.domains.orgs.viewer import Viewer


def attachments(
    viewer: Viewer, holder_kind: str, keys: Iterable[str], *, removed: bool = False
) -> dict[str, list[Attachment]]:
    """Return the files of each holder the viewer sees, oldest first; a holder without files has an empty list.

    With `removed` those removed since are among them. One query for all, besides asking who sees the holders.
    """
    wanted = [str(key) for key in keys]
    kind = holders().get(holder_kind)
    visible = kind.visible_keys(viewer, wanted) if kind else []
    found: dict[str, list[Attachment]] = {key: [] for key in visible}
    rows = Attachment.objects.for_system("the holder's kind said who sees them").filter(
        holder_kind=holder_kind, holder_key__in=visible
    )
    if not removed:
        rows = rows.filter(removed_at=None)
    for row in rows.select_related("file", "organisation"):
        found[row.holder_key].append(row)
    return found


def counts(holder_kind: str, keys: Collection[str]) -> dict[str, int]:
    """Return how many files each holder has; for actions and lists that have checked who sees the holders."""
    rows = (
        Attachment.objects.for_system("counting for who has checked")
        .filter(holder_kind=holder_kind, holder_key__in=[str(key) for key in keys], removed_at=None)
        .order_by()
        .values_list("holder_key")
        .annotate(n=Count("pk"))
    )
    counted = dict(rows)
    return {str(key): counted.get(str(key), 0) for key in keys}


def attachment(viewer: Viewer, pk: int) -> Attachment:
    """Return one file that is still attached. Raises Attachment.DoesNotExist; missing and hidden look the same."""
    row = (
        Attachment.objects.for_system("the holder's kind is asked next")
        .select_related("file")
        .get(pk=pk, removed_at=None)
    )
    kind = holders().get(row.holder_kind)
    if kind is None or not kind.may_see(viewer, row.holder_key):
        raise Attachment.DoesNotExist
    return row
