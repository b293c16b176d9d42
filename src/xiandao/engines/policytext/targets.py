"""Turns the quantities of a paragraph into targets and support standards, and remembers why the others are none."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from xiandao.engines.policytext.accept import doubted
from xiandao.engines.policytext.bygone import past
from xiandao.engines.policytext.clauses import governing, listed_years, windows
from xiandao.engines.policytext.confidence import target_confidence
from xiandao.engines.policytext.context import Context, contexts
from xiandao.engines.policytext.filters import rejected, technical_class
from xiandao.engines.policytext.lexicon import BUILD
from xiandao.engines.policytext.model import Comparator, Kind, PassedOver, Target
from xiandao.engines.policytext.normalise import Run, cite
from xiandao.engines.policytext.support import verdict


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a paragraph stands: the years around it, and whether it is a table cell or all past."""

    base_year: int | None = None
    lead_year: int | None = None
    fallback_year: int | None = None
    cell: bool = False
    is_past: bool = False


_PAID = re.compile(r"截至|已(?:经|累计)?[^，。；]{0,6}(?:发放|兑现|兑付|拨付|给予|支持)")


@dataclass(slots=True)
class Harvest:
    """What a paragraph gave. Ids are set when all paragraphs of a measure are together."""

    targets: list[Target]
    support: list[Target]
    passed: list[PassedOver]

    def add(self, more: "Harvest") -> None:
        """Takes over what another paragraph gave."""
        self.targets += more.targets
        self.support += more.support
        self.passed += more.passed


def harvest(source: str, run: Run, scene: Scene) -> Harvest:
    """All targets and support standards of a paragraph, in order.

    `source` is the text as given; `run` the squeezed paragraph.
    """
    out = Harvest([], [], [])
    for start, end in windows(run.text):
        out.add(_sentence(source, run.cut(start, end), scene))
    return out


def _sentence(source: str, run: Run, scene: Scene) -> Harvest:
    out = Harvest([], [], [])
    for c in contexts(run.text, base_year=scene.base_year, lead_year=scene.lead_year, cell=scene.cell):
        reason = "已经取得的成绩" if scene.is_past else None
        judged = "target" if reason else verdict(c)
        if judged == "condition":
            reason = "适用条件"
        elif judged == "support":
            reason = technical_class(c) or (past(c) if _PAID.search(c.before) else None)
        else:
            reason = reason or rejected(c) or doubted(c)
        if reason:
            q = c.quantity
            out.passed.append(PassedOver(run.span(q.start, q.end), q.words, reason))
        elif judged == "support":
            out.support.append(_make(source, run, c, scene, kind="subsidy"))
        else:
            made = _make(source, run, c, scene, kind=None)
            out.targets.extend(replace(made, object=name) for name in _each(c) or (made.object,))
    return out


def _each(c: Context) -> list[str]:
    """The things of a list that each get the number: 森林康养基地、中医药基地各5个 promises twice."""
    if not re.search(r"各(?:建成|建设|打造|培育|新增)?$", c.left) or c.prenominal:
        return []
    things = re.split(r"[、和及与]", _LEADING.sub("", re.sub(r"各(?:建成|建设|打造|培育|新增)?$", "", c.left)))
    return things if 2 <= len(things) <= 6 and all(2 <= len(t) <= 24 for t in things) else []


def _make(source: str, run: Run, c: Context, scene: Scene, kind: Kind | None) -> Target:
    q = c.quantity
    start, end = _quote_bounds(c)
    number = run.span(q.start, q.end)
    return Target(
        id="",
        value=q.value,
        low=q.low,
        high=q.high,
        unit=q.unit,
        comparator=q.comparator if q.form == "range" else _shared_comparator(c),
        year=None if kind == "subsidy" else _year(c, scene),
        object=_object(c),
        kind=kind or _kind(c),
        quote=cite(source, run, start, end),
        also=(),
        number=number,
        confidence=target_confidence(c, cell=scene.cell, subsidy=kind == "subsidy"),
    )


def _quote_bounds(c: Context) -> tuple[int, int]:
    """The clause, blanks and a comma at its ends left out; at most 200 characters around the number."""
    start, end = c.clause
    while start < c.quantity.left and c.text[start] in "，、；：。 （）—●":
        start += 1
    while end > c.quantity.right and c.text[end - 1] in "，、；：。 （":
        end -= 1
    if end - start > 190:
        start = max(start, c.quantity.left - 120)
        end = min(end, max(c.quantity.right, start + 190))
    return start, end


def _shared_comparator(c: Context) -> Comparator:
    """A comparator printed once for a list with 分别 or 最高 holds for each value of it."""
    own = c.quantity.comparator
    if own != "=" or len(c.group) == 1:
        return own
    first, last = c.group[0], c.group[-1]
    if first.comparator != "=" and first.left < first.start:
        return first.comparator
    if first.comparator == "≤" and first.marked:
        return first.comparator
    if last.comparator != "=" and last.right > last.end and "分别" in c.words:
        return last.comparator
    return own


def _year(c: Context, scene: Scene) -> int | None:
    years = listed_years(list(c.marks), c.sentence[0], c.quantity.start)
    if years and len(years) == len(c.group):
        return years[c.group.index(c.quantity)]
    in_sentence = [m for m in c.marks if c.sentence[0] <= m.start < c.quantity.start and m.kind != "base"]
    if in_sentence:
        if years:
            # a list of years governs the list of values that follows it and nothing after that
            return None
        found = governing(list(c.marks), c.sentence[0], c.quantity.start)
        last = in_sentence[-1]
        if last.kind == "range" and re.search(r"每年|年均|每", c.text[last.end : c.quantity.start]):
            return None
        return found
    bracketed = re.match(r"（(?:到|至)?(20\d{2})年(?:底|末)?(?:前|完成)?）", c.text[c.clause[1] :])
    if bracketed:
        return int(bracketed.group(1))
    if "每年" in c.words:
        return scene.fallback_year if scene.cell else None
    return scene.lead_year if scene.lead_year is not None else scene.fallback_year


_CHANGE = re.compile(
    r"(?:增长|增幅|增速|提高|提升|下降|压减|降低|减少|缩短|压缩|增加|上升|扩大|翻|递增|缩减|精简|节约|降幅|"
    r"提速|压降)(?![^，。；]*(?:至|到|达|为)$)"
)
_CHANGE_TAIL = re.compile(r"(?:增长|提高|提升|下降|降低|减少|缩短|压缩|上升)$")


def _kind(c: Context) -> Kind:
    q = c.quantity
    left = c.left[-24:]
    if q.unit_class == "rank":
        return "rank"
    if q.unit_class == "points" or q.form == "doubling":
        return "growth"
    if q.unit_class in ("percent", "times"):
        changed = _CHANGE.search(left)
        reached = re.search(r"(?:至|到|达到?|超过|突破|为|稳定在)$", left) and not re.search(r"年均|增[速幅]", left)
        return "growth" if changed and not reached else "ratio"
    if q.unit_class == "none" or q.unit == "分":
        return "ratio"
    if q.unit_class in ("money", "measure") and _CHANGE_TAIL.search(left):
        return "growth"
    return "count" if q.unit_class == "count" else "amount"


_OPENING = "|".join(w for w in BUILD.split("|") if len(w) > 1 and w not in ("运营", "运行", "服务", "标注", "授权"))
_LEADING = re.compile(
    rf"^(?:{_OPENING}|□+|力争|争取|确保|累计|每年|全市|全省|全县|全区|我市|我省|其中|三年内?|五年内?|共计?|新(?=[增建])|到|至|，|、|使|将|为|把|（|和|及|与|以及)+"
)
_TRAILING = re.compile(
    r"(?:达到?|总?数量?|超过|突破|分别|平均|累计|稳定在|保持在|控制在|提高到?|提升至?|不少于|不低于|超|约|近|"
    r"增至|为|到|至|共|，|进入|跃居|位居|位列|跻身|有)+$"
)


def _object(c: Context) -> str:
    """What the number counts, for people to read: the noun after it, or the noun before it."""
    noun = re.split(r"[，。；：]", c.right.lstrip("的"))[0].strip("、（）的 ") if c.prenominal else ""
    if len(noun) >= 2:
        return noun[:60]
    left = c.text[c.clause[0] : c.group[0].left]
    hidden = c.hidden[c.clause[0] : c.group[0].left]
    lead = _LEADING.match(hidden)
    cut = lead.end() if lead and lead.end() < len(left) - 1 else 0
    name = _TRAILING.sub("", left[cut:]).strip("、，：（）的 ")
    return (name or left.strip("、，：（） "))[-60:]


def settle(items: list[Target], prefix: str) -> tuple[Target, ...]:
    """The targets of one measure with ids, the same target printed twice listed once with the other place beside it."""
    kept: list[Target] = []
    for item in items:
        twin = next((i for i, k in enumerate(kept) if _same(k, item)), None)
        if twin is None:
            kept.append(item)
        else:
            first = kept[twin]
            kept[twin] = replace(
                first, also=(*first.also, item.quote), year=first.year if first.year is not None else item.year
            )
    return tuple(replace(item, id=f"{prefix}{i}") for i, item in enumerate(kept, 1))


def _key(t: Target) -> tuple[object, ...]:
    unit = re.sub(r"（.*?）|\(.*?\)", "", t.unit)
    scale = 1
    for word, factor in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if unit.startswith(word):
            unit, scale = unit[len(word) :], factor
            break
    return (*(None if v is None else v * Decimal(scale) for v in (t.value, t.low, t.high)), unit)


def _same(a: Target, b: Target) -> bool:
    """Whether two targets state one promise: same number and unit, one object within or much like the other."""
    if _key(a) != _key(b) or a.comparator != b.comparator or a.quote.span == b.quote.span:
        return False
    if a.kind == "subsidy" or b.kind == "subsidy":
        return a.quote.text == b.quote.text
    if a.year is not None and b.year is not None and a.year != b.year:
        return False
    return alike(a.object, b.object)


def alike(a: str, b: str) -> bool:
    """Whether two names mean one thing: one contains the other, or they share most of their character pairs."""
    if not a or not b:
        return False
    if a == b or (min(len(a), len(b)) >= 3 and (a in b or b in a)):
        return True
    pairs_a = {a[i : i + 2] for i in range(len(a) - 1)}
    pairs_b = {b[i : i + 2] for i in range(len(b) - 1)}
    if not pairs_a or not pairs_b:
        return False
    return 2 * len(pairs_a & pairs_b) / (len(pairs_a) + len(pairs_b)) >= 0.6
