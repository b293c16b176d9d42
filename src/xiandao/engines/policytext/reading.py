"""Reads paragraphs in order: which year leads each, what their numbers are, what is left of them beside duties."""

import re
from dataclasses import replace

from xiandao.engines.policytext.clauses import YearMark, sentence_bounds, year_marks
from xiandao.engines.policytext.lines import BULLET
from xiandao.engines.policytext.marks import read_mark
from xiandao.engines.policytext.model import PassedOver, Target
from xiandao.engines.policytext.normalise import Run
from xiandao.engines.policytext.quantities import find_quantities
from xiandao.engines.policytext.targets import Harvest, Scene, harvest

_YEAR_OPENING = re.compile(
    r"^(?:[—\-●◆■]+\s*)?(?:（?[一二三四五六七八九十\d]+[）、.]\s*)?(?:到|至|力争)?(?:第[一二三]阶段|近期|中期|"
    r"远期)?[（(]?(20\d{2})年(?:底|末)?(?:目标|任务|重点|阶段|里程碑)?[）)]?(?:：|$)"
)


def leads(paragraphs: list[Run], initial: int | None = None) -> list[int | None]:
    """The year that leads each paragraph when its sentences name none.

    A lead sentence (到2027年实现以下目标：) leads the list under it; 2025年： leads its own paragraph.
    """
    out: list[int | None] = []
    lead = initial
    open_list = False
    for run in paragraphs:
        own = _YEAR_OPENING.match(run.text)
        item = bool(BULLET.match(run.text) or read_mark(run.text) or re.match(r"[一二三四五六七八九]是", run.text))
        if own:
            out.append(int(own.group(1)))
            lead, open_list = int(own.group(1)), run.text.endswith("：") or len(run.text) <= 20
            continue
        out.append(lead if item or open_list or lead == initial else initial)
        year = _last_year(run)
        if year is not None and not item:
            lead, open_list = year, run.text.endswith("：")
        elif not item and not open_list:
            lead = initial
    return out


def _last_year(run: Run) -> int | None:
    """The horizon year of a paragraph's last sentence that has one."""
    found = [m for m in year_marks(run.text) if m.kind == "horizon"]
    return found[-1].year if found else None


def lead_sentence_year(run: Run) -> int | None:
    """The year of an opening sentence that promises no number itself and so leads the sentences after it."""
    bounds = sentence_bounds(run.text)
    if len(bounds) < 2:
        return None
    start, end = bounds[0]
    marks: list[YearMark] = [m for m in year_marks(run.text[:end]) if m.kind == "horizon"]
    if (
        len(marks) != 1
        or not re.match(r"[\W\d]{0,6}(?:通过|经过|力争|争取)?[^，。]{0,12}(?:到|至)?20\d{2}年", run.text[:end])
        or find_quantities(run.text[start:end])
    ):
        return None
    return marks[0].year


def gather(
    source: str, paragraphs: list[Run], scene: Scene, zones: list[list[tuple[int, int]]] | None = None
) -> Harvest:
    """All targets, support standards and passed-over numbers of paragraphs in order.

    `zones` are the stretches of each paragraph that say who is responsible; their numbers do not count.
    """
    targets: list[Target] = []
    support: list[Target] = []
    passed: list[PassedOver] = []
    for i, (run, lead) in enumerate(zip(paragraphs, leads(paragraphs, scene.lead_year), strict=True)):
        for part in _outside(run, zones[i] if zones else []):
            within = replace(scene, lead_year=lead_sentence_year(part) or lead)
            got = harvest(source, part, within)
            targets += got.targets
            support += got.support
            passed += got.passed
    return Harvest(targets, support, passed)


def _outside(run: Run, zones: list[tuple[int, int]]) -> list[Run]:
    """The parts of a paragraph outside the zones."""
    parts: list[Run] = []
    here = 0
    for start, end in zones:
        if start > here:
            parts.append(run.cut(here, start))
        here = max(here, end)
    if here < len(run):
        parts.append(run.cut(here))
    return [p for p in parts if p.text]
