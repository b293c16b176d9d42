"""Where the rows behind a number are shown."""

from urllib.parse import urlencode

from django.urls import reverse

from xiandao.kernel import Figure


def rows_url(figure: Figure) -> str:
    """Return the address of the list of the very rows a figure of progress was added up from; empty if it has none."""
    if figure.rows is None or figure.rows.source != "progress.rows":
        return ""
    filters = dict(figure.rows.filters)
    plan, key, kind = filters.pop("plan"), filters.pop("key"), filters.pop("kind")
    return f"{reverse('progress:target-rows', args=[plan, key, kind])}?{urlencode(filters)}"
