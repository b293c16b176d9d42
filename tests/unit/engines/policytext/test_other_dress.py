"""The same documents with other numbering, other line widths and mark-up: nothing that is said changes."""

import importlib.util
import json
import random
import re
from pathlib import Path

import pytest

from xiandao.engines.policytext import compile_text, to_schema

DATA = Path(__file__).resolve().parents[3] / "data" / "policytext"
GOLD = {
    g.name.removesuffix(".gold.json"): g for d in ("known", "blind_a") for g in sorted((DATA / d).glob("*.gold.json"))
}


@pytest.fixture(scope="module")
def score():
    spec = importlib.util.spec_from_file_location("policytext_score_again", DATA / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score


def row(line):
    return "\t" in line or "|" in line or re.search(r"\S {3,}\S", line)


def wrapped(width):
    """Hard-wrapped at a width, with a page number every 25 lines, wherever that falls."""

    def change(text):
        out, count = [], 0
        for line in text.split("\n"):
            rest = line
            while len(rest) > width and not row(line):
                out.append(rest[:width])
                rest, count = rest[width:], count + 1
                if count % 25 == 0:
                    out += ["", f"— {count // 25} —", ""]
            out.append(rest)
        return "\n".join(out)

    return change


def broken(seed):
    """A few breaks anywhere in each long paragraph."""

    def change(text):
        chosen, out = random.Random(seed), []  # noqa: S311 — a choice of places
        for line in text.split("\n"):
            cuts = (
                sorted(chosen.sample(range(25, len(line) - 1), min(3, len(line) // 60)))
                if len(line) > 60 and not row(line)
                else []
            )
            out += [line[a:b] for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)]
        return "\n".join(out)

    return change


def marked_up(text):
    return "".join(f"<p>&nbsp;&nbsp;{line}</p>\n" for line in text.split("\n"))


def numbered(pattern, replacement):
    return lambda text: re.sub(pattern, replacement, text, flags=re.MULTILINE)


CHANGES = {
    "wrapped at 26": wrapped(26),
    "wrapped at 32": wrapped(32),
    "wrapped at 38": wrapped(38),
    "broken anywhere": broken(1),
    "broken elsewhere": broken(7),
    "mark-up": marked_up,
    "straight quotation marks": lambda t: t.replace("“", '"').replace("”", '"'),
    "blanks around numbers": lambda t: re.sub(r"(?<=[\u4e00-\u9fff])(\d[\d.]*)(?=[\u4e00-\u9fff])", r" \1 ", t),
    "indented": lambda t: "\n".join("\u3000\u3000" + line if line.strip() else line for line in t.split("\n")),
    "chapters for 一、": numbered(r"^([一二三四五六七八九十]+)、", r"第\1章 "),
    "dots for 一、": numbered(r"^([一二三四五六七八九十]+)、", r"\1. "),
    "1、 for 1.": numbered(r"^(\s*)(\d+)[.．]\s*", r"\1\2、"),
    "half-width brackets": numbered(r"^（([一二三四五六七八九十]+)）", r"( \1 )"),
}


@pytest.mark.parametrize("name", GOLD)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_dress_changes_nothing(score, name, change):
    text = GOLD[name].with_name(f"{name}.txt").read_text(encoding="utf-8-sig")
    gold = json.loads(GOLD[name].read_text(encoding="utf-8"))
    assert score(gold, to_schema(compile_text(change(text))))["macro"] >= 0.999
