"""Hooks for domains to the right: who else delivers the outcome of reviews."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from xiandao.domains.programmes.models import Call

OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class ReviewSource:
    """One that holds reviews and delivers what came out by `actions.reviewing.deliver`.

    `code` is kept with each result; `url`: where the review of a call is to be seen.
    """

    code: str
    label: str | Promise
    url: Callable[["Call"], str] | None = None


_sources: dict[str, ReviewSource] = {}


def register_review(source: ReviewSource) -> ReviewSource:
    """Register who delivers outcomes of reviews and return it; a second registration of a code is an error."""
    if source.code in _sources or source.code == OUTSIDE:
        raise ValueError(f"评审来源 {source.code} 重复登记")
    _sources[source.code] = source
    return source


def review_sources() -> dict[str, ReviewSource]:
    """Return every registered source by code."""
    return dict(_sources)
