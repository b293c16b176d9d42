"""Which enterprises may be one: equal or near names at one place, where the codes do not say it. Only asked here."""

import datetime as dt
from itertools import groupby
from typing import Final

from xiandao.domains.enterprises.models import Enterprise, RegisterVersion, Twin
from xiandao.domains.orgs.models import Region
from xiandao.engines.sameness import Candidate, Certainty, Reason, find_pairs

_WHY: Final = "a run is started by who may"
SIMILAR_FROM: Final = 0.92
"""Least likeness of names that is asked: one character in twelve differs. Names of firms are longer than of results."""
MOST: Final = 2_000
"""Questions asked at once, the likeliest first; more than a person answers in a month."""


def ask_twins(register: RegisterVersion, *, now: dt.datetime) -> int:
    """Ask of pairs among the enterprises, city by city, that were not asked before; return how many were.

    Two enterprises with different credit codes are asked only where one of them is gone: a firm founded anew under its
    old name is common, two living ones with a code each are two. Names whose numbers differ are not asked.
    """
    del now
    rows = Enterprise.objects.for_system(_WHY).filter(same_as=None).exclude(region=None)
    city_of = {code: parent or code for code, parent in _cities()}
    columns = ("pk", "name", "uscc", "key", "region_id", "registered_on", "gone_in_id")
    firms = sorted(rows.values_list(*columns, named=True), key=lambda row: (city_of.get(row.region_id, ""), row.pk))
    asked = set(Twin.objects.for_system(_WHY).values_list("left_id", "right_id"))
    places = tuple(Region.objects.values_list("name", flat=True))
    found: list[Twin] = []
    for _city, group in groupby(firms, key=lambda row: city_of.get(row.region_id, "")):
        here = {str(row.pk): row for row in group}
        new = [
            Candidate(key=pk, name=row.name, place=city_of.get(row.region_id, ""), date=row.registered_on)
            for pk, row in here.items()
        ]
        for pair in find_pairs(new, [], places=places, similar_from=SIMILAR_FROM):
            one, other = sorted((here[pair.new], here[pair.known]), key=lambda row: row.pk)
            both = one.key == one.uscc and other.key == other.uscc
            living = one.gone_in_id is None and other.gone_in_id is None
            apart = (both and living) or Reason.NUMBERS_DIFFER in pair.reasons  # 第一分公司 is not 第二分公司
            if pair.certainty is not Certainty.ASK or apart or (one.pk, other.pk) in asked:
                continue
            why = ",".join(str(reason.value) for reason in pair.reasons)
            found.append(Twin(left_id=one.pk, right_id=other.pk, likeness=pair.score, why=why[:200], asked_in=register))
    found.sort(key=lambda twin: (-twin.likeness, twin.left_id, twin.right_id))
    Twin.objects.for_system(_WHY).bulk_create(found[:MOST], batch_size=500)
    return len(found[:MOST])


def _cities() -> list[tuple[str, str | None]]:
    """Return each region with its city (None where it is one, or the province)."""
    return [
        (code, parent if kind in {"district", "county_city", "county", "zone"} else None)
        for code, kind, parent in Region.objects.values_list("code", "kind", "parent_id")
    ]
