"""Which columns of a register hold what, under the names offices give them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from xiandao.domains.industries.registers.errors import RegisterError

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "企业名称", "名称", "公司名称", "单位名称", "机构名称", "市场主体名称", "经营主体名称", "entname"),
    "scope": ("scope", "经营范围", "业务范围", "经营(业务)范围", "经营（业务）范围", "opscope", "business_scope"),
    "uscc": ("uscc", "统一社会信用代码", "社会信用代码", "信用代码", "credit_code", "uniscid"),
    "rid": ("rid", "记录编号", "编号"),
}
_EXTRA: Final[dict[str, tuple[str, ...]]] = {
    "registered_on": ("registered_on", "成立日期", "成立时间", "注册日期", "注册时间", "登记日期", "estdate"),
    "ended_on": ("ended_on", "注销日期", "注销时间", "注吊销日期", "吊销日期", "candate"),
    "status": ("status", "登记状态", "经营状态", "企业状态", "存续状态", "regstate"),
    "capital": ("capital", "注册资本", "注册资金", "出资额", "regcap"),
    "currency": ("currency", "币种", "注册资本币种", "注册资本(金)币种", "regcapcur"),
    "activity": ("activity", "行业代码", "国民经济行业代码", "行业小类代码", "行业", "industryco"),
    "kind": ("kind", "企业类型", "类型", "市场主体类型", "经营主体类型", "enttype"),
    "region": ("region", "地区代码", "行政区划代码", "行政区划", "区划代码", "所属地区", "地区"),
    "province": ("province", "省份", "省", "所属省份"),
    "city": ("city", "设区市", "地市", "城市", "市", "所属城市", "所属地市"),
    "county": ("county", "district", "区县", "县区", "县(市、区)", "县（市、区）", "所属区县", "县"),
    "place": ("place", "登记地", "住所", "注册地址", "企业地址", "地址", "住所地", "dom"),
    "product_lines": ("product_lines", "主要产品", "主营产品", "产品"),
    "patents": ("patents", "专利数", "专利数量", "有效专利数", "专利件数"),
}
LABELS: Final[dict[str, str]] = {
    "name": "企业名称",
    "scope": "经营范围",
    "uscc": "统一社会信用代码",
    "rid": "记录编号",
    "registered_on": "成立日期",
    "ended_on": "注销日期",
    "status": "登记状态",
    "capital": "注册资本",
    "currency": "币种",
    "activity": "行业代码",
    "kind": "企业类型",
    "region": "地区代码",
    "province": "省份",
    "city": "设区市",
    "county": "县（市、区）",
    "place": "登记地",
    "product_lines": "主要产品",
    "patents": "专利数",
}
"""What a column is called when something is said of it."""
_MEANING: Final = ("name", "scope")
_UNIT: Final = re.compile(r"[（(]\s*(?:单位[:：])?\s*(亿元|千万元|百万元|万元|千元|元)\s*(?:人民币)?\s*[）)]\s*\Z")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns in the file; ``uscc`` and ``rid`` are None where it has none.

    ``extra``: what else a register may tell (keys of LABELS), to the name in the file; ``unit`` the unit of money
    printed in the heading of the capital, "" where it prints none.
    """

    name: str
    scope: str
    uscc: str | None
    rid: str | None
    extra: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""

    @property
    def keys(self) -> dict[str, str]:
        """Key columns kept in a result: name in the result to name in the file."""
        return {key: given for key, given in (("rid", self.rid), ("uscc", self.uscc)) if given is not None}

    @property
    def wanted(self) -> list[str]:
        """The columns an identification reads, each once."""
        lines = [self.extra["product_lines"]] if "product_lines" in self.extra else []
        return list(dict.fromkeys([*self.keys.values(), self.name, self.scope, *lines]))

    @property
    def all(self) -> list[str]:
        """All columns known, each once."""
        return list(dict.fromkeys([*self.wanted, *self.extra.values()]))


def find_columns(given: Iterable[str]) -> Columns:
    """Return the columns of a register by their headings. Raises RegisterError where name or scope is missing."""
    headings = list(given)
    plain = {str(heading).strip().lower(): heading for heading in headings}
    found = {what: _first(plain, words) for what, words in _WORDS.items()}
    missing = [what for what in _MEANING if found[what] is None]
    if missing:
        lacking = "、".join(f"{LABELS[what]}（{what}）" for what in missing)
        raise RegisterError(
            f"缺少列：{lacking}；现有列：{'、'.join(map(str, headings)) or '无'}",
            "第一行是列名，其中有企业名称和经营范围",
            f"把相应的列名改为{'、'.join(LABELS[what] for what in missing)}",
        )
    bare = {**{_UNIT.sub("", heading): given for heading, given in plain.items()}, **plain}
    extra = {what: name for what, words in _EXTRA.items() if (name := _first(bare, words)) is not None}
    printed = _UNIT.search(extra.get("capital", "").strip().lower())
    unit = printed[1] if printed else ""
    return Columns(str(found["name"]), str(found["scope"]), found["uscc"], found["rid"], extra, unit)


def _first(plain: Mapping[str, str], words: Iterable[str]) -> str | None:
    return next((plain[word] for word in words if word in plain), None)
