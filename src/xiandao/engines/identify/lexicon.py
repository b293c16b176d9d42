"""The words by which a business scope says what is done with a thing: verbs, fillers, exclusions, punctuation.

All have one or two characters, so that lookup tables find them in a whole column at once (``tokens``).
"""

from enum import IntEnum, IntFlag
from typing import Final

import numpy as np
from numpy.typing import NDArray


class Verb(IntFlag):
    """What is done with the thing."""

    NONE = 0
    DEVELOP = 1
    MAKE = 2
    SERVE = 4
    SELL = 8
    FILLER = 16
    """No verb: a word that stands among verbs without changing them (的、及、技术)."""
    GENERIC = 32
    """Makes a list of verbs general: 技术服务 is not the service of the thing before it."""
    HEADING = 64
    """No verb where 范围 or 项目 follows (经营范围)."""
    NOUN = 256
    """Before a thing it is part of the thing's name (工程塑料, 检测仪器): such a verb opens no list."""
    OF = 128
    """The particle 的."""
    BACK = 512
    """Points back to what was named before (以上产品的租赁): its verbs bind nothing that stands further off."""
    TECHNICAL = 1024
    """技术: after a mark of a list its development goes on with the verbs before it (甲的销售、技术研发)."""


class Mark(IntEnum):
    """What a character of punctuation separates."""

    NONE = 0
    CLAUSE = 1
    COMMA = 2
    LIST = 3
    COLON = 4
    OPEN = 5
    CLOSE = 6


_MARKS: Final = {
    Mark.CLAUSE: "。；;\n\r〓※*＊│|!！?？",
    Mark.COMMA: "，,",
    Mark.LIST: "、/／\t\u3000 ·•",
    Mark.COLON: "：:",
    Mark.OPEN: "（(【[〔｛{〈<《「［",
    Mark.CLOSE: "）)】]〕｝}〉>》」］",
}
_BOTH: Final = Verb.MAKE | Verb.SELL
VERBS: Final[dict[str, Verb]] = {
    **dict.fromkeys("研发 研制 研究 开发 设计 科研 研产 攻关 试制 中试 试验 实验".split(), Verb.DEVELOP),
    **dict.fromkeys(
        "生产 制造 加工 制作 组装 装配 制备 铸造 锻造 冶炼 提炼 提取 合成 总装 改装 制取 培养 繁育 建造".split(),
        Verb.MAKE,
    ),
    **dict.fromkeys(
        "服务 咨询 运营 检测 维修 维护 安装 调试 施工 培训 推广 应用 检验 测试 集成 实施 管理 作业 转让 运行 监测 运输 储存"
        " 存储 处理 建设 承包 勘察 测绘 评估 评价 保养 维保 修理 改造 核查 回收 利用 承建 监理 操作 表演 航拍 植保 交易 采集"
        " 投资 工程 处置 规划 改进 探测 勘探 勘查 开采 引进 核算 审定 认证 校准 代管 飞行 喷洒 推介 孵化 解译 制图 巡检 巡查".split(),
        Verb.SERVE,
    ),
    **dict.fromkeys(
        "销售 批发 零售 经销 代销 代理 购销 贸易 租赁 出租 进口 出口 进出 采购 代购 批零 买卖 零批 营销 收购 供应 展销 网售"
        " 直销 出售 零兼 分销 供销".split(),
        Verb.SELL,
    ),
    **dict.fromkeys("产销 制售 自产".split(), _BOTH),
    "经营": Verb.SELL | Verb.HEADING,
    "研销": Verb.DEVELOP | Verb.SELL,
}
_NOUNS: Final = (
    "工程 服务 测试 检测 实验 试验 飞行 航拍 作业 管理 运输 储存 存储 交易 规划 监测 评估 评价 核算 认证 校准 咨询 培训 应用 合成"
    " 提取 培养 铸造 测绘 勘察 勘探 探测 表演 操作 巡检 采集 制图 解译 植保 监理 集成 喷洒 飞行 检验 维保 保养 营销 贸易 科研"
).split()
HEADING_ENDS: Final = "范项"
JOINED: Final = ("软硬", "硬软", "正负", "供需")
"""Characters between which a list mark divides nothing (软、硬件)."""
FILLERS: Final = (
    "的 及 和 与 并 或 兼 等 类 之 其 以及 及其 从事 提供 承接 承揽 承办 开展 主要 专业 专门 各种 各类 各式 系列 自主"
    " 项目 领域 内 范围 方面 所需 售后 上述 以上 相关 有关 配套 配件 零件 部件 附件 零部 件 用 为 对 在 后 批量 进行 服务业 制造业"
    " 配 及相 自营 国内 口 上门 代 业 品 业务"
).split()
"""Words between verbs, or between a thing and its verb, that change nothing."""
GENERIC: Final = (
    "技术 信息 商务 科技 经济 企业 本公 一般 普通 其他 机械 电子 计算 软件 硬件 系统 网络 设备 产品 器材 装置 材料 制品"
    " 装备 仪器 元件 组件 备件 耗材 原料 整机 器件 模块 平台 方案 活动 中心 工具 机床"
).split()
"""Nouns of no field: beside a thing they belong to it (机器人设备销售), at the start of an item they are another thing."""
EXCLUDES_AFTER: Final = "不含 不包 不得 禁止 不涉 不从 不可 不能 严禁 未取 不生 不制 不许 非经".split()
"""What follows, up to the end of the bracket or clause, is excluded (不含…, 不得从事…)."""
EXCLUDES_BEFORE: Final = "除外 以外 之外".split()
"""What stands before, from the start of the bracket or clause, is excluded (…除外)."""
EXCEPT: Final = "除"
BESIDES: Final = "外"
"""除…外: what stands between is excluded."""

_PLANE: Final = 0x110000


def _table() -> NDArray[np.uint8]:
    table = np.zeros(_PLANE, np.uint8)
    for mark, chars in _MARKS.items():
        for char in chars:
            table[ord(char)] = mark
    return table


MARKS: Final[NDArray[np.uint8]] = _table()
"""Mark of every code point."""


class Pairs:
    """Values of words of one and two characters, looked up at every position of a text at once."""

    def __init__(self, words: dict[str, int]) -> None:
        """Build the tables. Raises ValueError for words of another length."""
        if any(len(word) not in {1, 2} for word in words):
            raise ValueError("词表只收一个字或两个字的词")
        self._first = np.zeros(_PLANE, np.uint16)
        self._second = np.zeros(_PLANE, np.uint16)
        pairs = [word for word in words if len(word) == 2]  # noqa: PLR2004
        for place, table in ((0, self._first), (1, self._second)):
            for index, char in enumerate(dict.fromkeys(word[place] for word in pairs), 1):
                table[ord(char)] = index
        self._pair = np.zeros((int(self._first.max()) + 1, int(self._second.max()) + 1), np.int16)
        self._single = np.zeros(_PLANE, np.int16)
        for word, value in words.items():
            if len(word) == 1:
                self._single[ord(word)] = value
            else:
                self._pair[self._first[ord(word[0])], self._second[ord(word[1])]] = value

    def at(self, codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Return for each position the value of the one character and of the two characters there; 0 for none.

        No word goes over the start of a text (``starts``).
        """
        pair = np.zeros(len(codes), np.int16)
        if len(codes) > 1:
            pair[:-1] = self._pair[self._first[codes[:-1]], self._second[codes[1:]]]
            pair[starts[starts > 0] - 1] = 0
        return self._single[codes], pair


_TOKENS: Final = {
    **{word: int(Verb.FILLER) for word in FILLERS if len(word) <= 2},  # noqa: PLR2004
    **{word: int(Verb.FILLER | Verb.GENERIC) for word in GENERIC},
    **{word: int(value | (Verb.NOUN if word in _NOUNS else Verb.NONE)) for word, value in VERBS.items()},
    "的": int(Verb.FILLER | Verb.OF),
    "以上": int(Verb.FILLER | Verb.BACK),
    "上述": int(Verb.FILLER | Verb.BACK),
    "技术": int(Verb.FILLER | Verb.GENERIC | Verb.TECHNICAL),
}
TOKENS: Final = Pairs(_TOKENS)
VERB_BITS: Final = int(Verb.DEVELOP | Verb.MAKE | Verb.SERVE | Verb.SELL)


class Exclusion(IntEnum):
    """What an excluding word excludes: what follows, what precedes; 除 and 外 what stands between them."""

    AFTER = 1
    BEFORE = 2
    EXCEPT = 3
    BESIDES = 4


EXCLUSIONS: Final = Pairs(
    {
        **dict.fromkeys(EXCLUDES_AFTER, int(Exclusion.AFTER)),
        **dict.fromkeys(EXCLUDES_BEFORE, int(Exclusion.BEFORE)),
        EXCEPT: int(Exclusion.EXCEPT),
        BESIDES: int(Exclusion.BESIDES),
    }
)
