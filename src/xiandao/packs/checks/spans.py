"""Every quote of a plan stands in its text where its span says, word for word."""

from xiandao.packs.checks.findings import Findings, walk
from xiandao.packs.reader import Path
from xiandao.packs.schema.common import Quoted, Span
from xiandao.packs.schema.plan import Action, Commitment, Item, Measure, Mechanism, PlanDoc, Target

_SHOWN = 30


class TextCheck:
    """Checks one plan against its text (None where there is no text, so that nothing may carry a span)."""

    def __init__(self, findings: Findings, file: str, text: str | None) -> None:
        """Check the plan in ``file`` against ``text`` and report into ``findings``."""
        self.findings = findings
        self.file = file
        self.text = text

    def plan(self, plan: PlanDoc) -> None:
        """Report every item whose words are not those of the text at its span."""
        for path, record in walk(plan):
            if self.text is None:
                if getattr(record, "span", None) is not None:
                    self.report((*path, "span"), "起止位置", "没有原文的方案不写 span", "删去 span，或附上原文")
            elif isinstance(record, Quoted | Target | Commitment):
                self.words((*path, "quote"), record.quote, record.span)
            elif isinstance(record, Measure) or (isinstance(record, Action) and not record.implied):
                self.inside(path, record.title, record.span)
            elif isinstance(record, Mechanism):
                self.inside(path, record.name, record.span)
        if self.text is not None:
            everything = list(plan.measures())
            for action_no, action in enumerate(plan.actions):
                for number, measure in enumerate(action.measures):
                    others = [other for other in everything if other is not measure]
                    self.measure(("actions", action_no, "measures", number), measure, others)

    def measure(self, path: Path, measure: Measure, others: list[Measure]) -> None:
        """Report items that stand in another measure and duty parties the duty's words do not name."""
        groups: dict[str, tuple[Item, ...]] = {
            "targets": measure.targets,
            "support": measure.support,
            "mechanisms": measure.mechanisms,
            "commitments": measure.commitments,
        }
        for name, items in groups.items():
            for index, item in enumerate(items):
                self.not_elsewhere((*path, name, index, "span"), item.span, measure, others)
        duty = measure.duty
        for name, parties in (("lead", duty.lead), ("with", duty.helping)):
            for index, party in enumerate(parties):
                if duty.quotes and not any(party in _unbroken(quoted.quote) for quoted in duty.quotes):
                    mend = "按原文改写名称，别名写在 organisations.yaml"
                    self.report((*path, "duty", name, index), f"“{party}”", "责任分工原文中的名称", mend)

    def words(self, path: Path, quote: str | None, span: Span | None) -> None:
        """Report where ``quote`` is not exactly the text at ``span``."""
        place = (*path[:-1], "span")
        if quote is None:
            if span is not None:
                self.report(path, "有 span 而无 quote", "与 span 相符的原文", "补上 quote")
            return
        if span is None:
            self.report(path, "有 quote 而无 span", "quote 在原文中的起止位置", self.where(quote))
        elif _unbroken(self.at(span)) != _unbroken(quote):
            found = f"[{span[0]}, {span[1]}] 处为“{_short(self.at(span))}”"
            self.report(place, found, f"与 quote 逐字相同（“{_short(quote)}”）", self.where(quote))

    def inside(self, path: Path, words: str, span: Span | None) -> None:
        """Report where ``words`` do not stand inside ``span``."""
        if span is not None and _unbroken(words) not in _unbroken(self.at(span)):
            found = f"[{span[0]}, {span[1]}] 处没有“{_short(words)}”"
            self.report((*path, "span"), found, "包含该名称的起止位置", self.where(words))

    def not_elsewhere(self, path: Path, span: Span | None, measure: Measure, others: list[Measure]) -> None:
        """Report a span inside another measure; outside all of them it may stand in an annexed table or a box."""
        if span is None or (measure.span is not None and measure.span[0] <= span[0] and span[1] <= measure.span[1]):
            return
        for other in others:
            if other.span is not None and span[0] < other.span[1] and other.span[0] < span[1]:
                found = f"[{span[0]}, {span[1]}] 在任务 {other.key}（{other.no}）之内"
                mend = f"核对该项属于哪一条任务：移到 {other.key}，或更正 span"
                self.report(path, found, f"在任务 {measure.key} 的范围之内", mend)
                return

    def report(self, path: Path, found: str, expected: str, mend: str) -> None:
        """Add a fault of this plan's file."""
        self.findings.report(self.file, path, found, expected, mend)

    def at(self, span: Span) -> str:
        """Return the text at ``span`` ("" outside the text)."""
        return (self.text or "")[span[0] : span[1]]

    def where(self, words: str) -> str:
        """Return the mend: where the words do stand in the text."""
        text = self.text or ""
        start = text.find(words)
        if start < 0:
            return "原文中没有这些字，按原文更正（注意全角半角与引号）"
        times = text.count(words)
        place = f"[{start}, {start + len(words)}]"
        return f"span 改为 {place}" if times == 1 else f"原文中有 {times} 处，第一处为 {place}"


def _unbroken(words: str) -> str:
    """Return ``words`` without white space: published texts break lines and table cells inside what they say."""
    return "".join(words.split())


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
