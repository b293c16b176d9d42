"""Finds every quantity in a stretch of text: number or range, unit, and the comparator printed before or after it."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from xiandao.engines.policytext.model import Comparator
from xiandao.engines.policytext.numerals import ARABIC, CHINESE, arabic, chinese_to_int, split_scale
from xiandao.engines.policytext.units import SCALE, UNIT, UnitClass, unit_class

FILL = "□"
"""Replaces what holds numbers that are none: dates, document numbers, titles, words in quotation marks."""

_YEAR = r"(?:19|20)\d{2}"
_MASKED = re.compile(
    rf"《[^》]{{0,200}}》|“[^“”]{{0,120}}”|〔[^〕]{{0,8}}〕\s*\d*\s*号?|［[^］]{{0,8}}］\s*\d+\s*号"
    rf"|(?:{_YEAR}\s*年?\s*[—\-~至到、和及与]+\s*){{0,6}}{_YEAR}\s*年(?:度|底|末|初|"
    rf"间)?(?:\d{{1,2}}\s*月)?(?:\d{{1,2}}\s*日)?"
    rf"|{_YEAR}\s*[—\-~]+\s*{_YEAR}|{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}|{_YEAR}[-./]\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|\d{{1,2}}\s*月(?:份|底|末|前)?(?!\d)|\d{{1,2}}日(?:前|内|起|止)"
    r"|第\s*(?:\d{1,9}|[一二三四五六七八九十百零〇两]{1,9})\s*(?!位|名)"
    r"|[A-Za-z]{1,20}[-—]?\d+(?:\.\d+)?[A-Za-z]*|\d+(?:\.\d+)?(?:[GKDXLBVC](?![A-Za-z])(?:-[A-Z])?)"
    r"|\d+[+×]+[A-Za-zNX\d]+(?:[+×][A-Za-zNX\d]+)*|\d{3,4}-\d{7,8}|1\d{10}"
    r"|[十百千]?[一二三四五六七八九十]{1,3}五(?:”|规划|时期|期间)|[零一二三四五六七八九〇]{4}年"
)
_DASH = r"(?:—{1,2}|-{1,2}|~|至|到)"
_LEAD = r"(?<![A-Za-z0-9.+×_/:])"
_CN_LEAD = r"(?<![一二三四五六七八九十百千万亿两零〇])"
_ROUGH = r"(?P<rough>余|多|\+)?"
_PLAIN = re.compile(
    rf"{_LEAD}(?P<low>{ARABIC})(?P<lowunit>%|(?:{SCALE})?[^\d\s，。；：、（）—\-~至到]{{0,3}}?)?{_DASH}"
    rf"(?P<high>{ARABIC})(?P<scale>{SCALE})??(?:{UNIT})"
)
_SINGLE = re.compile(rf"{_LEAD}(?P<number>{ARABIC})(?P<scale>{SCALE})??{_ROUGH}(?P<scale2>[万亿])?(?:{UNIT})")
_OPEN = re.compile(
    rf"{_LEAD}(?P<number>{ARABIC})(?P<scale>{SCALE})??(?P<open>[\u4e00-\u9fff])(?=[，。；、）]|$|以上|左右|以内)"
)
_ELIDED = re.compile(rf"{_LEAD}(?P<number>{ARABIC})(?P<scale>{SCALE})?(?=[、和或])")
_BARE = re.compile(rf"{_LEAD}(?P<number>{ARABIC})(?!\d|[A-Za-z:])(?=以上|以下|以内|左右|[，。；、）]|$)")
_ODDS = re.compile(rf"{_LEAD}(?P<number>\d+(?:\.\d+)?):(?P<base>\d+(?:\.\d+)?)(?![\d:])")
_CN_RANGE = re.compile(
    rf"{_CN_LEAD}(?P<low>[一二三四五六七八九十百千两]{{1,9}})(?P<lowunit>[万亿])?(?:—{{1,2}}|-|~|至|到)(?P<high>{CHINESE})(?:{UNIT})"
)
_CN_SINGLE = re.compile(rf"{_CN_LEAD}(?P<number>{CHINESE})(?P<rough>余|多)?(?:{UNIT})")
_RANK = re.compile(rf"(?P<top>前|第)(?P<number>{ARABIC}|[一二三四五六七八九十百]+)(?P<place>位|名)?(?P<strong>强)?")
_DOUBLE = re.compile(rf"翻(?P<number>{ARABIC}|[一两二三四])番|(?P<plain>翻番)")
_FRACTION = re.compile(rf"{_CN_LEAD}(?P<base>{CHINESE})分之(?P<number>{CHINESE}|{ARABIC})")
_TENTHS = re.compile(r"(?P<number>[一二三四五六七八九])成(?P<half>半)?(?=以上|左右|的|以内|，|。|；|、|$)")
_HALF = re.compile(r"(?:一半|半数|过半)(?=以上|的)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: [start, end) holds number and unit, [left, right) the comparators too."""

    start: int
    end: int
    left: int
    right: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    unit_class: UnitClass
    comparator: Comparator
    chinese: bool
    marked: bool
    form: str
    words: str


def mask(text: str) -> str:
    """The text at the same length with dates, names, titles and quoted words filled in."""
    return _MASKED.sub(_fill, text)


def _fill(match: re.Match[str]) -> str:
    words = match.group()
    if words[0] in "《“":
        return words[0] + FILL * (len(words) - 2) + words[-1]
    return FILL * len(words)


def find_quantities(text: str, masked: str | None = None) -> list[Quantity]:
    """All quantities of a text in order, none overlapping.

    Special forms (rank, doubling, fraction, tenths, odds) come before ranges, ranges before single numbers.
    """
    hidden = mask(text) if masked is None else masked
    taken = bytearray(len(text))
    found: list[Quantity] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(hidden):
            if any(taken[match.start() : match.end()]):
                continue
            quantity = read(match)
            if quantity is None:
                continue
            found.append(_compared(text, hidden, quantity))
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    found.sort(key=lambda q: q.start)
    return _with_elided(text, hidden, found)


def _with_elided(text: str, hidden: str, found: list[Quantity]) -> list[Quantity]:
    """Adds the numbers of a list whose unit is printed once, at its end (分别完成120万、150万、180万平方米)."""
    starts = {q.left: q for q in found}
    ends = {q.start: q for q in found} | starts
    added: list[Quantity] = []
    for match in reversed(list(_ELIDED.finditer(hidden))):
        last = ends.get(match.end() + 1)
        if last is None or last.unit_class in ("duration", "none", "rank") or last.value is None or last.chinese:
            continue
        if "分别" not in text[max(0, match.start() - 40) : match.start()] or any(
            q.start <= match.start() < q.end for q in found
        ):
            continue
        value, scale = arabic(match["number"], match["scale"] or "")
        bare = last.unit.lstrip("万亿")
        unit = (scale or last.unit[: len(last.unit) - len(bare)]) + bare
        first = replace(
            last,
            start=match.start(),
            end=match.end(),
            left=match.start(),
            right=match.end(),
            value=value,
            unit=unit,
            words=match.group(),
        )
        added.append(first)
        ends[first.start] = first
    return sorted([*found, *added], key=lambda q: q.start)


def _make(match: re.Match[str], value: Decimal | None, unit: str, kind: UnitClass, **more: object) -> Quantity:
    base = Quantity(
        start=match.start(),
        end=match.end(),
        left=match.start(),
        right=match.end(),
        value=value,
        low=None,
        high=None,
        unit=unit,
        unit_class=kind,
        comparator="=",
        chinese=False,
        marked=False,
        form="plain",
        words=match.group(),
    )
    return replace(base, **more)  # type: ignore[arg-type]  # the caller's keywords are fields of Quantity


def _read_rank(match: re.Match[str]) -> Quantity | None:
    number = match["number"]
    value = Decimal(number.replace(",", "")) if number[0].isdigit() else _int(number)
    if value is None or (
        match["strong"] and (match["top"] == "第" or re.match(r"[企县镇校]|的", match.string[match.end() :]))
    ):
        return None
    place = match["place"] or match["strong"] or ""
    if match["top"] == "前":
        following = match.string[match.end() : match.end() + 1]
        if not place and following not in ("", "，", "。", "；", "、", "）", "行"):
            return None
        return _make(
            match, value, place and "位" if place == "位" else place, "rank", form="rank", comparator="≤", marked=True
        )
    return _make(match, value, place, "rank", form="rank", marked=True) if place else None


def _int(words: str) -> Decimal | None:
    value = chinese_to_int(words)
    return None if value is None else Decimal(value)


def _read_double(match: re.Match[str]) -> Quantity | None:
    number = match["number"] or "一"
    times = int(number) if number.isdecimal() else chinese_to_int(number)
    if not times or times > 9:
        return None
    return _make(match, Decimal((2**times - 1) * 100), "%", "percent", form="doubling", marked=True, chinese=True)


def _read_fraction(match: re.Match[str]) -> Quantity | None:
    base = chinese_to_int(match["base"])
    top = _int(match["number"]) if not match["number"][0].isdigit() else Decimal(match["number"])
    if not base or top is None:
        return None
    if base == 100:
        return _make(match, top, "%", "percent", form="fraction", chinese=True)
    return _make(match, round(top * 100 / Decimal(base), 1), "%", "percent", form="fraction", chinese=True, marked=True)


def _read_tenths(match: re.Match[str]) -> Quantity | None:
    value = (chinese_to_int(match["number"]) or 0) * 10 + (5 if match["half"] else 0)
    return _make(match, Decimal(value), "%", "percent", form="tenths", chinese=True)


def _read_half(match: re.Match[str]) -> Quantity | None:
    return _make(match, Decimal(50), "%", "percent", form="tenths", chinese=True)


def _read_odds(match: re.Match[str]) -> Quantity | None:
    return _make(match, Decimal(match["number"]), "", "none", form="odds")


def _read_range(match: re.Match[str]) -> Quantity | None:
    kind = unit_class(match)
    unit = match.string[match.end("scale") if match["scale"] else match.end("high") : match.end()]
    high, scale = arabic(match["high"], match["scale"] or "")
    low, low_scale = arabic(match["low"], _scale_of(match["lowunit"] or ""))
    lowunit = match["lowunit"] or ""
    if lowunit and lowunit != low_scale and not (unit.startswith(lowunit) or (scale + unit).startswith(lowunit)):
        return None
    low = low * _factor(low_scale) / _factor(scale) if low_scale and low_scale != scale else low
    if kind == "duration" or low >= high:
        return _make(match, None, scale + unit, kind, low=low, high=high, form="range") if kind == "duration" else None
    return _make(match, None, scale + unit, kind, low=low, high=high, form="range")


def _scale_of(words: str) -> str:
    found = re.match(SCALE, words)
    return found.group() if found else ""


def _factor(scale: str) -> Decimal:
    return {"": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8), "万亿": Decimal(10**12)}.get(scale, Decimal(1))


def _read_single(match: re.Match[str]) -> Quantity | None:
    kind = unit_class(match)
    value, scale = arabic(match["number"], (match["scale"] or "") + (match["scale2"] or ""))
    unit = match.string[max(match.end(g) for g in ("number", "scale", "rough", "scale2")) : match.end()]
    rough: Comparator = {"+": "≥"}.get(match["rough"] or "", "=")  # type: ignore[assignment]
    return _make(match, value, scale + unit, kind, comparator=rough, marked=match["rough"] == "+")


def _read_open(match: re.Match[str]) -> Quantity | None:
    if match["open"] in "年月日号章节条版代级型强大的等个从由和或类万亿千百":
        return None
    value, scale = arabic(match["number"], match["scale"] or "")
    return _make(match, value, scale + match["open"], "count", form="open")


def _read_bare(match: re.Match[str]) -> Quantity | None:
    return _make(match, Decimal(match["number"].replace(",", "")), "", "none", form="bare")


def _read_cn_range(match: re.Match[str]) -> Quantity | None:
    high = split_scale(match["high"])
    low = _int(match["low"])
    if high is None or low is None:
        return None
    unit = high[1] + match.string[match.end("high") : match.end()]
    if low >= high[0]:
        return None
    return _make(match, None, unit, unit_class(match), low=low, high=high[0], form="range", chinese=True)


def _read_cn_single(match: re.Match[str]) -> Quantity | None:
    parts = split_scale(match["number"])
    if parts is None:
        return None
    tail = match.end("rough") if match["rough"] else match.end("number")
    unit = parts[1] + match.string[tail : match.end()]
    return _make(match, parts[0], unit, unit_class(match), chinese=True)


_READERS = (
    (_DOUBLE, _read_double),
    (_FRACTION, _read_fraction),
    (_RANK, _read_rank),
    (_TENTHS, _read_tenths),
    (_HALF, _read_half),
    (_ODDS, _read_odds),
    (_PLAIN, _read_range),
    (_SINGLE, _read_single),
    (_CN_RANGE, _read_cn_range),
    (_CN_SINGLE, _read_cn_single),
    (_OPEN, _read_open),
    (_BARE, _read_bare),
)

_AFTER = re.compile(
    r"(?:（[^）]{0,6}）)?(?:(?P<ge>及?以上)|(?P<le>及?以[下内]|之内)|(?P<about>左右|上下)|(?P<within>内))"
)
_BEFORE = re.compile(
    r"(?:(?P<ge>不少于|不低于|不小于|不下于|至少|超过|超出|超|突破|高于|大于|多于|逾|不止)"
    r"|(?P<le>不超过|不高于|不大于|不多于|不超|不得超过|低于|小于|少于|至多|最多|最高|上限|封顶)"
    r"|(?P<about>(?<![节契条公合制签预集])约|(?<![附邻靠临亲贴])近|接近|大约|将近))"
    r"(?:为|达|到|至|可达|不超过|给予|人民币|约|其)*$"
)
_FAR = re.compile(
    r"(?P<le>最高|不超过|不高于|不得超过|上限|封顶|最多|至多)(?P<gap>[^，。；：\d]{0,16})$"
    r"|(?P<ge>不低于|不少于|至少)(?P<gap2>[^，。；：、\d]{0,16}[的为]|[^，。；：、\d]{0,6})$"
)
_NOUN_AFTER_BREAK = re.compile(
    r"^[\u4e00-\u9fff“（]{0,20}?(?:技术|难题|工艺|瓶颈|短板|装备|产品|材料|零部件|成果|器件|算法|问题|专利)"
)


def _compared(text: str, hidden: str, quantity: Quantity) -> Quantity:
    """The same quantity with the comparators around it read."""
    comparator, marked = quantity.comparator, quantity.marked
    left, right = quantity.left, quantity.right
    if quantity.form == "rank":
        return quantity
    before = hidden[max(0, quantity.start - 24) : quantity.start]
    near = _BEFORE.search(before)
    far = None if near else _FAR.search(before)
    after = _AFTER.match(hidden, quantity.end)
    if after and not (after["within"] and quantity.unit_class != "duration"):
        right = after.end()
        comparator = "≥" if after["ge"] else "≈" if after["about"] else "≤"
        marked = True
    elif near and not _conquers(near, quantity, text):
        left = quantity.start - (len(before) - near.start())
        comparator = "≥" if near["ge"] else "≈" if near["about"] else "≤"
        marked = True
    elif far:
        comparator = "≥" if far["ge"] else "≤"
        marked = True
    if near and after:
        left = quantity.start - (len(before) - near.start())
        if near["le"] and after["ge"]:
            comparator = "≤"
    if quantity.form == "range" and comparator in ("≥", "≈", "≤"):
        comparator = "="
    return replace(quantity, comparator=comparator, marked=marked, left=left, right=right)


def _conquers(near: re.Match[str], quantity: Quantity, text: str) -> bool:
    """Whether 突破 before the number means solving (突破百项关键技术), not exceeding."""
    if not near.group().startswith("突破") or quantity.unit_class != "count":
        return False
    return bool(_NOUN_AFTER_BREAK.match(text[quantity.end : quantity.end + 40]))
