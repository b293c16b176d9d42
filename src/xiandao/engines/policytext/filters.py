"""Rules that say why a number in a plan is not a target (schema section 14), each giving its reason in Chinese."""

import re
from collections.abc import Callable

from xiandao.engines.policytext.bygone import base_value, past
from xiandao.engines.policytext.context import Context
from xiandao.engines.policytext.thresholds import ENTITY, threshold

Rule = Callable[[Context], str | None]

_CLASS_TAIL = re.compile(
    r"^(?:级(?!以上)|级以上(?=[\u4e00-\u9fff])|型|代(?!表)|强|版(?!权)|时代|号|届|岁|后(?=[\u4e00-\u9fff])"
    r"|(?:便民|生活|交通|通勤|经济|健身|服务|供应|都市|创新|养老|医疗|文化|物流)*圈|线(?!上|下|路|缆)|制程|"
    r"工艺|晶圆|制式)"
)
_FINE_UNIT = re.compile(r"(?:纳米|微米|英寸|毫米|寸|像素|赫兹|Hz)$")


def technical_class(c: Context) -> str | None:
    """28纳米制程, 千亿级集群, 15分钟生活圈: a class, not an amount."""
    right = c.text[c.quantity.end : c.quantity.end + 12]
    if _CLASS_TAIL.match(right) and not (c.quantity.unit_class == "rank" and right.startswith("后")):
        return "等级、类别或名称中的数"
    described = c.prenominal or c.quantity.marked
    if _FINE_UNIT.search(c.quantity.unit) and described and not re.search(r"达到$|提高到$|精度", c.left):
        return "技术规格"
    if c.quantity.unit.endswith("强") and c.quantity.form != "rank":
        return "榜单名称中的数"
    return None


_SELF = re.compile(r"本(?:方案|计划|措施|意见|政策|规划|办法|行动)[^，。；]{0,6}(?:共|包括|包含|分为|提出|明确|涉及)")


def self_reference(c: Context) -> str | None:
    """本措施共8个方面25条: the document counts itself."""
    return "文件自身的条目数" if c.quantity.unit_class == "count" and _SELF.match(c.words) else None


_EACH_MADE = re.compile(r"每(?:新|净)?(?:引进|培育|新增|增加|认定|完成|建成|招引|增|引|获得|转化|举办|培训|吸纳)$")


def denominator(c: Context) -> str | None:
    """每万人, 每5年: what is divided by."""
    left = c.hidden[: c.quantity.start]
    if _EACH_MADE.search(left) or (left.endswith(("每", "单位")) and not c.quantity.marked):
        return "“每……”中的分母"
    return "名称中的数" if left.endswith("×") else None


_SQUEEZE = re.compile(
    r"压缩|压减|缩短|缩减|减至|减少|降至|降到|控制|提速|办结|用时|时限|时长|时间|周期|耗时|里程|续航|寿命|"
    r"可利用|运行|不超过|达到|"
    r"平均|人均|学时"
)
_PROCEDURE = re.compile(
    r"^(?:内|以内|之内)?(?:向|将|由|报|提出|反馈|书面|公示|备案|提交|申请|告知|通报|答复|完成审核|作出)"
)


def duration(c: Context) -> str | None:
    """三年内, 有效期5年 are terms; 压缩至5个工作日 is an amount."""
    if c.quantity.unit_class == "age":
        return None if re.search(r"寿命", c.left) else "年龄"
    if c.quantity.unit_class != "duration":
        return None
    long = c.quantity.unit.endswith(("年", "月", "周"))
    squeezed = bool(_SQUEEZE.search(c.left))
    inside = len(c.own_right) > 1 and any(q.start > c.quantity.start for q in c.peers)
    done = squeezed or bool(re.search(r"^(?:以内|内)?办结", c.right)) or c.left.endswith(("天数", "日数", "时数"))
    return _first(
        (long and not re.search(r"寿命|回收期|工期|质保|压缩|缩短", c.left), "期限或年限"),
        (c.quantity.chinese and not c.quantity.marked and not squeezed, "期限"),
        (bool(re.search(r"有效期|存续期|试用期|保存|施行|公示|公告|期限", c.left)), "有效期或公示期"),
        (bool(_PROCEDURE.match(c.right)), "办理程序的期限"),
        (inside, "名词内的时限"),
        (not done, "期限"),
    )


def _first(*cases: tuple[bool, str]) -> str | None:
    """The reason of the first case that holds."""
    return next((reason for holds, reason in cases if holds), None)


_MEETING = re.compile(
    r"通报|调度|会议|会商|例会|召开|报告|报送|督查|督导|督促|评估|评价|考核|检查|研判|更新|公布|点评|晾晒|汇报|"
    r"研究一|调研|抽查|"
    r"复盘|碰头|巡查|会诊|总结|监测"
)


def frequency(c: Context) -> str | None:
    """每季度通报一次, 每年召开2次会议: how often, not how much."""
    unit, meeting = c.quantity.unit, _MEETING.search(c.words)
    timed = c.quantity.unit_class == "count" and unit in ("次", "轮", "期", "场", "回")
    papers = unit in ("次", "份", "篇") and re.search(r"每(?:季|月|周|半年)", c.before)
    if meeting and (timed or papers):
        return "会议、报告或检查的频次"
    once = timed and c.quantity.value == 1
    return "频次" if once and re.search(r"每(?:年|季|月|周|半年|两年|[一二两三]个?月)", c.before) else None


_SHARING = re.compile(
    r"(?:分担|共担|各承担|各负担|按比例承担|比例(?:承担|负担|分摊|分成|出资|共同)|分摊|分别承担|自筹|财政承担)"
)


def cost_sharing(c: Context) -> str | None:
    """省、市按4:6分担: who pays which share."""
    if c.quantity.form == "odds" and not re.search(r"达到|提高|之比|比例为?$|比$", c.left):
        return "配比"
    if _SHARING.search(c.said) and (c.quantity.unit_class == "percent" or c.quantity.form == "odds"):
        return "经费分担比例"
    return None


_CONDITION = re.compile(
    r"(?:申报|申请|认定|评定|入选|遴选|准入|参评|备案|评选)(?:条件|标准|门槛|范围)(?:为|是|包括|：)|条件之一|"
    r"注册满|连续经营"
    r"|(?:应当|须|需|应)(?:同时)?(?:具备|满足|符合)|符合(?:以下|下列)"
)
_MAY_APPLY = re.compile(r"(?:应当|不得|须|方可|可以?)(?:申报|申请|享受|纳入|列入)")
_CONDITION_TAIL = re.compile(r"^[^，。；]{0,30}?的$")
_CONSEQUENCE = re.compile(r"给予|可|予以|优先|纳入|视为|不得|由|应|按|享受|一次性|奖")


def eligibility(c: Context) -> str | None:
    """年营收超过2000万元的，可申报…: who may ask, and how often."""
    following = c.text[c.clause[1] : c.sentence[1]]
    barred = _CONDITION.search(c.said) or (_MAY_APPLY.search(c.own_right + following) and not c.verb)
    if barred and not re.search(r"达到|力争", c.left[-6:]):
        return "申报或认定条件"
    if c.quantity.comparator == "≤" and _limited(c):
        return "申报数量的限制"
    described = following.startswith("，") and _CONDITION_TAIL.match(c.own_right) and _CONSEQUENCE.search(following)
    toward = re.match(r"(?:对|凡|针对)[^，。；]*$", c.left)
    kind = c.quantity.unit_class in ("money", "percent", "measure", "duration")
    of_entity = re.match(rf"(?:以上|以下)?的?[^，。；]{{0,12}}?{ENTITY}", c.right)
    return "适用条件" if described or (toward and kind and of_entity) else None


def _limited(c: Context) -> bool:
    """每个展会不超过2人, 每家企业每年申报不超过3款: a limit on each applicant."""
    if c.quantity.unit_class == "count" and re.match(r"每[家个户人项场款部届]|单个|同一", c.words):
        return True
    each = re.search(r"每家|每个|每户|每人|单个|同一|每企业", c.words)
    return bool(each and re.search(r"申报|申请|享受|推荐|限报", c.words))


RULES: tuple[Rule, ...] = (
    technical_class,
    self_reference,
    denominator,
    duration,
    frequency,
    past,
    base_value,
    cost_sharing,
    eligibility,
    threshold,
)


def rejected(c: Context) -> str | None:
    """The first reason found, or None if no rule speaks against the quantity."""
    return next((reason for reason in (rule(c) for rule in RULES) if reason), None)
