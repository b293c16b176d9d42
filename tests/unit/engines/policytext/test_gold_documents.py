"""The compiler against documents read by people: the published plan exactly, invented ones of other kinds nearly."""

import importlib.util
import json
import random
import re
from pathlib import Path

import pytest

from xiandao.engines.policytext import NotAPlan, compile_text, to_schema

DATA = Path(__file__).resolve().parents[3] / "data" / "policytext"
GOLD = {f"{g.parent.name}/{g.name.removesuffix('.gold.json')}": g for g in sorted(DATA.glob("*/*.gold.json"))}


@pytest.fixture(scope="session")
def score():
    spec = importlib.util.spec_from_file_location("policytext_score", DATA / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score


def text_of(name: str) -> str:
    return GOLD[name].with_name(GOLD[name].name.replace(".gold.json", ".txt")).read_text(encoding="utf-8-sig")


def gold_of(name: str) -> dict:
    return json.loads(GOLD[name].read_text(encoding="utf-8"))


def test_there_are_documents_of_every_kind():
    assert len(GOLD) == 15


def test_the_published_plan_is_read_exactly(score):
    result = score(gold_of("known/jiangsu-2024-2026"), to_schema(compile_text(text_of("known/jiangsu-2024-2026"))))
    assert result["macro"] == 1.0
    assert all(part is None or part["f1"] == 1.0 for part in result["parts"].values())
    assert set(result["info"].values()) == {1.0, 5}


@pytest.mark.parametrize("name", GOLD)
def test_documents_of_other_kinds_are_read_nearly_exactly(score, name):
    assert score(gold_of(name), to_schema(compile_text(text_of(name))))["macro"] >= 0.97


HEAD = (
    "网站首页 | 政务公开 | 办事服务 | 互动交流",
    "首页 > 信息公开 > 政策文件 > 规范性文件",
    "【字体：大 中 小】 打印 关闭",
    "分享到：",
    "发布时间：2024-03-05 10:00 来源：市政府办公室 浏览次数：123",
    "扫一扫在手机打开当前页",
    "无障碍 简体 繁体 登录 注册",
    "相关链接",
    "字号：[大] [中] [小]",
    "时间：2024-02-28 09:12",
)
FOOT = (
    "扫一扫在手机打开当前页",
    "【打印】【关闭】",
    "上一篇：关于印发某某工作要点的通知",
    "下一篇：某某解读",
    "相关附件：1. 任务分解表.docx",
    "主办：某某市人民政府 ICP备12345号",
    "网站地图 | 联系我们",
    "政策解读：一图读懂《方案》",
)


def wrapped(text: str, width: int = 36) -> str:
    """Return the text broken inside sentences, as pages copied from a reader are; table rows stay whole."""
    lines = []
    for line in text.split("\n"):
        whole = "\t" in line or "    " in line.strip()
        lines += [line] if whole else [line[i : i + width] for i in range(0, max(len(line), 1), width)]
    return "\n".join(lines)


def furnished(text: str, seed: int) -> str:
    """Return the text between some lines of page furniture."""
    chosen = random.Random(seed)  # noqa: S311 — a choice of test lines
    return "\n".join([*chosen.sample(HEAD, 4), text, *chosen.sample(FOOT, 4)])


CHANGES = {
    "windows line ends": lambda t: t.replace("\n", "\r\n"),
    "no blank lines": lambda t: re.sub(r"\n\s*\n", "\n", t),
    "double spaced": lambda t: t.replace("\n", "\n\n"),
    "full-width digits": lambda t: t.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "half-width punctuation": lambda t: t.translate(str.maketrans("，；：（）", ",;:()")),
    "hard wrapped": wrapped,
    "byte order mark": lambda t: "\ufeff" + t,
    **{f"page furniture {seed}": (lambda t, seed=seed: furnished(t, seed)) for seed in range(4)},
    "furniture and wrapped": lambda t: furnished(wrapped(t), 9),
}


@pytest.mark.parametrize("name", GOLD)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_document_in_another_dress_is_read_the_same(score, name, change):
    """What only looks different must not be read differently: nothing may fall apart over a button or a line end."""
    assert score(gold_of(name), to_schema(compile_text(change(text_of(name)))))["macro"] >= 0.95


@pytest.mark.parametrize("name", GOLD)
def test_placed_and_unplaced_text_cover_the_document(name):
    text = text_of(name)
    schema = to_schema(compile_text(text))
    covered = bytearray(len(text))
    for passage in schema["placed"] + schema["unplaced"]:
        start, end = passage["span"]
        assert 0 <= start < end <= len(text)
        covered[start:end] = b"\1" * (end - start)
    assert "".join(c for c, done in zip(text, covered, strict=True) if not done and not c.isspace()) == ""


@pytest.mark.parametrize("name", GOLD)
def test_the_same_text_gives_the_same_plan(name):
    assert to_schema(compile_text(text_of(name))) == to_schema(compile_text(text_of(name)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "\x00\x01\x02PK\x03\x04",
        "红烧肉：五花肉500克，切块，小火炖两小时。",
        "噪" * 5_000_000,
        "a b c " * 900_000,
    ],
    ids=["empty", "blank", "binary", "recipe", "noise", "latin noise"],
)
def test_what_is_no_plan_is_refused_with_a_reason_and_a_mend(text):
    with pytest.raises(NotAPlan) as refused:
        compile_text(text)
    assert refused.value.reason
    assert refused.value.mend
