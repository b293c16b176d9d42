"""Invented business scopes, written the way scopes are: verbs bound to lists, sales alone, exclusions, boilerplate."""

import random
from collections.abc import Callable
from typing import Final

from xiandao.domains.enterprises.demo import wording
from xiandao.domains.enterprises.demo.world import Good

Writer = Callable[[Good, random.Random], str]
_STANDARD_PHRASES: Final = 2019
"""From about then on registries offer phrases to tick, under 一般项目 and 许可项目."""
_TICKED: Final = 0.8
_HALF_WIDTH: Final = 0.15


def maker(good: Good, dice: random.Random) -> str:
    """Return the scope of a firm that develops or makes the product, in one of the forms offices and firms use."""
    things = "、".join(_things(good, dice))
    develop, make = dice.choice(wording.DEVELOPS), dice.choice(wording.MAKES)
    forms = (
        f"{develop}、{make}、销售：{things}；{wording.FOREIGN}",
        f"{things}的{develop}、{make}、销售、技术服务",
        f"{things}{develop}；{things}{make}；{things}销售",
        f"从事{things}技术领域内的技术开发、技术转让；{things}的{make}",
        f"{things}、{_plain_goods(dice)}{make}、加工",
    )
    return dice.choice(forms)


def server(good: Good, dice: random.Random) -> str:
    """Return the scope of a firm that operates the product or serves those who do."""
    things = "、".join(_things(good, dice, 2))
    return f"{things}{dice.choice(wording.SERVES)}；{_ticks(dice, 2)}"


def trader(good: Good, dice: random.Random) -> str:
    """Return the scope of a firm that sells the product among other things."""
    things = "、".join(_things(good, dice, 2))
    return f"{_plain_goods(dice)}、{things}{dice.choice(wording.SELLS)}；{wording.FOREIGN}"


def mention(good: Good, dice: random.Random) -> str:
    """Return a scope in which the product stands and does not count: excluded, or a phrase that misleads."""
    thing, trap = dice.choice(good.words), dice.choice(good.traps or (f"{_plain_goods(dice)}",))
    forms = (
        f"{_plain_goods(dice)}销售（不含{thing}）；{_ticks(dice, 2)}",
        f"{trap}销售；{_plain_goods(dice)}批发",
        f"{_plain_goods(dice)}制造（{thing}除外）；{trap}销售",
    )
    return dice.choice(forms)


def doubtful(good: Good, dice: random.Random) -> str:
    """Return a scope of which one cannot be sure: words also used elsewhere, verbs that say little."""
    word = dice.choice(good.vague or good.words)
    forms = (
        f"{word}及配套产品的推广；{_ticks(dice, 3)}",
        f"{word}的安装、维修；{_plain_goods(dice)}销售",
        f"{word}的检测、技术服务；{_ticks(dice, 2)}",
        f"{word}、{_plain_goods(dice)}；{_ticks(dice, 2)}",
        f"{word}技术推广服务；{_plain_goods(dice)}销售；{_ticks(dice, 2)}",
    )
    return dice.choice(forms)


def nothing(_good: Good, dice: random.Random) -> str:
    """Return a scope of no future industry."""
    return dice.choice(wording.OTHER_SCOPES)


WRITERS: Final[dict[str, Writer]] = {
    "maker": maker,
    "server": server,
    "trader": trader,
    "mention": mention,
    "doubtful": doubtful,
    "nothing": nothing,
}


def dressed(body: str, year: int, dice: random.Random) -> str:
    """Return a scope with what forms of its time put around it: licence boilerplate, 一般项目 with generic ticks."""
    if year >= _STANDARD_PHRASES and dice.random() < _TICKED:
        return f"一般项目：{body}；{_ticks(dice, dice.randint(1, 3))}{wording.FREELY}"
    if dice.random() < _HALF_WIDTH:
        return body.replace("；", ";").replace("（", "(").replace("）", ")")
    return f"{body}。{wording.LICENCE}"


def _things(good: Good, dice: random.Random, most: int = 3) -> list[str]:
    return dice.sample(good.words, min(len(good.words), dice.randint(1, most)))


def _ticks(dice: random.Random, most: int) -> str:
    return "；".join(dice.sample(wording.TICKS, most))


def _plain_goods(dice: random.Random) -> str:
    return "、".join(dice.sample(wording.PLAIN_GOODS, 2))
