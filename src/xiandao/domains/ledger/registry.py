"""Kinds of entries: those of the policy pack, and those other domains register, such as a programme's own list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from xiandao.domains.inbox.models import PackValue
from xiandao.domains.ledger.models import EntryState
from xiandao.domains.orgs.viewer import Viewer

Target = tuple[str, str]
"""A target as (plan code, target key)."""

ON_LIST: Final = (EntryState.LISTED.value, EntryState.RECTIFYING.value)


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A kind of entries. `counting`: the states in which an entry counts towards the targets it serves.

    `serves` proposes targets to who enters one by hand. `people`: the entries are persons, whose names are shown to
    nobody but the bodies concerned. `scale`: grades of an evaluation. `release`: the list of an industry it belongs in.
    """

    code: str
    name: str
    name_en: str = ""
    counting: tuple[str, ...] = ON_LIST
    serves: tuple[Target, ...] = ()
    people: bool = False
    scale: tuple[str, ...] = ()
    release: str = ""
    printed_as: tuple[str, ...] = ()
    by_hand: bool = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


Kinds = Callable[[], Iterable[EntryKind]]
Pipeline = Callable[[Viewer, str, str], list[tuple[str, int, str]]]
_sources: Final[list[Kinds]] = []
_pipelines: Final[list[Pipeline]] = []
PACK_VALUE: Final = "ledger.kinds"


def register_kinds(source: Kinds) -> Kinds:
    """Register who gives further kinds of entries, such as the programmes: asked each time kinds are needed."""
    _sources.append(source)
    return source


def register_pipeline(pipeline: Pipeline) -> Pipeline:
    """Register who knows what is under way towards a target and counts not yet, such as applications.

    It is given a viewer, a plan's code and a target's key, and answers with lines of label, number and address (or "").
    """
    _pipelines.append(pipeline)
    return pipeline


def pipelines_of(viewer: Viewer, plan: str, key: str) -> list[tuple[str, int, str]]:
    """Return what is under way towards a target, shown apart from what counts."""
    return [line for pipeline in _pipelines for line in pipeline(viewer, plan, key)]


def kinds() -> dict[str, EntryKind]:
    """Return every kind by code, those of the pack first; where a code is given twice, the registered one holds."""
    found = {kind.code: kind for kind in _of_pack()}
    for source in _sources:
        found |= {kind.code: kind for kind in source()}
    return found


def kind_of(code: str, name: str = "") -> EntryKind:
    """Return a kind; one that nobody describes has what holds by default, and the name given."""
    return kinds().get(code) or EntryKind(code, name or code, by_hand=False)


def _of_pack() -> list[EntryKind]:
    rows = PackValue.objects.filter(key=PACK_VALUE).values_list("value", flat=True).first() or []
    return [
        EntryKind(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            counting=tuple(row["counting"]),
            serves=tuple((target["plan"], target["target"]) for target in row["serves"]),
            people=row["people"],
            scale=tuple(row["scale"]),
            release=row["release"],
            printed_as=tuple(row["printed_as"]),
        )
        for row in rows
    ]
