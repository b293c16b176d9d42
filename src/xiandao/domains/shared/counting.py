"""Counting related rows without joining them: two counts in one query must not multiply each other."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def count_of(rows: QuerySet[Any], link: str, *, distinct: str = "pk", outer: str = "pk") -> Coalesce:
    """Return an annotation that counts `rows` whose field `link` is the outer row's `outer`; none is 0.

    With `distinct` the different values of that field are counted.
    """
    counted = (
        rows.filter(**{link: OuterRef(outer)})
        .order_by()
        .values(link)
        .annotate(n=Count(distinct, distinct=True))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
