"""The units and classifiers that follow a number in Chinese plans, and which class of quantity each makes."""

import re
from typing import Literal

UnitClass = Literal["money", "percent", "points", "times", "count", "measure", "duration", "age", "rank", "none"]

_COMPOUND = (
    "台套 人年 亩次 吨公里 人公里 人天 人日 人次 家次 场次 台次 辆次 架次 班次 件次 户次 车次 批次 艘次 列次 "
    "课时 学时 张床位 个床位 床位 车位 个车位 个点位 个标准箱 标准箱 标箱 家（个） 名（个） 台/套 家/次"
)
_CLASSIFIERS = (
    "家 个 项 名 人 位 件 款 台 套 座 条 种 支 只 部 批 处 所 户 间 栋 幢 场 期 届 辆 架 艘 列 颗 枚 株 棵 "
    "头 篇 册 本 门 组 对 队 类 份 张 片 块 轮 单 笔 例 宗 席 床 根 口 眼 站 点 村 镇 乡 县 市 区 国 校 班 "
    "课 次 箱 首 幅 集 尊 具 面 盏 道 段 孔 桩 屏 店 岗 城"
)
_MEASURES = (
    "平方公里 平方千米 平方米 立方米 标方 公里 千米 海里 毫米 微米 纳米 厘米 英寸 米 公顷 亩 吨标准煤 吨标煤 "
    "标准煤 吨 千克 公斤 毫克 微克 克 毫升 升 千瓦时 兆瓦时 吉瓦时 瓦时 千瓦 兆瓦 吉瓦 瓦 千伏安 兆伏安 千伏 "
    "度电 度 安时 字节 比特 像素 分贝 摄氏度 ℃ 分 卡 株苗 载重吨 客位 颗粒"
)
_DURATIONS = "个工作日 工作日 个自然日 自然日 个月 个小时 小时 分钟 毫秒 秒 天 日 周 年 月"
_LATIN = (
    "PFLOPS|EFLOPS|TFLOPS|ZFLOPS|GFLOPS|TOPS|POPS|MWh|GWh|TWh|kWh|Wh|MW|GW|kW|W|ZB|EB|PB|TB|GB|MB|Gbps|Tbps|Mbps|bps|"
    "THz|GHz|MHz|kHz|Hz|kVA|MVA|kV|km2|km²|m2|m3|m²|m³|㎡|km|mm|nm|μm|cm|kg|mg|TEU|DWT|mAh|Ah|ms|dB|QPS|tokens?|P|E|t|m|s"
)
_NOT_UNIT = {
    "部": "门|委|分|署|长",
    "场": "景|所|地|馆|内|外",
    "项": "目(?!标)",
    "人": "才|口|员|工|形|机|民|士|文|类|均|力|社",
    "种": "子|业|植|质|苗",
    "期": "间|限|货|刊|末",
    "位": "于|置|居",
    "区": "域|块|间|位",
    "市": "场|民|值|级|直|州",
    "点": "位|击|对|状",
    "站": "点|位",
    "校": "园|企|地",
    "村": "庄|级|民",
    "门": "类|户|店|槛",
    "单": "位|元|体|列|一|项|个",
    "对": "接|口|外|应|标",
    "组": "织|建|团|合|成",
    "课": "程|题",
    "班": "级|子|组",
    "面": "向|积|对|板",
    "道": "路|德",
    "集": "群|聚|团|成|中|约",
    "条": "例|件|款",
    "只": "有|要|能",
    "国": "家|际|内|有|企|产",
    "头": "部|雁",
    "户": "籍|外|型",
    "分": "别|之|钟|级|类|布|期|步|阶|批|层|行|区|析|工|会|局|支|店|离|散|享",
    "片": "区",
    "块": "链",
    "首": "批|台|次|创|版",
    "处": "理|置|于",
    "所": "有|在|属",
    "本": "地|科|级|省|报|年",
    "支": "持|撑|付|出|部|行|柱",
    "台": "阶|账|式",
    "口": "岸|径",
    "城": "市|镇|乡|区|际",
    "店": "铺",
    "岗": "位",
    "段": "位",
    "度": "假|量",
    "日": "常|前",
    "月": "度|均|报",
    "年": "度|均|轻",
    "周": "年|边|期",
    "米": "级",
    "卡": "脖|口|车",
    "克": "服|隆|难",
    "升": "级|至|到",
    "张": "江|家|贴",
    "列": "入|车|为",
    "轮": "训|岗",
    "届": "时|满",
    "例": "如|会",
    "具": "有|备|身|体",
    "队": "伍",
    "次": "数|月|年|级|要",
    "屏": "幕|障",
    "根": "据|本",
    "床": "位",
}


def _guarded(word: str) -> str:
    block = _NOT_UNIT.get(word)
    return f"{word}(?!{block})" if block else word


def _words(text: str) -> list[str]:
    return sorted(set(text.split()), key=lambda w: (-len(w), w))


_MONEY = r"(?:美元|欧元|港元|日元|元)(?:人民币)?"
_PER_WORDS = f"{_COMPOUND} {_CLASSIFIERS} {_MEASURES} {_DURATIONS} 元 平米 人 户 小时 百人 千人 万人"
_PER = (
    rf"(?:/(?:[万亿千百]{{0,2}}(?:{'|'.join(w for w in _words(_PER_WORDS) if '（' not in w)}|(?:kWh|kW|Wh|"
    rf"W|m2|m3|km|kg|min|h|L|t|s)(?![A-Za-z]))))?"
)
_PAIR = r"(?:（[家个项名人位件款台套座条种支只部批处所户场团队/、]{1,4}）|/[套个家项件名部款台])?"
_ANY_CLASSIFIER = "|".join(_guarded(w) for w in _words(_CLASSIFIERS))

UNIT = (
    rf"(?P<points>个?百分点)|(?P<percent>%|‰)|(?P<money>{_MONEY}){_PER}"
    rf"|(?P<duration>{'|'.join(_guarded(w) for w in _words(_DURATIONS))})"
    rf"|(?P<age>周?岁)|(?P<times>倍)"
    rf"|(?P<compound>{'|'.join(_words(_COMPOUND))}){_PER}"
    rf"|(?P<measure>{'|'.join(_guarded(w) for w in _words(_MEASURES))}){_PER}"
    rf"|(?P<latin>(?i:{_LATIN})(?![A-Za-z0-9])){_PER}"
    rf"|(?P<count>{_ANY_CLASSIFIER}){_PAIR}{_PER}"
)
SCALE = r"[十百千]?万亿|[十百千]?亿|[十百千]?万|[百千]"

_ORDER: tuple[tuple[str, UnitClass], ...] = (
    ("points", "points"),
    ("percent", "percent"),
    ("money", "money"),
    ("duration", "duration"),
    ("age", "age"),
    ("times", "times"),
    ("compound", "count"),
    ("measure", "measure"),
    ("latin", "measure"),
    ("count", "count"),
)


def unit_class(match: re.Match[str]) -> UnitClass:
    """The class of the unit a pattern built on UNIT has matched."""
    for group, name in _ORDER:
        if match[group] is not None:
            return name
    return "none"
