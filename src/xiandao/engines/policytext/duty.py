"""Finds who is responsible in the text of a measure: labelled lines, brackets at the end, or a sentence."""

import re
from dataclasses import dataclass, field

from xiandao.engines.policytext.bodies import (
    DUTY_TAIL,
    LEAD_WORD,
    WITH_WORD,
    Parties,
    Party,
    looks_like_bodies,
    read_parties,
)
from xiandao.engines.policytext.clauses import sentence_bounds
from xiandao.engines.policytext.confidence import weigh
from xiandao.engines.policytext.model import Body, Duty, Span
from xiandao.engines.policytext.normalise import Run

LABEL = re.compile(
    r"[【〔［]?(?:(?P<lead>(?:总?牵头|主办|主责|牵头责任|责任牵头)(?:责任)?(?:单\s*位|部\s*门|机\s*构|处室))"
    r"|(?P<with>(?:配合|协办|协同|协助|参与|参加|支持|协作|责任配合|配合责任)(?:责任)?(?:单\s*位|部\s*门|"
    r"机\s*构|处室))"
    r"|(?P<resp>(?:责任|负责|落实|实施|承办|主要责任|任务|执行|承担)(?:单\s*位|部\s*门|主\s*体|机\s*构|处室)|"
    r"责任分工|任务分工|工作分工|职责分工|分工负责)"
    r"|(?P<short>牵头|配合|主办|协办)"
    r"|(?P<time>(?:完成|推进|实施|办结|落实)(?:时限|时间|期限|节点)|时限要求|时间安排|时间节点|进度安排|"
    r"时限))[】〕］]?\s*(?:：|为(?=[省市区县州国各]))"
)
_ROLE = re.compile(rf"(?:{LEAD_WORD}|{WITH_WORD}|{DUTY_TAIL})")
_ROLE_END = re.compile(rf"(?:{LEAD_WORD}|{WITH_WORD}|{DUTY_TAIL})[。；]?$")
_BRACKET = re.compile(
    r"[（【［〔](?P<body>[^（）【】［］]*(?:（[^（）]*(?:（[^（）]*）[^（）]*)*）[^（）【】［］]*)*)[）】］〕]"
)
_LEVELLED = re.compile(r"^(?:[省市区县州国各]|中国|人民银行|[\u4e00-\u9fff]{2,10}(?:局|厅|委|部|办))")
STANDING = re.compile(
    r"(?:以下|下列|以上|上述|下述|后续|其余|本(?:方案|计划|措施|意见|行动计划|行动方案|规划|办法)|各项|所有|"
    r"全部|每项|各条)[^。；（）]{0,24}?(?:均|都|一律|全部|同时|皆|须由|也)"
    r"(?:需|由|要|应|须|请|有|涉及|包括|包含|将|为|"
    r"同样)*(?P<who>[^。；]{2,120}?)(?P<end>(?:按[^。；，]{0,20})?(?:负责|落实|配合|参与|承担|组织实施|实施|"
    r"列入|作为|为)[^。；）]{0,30}|，?不再[^。；）]{0,16})(?=[。；）]|$)"
)
_ALL_TASKS = re.compile(r"不再|(?:任务|措施|条款|举措|事项)[^。；]{0,10}(?:均|一律|全部)|^以[下上]均")
_FOR_ALL = re.compile(r"均|都|一律|全部|不再|同时|须由|也")
_NOT_DUTY = re.compile(r"解释|适用|同意|印发|执行本|终止|废止|兑现|享受|予以")


@dataclass(slots=True)
class Found:
    """What a stretch of text said about responsibility, before lead and help are told apart."""

    lead: list[Body] = field(default_factory=list)
    helping: list[Body] = field(default_factory=list)
    plain: list[Body] = field(default_factory=list)
    cities: bool = False
    deadline: str = ""
    spans: list[Span] = field(default_factory=list)
    running: bool = False

    def __bool__(self) -> bool:
        return bool(self.lead or self.helping or self.plain or self.cities)

    def add(self, other: "Found") -> None:
        """Takes over what another stretch said."""
        self.lead += other.lead
        self.helping += other.helping
        self.plain += other.plain
        self.cities = self.cities or other.cities
        self.deadline = self.deadline or other.deadline
        self.spans += other.spans
        self.running = self.running or other.running

    def take(self, run: Run, parties: Parties, default: str) -> None:
        """Adds a list read, its unmarked names under the role its label or column gives."""

        def bodies(group: tuple[Party, ...]) -> list[Body]:
            return [Body(p.name, run.span(p.start, p.end)) for p in group]

        self.cities = self.cities or parties.cities
        self.lead += bodies(parties.lead)
        self.helping += bodies(parties.with_)
        if default == "lead" and parties.lead:
            default = "with"
        {"lead": self.lead, "with": self.helping}.get(default, self.plain).extend(bodies(parties.plain))

    def duty(self) -> Duty:
        """Lead and help told apart: marked leaders, else the first named (schema section 4)."""
        lead, rest = list(self.lead), self.plain + self.helping
        if not lead and self.plain:
            lead, rest = self.plain[:1], self.plain[1:] + self.helping
        elif not lead and rest:
            lead, rest = rest[:1], rest[1:]
        lead = _once(lead, set())
        rest = _once(sorted(rest, key=lambda b: b.span), {b.name for b in lead})
        weak = [] if lead or self.cities else ["no_body"]
        if self.running:
            weak.append("running")
        if any(not looks_like_bodies(b.name) for b in (*lead, *rest)):
            weak.append("unlike_body")
        return Duty(tuple(lead), tuple(rest), self.cities, False, tuple(self.spans), weigh(*weak))


def _once(bodies: list[Body], seen: set[str]) -> list[Body]:
    out = []
    for body in bodies:
        if body.name not in seen:
            seen.add(body.name)
            out.append(body)
    return out


def read_list(run: Run, start: int, end: int, default: str = "") -> Found:
    """Reads a stretch known to be about responsibility, with or without labels inside. A standing rule is left out."""
    found = Found()
    standing = STANDING.search(run.text, start, end)
    if standing and not LABEL.match(run.text[start:end]):
        end = standing.start()
    labels = list(LABEL.finditer(run.text, start, end))
    if not labels or labels[0].start() > start + 1:
        stop = labels[0].start() if labels else end
        found.take(run, read_parties(run, start, stop), default)
    for i, label in enumerate(labels):
        stop = labels[i + 1].start() if i + 1 < len(labels) else end
        if label["time"]:
            found.deadline = found.deadline or run.text[label.end() : stop].strip("，；。、 ）】")
            continue
        role = "lead" if label["lead"] or (label["short"] or "") in ("牵头", "主办") else ""
        role = "with" if label["with"] or (label["short"] or "") in ("配合", "协办") else role
        found.take(run, read_parties(run, label.end(), stop), role or default)
    if end > start and found:
        found.spans.append(run.span(start, end))
    return found


def duty_zones(run: Run) -> list[tuple[int, int]]:
    """[start, end) of the brackets, labelled stretches and whole sentences of a paragraph that name who is responsible."""
    text = run.text
    label = LABEL.match(text)
    if label:
        return [(0, len(text))]
    zones = [_with_name(text, m.start(), m.end()) for m in _BRACKET.finditer(text) if _is_duty_bracket(text, m)]
    for found in LABEL.finditer(text):
        if not any(a <= found.start() < b for a, b in zones) and (
            found.start() == 0 or text[found.start() - 1] in "。；，） "
        ):
            if found["short"]:
                continue
            stop = text.find("。", found.end())
            stop = len(text) if stop < 0 else stop + 1
            zones.append((found.start(), stop))
            break
    if not zones:
        zones = _sentence_zones(text)
    return sorted(zones)


def _with_name(text: str, start: int, end: int) -> tuple[int, int]:
    """A bracket that says who helps takes in the name before it: 市财政局（市科技局配合）."""
    opening = text.rfind("。", 0, start) + 1
    if not 0 < start - opening <= 60 or not looks_like_bodies(text[opening:start]):
        return start, end
    stop = text.find("。", end)
    return opening, len(text) if stop < 0 else stop + 1


def _is_duty_bracket(text: str, match: re.Match[str]) -> bool:
    body = match["body"].strip()
    if not 3 <= len(body) <= 1500:
        return False
    if LABEL.match(body):
        return True
    standing = STANDING.search(body)
    core = body[: standing.start()].rstrip("，；。") if standing else body
    if standing and not core:
        return False
    core = re.sub(r"^由", "", core)
    if _ROLE.search(core) and _listed(core):
        return True
    at_end = not text[match.end() :].strip("。；，、 ") or text[match.end() :].startswith(("（", "【"))
    return at_end and bool(_LEVELLED.match(core)) and looks_like_bodies(core)


def _listed(words: str) -> bool:
    """Whether words with role words in them are otherwise names."""
    run = Run(words, tuple(range(len(words))))
    parties = read_parties(run, 0, len(words))
    names = [p.name for p in (*parties.lead, *parties.with_, *parties.plain)]
    if not names:
        return parties.cities
    good = sum(looks_like_bodies(n) for n in names)
    return 2 * good >= len(names) and all(len(n) <= 40 for n in names)


_SENTENCE = re.compile(
    r"(?:^|(?<=[。；]))(?P<lead>(?:本(?:条|项|措施|任务|行动)|该项?(?:工作|任务|措施)|此项(?:工作|任务)|"
    r"上述工作|以上工作)?(?:任务|工作)?由?)(?P<body>[^。；]{4,160})[。；]?"
)


def _sentence_zones(text: str) -> list[tuple[int, int]]:
    """A sentence that is nothing but names and role words: 由市科技局会同市财政局负责。"""
    zones = []
    for match in _SENTENCE.finditer(text):
        body = match["body"].strip()
        if (
            (_ROLE_END.search(body) or (match["lead"] and "会同" in body and _ROLE_END.search(body)))
            and _listed(body)
            and _strict(body)
        ):
            zones.append((match.start(), match.end()))
    return zones


def _strict(words: str) -> bool:
    run = Run(words, tuple(range(len(words))))
    parties = read_parties(run, 0, len(words))
    names = [p.name for p in (*parties.lead, *parties.with_, *parties.plain)]
    return bool(names) and all(looks_like_bodies(n) and _LEVELLED.match(n) and len(n) <= 24 for n in names)


def read_duty(runs: list[Run]) -> tuple[Found, list[list[tuple[int, int]]]]:
    """Everything a measure's paragraphs say about responsibility, and the zones of each paragraph it was read from."""
    total = Found()
    zones_of: list[list[tuple[int, int]]] = []
    for run in runs:
        zones = duty_zones(run)
        zones_of.append(zones)
        for start, end in zones:
            inner = (
                (start + 1, end - 1)
                if run.text[start] in "（【［〔" and run.text[end - 1] in "）】］〕"
                else (start, end)
            )
            found = read_list(run, *inner)
            found.running = not LABEL.search(run.text[start:end]) and run.text[start] not in "（【［〔" and start > 0
            total.add(found)
    return total, zones_of


def read_standing(run: Run) -> Found | None:
    """A rule stated once for all measures (以下均需…落实，不再单独列出); None if the paragraph has none."""
    for start, end in sentence_bounds(run.text):
        if end - start > 600 or not _FOR_ALL.search(run.text, start, end):
            continue
        found = _read_rule(run, start, end)
        if found is not None:
            return found
    return None


def _read_rule(run: Run, start: int, end: int) -> Found | None:
    for match in STANDING.finditer(run.text, start, end):
        said = match.group()
        if _NOT_DUTY.search(said) or not _ALL_TASKS.search(said):
            continue
        found = Found()
        default = "with" if re.search(r"配合|参与|协助", match["end"]) else ""
        parties = read_parties(run, match.start("who"), match.end("who"))
        names = [p.name for p in (*parties.lead, *parties.with_, *parties.plain)]
        if not (names or parties.cities) or not all(looks_like_bodies(n) and len(n) <= 30 for n in names):
            continue
        found.take(run, parties, default)
        found.spans.append(run.span(match.start(), match.end()))
        return found
    return None
