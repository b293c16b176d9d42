"""Mechanisms named in quotation marks, and promises without a number by the strength of their verb."""

import re

from xiandao.engines.policytext.clauses import clause_bounds, sentence_bounds
from xiandao.engines.policytext.confidence import weigh
from xiandao.engines.policytext.lexicon import FIRM, SOFT, UNMEASURED
from xiandao.engines.policytext.model import Commitment, Mention, Strength
from xiandao.engines.policytext.normalise import Run, cite

_QUOTED = re.compile(r"“([^“”]{1,120})”")
_PREFIX = (
    r"^(?:(?:到|至)?20\d{2}年[^，]{0,6}|进一步|积极|大力|全面|深入|持续|着力|加快|有序|稳步|重点|同步|"
    r"切实|不断|统筹|扎实|充分|主动|牢牢|全力|高标准|高质量|高水平|协调|并|同时|要|应|率先|系统)*"
)
_FIRM = re.compile(rf"{_PREFIX}(?P<verb>{FIRM})")
_SOFT = re.compile(rf"{_PREFIX}(?P<verb>{SOFT})")


def read_mentions(source: str, runs: list[Run], prefix: str) -> tuple[Mention, ...]:
    """Each distinct string in quotation marks, in order (schema section 15)."""
    seen: dict[str, Mention] = {}
    for run in runs:
        for match in _QUOTED.finditer(run.text):
            said = cite(source, run, *match.span(1))
            if said.text not in seen:
                seen[said.text] = Mention(f"{prefix}{len(seen) + 1}", said.text, said.span)
    return tuple(seen.values())


def read_commitments(source: str, runs: list[Run], taken: list[tuple[int, int]], prefix: str) -> tuple[Commitment, ...]:
    """Clauses that promise without a number: the first verb tells a firm promise from a soft one.

    `taken` are the [start, end) of clauses that already gave a target or a support standard.
    """
    out: list[Commitment] = []
    for run in runs:
        for sentence in sentence_bounds(run.text):
            for start, end in clause_bounds(run.text, *sentence):
                found = _read(run.text[start:end])
                if found is None:
                    continue
                strength, verb = found
                said = cite(source, run, start, end)
                if any(a < said.span.end and said.span.start < b for a, b in taken):
                    continue
                weak = ["soft_quote"] if len(said.text) > 60 else []
                if UNMEASURED.search(said.text):
                    weak = weak[:0]
                out.append(Commitment(f"{prefix}{len(out) + 1}", strength, verb, said, weigh(*weak)))
    return tuple(out)


def _read(clause: str) -> tuple[Strength, str] | None:
    if len(clause) < 6:
        return None
    soft = _SOFT.match(clause)
    if soft:
        return "soft", soft["verb"]
    firm = _FIRM.match(clause)
    return ("firm", firm["verb"]) if firm else None
