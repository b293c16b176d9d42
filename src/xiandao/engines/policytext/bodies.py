"""The grammar of department lists: who leads, who helps, and which names stand for all lower governments."""

import re
from dataclasses import dataclass

from xiandao.engines.policytext.normalise import Run

_SUFFIX = re.compile(
    r"(?:局|厅|委|办|部|署|院|行|会|社|校|所|站|队|中心|公司|集团|政府|管委会|单位|部门|机构|企业|大学|学院|"
    r"银行|联盟|协会|科协|妇联|侨联|工商联|残联|文联|社科联|"
    r"法院|检察院|支队|海关|专班|小组|机制|办事处|街道|开发区|高新区|经开区|园区|新区|示范区|自贸片区|保税区|"
    r"度假区|国企|央企|高校|院校|科研院所|平台|研究院|供电|电网|铁塔|移动|电信|联通|指挥部|"
    r"实验室|办公室|室|组|处|馆|台|司|区|县|市|镇|乡|州|盟|旗|地方|地区|商会|工会|团委|总队|大队|中央|协调机制|"
    r"智库|厂|港|机关|主体|（[^）]*）)$"
)
_PLACE = re.compile(r"[市区县州盟旗镇乡]|街道|园区|开发区|高新区|管委会|功能区|地方|地区|政府")
_NOT_PLACE = re.compile(
    r"市场|市直|市级|省直|省级|区直|区级|县直|县级(?!市)|部门|单位|企业|高校|院所|机构|银行|行业|社区卫生|成员"
)
_ALL = re.compile(
    r"^(?:[\u4e00-\u9fff]{1,4}(?=各)|省内|全省|全市|市内|全区|本市|我市|我省)?(?:各|有关|相关|属地|所在|辖区|"
    r"所在地|项目所在|下辖|所有|所属|沿线|有条件的|试点|地方|各级|全市各|全省各)"
)
_GENERIC_PLACE = re.compile(
    r"^(?:(?:各级?|有关|相关|属地)+(?:[市区县州盟旗镇乡地、（）/和]|设区市|街道|园区|开发区|功能区|新区|高新区|"
    r"经开区|地方)+"
    r"|[市区县州盟旗镇乡、（）/和]+|各级|属地|街道|地方|设区市)(?:人民政府|政府|管委会|办事处|党委|（[^）]*）)*$"
)
_NAMED_PLACE = re.compile(
    r"(?:(?:区|县|市|镇|乡|旗|州)(?:人民)?政府|管委会|(?:区|园|城|港|基地|片区|示范区|谷|新区)管理委员会|"
    r"街道办事处|街道|镇|乡|县|(?:高新|经开|开发|产业园|示范|功能|试验|园|新|保税|度假|自贸|[^省市大]{1,3})区|"
    r"片区)$"
)

LEAD_WORD = r"牵头(?:负责|组织|推进|落实|实施|单位|部门|抓总|协调|总)*|主办|主责|总牵头|负责牵头|主要负责"
WITH_WORD = (
    r"(?:(?:予以|积极|共同|密切|做好|按职责|按各自职责|按照职责|按职责分工|按照职责分工)?(?:配合|协同|"
    r"协助|参与|参加|协办|支持)(?:单位|部门|落实|实施|推进|做好|工作)*)"
)
DUTY_TAIL = (
    r"(?:依?按(?:照)?(?:各自|有关|相关)?(?:职责|职能|职权|任务|工作)(?:任务|职责)?(?:分工)?(?:分别|"
    r"共同)?(?:负责|落实|实施|推进|抓好落实|抓落实|配合|组织实施|协同推进|做好相关工作)*"
    r"|(?:分工|共同|分别|具体|组织|各自|联合)*(?:负责|落实|实施|承担|推进|组织实施|抓好落实)+(?:本.{1,6})?|分工协作)"
)
_TAIL = re.compile(rf"(?:等(?:有关|相关)?(?:部门|单位|部门单位|部门和单位)?)?(?:{LEAD_WORD}|{WITH_WORD}|{DUTY_TAIL})+$")
_ETC = re.compile(
    r"(?<=[\u4e00-\u9fff）])等(?:\d+|[一二三四五六七八九十]+)?(?:个)?(?:有关|相关)?(?:部门|单位|部门和单位|"
    r"部门单位|各有关部门)?$"
)
_FRONT = re.compile(r"^(?:请|由|并|以及|及|和|与|其中|具体由|本?(?:条|项|措施)?由)(?=.{2})")


@dataclass(frozen=True, slots=True)
class Party:
    """One name of a list: [start, end) in the run it was read from."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parties:
    """A list read: bodies marked as leading, bodies marked as helping, bodies not marked, and the cities flag."""

    lead: tuple[Party, ...] = ()
    with_: tuple[Party, ...] = ()
    plain: tuple[Party, ...] = ()
    cities: bool = False

    def __bool__(self) -> bool:
        return bool(self.lead or self.with_ or self.plain or self.cities)


def is_collective(name: str) -> bool:
    """Whether a name stands for all lower governments (各区, 各县（市、区）人民政府, 有关园区)."""
    if _GENERIC_PLACE.match(name):
        return True
    if not _ALL.match(name):
        return False
    if re.match(r"^各(?:设区)?[市区县州](?:（[^）]*）)?.{0,8}(?:职能部门|部门|单位|局|委)$", name) and not re.match(
        r"^各市(?:直|级)", name
    ):
        return True
    bare = re.sub(r"^(?:各)?有关|相关", "", name)
    return bool(_PLACE.search(bare)) and not _NOT_PLACE.search(re.sub(r"区有关部门|县有关部门", "", name))


def is_lower_government(name: str) -> bool:
    """Whether a single named body is a county, district, town or zone (XX县政府, XX管委会, 高新区)."""
    return bool(_NAMED_PLACE.search(name)) and not re.search(
        r"(?:机关|城市|资产|市场|应急|监督|事务)管(?:理委员|委)会$", name
    )


_VERBAL = re.compile(r"建设|推进|完善|提升|加强|推动|支持|打造|培育|鼓励")
_FIRM_SUFFIX = re.compile(r"(?:局|委|厅|部|办|单位|部门|小组|办公室|机制|专班|指挥部|中心|院|会|公司|集团)$")


def looks_like_bodies(words: str) -> bool:
    """Whether words are a list of departments and nothing else."""
    if not words or len(words) > 400 or re.search(r"[。；：]$|[，。].{0,4}[，。]|\d{2}", words):
        return False
    parts = [p for p in re.split(r"[、，；]|牵头|配合", re.sub(r"（[^）]*）", "", words)) if p]
    if not parts:
        return False
    good = sum(bool(_SUFFIX.search(_ETC.sub("", _TAIL.sub("", p)) or p)) and len(p) <= 26 for p in parts)
    return good >= max(1, (2 * len(parts) + 2) // 3) and all(
        not _VERBAL.search(p) or _FIRM_SUFFIX.search(_ETC.sub("", _TAIL.sub("", p))) for p in parts
    )


_SPLIT = re.compile(
    r"[、，；,;/]|(?<=[局厅委办部院会心司府]) +|以及|会同|(?<=[局厅委办部])联合(?!会|国)|"
    r"(?<=[局厅委办部])商(?=[省市区县])"
    r"|(?<=[局厅委办部院会心司府团行门位）])(?:和|与|及)(?=[省市区县州国各人中教科工财商公交农文卫生民司自住水应])"
)
_ROLE_BRACKET = re.compile(
    rf"（(?:(?:配合|协助|协办|参与|责任|牵头)(?:单位|部门)?：)?[^（）]*(?:（[^（）]*）[^（）]*)*(?:{WITH_WORD}|"
    rf"{DUTY_TAIL}|(?<=.{{3}})牵头)）"
)


def read_parties(run: Run, start: int, end: int) -> Parties:
    """Reads the names of a list [start, end) of a run and the role words between them.

    牵头 makes all names before it (since the last role word) leading; 会同 makes the names before it leading;
    配合, 协助, 参与 make them helping. Collectives only raise the cities flag.
    """
    reader = _Reader()
    for first, last, separator in _pieces(run.text, start, end):
        reader.take(run.text, first, last, separator)
    return reader.result()


class _Reader:
    """Sorts the names of a list as they come."""

    def __init__(self) -> None:
        self.lead: list[Party] = []
        self.helping: list[Party] = []
        self.plain: list[Party] = []
        self.pending: list[Party] = []
        self.cities = False
        self.joined = False

    def take(self, text: str, first: int, last: int, separator: str) -> None:
        name, place, role = _clean(text, first, last)
        if name:
            self._name(name, place)
        if separator in ("会同", "联合", "商"):
            # the body before 会同 leads, whatever is said of those after it
            self._flush(self.lead)
            self.joined = True
        elif role == "lead":
            self._flush(self.helping if self.joined else self.lead)
            self.joined = False
        elif role == "with":
            self._flush(self.helping)
        elif role == "duty" or (separator in "（）" and separator):
            self._flush(self.plain)

    def _name(self, name: str, place: int) -> None:
        if is_collective(name):
            self.cities = True
            return
        self.cities = self.cities or is_lower_government(name)
        inner = re.search(r"（(?:牵头|主办|负责|总牵头|牵头单位|主责)[^）]*）$", name)
        if inner:
            self.lead.append(Party(name[: inner.start()], place, place + inner.start()))
        else:
            self.pending.append(Party(name, place, place + len(name)))

    def _flush(self, into: list[Party]) -> None:
        into.extend(self.pending)
        self.pending = []

    def result(self) -> Parties:
        self._flush(self.plain)
        return Parties(tuple(self.lead), tuple(self.helping), tuple(self.plain), self.cities)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """[first, last) of each name and the separator after it.

    Separators inside brackets do not count, unless the bracket says who helps (市科技局（市财政局配合）).
    """
    depth = 0
    pieces: list[tuple[int, int, str]] = []
    here = i = start
    opened = False
    while i < end:
        char = text[i]
        if char == "（" and depth == 0 and not opened and _ROLE_BRACKET.match(text, i, end):
            pieces.append((here, i, "（"))
            here, opened = i + 1, True
        elif char == "（":
            depth += 1
        elif char == "）" and depth == 0 and opened:
            pieces.append((here, i, "）"))
            here, opened = i + 1, False
        elif char == "）":
            depth = max(0, depth - 1)
        elif depth == 0:
            match = _SPLIT.match(text, i, end)
            if match and match.end() > i:
                pieces.append((here, i, match.group().strip()))
                i = here = match.end()
                continue
        i += 1
    pieces.append((here, end, ""))
    return pieces


def _clean(text: str, first: int, last: int) -> tuple[str, int, str]:
    """A name without role words, 等 and opening words; where it starts; the role its tail gives."""
    words = text[first:last].rstrip(" 。；，、")
    role = ""
    tail = _TAIL.search(words)
    if tail:
        role = (
            "lead" if re.search(LEAD_WORD, tail.group()) else "with" if re.search(WITH_WORD, tail.group()) else "duty"
        )
        words = words[: tail.start()]
    words = _ETC.sub("", words)
    trimmed = words.lstrip(" ：。“”")
    first += len(words) - len(trimmed)
    words = trimmed.rstrip(" ：。“”等" if not trimmed.endswith("平等") else " ：。")
    front = _FRONT.match(words)
    if front:
        first += front.end()
        words = words[front.end() :]
    if re.fullmatch(r"(?:有关|相关)?(?:部门|单位)|等|其他", words):
        words = ""
    return words, first, role
