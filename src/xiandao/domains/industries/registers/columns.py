"""Which columns of a register hold what, under the names offices give them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xiandao.domains.industries.registers.errors import RegisterError

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "企业名称", "名称", "公司名称", "单位名称", "机构名称", "市场主体名称", "经营主体名称", "entname"),
    "scope": ("scope", "经营范围", "业务范围", "经营(业务)范围", "经营（业务）范围", "opscope", "business_scope"),
    "uscc": ("uscc", "统一社会信用代码", "社会信用代码", "信用代码", "credit_code", "uniscid"),
    "rid": ("rid", "记录编号", "编号"),
}
_MEANING: Final = {"name": "企业名称", "scope": "经营范围"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns in the file; ``uscc`` and ``rid`` are None where it has none."""

    name: str
    scope: str
    uscc: str | None
    rid: str | None

    @property
    def keys(self) -> dict[str, str]:
        """Key columns kept in a result: name in the result to name in the file."""
        return {key: given for key, given in (("rid", self.rid), ("uscc", self.uscc)) if given is not None}

    @property
    def wanted(self) -> list[str]:
        """All columns to read, each once."""
        return list(dict.fromkeys([*self.keys.values(), self.name, self.scope]))


def find_columns(given: Iterable[str]) -> Columns:
    """Return the columns of a register by their headings. Raises RegisterError where name or scope is missing."""
    headings = list(given)
    plain = {heading.strip().lower(): heading for heading in headings}
    found = {what: next((plain[word] for word in words if word in plain), None) for what, words in _WORDS.items()}
    missing = [what for what in _MEANING if found[what] is None]
    if missing:
        lacking = "、".join(f"{_MEANING[what]}（{what}）" for what in missing)
        raise RegisterError(
            f"缺少列：{lacking}；现有列：{'、'.join(map(str, headings)) or '无'}",
            "第一行是列名，其中有企业名称和经营范围",
            f"把相应的列名改为{'、'.join(_MEANING[what] for what in missing)}",
        )
    return Columns(str(found["name"]), str(found["scope"]), found["uscc"], found["rid"])
