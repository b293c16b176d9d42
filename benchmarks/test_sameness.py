"""Budget: 5,000 new claims against 40,000 known ones in under 5 s on one core. The peer is what an analyst would
write: rapidfuzz's cdist over all names, then the masks of kind, place and holder; on a part it must find the same."""

import random

import numpy as np
from rapidfuzz import fuzz, process

from xiandao.engines.sameness import SIMILAR_FROM, Candidate, Certainty, find_pairs, identifier_key, normalise_name
from xiandao.engines.sameness.names import name_key

PLACES = tuple(
    f"{name}市"
    for name in ("临海", "安平", "望江", "长宁", "石门", "清河", "东阳", "西陵", "南岗", "北屯", "金川", "玉泉", "银州")
)
COMMON = "智能科技信息技术生物医药新材料能源装备制造数据网络创新研发未来先导电子光学精密机械环保"
RARE = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
KINDS = ["platform", "enterprise", "scenario", "project"]
ENDS = ["有限公司", "股份有限公司", "创新中心", "公共服务平台", "示范项目", "重点实验室"]


def _claims(number, seed, prefix, kinds=KINDS, places=PLACES):
    """Return invented claims: place, two to four rare characters, a trade, an end."""
    rng = random.Random(seed)  # noqa: S311 — invented names
    claims = []
    for index in range(number):
        place = rng.choice(places)
        trade = "".join(rng.sample(COMMON, rng.randint(4, 6)))
        name = (
            rng.choice(["", place, place[:-1]])
            + "".join(rng.choices(RARE, k=rng.randint(2, 4)))
            + trade
            + rng.choice(ENDS)
        )
        holder = "".join(rng.choices(RARE, k=3)) + "科技" if rng.random() < 0.7 else ""
        identifier = f"GR{rng.randrange(10**9):09d}" if rng.random() < 0.4 else ""
        claims.append(Candidate(f"{prefix}{index}", name, identifier, place, holder, rng.choice(kinds)))
    return claims


def _respelled(claims, seed):
    """Return claims written by another clerk: another legal form, a space, a character lost, no identifier."""
    rng = random.Random(seed)  # noqa: S311 — invented names
    changes = [
        lambda name: name.replace("股份有限公司", "有限公司"),
        lambda name: name[:4] + " " + name[4:],
        lambda name: name[:5] + name[6:],
        lambda name: name.replace("中心", "（中心）"),
    ]
    return [
        Candidate(f"r{claim.key}", rng.choice(changes)(claim.name), "", claim.place, claim.holder, claim.kind)
        for claim in claims
    ]


KNOWN = _claims(40_000, 1, "k")
NEW = _claims(4_500, 2, "n") + _respelled(KNOWN[:500], 3)
CROWDED_KNOWN = _claims(40_000, 4, "k", KINDS[:1], PLACES[:1])
CROWDED_NEW = _claims(5_000, 5, "n", KINDS[:1], PLACES[:1])


def _peer(new, known):
    """Return asked pairs (new, known) of similar names with the same kind and place or holder."""
    names = [[normalise_name(claim.name, PLACES) for claim in side] for side in (new, known)]
    holders = [[normalise_name(claim.holder, PLACES) for claim in side] for side in (new, known)]
    kind, place = (
        np.array([getattr(c, field) for c in new])[:, None] == np.array([getattr(c, field) for c in known])
        for field in ("kind", "place")
    )
    holder = np.array(holders[0])[:, None] == np.array(holders[1])
    holder &= np.array(holders[0])[:, None] != ""
    scores = process.cdist(*names, scorer=fuzz.ratio, dtype=np.float64, score_cutoff=SIMILAR_FROM * 100)
    rows, columns = np.nonzero((scores > 0) & kind & (place | holder))
    return {
        (new[i].key, known[j].key)
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        if not (new[i].identifier and known[j].identifier) or names[0][i] == names[1][j]
    }


def _ours(new, known):
    return find_pairs(new, known, places=PLACES)


def _cold(new, known):
    """Return a set-up that forgets names seen in earlier rounds."""

    def setup():
        name_key.cache_clear()
        identifier_key.cache_clear()
        return (new, known), {}

    return setup


def test_5000_new_against_40000_known(benchmark):
    found = benchmark.pedantic(_ours, setup=_cold(NEW, KNOWN), rounds=3)
    respelled = {pair.new[1:] for pair in found if pair.new == f"r{pair.known}"}
    assert len(respelled) >= 490
    assert benchmark.stats.stats.max < 5


def test_5000_new_against_40000_known_all_of_one_kind_and_place(benchmark):
    benchmark.pedantic(_ours, setup=_cold(CROWDED_NEW, CROWDED_KNOWN), rounds=3)
    assert benchmark.stats.stats.max < 5


def test_1000_new_against_8000_known_finds_what_the_peer_finds(benchmark):
    new, known = NEW[-1000:], KNOWN[:8000]
    found = benchmark.pedantic(_ours, setup=_cold(new, known), rounds=3)
    asked = {
        (pair.new, pair.known)
        for pair in found
        if pair.certainty is Certainty.ASK and not pair.within_new and {"same_place", "same_holder"} & set(pair.reasons)
    }
    assert asked == _peer(new, known)
    assert len(asked) >= 490


def test_peer_cdist_over_1000_new_and_8000_known(benchmark):
    assert len(benchmark.pedantic(_peer, setup=_cold(NEW[-1000:], KNOWN[:8000]), rounds=3)) >= 490


def test_peer_cdist_over_5000_new_and_40000_known(benchmark):
    def cdist_only():
        names = [[normalise_name(claim.name, PLACES) for claim in side] for side in (NEW, KNOWN)]
        return int(
            (process.cdist(*names, scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=SIMILAR_FROM * 100) > 0).sum()
        )

    assert benchmark.pedantic(cdist_only, rounds=1) > 0
