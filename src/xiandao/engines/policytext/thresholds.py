"""Tells a number that only describes a noun (收入超十亿元的企业9家) from one that is promised itself."""

import re

from xiandao.engines.policytext.context import Context

ENTITY = (
    "(?:企业|公司|单位|项目|主体|机构|团队|人才|产品|个人|平台|载体|基地|园区|高校|院所|工程|技术|成果|设备|合同|投资|车间|"
    "法人|品种|大户|农户|城市|县区|县|区|市)"
)
_SCALE_WORDS = re.compile(
    r"(?:总?规模|占地|总长|总额|总量|额度|面积|容量|装机|总投资|投资|资金|产能|算力|长度|里程|库容)[^，。；、]{0,4}$"
)
_SINGLE_THING = re.compile(
    r"(?:基金|贷款|券|补贴|资金池|资金|产业园|园区|厂房|载体|中心|集群|基地|市场|体系|网络|平台|项目库|仓库|"
    r"码头|产业带)"
)
_ATTRIBUTE = re.compile(
    r"(?:收入|营收|产值|销售额?|利润|投资额?|融资额?|估值|市值|规模|占比|比例|比重|增速|增幅|增长|强度|率|面积|"
    r"交易额|人数|员工|"
    r"从业人员|资产|税收|份额|用量|贡献|注册资本|体量|单[支只个体])(?:首次)?(?:达到?|在|为|超过|不低于|突破)*$"
)
_SPEC = re.compile(r"(?:安时|Ah|瓦|W|伏|V|安|Hz|赫兹|卡|米|度|m|时速|像素|bps|纳米)$")
_LEVEL = re.compile(r"(?:水平|目标|规模|速度|比例|标准|幅度|增速|覆盖|高位|区间|总体)")
_MADE = re.compile(
    r"总额度|发放|设立|组建|建设|建成|打造|新建|形成|新增|安排|筹集|发起|成立|用好|统筹|投放|规划|构建|推出|"
    r"设置|扩建|发展|培育"
)
_INSIDE = "名词内的门槛"


def threshold(c: Context) -> str | None:
    """收入超十亿元的企业9家: the ten is part of the noun, only the nine is promised."""
    kind, right = c.quantity.unit_class, c.right
    if len(right) <= 1 or kind in ("points", "rank"):
        return None
    later = any(q.start > c.group[-1].right for q in c.peers)
    if right.startswith("的"):
        return None if _promised_before_de(c, right[1:], later=later) else _INSIDE
    if re.match(r"(?:以上|以下)?(?:和|及|或)", right):
        return None
    suffixed = c.quantity.right > c.quantity.end
    if kind == "measure" and suffixed and _SPEC.search(c.quantity.unit):
        return "技术规格"
    return _INSIDE if _names(c, later=later, bounded=suffixed and c.text[c.quantity.right - 1] in "上下内") else None


def _names(c: Context, *, later: bool, bounded: bool) -> bool:
    """Whether a number right before a noun (10亿元以上项目20个, 20户以上自然村) belongs to the noun."""
    kind = c.quantity.unit_class
    if kind == "count" and bounded and later and not c.left and not c.carried:
        return True
    sized = (
        kind == "money" or (kind == "measure" and c.quantity.marked) or (kind == "count" and c.quantity.unit == "人")
    )
    if not sized:
        return False
    entity = re.match(rf"[^，。；、]{{0,14}}?{ENTITY}", c.right)
    if entity and (bounded or (later and not c.verb)):
        return True
    return bool(later and _ATTRIBUTE.search(c.left))


def _promised_before_de(c: Context, noun: str, *, later: bool) -> bool:
    """Whether a number before 的 is a promise: 总规模50亿元的基金, 推动80%以上的企业…; not 收入超5亿元的企业."""
    kind = c.quantity.unit_class
    if kind == "count" and (c.verb or not c.stem) and c.quantity.unit != "人":
        return True
    if kind == "percent" and not _ATTRIBUTE.search(c.left) and not later:
        return True
    if _LEVEL.match(noun):
        return True
    if later or re.search(r"单[支只个]|每[支只个家]|一批|若干", c.left + noun):
        return False
    return bool(_MADE.search(c.left) and (_SCALE_WORDS.search(c.left) or c.verb) and _SINGLE_THING.search(noun))
