"""The words of technology roadmaps, how two versions differ, and where a node stands in the drawing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.ledger.models import RoadmapEdge, RoadmapNode

LAYERS: Final[dict[str, str | Promise]] = {
    "science": _("基础研究"),
    "technology": _("关键技术"),
    "product": _("产品装备"),
    "scene": _("应用场景"),
    "standard": _("标准规范"),
}
HORIZONS: Final[dict[str, str | Promise]] = {"near": _("近期"), "middle": _("中期"), "far": _("远期")}
GAPS: Final[dict[str, str | Promise]] = {
    "": _("未知"),
    "ahead": _("领跑"),
    "level": _("并跑"),
    "behind": _("跟跑"),
    "missing": _("空白"),
}
EDGES: Final[dict[str, str | Promise]] = {"requires": _("依赖"), "enables": _("支撑")}
COMPARED: Final = (
    *("field", "layer", "name", "horizon", "readiness", "gap", "chokepoint", "owner", "indicators"),
    *("evidence", "alternatives"),
)
_BOX: Final = (150, 44)
_GAP: Final = (30, 16)
_LEFT: Final = 90
_TOP: Final = 34


@dataclass(slots=True)
class Difference:
    """How a version differs from an earlier one: nodes by code, with the fields that changed; edges."""

    added: list[RoadmapNode] = field(default_factory=list)
    gone: list[RoadmapNode] = field(default_factory=list)
    changed: list[tuple[RoadmapNode, list[tuple[str | Promise, str, str]]]] = field(default_factory=list)
    edges_added: list[str] = field(default_factory=list)
    edges_gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed or self.edges_added or self.edges_gone)


def shown(node: RoadmapNode, name: str) -> str:
    """Return a field of a node as words."""
    value = getattr(node, name)
    words = {"layer": LAYERS, "horizon": HORIZONS, "gap": GAPS}.get(name)
    if words is not None:
        return str(words.get(value, value))
    if name == "chokepoint":
        return str(_("是") if value else _("否"))
    if name == "alternatives":
        return "；".join(value) or "—"
    return "—" if value in (None, "") else str(value)


def difference(
    old: Sequence[RoadmapNode],
    new: Sequence[RoadmapNode],
    old_edges: Iterable[RoadmapEdge],
    new_edges: Iterable[RoadmapEdge],
) -> Difference:
    """Return how the nodes and edges of a version differ from those of an earlier one."""
    before, after = {node.code: node for node in old}, {node.code: node for node in new}
    found = Difference(
        added=[node for code, node in after.items() if code not in before],
        gone=[node for code, node in before.items() if code not in after],
    )
    for code, node in after.items():
        if code not in before:
            continue
        changes = [
            (_field_name(name), shown(before[code], name), shown(node, name))
            for name in COMPARED
            if getattr(before[code], name) != getattr(node, name)
        ]
        if changes:
            found.changed.append((node, changes))
    had, have = {_edge(edge) for edge in old_edges}, {_edge(edge) for edge in new_edges}
    found.edges_added, found.edges_gone = sorted(have - had), sorted(had - have)
    return found


def _field_name(name: str) -> str | Promise:
    found: Any = RoadmapNode._meta.get_field(name)  # noqa: SLF001 — Django's way to ask a model
    label: str | Promise = found.verbose_name
    return label


def _edge(edge: RoadmapEdge) -> str:
    return f"{edge.source.name} {EDGES.get(edge.kind, edge.kind)} {edge.target.name}"


@dataclass(frozen=True, slots=True)
class Box:
    """A node in the drawing: its corner and its middle."""

    node: RoadmapNode
    x: int
    y: int
    width: int = _BOX[0]
    height: int = _BOX[1]

    @property
    def middle(self) -> tuple[int, int]:
        """The middle of the box."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def words(self) -> str:
        """The name, cut to what fits."""
        most = 10
        return self.node.name if len(self.node.name) <= most else f"{self.node.name[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow from the edge of one box to the edge of another."""

    one: Box
    other: Box
    words: str

    @property
    def ends(self) -> tuple[int, int, int, int]:
        """Where it begins and ends: between rows from below or above, within a row from the side."""
        (x1, y1), (x2, y2) = self.one.middle, self.other.middle
        if y1 == y2:
            half = self.one.width // 2 if x1 < x2 else -(self.one.width // 2)
            return x1 + half, y1, x2 - half, y2
        half = self.one.height // 2 if y1 < y2 else -(self.one.height // 2)
        return x1, y1 + half, x2, y2 - half


@dataclass(slots=True)
class Drawing:
    """The dependency graph: boxes by layer (rows) and horizon (columns), lines between them."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    layers: list[tuple[str | Promise, int]] = field(default_factory=list)
    horizons: list[tuple[str | Promise, int]] = field(default_factory=list)
    width: int = 0
    height: int = 0


def drawing(nodes: Sequence[RoadmapNode], edges: Iterable[RoadmapEdge]) -> Drawing:
    """Return where everything stands: in a cell of layer and horizon the nodes one below another."""
    made, place, y = Drawing(), {}, _TOP
    step = _BOX[0] + _GAP[0]
    made.horizons = [(label, _LEFT + at * step + _BOX[0] // 2) for at, label in enumerate(HORIZONS.values())]
    for layer, label in LAYERS.items():
        cells = [[node for node in nodes if (node.layer, node.horizon) == (layer, far)] for far in HORIZONS]
        most = max(map(len, cells))
        if not most:
            continue
        made.layers.append((label, y + _BOX[1] // 2))
        for column, cell in enumerate(cells):
            for line, node in enumerate(cell):
                place[node.pk] = Box(node, _LEFT + column * step, y + line * (_BOX[1] + _GAP[1]))
        y += most * (_BOX[1] + _GAP[1]) + _GAP[1]
    made.boxes = list(place.values())
    made.lines = [
        Line(place[edge.source_id], place[edge.target_id], str(EDGES.get(edge.kind, edge.kind)))
        for edge in edges
        if edge.source_id in place and edge.target_id in place
    ]
    made.width, made.height = _LEFT + len(HORIZONS) * step, y
    return made
