"""Tells money and percentages granted to a recipient (support standards) from planned sums and from conditions."""

import re
from typing import Literal

from xiandao.engines.policytext.context import Context
from xiandao.engines.policytext.lexicon import STRONG_BUILD

Verdict = Literal["support", "condition", "target"]

_GRANT = re.compile(
    r"给予|予以(?:奖|补|资|支)|奖励|补助|补贴|资助|贴息|奖补|补偿|减免|免除|返还|兑付|配套(?:支持|资金|奖|补|"
    r"资助)|后补助|安家费|津贴|资金支持|经费支持|"
    r"奖金|贴费|奖(?=\d)|补(?=\d)|抵扣|优惠|返租|扶持资金|一次性(?:给|支|奖|补)|支持(?:额度|标准|金额|资金|"
    r"比例|力度)|最高支持|"
    r"(?:贷款|授信)额度(?:最高|不超过|上限)|予以支持|按[^，。；]{0,20}(?:给|予|补|奖|支持|发放)|免收|减半|"
    r"降低[^，。；]{0,8}租|不高于[^，。；]{0,12}支持|给与"
)
_EACH = re.compile(
    r"单个|单项|单家|单户|单笔|单台|单支|每家|每个|每项|每户|每人|每名|每台|每套|每件|每年每|每亩|每平方|"
    r"每千瓦|每企业|同一|各(?=奖|给|补)|人均|每款|每单|每条|每辆|每首|个人"
)
_CAP = re.compile(r"最高|上限|封顶|不超过|最多")
_BUDGET = re.compile(
    r"(?:总规模|总额度?|资金池|专项资金|引导资金|扶持资金|财政资金|资金总量|年度预算|预算|基金|总盘子|资金规模|"
    r"规模|总投资|资金$|余额|发放总额|经费总额|营收|产值|投资额?|支出|授信|贷款|融资|交易额|成交额)"
)
_BUDGET_VERB = re.compile(
    r"安排|设立|统筹|筹集|筹措|列支|投入|整合|组建|争取|撬动|引导|预算|发行|募集|落实|新增|到位|完成|达到|突破|"
    r"建立|成立|获得|获批|发放(?!.*(?:每|单))"
)
_RATE = re.compile(r"^(?:可?按照?|按|以)[^，。；]*|(?:的|比例|标准|额度)$")
_FUND_AFTER = re.compile(r"^的?[^，。；\d]{0,16}(?:专项资金|资金池|基金|经费|资金|预算|券)")
_GRANT_AFTER = re.compile(
    r"^[^，。；\d]{0,14}(?:给予|奖励|补助|补贴|资助|贴息|奖补|补偿|支持|减免|配套|津贴|返还|标准|一次性|租金|"
    r"经费|奖金|抵扣|优惠|资金)"
)
_OF_GRANT = re.compile(
    r"^的?(?:比例|标准|额度|金额|限额|幅度|以内|一次性|资金|奖|补|支持|资助|经费|贴息|租金|配套|财政|算力|建设|"
    r"运营|研发|项目|首次|年度|无偿|房租|购房|生活|安家|额外|贷款|利息|科研|启动|低息|信用|风险|优惠|费用|专项)"
)
_CONDITION_ATTR = re.compile(
    r"(?:收入|营收|产值|销售额?|利润|投资总?额?|融资额?|估值|占比|增速|增长|强度|面积|交易额|人数|员工|税收|"
    r"注册资本|实缴|出资额?|规模|总投资|合同额|贷款余额|费用|支出|经费)(?:首次|累计|达到?|在|为|超过|不低于|"
    r"不少于|突破|超|满|不足|总额|金额)*$"
)


_FREE = re.compile(r"全免|减半|免租|免收|免费提供|给予(?:支持|倾斜|补|奖)")
_SUM = re.compile(r"(?:\d|[十百千万亿])\s*(?:[万亿]*元|%|个?百分点)")


def verdict(c: Context) -> Verdict:
    """Whether a quantity is granted, is a condition of the grant, or neither (then the target rules decide).

    Only money, percentages, percentage points and multiples can be granted; a count in the condition of a grant
    (对排名前10位的企业) is a condition.
    """
    granting = _GRANT.search(c.said)
    granted_kind = c.quantity.unit_class in ("money", "percent", "points")
    if not granting:
        capped = granted_kind and _EACH.search(c.words) and _CAP.search(c.words) and c.quantity.unit_class == "money"
        if capped and re.search(r"投资|出资", c.left[-8:]):
            return "condition"
        return "support" if capped and not _BUDGET.search(c.left[-8:]) else "target"
    if granted_kind and _planned(c):
        return "target"
    if _conditional(c):
        return "condition"
    if not granted_kind:
        return "target" if _count_promise(c) or not (_SUM.search(c.said) or _FREE.search(c.said)) else "condition"
    if _budget(c):
        return "target"
    return "support" if _granted(c) else _leftover(c)


_PLANNED = re.compile(
    r"^(?!对|凡|经|获).*(?:设立|组建|建立|发起|成立|用好|安排|筹集|列支|统筹)[^，。；]*$|(?:总额度|总规模|"
    r"总盘子|资金规模)[^，。；]{0,3}$|(?:每年|全年|年内|三年|年度)[^，。；]{0,8}(?:安排|发放|投入|统筹|"
    r"列支)[^，。；]{0,14}$"
)
_FUND = re.compile(r"基金|资金|贷款|预算|经费|券|额度|总盘子")


def _planned(c: Context) -> bool:
    """设立规模10亿元的基金, 每年发放不超过1亿元算力券: a sum set aside, whatever is granted from it later."""
    if _EACH.search(c.words) or re.search(r"给予|奖励|补助$|资助$", c.left):
        return False
    if re.search(r"(?:每年|全年|年内|三年|年度)[^，。；]{0,8}(?:安排|投入|统筹|列支)$", c.left):
        return True
    return bool(_PLANNED.search(c.left) and (_FUND.search(c.right) or _FUND.search(c.left[-10:])))


_STRONG = re.compile(rf"[^，。；]{{0,6}}?(?:{STRONG_BUILD})")
_NEXT_GRANTS = re.compile(
    r"，(?:每[\u4e00-\u9fff]{1,2}|给予|按|一次性|分别|最高|奖励|补助|可)[^，。；]{0,12}(?:给予|奖励|补助|补贴|"
    r"资助|最高|\d)"
)


def _conditional(c: Context) -> bool:
    """对营收超过1亿元的企业，给予…: the number stands in the description of who gets it."""
    if re.match(r"可?按照?|以", c.words) and c.quantity.unit_class in ("percent", "points"):
        return False
    tail = c.right
    if re.match(r"的，?(?:(?:再|另|另外|额外|可|一次性|分别|均|按|每)+(?:给予|奖励|补助|补贴|资助)|给予)", tail):
        return True
    if (
        c.quantity.unit_class == "count"
        and re.search(r"的[\u4e00-\u9fff]{2,20}$", tail)
        and _NEXT_GRANTS.match(c.text, c.clause[1])
        and not _STRONG.match(c.words)
    ):
        return True
    following = c.text[c.clause[1] : c.sentence[1]]
    if (
        re.match(r"的(?=$|[^，。；]{0,24}$)", tail)
        and not _OF_GRANT.match(tail)
        and _GRANT.search(following)
        and not _GRANT.search(c.left)
    ):
        return True
    inner = re.match(
        (
            r"(?:以上|以下|以内|及以上)?(?:的|（含）的?)?[^，。；\d]{0,24}?的?(?:企业|单位|项目|机构|主体|团队|"
            r"人才|个人|平台|产品|公司|园区|载体|高校|院所|车间|部分)(?:，|、|给|予|按|奖|补|分别|一次性|最高|可|$)"
        ),
        tail,
    )
    if (
        inner
        and not _GRANT.search(c.left)
        and (re.match(r"(?:对|凡|针对|经|获|首次|年|当年|上年|新|鼓励|支持|企业)", c.words) or tail.startswith("的"))
    ):
        return bool(_GRANT.search(tail) or _GRANT.search(following)) and not _OF_GRANT.match(tail)
    if _CONDITION_ATTR.search(c.left) and not _GRANT.search(c.words) and _GRANT.search(following):
        return not (_BUDGET_VERB.search(c.left) and re.search(r"基金|资金", c.left))
    if re.search(r"(?:超过|超出|高于|低于|不足)[^，。；]{0,6}$", c.text[c.clause[0] : c.quantity.start]) and re.match(
        r"的?部分", tail
    ):
        return True
    return bool(
        re.match(r"(?:以上|以下)的", tail)
        and not _OF_GRANT.match(tail[2:])
        and (_GRANT.search(tail) or _GRANT.search(following))
    )


def _count_promise(c: Context) -> bool:
    """每年遴选10个项目，每个给予…: a count promised in the same breath; years and months of a grant are none."""
    if c.quantity.unit_class in ("duration", "age", "times", "measure", "none"):
        return (
            c.quantity.unit_class in ("measure", "times")
            and not _EACH.search(c.words)
            and not _GRANT.search(c.words)
            and not _GRANT.search(c.text[c.sentence[0] : c.clause[0]])
        )
    if c.quantity.unit_class == "rank":
        return False
    return bool(c.verb or c.quantity.marked or not c.prenominal) and not re.match(r"(?:对|凡|获得?|经|排名)", c.words)


def _budget(c: Context) -> bool:
    """每年安排专项资金1亿元, 设立50亿元基金: a planned sum, not a grant."""
    if _EACH.search(c.words) or (_CAP.search(c.words) and _GRANT.search(c.words)):
        return False
    left = c.left
    if re.match(r"(?:积极|力争|向上)*(?:争取|获批|向上争取)", c.words):
        return True
    if c.quantity.unit_class == "percent":
        return (
            not _GRANT.search(c.words)
            and bool(re.search(r"(?:率|占比|比重|增速|覆盖面)[^，。；]{0,6}$|增长[^，。；]{0,4}$", left))
            and not re.match(r"(?:对|凡|按)", c.words)
        )
    fund = _BUDGET.search(left) or _FUND_AFTER.match(c.right)
    return bool(fund and _BUDGET_VERB.search(left) and not re.search(r"给予|奖励|资助$|补助$", left))


def _granted(c: Context) -> bool:
    if _GRANT.search(c.words) or _EACH.search(c.words) or _CAP.search(c.words):
        return True
    if _RATE.match(c.words) and re.match(r"(?:按|以|可按)", c.words):
        return True
    earlier = c.text[c.sentence[0] : c.clause[0]]
    return bool(_GRANT.search(earlier) or _GRANT_AFTER.match(c.right))


_GRANTING = re.compile(r"给予|予以[奖补资支]|奖励\d|奖励[^，。；]{0,8}\d|按[^，。；]{0,20}[奖补给]|一次性")


def _leftover(c: Context) -> Verdict:
    return "condition" if _GRANTING.search(c.text[c.clause[1] : c.sentence[1]]) else "target"
