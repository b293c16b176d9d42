"""Decides which headings are actions and which are measures (schema sections 1 and 2)."""

import re
from dataclasses import dataclass, field

from xiandao.engines.policytext.duty import duty_zones
from xiandao.engines.policytext.marks import Style
from xiandao.engines.policytext.outline import Node, Part

_AIMS = re.compile(
    r"^(?:总体(?:要求|思路|目标|考虑|部署)|指导思想|基本原则|工作原则|主要原则|(?:主要|工作|发展|行动|总体|"
    r"建设|阶段|年度|预期|具体|实施|任务)?目标(?:愿景|要求|定位|体系|和原则|与原则)?|"
    r"(?:战略|总体|发展|功能|目标)定位|愿景目标|(?:发展|现实|工作|产业)?(?:基础|现状|形势|背景|条件|环境)(?:和|"
    r"与|及)?(?:形势|环境|现状|基础|问题|挑战|机遇)?|(?:面临)?形势(?:与|和)?(?:要求|挑战|任务)?|重(?:要|"
    r"大)意义|"
    r"总则|附则|适用范围|适用对象|支持对象|支持范围|申报(?:条件|流程|程序)|名词解释|其他(?:事项|规定)?|"
    r"有关(?:说明|事项)|附件|(?:实施|工作|推进)(?:步骤|阶段|安排)|(?:进度|时间|阶段|年度|阶段性)(?:安排|步骤|"
    r"计划|里程碑|节点)|里程碑.{0,6}|"
    r"政策依据|编制依据|制定依据|术语定义|兑现程序|解释权?|施行(?:日期|时间)|(?:年度|分年度|"
    r"分阶段)(?:发展)?(?:目标|里程碑|安排|计划|节点).{0,6}|.{0,8}(?:主要指标|指标体系))$"
)
_AIMS_LOOSE = re.compile(
    r"^(?:总体要求|总体思路|指导思想|总体目标|发展目标|工作目标|主要目标|行动目标|发展基础|总则|附则|面临形势|"
    r"形势与基础|发展现状)"
)
_AIM_CHILD = re.compile(
    r"^(?:指导思想|基本原则|总体要求|总体思路|(?:主要|工作|发展|总体|行动)目标|发展基础|"
    r"(?:到)?20\d{2}年(?:目标|底|，|：|$)|近期目标|远期目标|中期目标)"
)
_UMBRELLA = re.compile(
    r"(?:重点|主要|工作|目标|具体|核心)?(?:任务|举措|措施|行动|工程|工作)(?:举措|措施|与措施|和措施|安排|部署|内容)?$"
)
_PHASE = re.compile(r"阶段|^(?:20\d{2}年|第[一二三四]步)")
_BACKGROUND = re.compile(r"(?:基础|现状|形势|背景|成效|回顾|进展|意义)(?:与.{1,6}|和.{1,6})?$")
_NO_WORK = re.compile(
    r"^(?:为(?:了)?[^。]{0,200}(?:制定|出台|提出)本|本(?:措施|政策|办法|意见|方案|计划|规定|细则|若干措施|"
    r"实施意见|行动计划|行动方案)(?:所称|适用|自|由|有效|中的|涉及|与|在执行|印发|发布)|"
    r"附则|施行|解释|有效期|名词解释|适用范围|适用对象|同一(?:项目|企业|事项|主体)[^。]{0,40}(?:不重复|就高))"
)


@dataclass(slots=True, eq=False)
class Roles:
    """The outline read: actions with their measures, and every other node."""

    actions: list[tuple[Node | None, list[Node]]] = field(default_factory=list)
    aims: list[Node] = field(default_factory=list)
    others: list[Node] = field(default_factory=list)

    @property
    def measures(self) -> list[Node]:
        """All measure nodes in order."""
        return [m for _, ms in self.actions for m in ms]


def is_aims(node: Node) -> bool:
    """Whether a part holds aims, background or rules about the document, not work."""
    title = re.sub(r"[（(].*?[）)]|\s", "", node.title.text)
    if re.search(r"步骤|安排|阶段|节点", title) and any(_own_duty(c) for c in node.children):
        return False
    if _AIMS.match(title) or (
        len(title) <= 14 and _AIMS_LOOSE.match(title) and not re.search(r"任务|措施|举措", title)
    ):
        return True
    children = [re.sub(r"\s", "", c.title.text) for c in node.children]
    if (
        len(children) >= 2
        and re.search(r"步骤|进度|里程碑|阶段|分年度|年度目标", title)
        and all(_PHASE.search(c) for c in children)
    ):
        return True
    return bool(children) and all(_AIM_CHILD.match(c) for c in children)


def is_background(node: Node) -> bool:
    """Whether a part tells what has been done."""
    return bool(_BACKGROUND.search(node.title.text)) and len(node.title.text) <= 16


def assign_roles(part: Part) -> Roles:
    """Actions and measures of a part of the document."""
    roles = Roles()
    running = _running_styles(part)
    working = [n for n in part.roots if not is_aims(n)]
    if _flat(part, working):
        measures = [n for n in working if not _assigns_nothing(n) and not _bare_guarantee(n)]
        roles.actions.append((None, measures))
        roles.others = [n for n in part.roots if n not in measures]
        return roles
    for root in part.roots:
        if is_aims(root):
            roles.aims.append(root)
        elif not root.children:
            roles.others.append(root)
        else:
            _section(root, roles, running)
    return roles


def _section(root: Node, roles: Roles, running: set[Style]) -> None:
    children = [c for c in root.children if not is_aims(c)]
    roles.aims.extend(c for c in root.children if c not in children)
    if not children:
        roles.others.append(root)
        return
    below = [c for c in children if _holds_measures(c, running)]
    if 2 * len(below) >= len(children) and below:
        for child in children:
            if child in below:
                roles.actions.append((child, [g for g in child.children if not _assigns_nothing(g)]))
            else:
                # a lone measure beside actions stands under the umbrella itself
                _append(roles, root, child)
        return
    measures = [c for c in children if not _assigns_nothing(c)]
    if measures:
        roles.actions.append((root, measures))
    else:
        roles.others.append(root)


def _append(roles: Roles, root: Node, child: Node) -> None:
    if roles.actions and roles.actions[-1][0] is root:
        roles.actions[-1][1].append(child)
    else:
        roles.actions.append((root, [child]))


def _bare_guarantee(node: Node) -> bool:
    """保障措施 in prose: no item of its own."""
    named = re.fullmatch(r"保障措施|组织实施|组织保障|实施保障|工作保障|工作要求", node.title.text)
    return bool(named) and not _own_duty(node)


def _assigns_nothing(node: Node) -> bool:
    return bool(_NO_WORK.match(node.title.text)) and not node.children


def _running_styles(part: Part) -> set[Style]:
    """Styles whose numbers run on through the sections (1 to 17), a sign that they number the measures."""
    seen: dict[Style, list[tuple[int, int]]] = {}
    for root in part.roots:
        for node in root.walk():
            for child in node.children:
                seen.setdefault(child.mark.style, []).append((id(node), child.mark.number))
    running = set()
    for style, numbers in seen.items():
        parents = {p for p, _ in numbers}
        ordered = [n for _, n in numbers]
        rising = sum(b == a + 1 for a, b in zip(ordered, ordered[1:], strict=False))
        if len(parents) > 1 and rising >= 0.85 * (len(ordered) - 1):
            running.add(style)
    return running


def _holds_measures(node: Node, running: set[Style]) -> bool:
    """Whether the headings below a node are measures (then the node is an action) or only points of one measure."""
    children = node.children
    if not children:
        return False
    if _own_duty(node) and not any(_own_duty(c) for c in children):
        return False
    with_duty = [c for c in children if _own_duty(c)]
    if len(children) >= 2 and len(with_duty) == 1 and with_duty[0] is children[-1]:
        return False
    if len(with_duty) >= 2 or (with_duty and len(children) == 1):
        return True
    style = children[0].mark.style
    if style in running:
        return True
    if style >= Style.ARABIC_PAREN:
        return False
    titled = [c for c in children if c.titled and len(c.title) <= 30 and (c.body or c.children)]
    own = sum(len(r) for r in node.body)
    if len(titled) < 0.6 * len(children):
        return False
    return own < 40 or len(titled) == len(children)


def _own_duty(node: Node) -> bool:
    return any(duty_zones(r) for r in node.body)


def _flat(part: Part, working: list[Node]) -> bool:
    """Whether the top headings themselves are the measures: none or few have numbered headings below that are measures."""
    if len(working) < 2:
        return False
    running = _running_styles(part)
    candidates = [
        n
        for n in working
        if not re.match(
            r"^(?:保障措施|组织(?:实施|保障|领导)|实施保障|工作要求|工作保障|政策保障|推进机制|附件)", n.title.text
        )
    ]
    if len(candidates) < 3 or any(_UMBRELLA.fullmatch(n.title.text) for n in candidates):
        return False
    if candidates[0].mark.style is Style.ARTICLE:
        return True
    nested = [n for n in candidates if n.children and (_holds_measures(n, running) or len(n.children) >= 2)]
    return not nested or (len(nested) < 0.34 * len(candidates) and not any(_holds_measures(n, running) for n in nested))
