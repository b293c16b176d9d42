"""An invented register of enterprises in two versions: the same seed, the same firms. Needs no Django.

Names carry the mark （演示）; credit codes are well formed and stand under 99, where no province is.
"""

import datetime as dt
import random
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import Final, Literal

import pyarrow as pa

from xiandao.domains.enterprises.demo import wording
from xiandao.domains.enterprises.demo.scopes import WRITERS, dressed
from xiandao.domains.enterprises.demo.world import Good, Place, World
from xiandao.kernel.credit_code import check_character, organisation_check_character

Version = Literal["older", "newer"]
SCHEMA: Final = pa.schema(
    [
        ("rid", pa.string()),
        ("name", pa.string()),
        ("uscc", pa.string()),
        ("kind", pa.string()),
        ("city", pa.string()),
        ("county", pa.string()),
        ("place", pa.string()),
        ("registered_on", pa.date32()),
        ("ended_on", pa.date32()),
        ("capital", pa.decimal128(20, 2)),
        ("activity", pa.string()),
        ("status", pa.string()),
        ("scope", pa.string()),
        ("product_lines", pa.string()),
        ("patents", pa.int32()),
    ]
)
# What a firm is, and how many of a hundred are.
_SORTS: Final = {"nothing": 38, "maker": 25, "server": 11, "trader": 10, "mention": 5, "doubtful": 11}
_SECOND: Final = 0.18
"""How many firms of an industry name a product of another one too."""
_ALSO_OTHER: Final = 0.3
"""How many do things of no future industry besides."""
_SAYS: Final = 0.4
"""How many makers name their main products."""
_AFTER: Final = 0.07
"""How many were registered after the older version."""
_WITHOUT_CODE: Final = 0.015
_WITHOUT_CAPITAL: Final = 0.08
# What happened to firms between the two versions, in a thousand of the older one.
_FATES: Final = {"stays": 875, "gone": 20, "ended": 12, "renamed": 20, "moved": 15, "rewritten": 36, "raised": 22}
_TWINS: Final = 3
_FIRST_YEAR: Final = 1990


@dataclass(frozen=True, slots=True)
class Firm:
    """A row of the register."""

    rid: str
    name: str
    uscc: str
    kind: str
    city: str
    county: str
    place: str
    registered_on: dt.date
    ended_on: dt.date | None
    capital: Decimal | None
    activity: str
    status: str
    scope: str
    product_lines: str
    patents: int | None


Life = tuple[Firm | None, Firm | None]
"""A firm in the older and in the newer version; None where it is not in one."""


def table(world: World, version: Version) -> pa.Table:
    """Return a version of the register as an Arrow table of SCHEMA."""
    return pa.Table.from_pylist([asdict(firm) for firm in firms(world, version)], schema=SCHEMA)


def firms(world: World, version: Version) -> list[Firm]:
    """Return the firms of a version. Raises ValueError for a world without places or products."""
    if not world.places or not world.goods:
        raise ValueError("没有地区或产品，造不出登记名录")
    draw = _Draw(world)
    lives = [draw.life(number) for number in range(world.size)]
    lives += [_twin(world, number, lives) for number in range(_TWINS)]
    rows = [older if version == "older" else newer for older, newer in lives]
    return [row for row in rows if row is not None]


def credit_code(place: str, number: int) -> str:
    """Return a well formed code of an invented authority: region 99 and the last four digits of the place's."""
    own = f"DM{number:06d}"
    first = f"9199{place[2:6]}{own}{organisation_check_character(own)}"
    return first + check_character(first)


class _Draw:
    """Draws firms of a world; the weights of its places and products are added up once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cities = sorted({place.city for place in world.places})
        self.counties = {city: [place for place in world.places if place.city == city] for city in self.cities}
        ranked = sorted(self.cities, key=lambda city: world.dice("rank", city).random())
        self.sizes = list(accumulate(world.weight_of(city, ranked.index(city)) for city in self.cities))
        shares = _even(world.goods, [world.favour(good) for good in world.goods])
        industries = sorted({good.industry for good in world.goods})
        self.vague = [good for good in world.goods if good.vague] or list(world.goods)
        self.tastes: dict[str, list[float]] = {}
        for city in self.cities:
            taste = {industry: world.taste(city, industry) for industry in industries}
            weights = (share * taste[good.industry] for share, good in zip(shares, world.goods, strict=True))
            self.tastes[city] = list(accumulate(weights))

    def life(self, number: int) -> Life:
        """Return a firm in both versions."""
        if number < len(self.world.known):
            return self._known(number)
        dice = self.world.dice("firm", number)
        city = dice.choices(self.cities, cum_weights=self.sizes)[0]
        sort = dice.choices(list(_SORTS), weights=list(_SORTS.values()))[0]
        good = dice.choices(self.world.goods, cum_weights=self.tastes[city])[0]
        if sort == "doubtful" and not good.vague:
            good = dice.choice(self.vague)
        place, born = dice.choice(self.counties[city]), _born(self.world, dice)
        newer = self._firm(number, sort, good, place=place, born=born)
        if born > self.world.older:
            return None, newer
        fate = dice.choices(list(_FATES), weights=list(_FATES.values()))[0]
        return self._before(newer, fate, sort=sort, good=good, dice=dice)

    def _known(self, number: int) -> Life:
        """Return a firm the platform knows by name: it makes what its name says and has not changed."""
        name, place = self.world.known[number], self.world.places[0]
        good = _fitting(self.world.goods, name) or self.world.goods[0]
        firm = self._firm(number, "maker", good, place=place, born=dt.date(self.world.older.year - 8, 5, 18))
        uscc, kind = credit_code(place.code, number), wording.KINDS["有限公司"]
        scope = f"{'、'.join(good.words[:3])}的研发、生产、销售、技术服务。{wording.LICENCE}"
        firm = replace(firm, name=name, uscc=uscc, kind=kind, scope=scope, capital=Decimal("50000000.00"))
        return firm, firm

    def _before(self, newer: Firm, fate: str, *, sort: str, good: Good, dice: random.Random) -> Life:
        """Return what a firm was in the older version, and whether and how it is in the newer."""
        older, after = newer, newer
        if fate == "gone":
            return older, None
        if fate == "ended":
            day = dice.randint(self.world.older.toordinal() + 1, self.world.newer.toordinal())
            after = replace(newer, status=wording.ENDED, ended_on=dt.date.fromordinal(day))
        elif fate == "renamed":
            older = replace(newer, name=_renamed(newer.name, dice))
        elif fate == "moved":
            city, county, printed = _where(dice.choice(self.world.places))
            older = replace(newer, city=city, county=county, place=printed)
        elif fate == "rewritten":
            other = "nothing" if sort != "nothing" else "maker"
            older = replace(newer, scope=self._scope(other, good, newer.registered_on.year, dice))
        elif fate == "raised" and newer.capital:
            older = replace(newer, capital=(newer.capital / 2).quantize(Decimal("0.01")))
        return older, after

    def _firm(self, number: int, sort: str, good: Good, *, place: Place, born: dt.date) -> Firm:
        dice = self.world.dice("row", number)
        form = dice.choice(wording.FORMS)
        says = sort == "maker" and dice.random() < _SAYS
        city, county, printed = _where(place)
        activities = good.activities if sort in {"maker", "server"} and good.activities else wording.OTHER_ACTIVITIES
        return Firm(
            rid=f"D{number:05d}",
            name=_name(place, sort, form, dice),
            uscc="" if dice.random() < _WITHOUT_CODE else credit_code(place.code, number),
            kind=wording.KINDS[form],
            city=city,
            county=county,
            place=printed,
            registered_on=born,
            ended_on=None,
            capital=None if dice.random() < _WITHOUT_CAPITAL else _capital(dice),
            activity=dice.choice(activities),
            status=dice.choice(wording.STATUSES),
            scope=self._scope(sort, good, born.year, dice),
            product_lines="、".join(dice.sample(good.words, min(2, len(good.words)))) if says else "",
            patents=None if sort == "nothing" else int(dice.paretovariate(0.9)) - 1,
        )

    def _scope(self, sort: str, good: Good, year: int, dice: random.Random) -> str:
        body = WRITERS[sort](good, dice)
        if sort in {"maker", "server"} and dice.random() < _SECOND:
            body = f"{body}；{WRITERS[sort](dice.choice(self.world.goods), dice)}"
        if sort in {"maker", "server"} and dice.random() < _ALSO_OTHER:
            body = f"{WRITERS['nothing'](good, dice)}；{body}"
        return dressed(body, year, dice)


def _where(place: Place) -> tuple[str, str, str]:
    """Return city, county and the place as printed."""
    return place.city, "" if place.name == place.city else place.name, place.printed


def _even(goods: tuple[Good, ...], common: list[float]) -> list[float]:
    """Return weights in which every industry weighs the same, whatever number of products the catalogue has of it."""
    whole: dict[str, float] = {}
    for good, weight in zip(goods, common, strict=True):
        whole[good.industry] = whole.get(good.industry, 0.0) + weight
    return [weight / whole[good.industry] for good, weight in zip(goods, common, strict=True)]


def _born(world: World, dice: random.Random) -> dt.date:
    """Return a day of registration: ever more of them the later the year."""
    first, last = dt.date(_FIRST_YEAR, 1, 1).toordinal(), world.older.toordinal()
    if dice.random() < _AFTER:
        return dt.date.fromordinal(dice.randint(last + 1, world.newer.toordinal()))
    return dt.date.fromordinal(first + round((last - first) * dice.betavariate(3.2, 1.3)))


def _renamed(name: str, dice: random.Random) -> str:
    """Return a name the firm may have had before: its brand was another one."""
    return f"{name[:2]}{dice.choice(wording.FIRST)}{dice.choice(wording.SECOND)}{name[4:]}"


def _fitting(goods: tuple[Good, ...], name: str) -> Good | None:
    """Return the product with the longest word that begins like a part of a firm's own name."""
    fits = [(word, good) for good in goods for word in good.words if word[:2] in name]
    return max(fits, key=lambda fit: len(fit[0]))[1] if fits else None


def _name(place: Place, sort: str, form: str, dice: random.Random) -> str:
    fields = {"nothing": wording.PLAIN_FIELDS, "trader": wording.TRADE_FIELDS}.get(sort, wording.FIELDS)
    brand = dice.choice(wording.FIRST) + dice.choice(wording.SECOND)
    return f"{place.city.removesuffix('市')}{brand}{dice.choice(fields)}{form}{wording.MARK}"


def _capital(dice: random.Random) -> Decimal:
    """Return registered capital in yuan: round sums, few large ones."""
    most = dice.choice((50, 100, 200, 500, 500, 1000, 1000, 2000, 3000, 5000, 10000))
    return Decimal(most * dice.choice((1, 1, 1, 2, 3)) * 10_000).quantize(Decimal("0.01"))


def _twin(world: World, number: int, lives: list[Life]) -> Life:
    """Return a second row of a firm, without code, its name written a little differently: a question for a person."""
    known = len(world.known)  # a firm of which something is found: the question is asked of such alone
    likely = [newer for _older, newer in lives[known:] if newer is not None and newer.uscc and newer.product_lines]
    firm = likely[(number + 1) * len(likely) // (_TWINS + 2)]
    name = firm.name.replace("有限公司", "有限责任公司") if number else firm.name
    return None, replace(firm, rid=f"D{world.size + number:05d}", name=name, uscc="", capital=None, patents=None)
