"""Rules that say a number is promised: a verb of making before it, a comparator, or a noun that it closes."""

import re

from xiandao.engines.policytext.context import Context
from xiandao.engines.policytext.lexicon import EXISTING, STRONG_BUILD, STRUCTURAL

_STRUCTURAL = re.compile(rf"(?:{STRUCTURAL})$")
_STRONG_TAIL = re.compile(rf"(?:{STRONG_BUILD})$")
_STRONG_HEAD = re.compile(rf"^[^，。；、]{{0,16}}?(?:{STRONG_BUILD})")
_PLAIN_COUNTERS = tuple("家个座名条款支只项台套处所件种部")
_WISH = re.compile(r"(?:力争|争取|确保|至少|实现|推动|使|让|有)$")
_LINK = re.compile(r"(?:、|和|及|以及|与|其中)$")
_INDEX = re.compile(r"指数|系数|强度|得分|评分|密度|比值|值|率|效率|指标|[A-Za-z]{2,}|之比|比例|比")
_REACH = re.compile(
    r"(?:达到?|超过|突破|[升降提增减]至|[升降提增减]到|提升至|提升到|提高到|提高至|降低到|降低至|下降到|下降至|"
    r"控制在|保持在|稳定在|低于|高于|为)$"
)
_NOUN_END = re.compile(r"[\u4e00-\u9fffA-Za-z”）%□]$")


def doubted(c: Context) -> str | None:
    """Why a quantity no filter has rejected still is no target; None when it is one."""
    kind = c.quantity.unit_class
    if kind == "none":
        return _unitless(c)
    if kind == "rank":
        return (
            None
            if c.quantity.comparator == "≤" or re.search(r"位|列|居|升|跃|跻|保持|进入|达到|排名", c.left)
            else "序数"
        )
    if kind == "count":
        return _count(c)
    if c.quantity.chinese and c.quantity.form == "plain" and not c.left and not c.quantity.marked and not c.cell:
        return "没有动词或比较词"
    if kind in ("money", "measure") and c.prenominal and not _supported(c):
        return "名词的限定成分"
    if kind == "money" and c.quantity.words in ("万元", "亿元") and not c.quantity.marked:
        return "名词的限定成分"
    if kind == "times" and not re.search(r"增|提|扩|达|翻|是|为|超|升|压|高|降", c.left):
        return "没有动词或比较词"
    return None


def _unitless(c: Context) -> str | None:
    reach = _REACH.search(c.hidden[c.clause[0] : c.quantity.left]) or c.quantity.marked
    indexed = _INDEX.search(c.left)
    if c.quantity.form == "odds":
        return None if reach and indexed else "配比或名称中的数"
    return None if reach and indexed and c.quantity.start > c.clause[0] else "没有单位的数"


def _supported(c: Context) -> bool:
    """Whether words before a number that stands before its noun make it a promise."""
    if c.verb or c.quantity.marked or _WISH.search(c.left.rstrip("，")) or (c.cell and not c.stem):
        return True
    if re.search(r"(?:规模|总额|额度|面积|占地|总长|投资|资金|为|达)$", c.stem):
        return True
    if not c.stem.strip("其中、和及与") and c.carried:
        return True
    if _LINK.search(c.left) and any(p.start < c.quantity.start for p in c.peers):
        return True
    return bool(_STRONG_HEAD.match(c.stem) and re.search(r"(?:的|级|型|类|新)$", c.stem))


def _count(c: Context) -> str | None:
    q = c.quantity
    if q.chinese and q.form == "plain" and (q.value or 0) <= 1 and q.unit[:1] not in "万亿":
        return "泛指的“一”"
    small = q.chinese and q.form in ("plain", "range") and (q.high or q.value or 0) < 10 and q.unit[:1] not in "万亿"
    noun = re.split(r"[，。；、（]|的(?=[^，。；]{6,})", c.right.lstrip("的"))[0]
    within = c.clause[0] > 0 and c.text[c.clause[0] - 1] == "（" and re.fullmatch(r"含|包括|包含", c.stem)
    if not q.marked and EXISTING.search(c.stem) and not within:
        return "已有的范围或对象"
    if not c.prenominal:
        return _postnominal(c, small=small)
    if _STRUCTURAL.search(noun) and (q.chinese or not c.verb) and not _reach_marked(c):
        return "文件自身的结构或泛指"
    if small and not (_STRONG_TAIL.search(c.stem) and q.unit in _PLAIN_COUNTERS) and not q.marked:
        return "泛指的数"
    if within or _supported(c):
        return None
    if c.stem.endswith("等") and re.match(r"(?:设区)?(?:城市|[市县区州](?!域)|地区|省份|部门|国家|方面)", noun):
        return "已有的范围或对象"
    if c.stem.endswith("等") and _STRONG_HEAD.match(c.stem) and not _STRUCTURAL.search(noun):
        return None
    if q.chinese and (q.value or 0) < 10:
        return "泛指的数"
    return None if not c.stem and (c.cell or q.marked) else "没有动词或比较词"


def _reach_marked(c: Context) -> bool:
    return c.quantity.marked or bool(re.search(r"达到?$", c.left))


def _postnominal(c: Context, *, small: bool) -> str | None:
    """场景100个: the number closes its clause."""
    q = c.quantity
    if not c.left.strip():
        follows = c.carried and c.clause[0] > 0 and c.text[c.clause[0] - 1] == "、"
        return None if q.marked or c.cell or follows else "没有名词"
    if not _NOUN_END.search(c.left.rstrip("，")):
        return "没有名词" if not q.marked else None
    made = _STRONG_HEAD.match(c.left) or re.search(r"(?:达到?|增至|扩大到)$", c.left) or c.verb or c.cell or c.carried
    if q.chinese and q.form == "plain" and not q.marked and not made:
        return "没有动词或比较词"
    if small and not q.marked and q.unit not in _PLAIN_COUNTERS:
        return "泛指的数"
    if small and not q.marked and not (re.search(r"达到?$", c.left) or _STRONG_HEAD.match(c.left) or c.cell):
        return "泛指的数"
    return None
