# ruff: noqa: SLF001 — a queryset hands its own scope on to its clones
"""One policy per model answers "may she, and if not why" and "which may she see", so that the two cannot disagree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from xiandao.domains.orgs.viewer import Viewer


class Refused(Exception):  # noqa: N818 — read as a sentence: the action was refused
    """An action was refused. `reason` says why and what would make it possible, in the reader's language."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Conflict(Refused):
    """The object is not in a state that allows the action, or somebody else changed it meanwhile."""


class UnscopedReadError(RuntimeError):
    """A query was run without saying for whom. A programming error, never shown to a person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Allowed or not, and if not why."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise Refused with the reason unless allowed."""
        if not self.allowed:
            raise Refused(self.reason)


ALLOWED = Answer(allowed=True)


def refuse(reason: str | Promise) -> Answer:
    """Return a refusal with its reason."""
    return Answer(allowed=False, reason=reason)


class ScopedQuerySet(models.QuerySet):
    """A queryset that cannot be read until it has been told for whom (`visible_to`) or why not (`for_system`)."""

    _scope: str = ""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return only what the viewer may see, by the model's `visible` predicate."""
        scoped = self.all() if viewer.is_system else self.filter(self.model.visible(viewer))
        scoped._scope = viewer.account or "public"
        return scoped

    def for_system(self, why: str) -> Self:
        """Return everything, for code that has checked permission itself; `why` is for the reader of the code."""
        if not why:
            raise ValueError("for_system needs a reason")
        unscoped = self.all()
        unscoped._scope = f"system: {why}"
        return unscoped

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._scope = self._scope
        return clone

    def _demand_scope(self) -> None:
        if not self._scope and self._result_cache is None:
            raise UnscopedReadError(f"{self.model.__name__} 的查询未说明为谁而查：请先调用 visible_to(viewer)")

    def _fetch_all(self) -> None:
        self._demand_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        self._demand_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._demand_scope()
        return super().count()

    def exists(self) -> bool:
        self._demand_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._demand_scope()
        return super().aggregate(*args, **kwargs)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):
    """The public manager of every model whose rows are not for everybody."""


class ScopedModel(models.Model):
    """Base of models read through a scope. A subclass says in `visible` which rows a viewer sees."""

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        abstract = True

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Return the condition of the rows the viewer may see; nothing unless a subclass says otherwise."""
        return Q(pk__in=[])
