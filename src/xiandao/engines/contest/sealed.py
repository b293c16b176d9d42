"""Scores sealed before any is shown: a hash is published first, the scores and a nonce afterwards.

commitment = SHA-256, in lower-case hexadecimal, of the UTF-8 bytes of canonical JSON: keys sorted by code point, no
white space, no escapes but those JSON demands, decimals as text. Anybody can repeat it with a few lines in any
language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xiandao.engines.contest.model import Ballot
from xiandao.kernel import InvalidValue

SHORTEST_NONCE = 16
"""With fewer characters somebody could try all of them, for scores are few."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is known before opening: who scored whom in which round, and the commitment."""

    round: str
    judge: str
    entrant: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A ballot with the nonce it was sealed with."""

    ballot: Ballot
    nonce: str


def seal(round_name: str, ballot: Ballot, nonce: str) -> Sealed:
    """Return the sealed ballot. The nonce is random text from outside; raises `InvalidValue` if it is too short."""
    if len(nonce) < SHORTEST_NONCE:
        raise InvalidValue(nonce, f"不少于{SHORTEST_NONCE}个字符的随机文字", "太短会被逐一试出", "随机数")
    return Sealed(round_name, ballot.judge, ballot.entrant, commitment_of(round_name, ballot, nonce))


def commitment_of(round_name: str, ballot: Ballot, nonce: str) -> str:
    """Return the commitment of a ballot: see `canonical` for the text that is hashed."""
    return hashlib.sha256(canonical(round_name, ballot, nonce).encode()).hexdigest()


def canonical(round_name: str, ballot: Ballot, nonce: str) -> str:
    """Return the canonical JSON of a ballot; a score of 88.50 is the text "88.5", an abstention null."""
    scores = None if ballot.scores is None else {key: _text(value) for key, value in ballot.scores.items()}
    content: Mapping[str, object] = {
        "entrant": ballot.entrant,
        "judge": ballot.judge,
        "nonce": nonce,
        "round": round_name,
        "scores": scores,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def open_all(round_name: str, sealed: Iterable[Sealed], openings: Sequence[Opening]) -> tuple[Ballot, ...]:
    """Return the ballots once all are opened, in order of entrant and judge.

    Raises `InvalidValue` naming the first that was not sealed, was sealed twice, is not opened, or differs from its
    commitment: nobody sees or counts a part.
    """
    known: dict[tuple[str, str], str] = {}
    for one in sealed:
        if one.round != round_name or (one.judge, one.entrant) in known:
            raise InvalidValue(f"{one.judge}→{one.entrant}", f"{round_name}每人每项一份密封", what="密封评分")
        known[one.judge, one.entrant] = one.commitment
    opened: dict[tuple[str, str], Ballot] = {}
    for opening in openings:
        key = (opening.ballot.judge, opening.ballot.entrant)
        shown = f"{key[0]}→{key[1]}"
        if key not in known or key in opened:
            raise InvalidValue(shown, "事先密封过、只开启一次的评分", what="开启的评分")
        if commitment_of(round_name, opening.ballot, opening.nonce) != known[key]:
            raise InvalidValue(shown, "与密封时一致的评分", "分数或随机数在密封后变了，请核对原件", "开启的评分")
        opened[key] = opening.ballot
    missing = sorted(known.keys() - opened.keys())
    if missing:
        raise InvalidValue("、".join("→".join(key) for key in missing), "全部同时开启", what="未开启的评分")
    return tuple(sorted(opened.values(), key=lambda ballot: (ballot.entrant, ballot.judge)))


def _text(value: Decimal) -> str:
    """Return a decimal without exponent and trailing zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
