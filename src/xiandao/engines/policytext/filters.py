"""Rules that say why a number in a plan is not a target (schema section 14), each giving its reason in Chinese."""

import re
from collections.abc import Callable

from xiandao.engines.policytext.context import Context

Rule = Callable[[Context], str | None]



def _first(*cases: tuple[bool, str]) -> str | None:
    """The reason of the first case that holds."""
    return next((reason for holds, reason in cases if holds), None)


_CLASS_TAIL = re.compile(
    r"^(?:级(?!以上)|级以上(?=[\u4e00-\u9fff])|型|代(?!表)|强|版(?!权)|时代|号|届|岁|后(?=[\u4e00-\u9fff])"
    r"|(?:便民|生活|交通|通勤|经济|健身|服务|供应|都市|创新|养老|医疗|文化|物流)*圈|线(?!上|下|路|缆)|制程|工艺|晶圆|制式)"
)


def technical_class(c: Context) -> str | None:
    """28纳米制程, 千亿级集群, 15分钟生活圈: a class, not an amount."""
    right = c.text[c.quantity.end : c.quantity.end + 12]
    if _CLASS_TAIL.match(right) and not (c.quantity.unit_class == "rank" and right.startswith("后")):
        return "等级、类别或名称中的数"
    if (
        re.search(r"(?:纳米|微米|英寸|毫米|寸|像素|赫兹|Hz)$", c.quantity.unit)
        and (c.prenominal or c.quantity.marked)
        and not re.search(r"达到$|提高到$|精度", c.left)
    ):
        return "技术规格"
    if c.quantity.unit.endswith("强") and c.quantity.form != "rank":
        return "榜单名称中的数"
    return None


def self_reference(c: Context) -> str | None:
    """本措施共8个方面25条: the document counts itself."""
    if c.quantity.unit_class == "count" and re.match(
        r"本(?:方案|计划|措施|意见|政策|规划|办法|行动)[^，。；]{0,6}(?:共|包括|包含|分为|提出|明确|涉及)", c.words
    ):
        return "文件自身的条目数"
    return None


def denominator(c: Context) -> str | None:
    """每万人, 每5年: what is divided by."""
    left = c.hidden[: c.quantity.start]
    if left.endswith(("每", "平均每", "单位")) and not c.quantity.marked:
        return "“每……”中的分母"
    if re.search(r"每(?:新|净)?(?:引进|培育|新增|增加|认定|完成|建成|招引|增|引|获得|转化|举办|培训|吸纳)$", left):
        return "“每……”中的分母"
    if left.endswith("×") or left.endswith("7×"):
        return "名称中的数"
    return None


_SQUEEZE = re.compile(
    r"压缩|压减|缩短|缩减|减至|减少|降至|降到|控制|提速|办结|用时|时限|时长|时间|周期|耗时|里程|续航|寿命|可利用|运行|不超过|达到|平均|人均|学时"
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


_MEETING = re.compile(
    r"通报|调度|会议|会商|例会|召开|报告|报送|督查|督导|督促|评估|评价|考核|检查|研判|更新|公布|点评|晾晒|汇报|研究一|调研|抽查|复盘|碰头|巡查|会诊|总结|监测"
)


def frequency(c: Context) -> str | None:
    """每季度通报一次, 每年召开2次会议: how often, not how much."""
    unit = c.quantity.unit
    if c.quantity.unit_class == "count" and unit in ("次", "轮", "期", "场", "回"):
        if _MEETING.search(c.words):
            return "会议、报告或检查的频次"
        if c.quantity.value == 1 and re.search(r"每(?:年|季|月|周|半年|两年|[一二两三]个?月)", c.before):
            return "频次"
    if unit in ("次", "份", "篇") and _MEETING.search(c.words) and re.search(r"每(?:季|月|周|半年)", c.before):
        return "会议、报告或检查的频次"
    return None


_PAST = re.compile(
    r"截至|截止|目前|现有(?=[^，。；]{0,20}?\d)|现已|当前|已(?!知|决|然|久)|已经|去年|上年|上一年|近年来|以来|“?十[三四]五”?(?:期间|时期)|过去|五年来|三年来|近[一二三五两\d]年|业已|曾"
)
_FUTURE = re.compile(
    r"(?:到|至|力争|争取|预计|确保)[“]?(?:20\d{2}|十[四五六]五)|力争|争取|计划|确保|(?<!即)将(?!近)|未来|下一步|今后|三年内|基础上|20\d{2}年(?:底|末)?前"
)


_HISTORY = re.compile(
    r"(?:以?前|之前)?(?:投产|建成|建造|成立|设立|开工|出台|印发|启用|兴建|通车|认定|修建|创办|投用|竣工)"
)


def past(c: Context) -> str | None:
    """截至2024年底已建成86家: what has been done."""
    before = c.before
    found = None
    for found in _PAST.finditer(before):
        pass
    if found is not None:
        later = _FUTURE.search(before, found.end())
        # 截至 with its own date is no sign of the future
        attributive = (
            found.group().startswith("已")
            and re.match(r"[^，。；]{1,14}的", before[found.end() :])
            and re.search(r"[，；]", before[found.end() :])
        )
        if (
            later is None
            and not attributive
            and not re.match(
                r"(?:认定|获批|建成|纳入|入库|投产)的?[\u4e00-\u9fff]{0,8}(?:基础上|后)", before[found.end() :]
            )
        ):
            return "已经取得的成绩"
    if c.base_year is not None:
        year = None
        for mark in c.marks:
            if _HISTORY.match(c.text, mark.end):
                continue
            if c.sentence[0] <= mark.start < c.quantity.start and mark.kind in ("horizon", "each"):
                year = mark.year
        if year is not None and year < c.base_year:
            return "早于本方案的年份"
    return None


_TO = re.compile(
    r"^(?:左右|以上|以下)?[^，。；]{0,3}?(?:提高|提升|增长|增加|下降|降低|压缩|压减|缩短|降|升|扩大|减少|调整|上升|优化|拓展|延长|增|提|扩|拓|减|缩|精简|扩展|上浮|跃升|攀升)[^，。；\d]{0,6}?(?:到|至|为)"
)


def base_value(c: Context) -> str | None:
    """由10%提高到16%: the value before. 在50家基础上: what is there."""
    after = c.own_right
    if _TO.match(after) and re.search(r"(?:由|从|自)[^，。；]*$", c.before):
        return "变化前的数值"
    if re.match(r"[^，。；]{0,8}?(?:的)?基础上", after) and re.search(r"在[^，。；]*$", c.before):
        return "变化前的数值"
    if (
        re.search(r"(?:原有|原来|原|上年的?|去年的?|现有|现在的?|目前的?|此前的?)[^，。；、]{0,6}$", c.left)
        and not c.quantity.marked
    ):
        return "变化前的数值"
    if re.search(r"(?:比|较|相比|相较)[^，。；\d]{0,10}$", c.left) and re.match(r"(?:增|减|提|下|上|翻|高|多)", after):
        return "用作比较的数值"
    return None


_SHARING = re.compile(
    r"(?:分担|共担|各承担|各负担|按比例承担|比例(?:承担|负担|分摊|分成|出资|共同)|分摊|分别承担|自筹|财政承担)"
)


def cost_sharing(c: Context) -> str | None:
    """省、市按4：6分担: who pays which share."""
    if c.quantity.form == "odds" and not re.search(r"达到|提高|之比|比例为?$|比$", c.left):
        return "配比"
    if _SHARING.search(c.said) and (c.quantity.unit_class == "percent" or c.quantity.form == "odds"):
        return "经费分担比例"
    return None


_CONDITION = re.compile(
    r"(?:申报|申请|认定|评定|入选|遴选|准入|参评|备案|评选)(?:条件|标准|门槛|范围)|(?:应当|须|需|应)(?:同时)?(?:具备|满足|符合)|符合(?:以下|下列)|条件之一|注册满|连续经营"
    r"|(?:应当|不得|须|方可|可以?)(?:申报|申请|享受|纳入|列入)"
)
_CONDITION_TAIL = re.compile(r"^[^，。；]{0,30}?的$")
_ENTITY = r"(?:企业|公司|单位|项目|主体|机构|团队|人才|产品|个人|平台|载体|基地|园区|高校|院所|工程|技术|成果|设备|合同|投资|车间|法人|品种|大户|农户|城市|县区|县|区|市)"


def _limited(c: Context) -> bool:
    """每个展会不超过2人, 每家企业每年申报不超过3款: a limit on each applicant."""
    if c.quantity.unit_class == "count" and re.match(r"每[家个户人项场款部届]|单个|同一", c.words):
        return True
    each = re.search(r"每家|每个|每户|每人|单个|同一|每企业", c.words)
    return bool(each and re.search(r"申报|申请|享受|推荐|限报", c.words))


def eligibility(c: Context) -> str | None:
    """年营收超过2000万元的，可申报…: who may ask."""
    if _CONDITION.search(c.said) and not re.search(r"达到|力争", c.left[-6:]):
        return "申报或认定条件"
    if c.quantity.comparator == "≤" and _limited(c):
        return "申报数量的限制"
    tail = c.text[c.quantity.right : c.clause[1]]
    ends = c.text[c.clause[1] : c.clause[1] + 1]
    if (
        ends == "，"
        and _CONDITION_TAIL.match(tail)
        and re.search(r"给予|可|予以|优先|纳入|视为|不得|由|应|按|享受|一次性|奖", c.text[c.clause[1] : c.sentence[1]])
    ):
        return "适用条件"
    if (
        re.match(rf"(?:对|凡|针对)[^，。；]*$", c.left)
        and re.match(rf"(?:以上|以下)?的?[^，。；]{{0,12}}?{_ENTITY}", c.right)
        and c.quantity.unit_class in ("money", "percent", "measure", "duration")
    ):
        return "适用条件"
    return None


_SCALE_WORDS = re.compile(
    r"(?:总?规模|占地|总长|总额|总量|额度|面积|容量|装机|总投资|投资|资金|产能|算力|长度|里程|库容)[^，。；、]{0,4}$"
)
_SINGLE_THING = re.compile(
    r"(?:基金|贷款|券|补贴|资金池|资金|产业园|园区|厂房|载体|中心|集群|基地|市场|体系|网络|平台|项目库|仓库|码头|专班|产业带)"
)
_ATTRIBUTE = re.compile(
    r"(?:收入|营收|产值|销售额?|利润|投资额?|融资额?|估值|市值|规模|占比|比例|比重|增速|增幅|增长|强度|率|面积|交易额|人数|员工|从业人员|资产|税收|份额|用量|贡献|注册资本|体量|单[支只个体])(?:首次)?(?:达到?|在|为|超过|不低于|突破)*$"
)


_SPEC = re.compile(r"(?:安时|Ah|瓦|W|伏|V|安|Hz|赫兹|卡|米|度|m|时速|像素|bps|纳米)$")


def threshold(c: Context) -> str | None:
    """收入超十亿元的企业9家: the ten is part of the noun, only the nine is promised."""
    kind = c.quantity.unit_class
    right, left = c.right, c.left
    follows = len(right) > 1
    if not follows or kind in ("points", "rank"):
        return None
    later = any(q.start > c.group[-1].right for q in c.peers)
    if right.startswith("的"):
        return _threshold_de(c, later, left, right[1:])
    if re.match(r"(?:以上|以下)?(?:和|及|或)", right):
        return None
    if kind == "measure" and c.quantity.right > c.quantity.end and _SPEC.search(c.quantity.unit):
        return "技术规格"
    marked_noun = c.quantity.right > c.quantity.end and c.text[c.quantity.right - 1] in "上下内"
    if kind == "count" and marked_noun and later and not c.left and not c.carried:
        return "名词内的门槛"
    if (
        kind == "money"
        or (kind == "measure" and c.quantity.marked)
        or (kind == "count" and c.quantity.unit in ("人", "人以上"))
    ):
        if re.match(rf"[^，。；、]{{0,14}}?{_ENTITY}", right) and (marked_noun or (later and not c.verb)):
            return "名词内的门槛"
        if later and _ATTRIBUTE.search(left):
            return "名词内的门槛"
    return None


def _threshold_de(c: Context, later: bool, left: str, noun: str) -> str | None:
    kind = c.quantity.unit_class
    if kind == "count" and (c.verb or not c.stem) and c.quantity.unit != "人":
        return None
    if kind == "percent" and not _ATTRIBUTE.search(left) and not later:
        return None
    if re.match(r"(?:水平|目标|规模|速度|比例|标准|幅度|增速|覆盖|高位|区间|总体)", noun):
        return None
    built = re.search(
        r"总额度|发放|设立|组建|建设|建成|打造|新建|形成|新增|安排|筹集|发起|成立|用好|统筹|投放|规划|构建|推出|设置|扩建|发展|培育",
        left,
    )
    whole = _SINGLE_THING.search(noun)
    if (
        built
        and not later
        and (_SCALE_WORDS.search(left) or c.verb)
        and whole
        and not re.search(r"单[支只个]|每[支只个家]|一批|若干", left + noun)
    ):
        return None
    return "名词内的门槛"


def rejected(c: Context) -> str | None:
    """The first reason found, or None if no rule speaks against the quantity."""
    for rule in RULES:
        reason = rule(c)
        if reason:
            return reason
    return None


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
