"""A table of regions and zones as a pack lists them: lookup by code, by name within a parent, and through history."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .errors import AmbiguousName, InvalidValue
from .region import RegionCode, RegionLevel, ZoneCode, parse_region

_WHAT = "地区"
_SUFFIX = re.compile(r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|地区|省|市|区|县|盟|旗)$")
_SHORTEST = 2  # 丰县 is not called 丰
_RANK = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY, RegionLevel.ZONE)


@dataclass(frozen=True, slots=True)
class Region:
    """One row: a region or zone with its names, its parent, its group (such as 苏南) and its time of validity.

    `valid_from` is the first day and `valid_to` the last day the code was in force, None if open; `successor` is the
    code that took its place.
    """

    code: RegionCode | ZoneCode
    name: str
    parent: RegionCode | None = None
    group: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: RegionCode | ZoneCode | None = None
    aliases: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        code: str,
        name: str,
        *,
        level: str | None = None,
        parent: str | None = None,
        group: str = "",
        valid_from: date | None = None,
        valid_to: date | None = None,
        successor: str | None = None,
        aliases: Iterable[str] = (),
    ) -> Region:
        """Return the row given as plain text; the parent defaults to the one the digits state.

        Raises `InvalidValue` on a bad code, an empty name, a level the digits contradict, or dates in wrong order.
        """
        parsed = parse_region(code)
        if not name.strip():
            raise InvalidValue(name, f"{code} 的名称", "请填写名称", _WHAT)
        if level is not None and level != parsed.level.value:
            raise InvalidValue(level, f"{parsed.level.value}（{code} 按代码为{parsed.level.label}）", what="地区级别")
        if valid_from and valid_to and valid_to < valid_from:
            raise InvalidValue(valid_to, f"不早于启用日 {valid_from}", f"请核对 {code} 的起止日期", "停用日")
        above = RegionCode(parent) if parent else parsed.parent
        follows = parse_region(successor) if successor else None
        return cls(parsed, name.strip(), above, group, valid_from, valid_to, follows, tuple(aliases))

    @property
    def level(self) -> RegionLevel:
        """The level the code states."""
        return self.code.level

    @property
    def short_name(self) -> str:
        """The name without 省, 市, 区, 县 and the like, unless less than two characters would be left."""
        short = "" if self.level is RegionLevel.ZONE else _SUFFIX.sub("", self.name)
        return short if len(short) >= _SHORTEST else self.name

    def in_force(self, on: date | None) -> bool:
        """Whether the code is in force on a day; `on` None asks whether it has no end."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class RegionTable:
    """Regions and zones, checked as a whole: codes unique, parents and successors present, no circles of succession."""

    def __init__(self, rows: Iterable[Region]) -> None:
        self._by_code: dict[RegionCode | ZoneCode, Region] = {}
        self._names: defaultdict[str, list[Region]] = defaultdict(list)
        for row in rows:
            if row.code in self._by_code:
                raise InvalidValue(row.code, "不重复的代码", f"“{row.name}”与“{self[row.code].name}”只能留一行", _WHAT)
            self._by_code[row.code] = row
            for name in {row.name, row.short_name, *row.aliases}:
                self._names[_plain(name)].append(row)
        for row in self:
            self._check_links(row)

    def _check_links(self, row: Region) -> None:
        """Raise `InvalidValue` if the parent or a successor of `row` is missing or successors run in a circle."""
        if row.parent is not None and row.parent not in self._by_code:
            raise InvalidValue(row.parent, f"表中已有的上级（{row.name} 引用）", "请补上级地区一行", "上级代码")
        seen = {row.code}
        while row.successor is not None:
            if row.successor not in self._by_code:
                raise InvalidValue(
                    row.successor, f"表中已有的代码（{row.name} 的后继）", "请补后继地区一行", "后继代码"
                )
            if row.successor in seen:
                raise InvalidValue(row.successor, f"不回到自身的后继（{row.name}）", "请核对撤并先后", "后继代码")
            seen.add(row.successor)
            row = self._by_code[row.successor]

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: RegionCode | ZoneCode | str) -> Region:
        """Return the row of a code; raises `InvalidValue` if the table does not have it."""
        key = parse_region(code) if isinstance(code, str) else code
        if key not in self._by_code:
            raise InvalidValue(key, "地区表中已有的代码", "请核对代码，或在政策包的地区表中补上", _WHAT)
        return self._by_code[key]

    def current(self, code: RegionCode | ZoneCode | str) -> Region:
        """Return the row in force today for a code that may have been abolished, following its successors."""
        row = self[code]
        while row.successor is not None:
            row = self[row.successor]
        return row

    def children(self, code: RegionCode | ZoneCode | str, on: date | None = None) -> tuple[Region, ...]:
        """Return the regions and zones directly under a code, in force on a day (None: still in force), by code."""
        parent = self[code].code
        rows = (row for row in self if row.parent == parent and row.in_force(on))
        return tuple(sorted(rows, key=lambda row: row.code.value))

    def at_level(self, level: RegionLevel, on: date | None = None) -> tuple[Region, ...]:
        """Return the regions of one level in force on a day (None: still in force), by code."""
        rows = (row for row in self if row.level is level and row.in_force(on))
        return tuple(sorted(rows, key=lambda row: row.code.value))

    def contains(self, outer: RegionCode | ZoneCode, inner: RegionCode | ZoneCode) -> bool:
        """Whether `inner` is `outer` or lies in it, by the table's parents (they may differ from the digits')."""
        walk: RegionCode | ZoneCode | None = inner
        while walk is not None and walk != outer:
            row = self._by_code.get(walk)
            walk = row.parent if row else walk.parent
        return walk is not None

    def full_name(self, code: RegionCode | ZoneCode | str) -> str:
        """Return the name with its city before it (南京市鼓楼区), which is unique where the bare name is not."""
        row = self[code]
        above = self._by_code.get(row.parent) if row.parent else None
        needs = above is not None and above.level in {RegionLevel.CITY, RegionLevel.COUNTY}
        return f"{self.full_name(above.code)}{row.name}" if above and needs else row.name

    def find(self, text: str, *, within: RegionCode | ZoneCode | str | None = None, on: date | None = None) -> Region:
        """Return the region a name or code stands for: 南京, 南京市, 鼓楼区 within 320100, 江苏省南京市鼓楼区, 320106.

        A full name comes before a short one and a higher level before a lower (淮安 is the city). `on` None prefers
        regions still in force and falls back to abolished ones. Raises `AmbiguousName` listing the candidates with
        their cities, or `InvalidValue` with the nearest names.
        """
        plain = _plain(text) if isinstance(text, str) else ""
        if re.fullmatch(r"[0-9]{6}(-[Zz][0-9]{2,3})?", plain):
            return self[plain]
        scope = self[within].code if within is not None else None
        found = self._matches(plain, scope, on)
        if not found and on is None:
            found = self._matches(plain, scope, on, abolished=True)
        if len(found) == 1:
            return found[0]
        if found:
            labels = tuple(f"{self.full_name(row.code)}（{row.code}）" for row in found)
            raise AmbiguousName(text, labels, _WHAT)
        near = difflib.get_close_matches(plain, self._names, n=3, cutoff=0.5)
        mend = f"是否指{'、'.join(f'“{name}”' for name in near)}" if near else "请写全称或6位代码"
        where = f"{self.full_name(scope)}内的" if scope else ""
        raise InvalidValue(text, f"地区表中{where}地区名称", mend, _WHAT)

    def _matches(
        self, plain: str, scope: RegionCode | ZoneCode | None, on: date | None, *, abolished: bool = False
    ) -> list[Region]:
        """Return the rows `plain` may mean inside `scope`: as a whole name, else as a name after its parents'."""
        rows = [
            row
            for row in self._names.get(plain, ())
            if (abolished or row.in_force(on)) and (scope is None or self.contains(scope, row.code))
        ]
        if rows:
            exact = [row for row in rows if plain in {_plain(row.name), *map(_plain, row.aliases)}] or rows
            highest = min(_RANK.index(row.level) for row in exact)
            return [row for row in exact if _RANK.index(row.level) == highest]
        found: dict[RegionCode | ZoneCode, Region] = {}
        for cut in range(len(plain) - 1, _SHORTEST - 1, -1):
            for outer in self._matches_head(plain[:cut], scope):
                inside = self._matches(plain[cut:], outer.code, on, abolished=abolished)
                found.update({row.code: row for row in inside if row.code != outer.code})
            if found:
                break
        return list(found.values())

    def _matches_head(self, head: str, scope: RegionCode | ZoneCode | None) -> list[Region]:
        """Return the rows whose whole or short name is `head` inside `scope`."""
        return [row for row in self._names.get(head, ()) if scope is None or self.contains(scope, row.code)]


def _plain(name: str) -> str:
    """Return a name in half width without any space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
