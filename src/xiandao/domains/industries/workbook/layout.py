"""The sheets of the workbook and their columns. Sheets and columns are found by their headings."""

from dataclasses import dataclass
from typing import Final

FORMAT: Final = "xiandao-catalogue-1"
ABOUT: Final = "版本"
INDUSTRIES, SEGMENTS, PRODUCTS, TERMS, TRAPS = "产业", "环节", "产品", "词条", "易误认用语"
STAGES: Final = {"上游": "upstream", "中游": "midstream", "下游": "downstream", "配套": "supporting"}
WEIGHTS: Final = {"单独成立": "core", "须有旁证": "weak", "只作旁证": "related"}
YES: Final = {"是": True, "否": False, "": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the field it holds ("" for one that only helps reading), its width."""

    heading: str
    field: str
    width: int = 14


SHEETS: Final[dict[str, tuple[Column, ...]]] = {
    INDUSTRIES: (
        Column("产业代码", "industry"),
        Column("产业", ""),
        Column("定义", "definition", 60),
        Column("包括", "includes", 40),
        Column("不包括", "excludes", 40),
        Column("说明", "notes", 40),
    ),
    SEGMENTS: (
        Column("产业代码", "industry"),
        Column("产业", ""),
        Column("环节代码", "segment", 18),
        Column("环节", "name", 22),
        Column("英文名称", "name_en", 24),
        Column("位置", "stage", 8),
        Column("国民经济行业", "gbt4754", 24),
        Column("战略性新兴产业", "strategic", 18),
        Column("国际专利分类", "ipc", 28),
    ),
    PRODUCTS: (
        Column("产业代码", "industry"),
        Column("产业", ""),
        Column("环节代码", "segment", 18),
        Column("产品代码", "product", 20),
        Column("产品", "name", 24),
        Column("英文名称", "name_en", 24),
        Column("定义", "definition", 50),
        Column("包括", "includes", 30),
        Column("不包括", "excludes", 30),
        Column("本身是一项活动", "activity", 10),
    ),
    TERMS: (
        Column("产业代码", "industry"),
        Column("产品代码", "product", 20),
        Column("产品", "", 24),
        Column("词条", "text", 28),
        Column("效力", "weight", 12),
        Column("同义于", "of", 28),
    ),
    TRAPS: (
        Column("产业代码", "industry"),
        Column("产业", ""),
        Column("用语", "text", 32),
    ),
}
HINTS: Final = (
    "各表按代码对应；新增的环节、产品自己起一个代码（小写字母、数字、连字符），词条表里用同一个代码。",
    "产业、产品名称列（没有代码的名称）只便于阅读，改了不起作用；名称在各自的表里改。",
    "位置：上游、中游、下游、配套。效力：单独成立、须有旁证、只作旁证；同义词的效力随它同义于的词条。",
    "一格里的多项各占一行；行业、分类代码用顿号分开。易误认用语不写产业代码的，对各产业都适用。",
    "删去一行就是从目录中删去。读入前平台先列出全部差别，确认后才存入草案；有一处错误就一处都不存。",
)
