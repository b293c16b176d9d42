"""What files can be attached to. A domain registers its own kinds of holder; who sees the holder sees its files."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise

from xiandao.domains.audit.registry import name_kind
from xiandao.domains.orgs.permission import Answer
from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class HolderKind:
    """One kind of holder.

    `may_see`: whether the viewer sees the holder with this key (False also where there is none). `may_change`: whether
    the viewer may attach and remove files now, and if not why. `seen`: of many keys those the viewer sees, in one
    query, for pages that show files of many holders; without it each key is asked about by itself.
    """

    code: str
    label: str | Promise
    may_see: Callable[[Viewer, str], bool]
    may_change: Callable[[Viewer, str], Answer]
    seen: Callable[[Viewer, Collection[str]], Collection[str]] | None = None

    def visible_keys(self, viewer: Viewer, keys: Collection[str]) -> list[str]:
        """Return of `keys` those whose holder the viewer sees."""
        if self.seen is not None:
            seen = {str(key) for key in self.seen(viewer, keys)}
            return [key for key in keys if key in seen]
        return [key for key in keys if self.may_see(viewer, key)]


_kinds: dict[str, HolderKind] = {}


def register_holder(kind: HolderKind) -> HolderKind:
    """Register a kind of holder and return it; a second registration of a code is an error."""
    if kind.code in _kinds:
        raise ValueError(f"附件对象 {kind.code} 重复登记")
    name_kind(kind.code, kind.label)
    _kinds[kind.code] = kind
    return kind


def holders() -> dict[str, HolderKind]:
    """Return every registered kind of holder by code."""
    return dict(_kinds)
