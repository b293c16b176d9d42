"""What a domain to the right can say of a draft of the catalogue before it is published."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from xiandao.domains.industries.models import CatalogueVersion
from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a draft was tried on a register as it stands. `possible`: there is a register to try it on."""

    possible: bool
    done: bool
    why: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: its template and what the template needs."""

    template: str
    context: dict[str, Any]


class Previewer(Protocol):
    """Tries drafts on a register."""

    def readiness(self, draft: CatalogueVersion) -> Readiness:
        """Return whether the draft was tried as it stands now."""
        ...

    def panel(self, viewer: Viewer, draft: CatalogueVersion) -> Panel:
        """Return what the draft's page shows of it."""
        ...

    def word_panel(self, draft: CatalogueVersion, industry: str) -> Panel:
        """Return what stands beside the words of a product or an industry while they are changed."""
        ...


_previewers: list[Previewer] = []


def register_preview(previewer: Previewer) -> None:
    """Register who tries drafts on a register; a later one takes the place of an earlier one."""
    _previewers[:] = [previewer]


def previewer() -> Previewer | None:
    """Return who tries drafts on a register, or None."""
    return _previewers[0] if _previewers else None
