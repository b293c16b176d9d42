"""What is drawn from (Plan) and what a draw leaves behind (Record). Both canonical: equal content, equal hashes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from xiandao.kernel import InvalidValue

VERSION: Final = "xiandao-draw/1"
_HEX: Final = frozenset("0123456789abcdef")
_NONCE: Final = 32
"""Shortest nonce: 128 bits, so that a short seed cannot be guessed from its commitment."""


def clean(text: object, what: str, *, empty: bool = False) -> str:
    """Return `text` if it may enter a hash, else raise `InvalidValue`."""
    if isinstance(text, str) and (text or empty):
        plain = text == text.strip() and not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text)
        if plain and unicodedata.is_normalized("NFC", text):
            return text
    raise InvalidValue(text, "非空、首尾没有空白、不含换行等控制字符的 NFC 文字", "请改写后重新登记", what)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def by_bytes(text: str) -> bytes:
    """Return what texts are sorted by."""
    return text.encode()


@dataclass(frozen=True, slots=True)
class Member:
    """One who may be drawn: `id` unique in the pool, `stratum` one of the plan's."""

    id: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A member of the pool who may not be drawn, and why (a rule code or words)."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many are drawn from one stratum, and how many more are called as reserve, in order."""

    name: str
    take: int
    reserves: int = 0


@dataclass(frozen=True)
class Plan:
    """Everything that decides a draw but the seed and the public value. The order of what is given does not matter.

    `public_source`: words that say where the public value comes from, "" where there is none. Raises `InvalidValue`
    for ids that appear twice, strata that are not the plan's, exclusions of others than members, numbers below zero.
    """

    pool: tuple[Member, ...]
    strata: tuple[Stratum, ...]
    excluded: tuple[Exclusion, ...] = ()
    public_source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pool", tuple(sorted(self.pool, key=lambda each: by_bytes(clean(each.id, "编号")))))
        object.__setattr__(
            self, "strata", tuple(sorted(self.strata, key=lambda each: by_bytes(clean(each.name, "层"))))
        )
        excluded = sorted(self.excluded, key=lambda each: by_bytes(clean(each.id, "被排除的编号")))
        object.__setattr__(self, "excluded", tuple(excluded))
        clean(self.public_source, "公开数来源", empty=True)
        _once((each.id for each in self.pool), "抽取池编号")
        _once((each.name for each in self.strata), "层")
        _once((each.id for each in self.excluded), "被排除的编号")
        self._check()

    def _check(self) -> None:
        names, ids = {each.name for each in self.strata}, {each.id for each in self.pool}
        for member in self.pool:
            if member.stratum not in names:
                raise InvalidValue(member.stratum, "方案中列出的层", f"请核对 {member.id} 的层", "层")
        for exclusion in self.excluded:
            clean(exclusion.reason, f"排除 {exclusion.id} 的理由")
            if exclusion.id not in ids:
                raise InvalidValue(exclusion.id, "抽取池中的编号", "请核对排除名单", "被排除的编号")
        for stratum in self.strata:
            for count in (stratum.take, stratum.reserves):
                if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                    raise InvalidValue(count, "不小于 0 的整数", f"请核对层“{stratum.name}”的名额", "名额")

    @cached_property
    def pool_hash(self) -> str:
        """The hash of the pool alone, as shown before the draw."""
        return digest(self._pool_lines)

    @cached_property
    def plan_hash(self) -> str:
        """The hash of pool, exclusions, strata and source of the public value, as shown before the draw."""
        excluded = "".join(f"{each.id}\t{each.reason}\n" for each in self.excluded)
        strata = "".join(f"{each.name}\t{each.take}\t{each.reserves}\n" for each in self.strata)
        head = f"{VERSION}\npool\n{self._pool_lines}excluded\n{excluded}strata\n{strata}"
        return digest(f"{head}public\n{self.public_source}\n")

    @property
    def _pool_lines(self) -> str:
        return "".join(f"{each.id}\t{each.stratum}\n" for each in self.pool)

    @cached_property
    def eligible(self) -> dict[str, tuple[str, ...]]:
        """Ids that may be drawn, by stratum, strata in order."""
        out = {each.id for each in self.excluded}
        found: dict[str, list[str]] = {each.name: [] for each in self.strata}
        for member in self.pool:
            if member.id not in out:
                found[member.stratum].append(member.id)
        return {name: tuple(ids) for name, ids in found.items()}


@dataclass(frozen=True, slots=True)
class Event:
    """One who was drawn or waits cannot serve; `taken_by` is the reserve who took the seat, if any."""

    id: str
    reason: str
    taken_by: str | None = None


@dataclass(frozen=True)
class Record:
    """A draw that was made. `drawn` and `reserves`: ids in order, by stratum, as first drawn; `events`: what came
    after.

    `names`: who serves now, in order of strata and seats. Nothing is checked here: `verify` does.
    """

    plan: Plan
    commitment: str
    seed: str
    nonce: str
    public: str
    pool_hash: str
    plan_hash: str
    drawn: dict[str, tuple[str, ...]]
    reserves: dict[str, tuple[str, ...]]
    names: tuple[str, ...]
    events: tuple[Event, ...] = field(default=())


def check_secret(seed: str, nonce: str) -> None:
    """Raise `InvalidValue` unless the seed is clean text and the nonce at least 32 lower-case hexadecimal digits."""
    clean(seed, "种子")
    if not (isinstance(nonce, str) and len(nonce) >= _NONCE and set(nonce) <= _HEX):
        raise InvalidValue("（不显示）", f"至少 {_NONCE} 位小写十六进制数", "请重新生成", "随机数")


def _once(values: Iterable[str], what: str) -> None:
    twice = [value for value, times in Counter(values).items() if times > 1]
    if twice:
        raise InvalidValue("、".join(twice), "各不相同", "请合并或更正重复的", what)
