"""Reading single values of the pack, such as the hour of the digest or the mark of a reminder letter's number."""

from typing import Any

from xiandao.domains.inbox.models import PackValue


def value(key: str) -> Any:
    """Return a value of progress.yaml, or of another file by its name before the key (layout.small_number).

    Raises PackValue.DoesNotExist where the pack gives none.
    """
    return PackValue.objects.values_list("value", flat=True).get(key=key)
