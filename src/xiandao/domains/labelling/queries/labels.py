"""Reading labels: the list, and what refitting the model takes."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Case, F, QuerySet, Value, When

from xiandao.domains.labelling.models import Label
from xiandao.domains.orgs.viewer import Viewer


def labels(viewer: Viewer) -> QuerySet[Label]:
    """Return the labels a viewer sees, newest first; `is_same`: the enterprise's text is still the one labelled."""
    same = When(name=F("enterprise__name"), scope=F("enterprise__scope"), then=Value(True))
    return (
        Label.objects.visible_to(viewer)
        .select_related("enterprise")
        .annotate(is_same=Case(same, default=Value(False), output_field=BooleanField()))
        .order_by("-at", "-id")
    )


def exported(*, demo: bool = False) -> Iterator[dict[str, Any]]:
    """Yield what `xiandao identify fit` reads, one record an enterprise, in the order of keys.

    Current labels that speak of all industries, of whatever text: fitting needs text and label, not the enterprise of
    today. Those of the demonstration are left out unless asked for.
    """
    rows = Label.objects.for_system("the command line exports all").filter(current=True, about=[])
    if not demo:
        rows = rows.filter(is_demo=False)
    for label in rows.select_related("enterprise").order_by("enterprise__key").iterator(chunk_size=1000):
        yield {
            "name": label.name,
            "scope": label.scope,
            "labels": [{"industry": code, "role": role} for code, role in sorted(label.labels.items())],
            "doubt": label.doubtful,
        }


def partial_count() -> int:
    """Return how many current labels speak of some industries only and are not exported."""
    return Label.objects.for_system("counting").filter(current=True).exclude(about=[]).count()
