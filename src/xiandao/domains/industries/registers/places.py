"""Where an enterprise is registered: from a code, from province, city and county, or from an address."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from xiandao.kernel import AmbiguousName, InvalidValue
from xiandao.kernel.region import RegionLevel
from xiandao.kernel.region_table import Region, RegionTable

PROVINCES: Final[dict[str, str]] = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾",
    "81": "香港", "82": "澳门",
}  # fmt: skip
"""GB/T 2260: the first two digits of a code and the province's name without its suffix."""
_CODE: Final = re.compile(r"(\d{6})(?:\d{3}|\d{6})?(?:\.0+)?\Z|(\d{6}-[Zz]\d{2,3})\Z")
_ADDRESS: Final = re.compile(
    r"(?P<province>[^省市区县]{2,6}(?:省|自治区))?(?P<city>[^省市区县]{2,8}?(?:市|自治州|地区|盟))?"
    r"(?P<county>[^省市]{1,8}?(?:区|县|市|旗))?"
)


class Place(NamedTuple):
    """A place as read: its code ("" where it is not known), whether it is in another province, and what was not
    recognised.
    """

    code: str
    outside: bool = False
    why: str = ""


class Places:
    """Looks places up in a table of regions; remembers what it has seen."""

    def __init__(self, table: RegionTable) -> None:
        self._table = table
        roots = [row for row in table if row.level is RegionLevel.PROVINCE]
        self._own = {row.code.value[:2] for row in roots}
        self._roots = roots
        self._seen: dict[tuple[str, ...], Place] = {}

    def read(self, region: str, province: str, city: str, county: str, address: str) -> Place:
        """Return the place that five cells name, each "" where the register has none."""
        key = (region, province, city, county, address)
        if key not in self._seen:
            self._seen[key] = self._read(*map(_plain, key))
        return self._seen[key]

    def _read(self, region: str, province: str, city: str, county: str, address: str) -> Place:
        found = Place("", why="没有写地区")
        if region:
            found = self._code(region) if region[0].isdigit() else self._parts(*_split(region))
            if found.code or found.outside:
                return found
        if province or city or county:
            found = self._parts(province, city, county)
            if found.code or found.outside or not address:
                return found
        if address:
            return self._parts(*_split(address))
        return found

    def _code(self, text: str) -> Place:
        match = _CODE.match(text)
        if match is None:
            return Place("", why=f"“{text}”不是地区代码")
        code = (match[1] or match[2]).upper()
        if self._own and code[:2] in PROVINCES and code[:2] not in self._own:
            return Place("", outside=True)
        for each, why in ((code, ""), (f"{code[:4]}00", f"没有地区代码 {code}，按所属设区市计")):
            try:
                return Place(self._table.current(each).code.value, why=why)
            except InvalidValue:
                continue
        return Place("", why=f"没有地区代码 {code}")

    def _parts(self, province: str, city: str, county: str) -> Place:
        other = self._other(province)
        if other is None:
            return Place("", why=f"没有省份“{province}”")
        if other:
            return Place("", outside=True)
        inside = self._roots[0].code.value if province and len(self._roots) == 1 else None
        code, why = "", ""
        for name in (city, county):
            if not name:
                continue
            row = self._find([name], within=code or inside)
            if row is not None and (row.level is not RegionLevel.PROVINCE or not code):
                code = row.code.value
            else:
                why = f"没有地区“{city if code else ''}{name}”" + ("，按所属设区市计" if code else "")
                break
        if not code and not why:
            why = "没有写设区市" if province else "没有写地区"
        return Place(self._table.current(code).code.value if code else "", why=why)

    def _other(self, province: str) -> bool | None:
        """Return whether a name is that of another province; None where it is no province at all."""
        if not province:
            return False
        code = next((each for each, name in PROVINCES.items() if province.startswith(name)), None)
        if code is not None:
            return code not in self._own
        return False if self._find([province], within=None) is not None else None

    def _find(self, names: Iterable[str], within: str | None) -> Region | None:
        for name in names:
            try:
                return self._table.find(name, within=within)
            except (InvalidValue, AmbiguousName):
                continue
        return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _split(address: str) -> tuple[str, str, str]:
    """Return province, city and county at the beginning of an address; municipalities are provinces."""
    for name in PROVINCES.values():
        if address.startswith(name):
            end = len(name)
            rest = re.match(r"省|维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|市(?=.*区)", address[end:])
            province, address = name, address[end + (rest.end() if rest else 0) :]
            break
    else:
        province = ""
    found = _ADDRESS.match(address)
    if found is None:
        return province, "", ""
    return province or found["province"] or "", found["city"] or "", found["county"] or ""
