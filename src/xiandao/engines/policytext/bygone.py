"""Tells what has been from what is promised: achievements, years gone by, values before a change."""

import re

from xiandao.engines.policytext.context import Context

_PAST = re.compile(
    r"截至|截止|目前|现有(?=[^，。；]{0,20}?\d)|现已|当前|已(?!知|决|然|久)|已经|去年|上年|上一年|近年来|以来"
    r"|“?十(?P<plan>[三四五])五”?(?:期间|时期)|过去|五年来|三年来|近[一二三五两\d]年|业已|曾"
)
_FUTURE = re.compile(
    r"(?:到|至|力争|争取|预计|确保)[“]?(?:20\d{2}|十[四五六]五)|力争|争取|计划|确保|将(?=[达建新超突形培实引投完全有])|未来|"
    r"下一步|今后|三年内"
    r"|基础上|20\d{2}年(?:底|末)?前"
)
_HISTORY = re.compile(
    r"(?:以?前|之前)?(?:投产|建成|建造|成立|设立|开工|出台|印发|启用|兴建|通车|认定|修建|创办|投用|竣工)"
)
_CHANGES = (
    "提高|提升|增长|增加|下降|降低|压缩|压减|缩短|降|升|扩大|减少|调整|上升|优化|拓展|延长|增|提|扩|拓|减|缩|精简|"
    "扩展|上浮|跃升|攀升"
)
_TO = re.compile(rf"^(?:左右|以上|以下)?[^，。；]{{0,3}}?(?:{_CHANGES})[^，。；\d]{{0,6}}?(?:到|至|为)")
_FORMER = re.compile(r"(?:原有|原来|原|上年的?|去年的?|现有|现在的?|目前的?|此前的?)[^，。；、]{0,6}$")


def past(c: Context) -> str | None:
    """截至2024年底已建成86家: what has been done, and what is dated before the plan."""
    if _told(c):
        return "已经取得的成绩"
    year = _dated(c)
    if year is not None and c.base_year is not None and year < c.base_year:
        return "早于本方案的年份"
    return None


def _told(c: Context) -> bool:
    """Whether a word of the past stands before the number with no word of the future between."""
    marks = [m for m in _PAST.finditer(c.before) if not m["plan"] or _over(m["plan"], c.base_year)]
    if not marks:
        return False
    since = c.before[marks[-1].end() :]
    if _FUTURE.search(since):
        return False
    # 已认定的企业 describes a noun: it says nothing of the clauses after it
    described = (
        marks[-1].group().startswith("已") and re.match(r"[^，。；]{1,14}的", since) and re.search(r"[，；]", since)
    )
    afterwards = re.match(r"(?:认定|获批|建成|纳入|入库|投产)的?[\u4e00-\u9fff]{0,8}(?:基础上|后)", since)
    return not described and not afterwards


def _over(plan: str, base_year: int | None) -> bool:
    """Whether a five-year plan (十四五: 2021 to 2025) is over or ending when this document begins."""
    return (base_year or 2025) >= {"三": 2021, "四": 2025, "五": 2030}[plan]


def _dated(c: Context) -> int | None:
    """The last year named before the number in its sentence; a year that only dates an old thing does not count."""
    year: int | None = None
    for mark in c.marks:
        if c.sentence[0] <= mark.start < c.quantity.start and mark.kind in ("horizon", "each"):
            year = year if _HISTORY.match(c.text, mark.end) else mark.year
    return year


def base_value(c: Context) -> str | None:
    """由10%提高到16%: the value before. 在50家基础上: what is there."""
    after = c.own_right
    changed = _TO.match(after) and re.search(r"(?:由|从|自)[^，。；]*$", c.before)
    grounded = re.match(r"[^，。；]{0,8}?(?:的)?基础上", after) and re.search(r"在[^，。；]*$", c.before)
    former = _FORMER.search(c.left) and not c.quantity.marked
    if changed or grounded or former:
        return "变化前的数值"
    if re.search(r"(?:比|较|相比|相较)[^，。；\d]{0,10}$", c.left) and re.match(r"(?:增|减|提|下|上|翻|高|多)", after):
        return "用作比较的数值"
    return None
