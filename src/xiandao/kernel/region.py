"""Administrative division codes (GB/T 2260) and the development zones that have no such code of their own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from .errors import InvalidValue

_NORTH_TO_EAST = ("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37")
_MIDDLE_TO_WEST = ("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65")
PROVINCES = frozenset((*_NORTH_TO_EAST, *_MIDDLE_TO_WEST, "71", "81", "82"))
"""First two digits in use (GB/T 2260-2007)."""

_DIRECT_COUNTY = "90"  # digits 3–4 of counties a province governs directly (省直辖县级行政区划)
_WHAT = "行政区划代码"


class RegionLevel(StrEnum):
    """Where a region stands: province, city (prefecture level), county level, or a development zone under one."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"

    @property
    def label(self) -> str:
        """The level in Chinese."""
        labels = {"province": "省级", "city": "设区市级", "county": "县级", "zone": "开发区（功能区）"}
        return labels[self.value]


@dataclass(frozen=True, slots=True, order=True)
class RegionCode:
    """Six digits of GB/T 2260: two for the province, two for the city, two for the county.

    Raises `InvalidValue` for anything else, for an unknown province and for a county without city digits.
    """

    value: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or not re.fullmatch(r"[0-9]{6}", self.value):
            raise InvalidValue(self.value, "6位数字", "省级形如 xx0000，设区市级形如 xxxx00", _WHAT)
        if self.value[:2] not in PROVINCES:
            raise InvalidValue(self.value, "GB/T 2260 所列省级代码开头", "请核对前两位", _WHAT)
        if self.value[2:4] == "00" and self.value[4:] != "00":
            raise InvalidValue(self.value, "县级代码第3—4位不为00", "请核对所属设区市的两位代码", _WHAT)

    def __str__(self) -> str:
        return self.value

    @property
    def level(self) -> RegionLevel:
        """The level the digits state: xx0000 province, xxxx00 city, all others county."""
        if self.value.endswith("0000"):
            return RegionLevel.PROVINCE
        return RegionLevel.CITY if self.value.endswith("00") else RegionLevel.COUNTY

    @property
    def province(self) -> RegionCode:
        """The province this region is or lies in."""
        return RegionCode(self.value[:2] + "0000")

    @property
    def city(self) -> RegionCode | None:
        """The city this region is or lies in; None for a province and for a county its province governs directly."""
        if self.value[2:4] in {"00", _DIRECT_COUNTY}:
            return None
        return RegionCode(self.value[:4] + "00")

    @property
    def parent(self) -> RegionCode | None:
        """The region one level up; None for a province."""
        if self.level is RegionLevel.PROVINCE:
            return None
        return self.province if self.level is RegionLevel.CITY else self.city or self.province

    def contains(self, other: RegionCode | ZoneCode) -> bool:
        """Whether `other` is this region or lies in it, judged by the digits."""
        inner: RegionCode | None = other.parent if isinstance(other, ZoneCode) else other
        while inner is not None and inner != self:
            inner = inner.parent
        return inner is not None


@dataclass(frozen=True, slots=True, order=True)
class ZoneCode:
    """A development zone or functional area: its parent's region code, `-Z`, and two or three digits (320500-Z01).

    Zones are no GB/T 2260 units; the numbers are the pack's. Raises `InvalidValue` on another form.
    """

    value: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or not re.fullmatch(r"[0-9]{6}-Z[0-9]{2,3}", self.value):
            raise InvalidValue(self.value, "所在地6位行政区划代码加“-Z”和两三位序号", "例如 320500-Z01", "开发区代码")
        RegionCode(self.value[:6])

    def __str__(self) -> str:
        return self.value

    @property
    def level(self) -> RegionLevel:
        """Always `RegionLevel.ZONE`."""
        return RegionLevel.ZONE

    @property
    def parent(self) -> RegionCode:
        """The region the zone belongs to."""
        return RegionCode(self.value[:6])

    @property
    def province(self) -> RegionCode:
        """The province the zone lies in."""
        return self.parent.province

    @property
    def city(self) -> RegionCode | None:
        """The city the zone lies in; None if it is the province's own."""
        return self.parent.city

    def contains(self, other: RegionCode | ZoneCode) -> bool:
        """Whether `other` is this zone; a zone contains no GB/T 2260 unit."""
        return other == self


def parse_region(text: str) -> RegionCode | ZoneCode:
    """Return the region or zone code in `text`; full width, outer spaces and lower case are put right.

    Raises `InvalidValue` if `text` is neither form (GB/T 2260; zones: ours).
    """
    if not isinstance(text, str):
        raise InvalidValue(text, "文字形式的代码", "请把单元格设为文本格式", _WHAT)
    code = unicodedata.normalize("NFKC", text).strip().upper()
    return ZoneCode(code) if "-" in code else RegionCode(code)
