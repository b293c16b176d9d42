"""What a sample is drawn from: every enterprise of a register in exactly one stratum.

An enterprise belongs to the stratum of its weightiest result: the best decision of the model, then the highest score,
then the order of industries. Those in which no term of the catalogue was found make up one stratum of their own. The
strata rest on what the model said, not on what people settled since, so that one run always has the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from xiandao.domains.enterprises.figures.counting import alive
from xiandao.domains.enterprises.models import Classification, Decision, Enterprise, Run
from xiandao.domains.labelling import lake
from xiandao.domains.orgs.models import Region
from xiandao.engines.estimation import StratumGuess

UNSEEN = "none"
"""The stratum of those in which no term was found."""
OTHER = "other"
"""The stratum of those that are only in industries the sample is not about."""
_RANK = {Decision.IN.value: 0, Decision.REVIEW.value: 1, Decision.OUT.value: 2}
_WHY = "the register as a whole, of which the caller shows numbers and draws"


@dataclass
class Stratum:
    """One stratum: the keys of its enterprises, and the mean score, which is the share expected to belong."""

    code: str
    keys: list[str]
    share: float

    @property
    def guess(self) -> StratumGuess:
        """The stratum as the planner takes it."""
        return StratumGuess(self.code, len(self.keys), self.share)


@dataclass
class Frame:
    """The strata in order, and which row an enterprise has, where it has one."""

    strata: dict[str, Stratum] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def found(self) -> list[Stratum]:
        """The strata in which a term was found."""
        return [each for code, each in self.strata.items() if code != UNSEEN]

    @property
    def unseen(self) -> Stratum:
        """The stratum in which none was."""
        return self.strata[UNSEEN]

    @property
    def size(self) -> int:
        """How many enterprises there are in all."""
        return sum(len(each.keys) for each in self.strata.values())


def stratum_code(industry: str, decision: str) -> str:
    """Return the code of a stratum."""
    return f"{industry}:{decision}"


def in_region(region: Region | None, prefix: str = "") -> Q:
    """Return the condition under which an enterprise lies in a region; everywhere for None or the province."""
    if region is None or region.parent_id is None:
        return Q()
    return Q(**{f"{prefix}region": region}) | Q(**{f"{prefix}region__parent": region})


def frame(run: Run, *, industries: Collection[str], region: Region | None) -> Frame:
    """Return the frame of a run; `industries` limits the strata, an enterprise in others only falls under OTHER."""
    wanted = set(industries)
    best: dict[str, tuple[tuple[int, float, int], str, float]] = {}
    made = Frame()
    rows = (
        Classification.objects.for_system(_WHY)
        .filter(in_region(region, "enterprise__"), alive(run.register.as_of), run=run)
        .exclude(model_decision="")
        .values_list("enterprise__key", "enterprise", "industry", "industry__order", "model_decision", "score")
        .order_by()
    )
    others: set[str] = set()
    for key, pk, industry, order, decision, score in rows:
        made.ids[key] = pk
        if wanted and industry not in wanted:
            others.add(key)
            continue
        value = score or 0.0
        weight = (_RANK[decision], -value, order)
        if key not in best or weight < best[key][0]:
            best[key] = (weight, stratum_code(industry, decision), value)
    made.strata = _strata(best)
    if left := sorted(others - best.keys()):
        made.strata[OTHER] = Stratum(OTHER, left, 0.0)
    made.strata[UNSEEN] = Stratum(UNSEEN, _unseen(run, region, made), 0.0)
    return made


def _strata(best: Mapping[str, tuple[tuple[int, float, int], str, float]]) -> dict[str, Stratum]:
    keys: dict[str, list[str]] = defaultdict(list)
    sums: dict[str, float] = defaultdict(float)
    place: dict[str, tuple[int, int]] = {}
    for key, ((rank, _score, order), code, value) in best.items():
        keys[code].append(key)
        sums[code] += value
        place[code] = (order, rank)
    return {
        code: Stratum(code, sorted(keys[code]), sums[code] / len(keys[code]))
        for code in sorted(place, key=lambda each: place[each])
    }


def _unseen(run: Run, region: Region | None, made: Frame) -> list[str]:
    """Return the keys of those in which no term was found: of the register, and of enterprises known otherwise."""
    rows = Enterprise.objects.for_system(_WHY)
    known = dict(rows.filter(in_region(region), alive(run.register.as_of, "")).values_list("key", "pk"))
    # What the database knows of an enterprise goes before what the register says: merged, gone, ended.
    others = set(rows.values_list("key", flat=True)) - known.keys()
    unseen = sorted((lake.keys(run.register, region) - others | known.keys()) - made.ids.keys())
    made.ids |= {key: known[key] for key in unseen if key in known}
    return unseen
