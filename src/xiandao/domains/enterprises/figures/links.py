"""Where the rows behind a number of enterprises are shown."""

from urllib.parse import urlencode

from django.urls import reverse

from xiandao.kernel import Figure, RowsRef

SOURCE = "enterprises.list"


def rows_ref(count: int | None = None, **filters: str | int | None) -> RowsRef:
    """Return the reference to the list of enterprises under filters; empty ones are left out."""
    given = {name: str(value) for name, value in filters.items() if value not in {None, ""}}
    return RowsRef(SOURCE, given, count)


def list_url(**filters: str | int | None) -> str:
    """Return the address of the list of enterprises under filters."""
    given = urlencode(rows_ref(None, **filters).filters)
    return f"{reverse('enterprises:list')}?{given}" if given else reverse("enterprises:list")


def rows_url(figure: Figure) -> str:
    """Return the address of the very rows a figure was counted from; empty if it has none."""
    if figure.rows is None or figure.rows.source != SOURCE:
        return ""
    return list_url(**figure.rows.filters)
