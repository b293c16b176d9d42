"""Gathers what is promised outside the measures: preamble, goals, boxes, indicator tables, unnumbered parts."""

import re
from decimal import Decimal

from xiandao.engines.policytext.confidence import weigh
from xiandao.engines.policytext.model import Kind, PassedOver, Target
from xiandao.engines.policytext.normalise import Run, cite
from xiandao.engines.policytext.outline import Box, Node, Part
from xiandao.engines.policytext.quantities import find_quantities
from xiandao.engines.policytext.reading import gather
from xiandao.engines.policytext.roles import Roles, is_background
from xiandao.engines.policytext.targets import Harvest, Scene
from xiandao.engines.policytext.taskrows import Indicator, is_indicator_table, read_indicators, read_rows


def boxes_of(part: Part) -> list[Box]:
    """All boxes of a part, wherever they hang."""
    return [*part.boxes, *(b for root in part.roots for n in root.walk() for b in n.boxes)]


def read_headline(source: str, flat: str, part: Part, roles: Roles, *, scene: Scene, fronts: list[Run]) -> Harvest:
    """Targets of everything that is no measure, in the order of the text. `fronts` are the preamble's paragraphs."""
    total = Harvest([], [], [])
    total.add(gather(source, fronts, scene))
    for node in [*roles.aims, *roles.others]:
        past = Scene(scene.base_year, scene.lead_year, is_past=is_background(node))
        total.add(gather(source, _with_lower(node), past))
    for action, _ in roles.actions:
        if action is not None:
            total.add(gather(source, action.body, scene))
    for box in boxes_of(part):
        total.add(gather(source, [box.title, *box.body], scene))
        for block in box.tables:
            assert block.table is not None  # noqa: S101 — a table block carries its table
            if is_indicator_table(block.table):
                total.add(read_indicator_table(source, read_indicators(flat, block.table), scene))
            else:
                for row in read_rows(flat, block.table):
                    cells = [*([row.title] if row.title else []), *(g for g, _ in row.goals)]
                    row_scene = Scene(scene.base_year, None, row.year, cell=True)
                    total.add(gather(source, cells, row_scene))
    total.targets.sort(key=lambda t: t.number.start)
    return total


def _with_lower(node: Node) -> list[Run]:
    return [node.title, *node.paragraphs()]


_BARE = re.compile(r"^(?P<cmp>[≥≤＞＜><]|>=|<=)?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<tail>[^\d]{0,12})$")


def read_indicator_table(source: str, figures: list[Indicator], scene: Scene) -> Harvest:
    """Targets of an indicator table: the cell's number, the row's unit, the column's year."""
    out = Harvest([], [], [])
    for figure in figures:
        bare = _BARE.match(figure.cell.text)
        if bare is None or _complete(figure.cell):
            got = gather(source, [figure.cell], Scene(scene.base_year, figure.year, figure.year, cell=True))
            out.add(got)
            continue
        if figure.year is not None and scene.base_year is not None and figure.year < scene.base_year:
            out.passed.append(PassedOver(figure.cell.span(), figure.cell.text, "早于本方案的年份"))
            continue
        tail = bare["tail"]
        unit = re.sub(r"以上|以下|以内|左右", "", tail) or figure.unit
        up = bare["cmp"] in ("≥", ">", ">=") or "以上" in tail
        down = bare["cmp"] in ("≤", "<", "<=") or bool(re.search(r"以[下内]", tail))
        out.targets.append(
            Target(
                id="",
                value=Decimal(bare["number"].replace(",", "")),
                low=None,
                high=None,
                unit=unit,
                comparator="≥" if up else "≤" if down else "≈" if "左右" in tail else "=",
                year=figure.year,
                object=re.sub(r"（[^）]*）$", "", figure.name.text),
                kind=_figure_kind(figure.name.text, unit),
                quote=cite(source, figure.row),
                also=(),
                number=figure.cell.span(),
                confidence=weigh(),
            )
        )
    return out


def _figure_kind(name: str, unit: str) -> Kind:
    """The kind of a figure, from the row's name and unit."""
    if re.search(r"增长|增速|下降|降低|提高", name):
        return "growth"
    if unit in ("%", "", "分"):
        return "ratio"
    found = find_quantities(f"1{unit}")
    return "count" if found and found[0].unit_class == "count" else "amount"


def _complete(cell: Run) -> bool:
    """Whether a cell states number and unit itself."""
    found = find_quantities(cell.text)
    return bool(found) and found[0].unit != "" and not re.fullmatch(r"[\d.,]+%?", cell.text)
