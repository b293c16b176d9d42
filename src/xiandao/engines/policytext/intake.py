"""Turns away what is no plan, quickly and with a reason: empty, binary, too long, not Chinese, without structure."""

import re

from xiandao.engines.policytext.head import PLAN_NOUN
from xiandao.engines.policytext.model import NotAPlan

MAX_LENGTH = 300_000
"""Characters; about 0.9 MB of Chinese in UTF-8. The longest five-year outlines have a third of it."""

_CJK = re.compile(r"[\u4e00-\u9fff]")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_STRUCTURE = re.compile(
    (
        r"(?:^|(?<=[\s。）】]))[\s#*●◆■【]*(?:第\s*[一二三四五六七八九十百\d]+\s*[章节条篇]|"
        r"[一二三四五六七八九十]{1,4}\s*[、.．]|[（(]\s*[一二三四五六七八九十]{1,4}\s*[)）]|"
        r"[\d０-９]{1,3}\s*[.、．]|序\s*号)"
    ),
    re.MULTILINE,
)
_OFFICIAL = re.compile(
    r"推进|加强|建设|完善|支持|鼓励|落实|实施|加快|统筹|培育|健全|推动|牵头|责任单位|部门|发展|各(?:市|区|县|"
    r"地)|人民政府|按职责分工|产业|政策|保障"
)
_GOVERNMENT = re.compile(
    r"人民政府|发展改革委|发展和改革|工业和信息化|财政[厅局部]|科技[厅局部]|科学技术|国务院|省委|市委|区委|"
    r"县委|[省市区县]政府|管委会|办公[厅室]|委员会|各有关(?:部门|单位)|〔20\d{2}〕|责任单位|牵头单位|职责分工"
)


def check(text: str) -> None:
    """Raises NotAPlan for a text that cannot be one. Costs one pass over the text at most.

    Raises:
        NotAPlan: with code empty, too_long, binary or not_chinese.
    """
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise NotAPlan("empty", "文件是空的，没有可编译的文字。", "请给出行动方案的全文。")
    if len(text) > MAX_LENGTH:
        raise NotAPlan(
            "too_long",
            f"文本有 {len(text):,} 个字符，超过上限 {MAX_LENGTH:,} 个。",
            "请只保留方案正文和附表，去掉其他文件后再试。",
        )
    sample = text if len(text) < 20_000 else text[:10_000] + text[-10_000:]
    if len(_BINARY.findall(sample)) > max(2, len(sample) // 100):
        raise NotAPlan(
            "binary",
            "文件不是纯文本（含有大量不可见字符），可能是 Word、PDF 或压缩文件。",
            "请另存为 UTF-8 纯文本，或把正文复制后粘贴。",
        )
    if len(_CJK.findall(sample)) < max(10, len(sample) * 0.15):
        raise NotAPlan(
            "not_chinese", "文本中几乎没有汉字。", "本功能编译中文的政府行动方案，请检查文件和编码（应为 UTF-8）。"
        )


def check_structure(flat: str) -> None:
    """Raises NotAPlan for a folded text with neither two numbered headings nor a table.

    Raises:
        NotAPlan: with code no_structure.
    """
    text = flat.replace("\x00", "")
    if sum(1 for _ in _STRUCTURE.finditer(text)) < 2 and not re.search(r"^[\s|]*序\s*号", text, re.MULTILINE):
        raise NotAPlan(
            "no_structure",
            "没有找到“一、”“（一）”“1.”“第一条”一类编号，也没有任务表。",
            "请给出带编号的方案全文；新闻稿、解读稿不能编译。",
        )


def judge(text: str, *, title: str, number: str | None, duties: int, targets: int, measures: int) -> None:
    """Raises NotAPlan when what was found does not add up to a government plan.

    Two signs of four are needed: a plan-like title, a document number or government bodies, duties, official wording.

    Raises:
        NotAPlan: with code no_structure or not_a_plan.
    """
    if measures == 0:
        raise NotAPlan(
            "no_structure",
            "没有找到部署工作的编号条目（任务或措施）。",
            "请给出带“一、”“（一）”“1.”“第一条”编号或任务分解表的方案全文。",
        )
    sample = text[:60_000]
    official = len(_OFFICIAL.findall(sample)) / max(0.2, len(_CJK.findall(sample)) / 1000)
    signs = [
        bool(re.search(rf"{PLAN_NOUN}(?:（[^）]*）)?$", title)),
        number is not None or len(_GOVERNMENT.findall(sample)) >= 2,
        duties > 0 or targets >= 2,
        official >= 12,
    ]
    if sum(signs) < 2 or not (signs[1] or signs[3]):
        raise NotAPlan(
            "not_a_plan",
            f"文本有 {measures} 个编号条目，但不像政府的行动方案：没有发文机关、责任单位和部署工作的用语。",
            "请确认文件是行动方案、实施意见、若干措施一类公文。",
        )
