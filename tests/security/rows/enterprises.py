"""Enterprises: lists and pages for those who work, by place; a firm sees itself; numbers by city are public."""

from tests.security.matrix import MISSING, Row, only, same
from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.orgs.models import Counterpart, Organisation

PROVINCE = ("department-other", "department", "department-head", "auditor", "coordinator")
READERS = ("county", "city-other", "city", "city-head", *PROVINCE)
OWN_CITY = "本市企业 of its city"
OTHER_CITY = "他市企业 of another city"
OWN_FIRM = "本单位 of its own"
NAMES = frozenset({"$firm", "$firm_other", "$firm_own"})


def things(people) -> dict[str, str]:
    """Return an enterprise of the first city's own, one of the last city, and the applicant's own in a third."""
    cities = list(
        Counterpart.objects.filter(department=people("coordinator").organisation_id)
        .order_by("region")
        .values_list("bureau__region", flat=True)
    )
    made = {}
    for name, region, body in (
        ("$firm", cities[0], None),
        ("$firm_other", cities[-1], None),
        ("$firm_own", cities[1], Organisation.objects.get(pk=people("applicant").organisation_id)),
    ):
        firm = Enterprise.objects.create(
            key=f"rid:matrix{name}",
            name=f"{name}（演示）",
            name_key=name,
            region_id=region,
            organisation=body,
            is_demo=True,
        )
        made[name] = str(firm.pk)
    return made


ROWS = [
    Row("enterprises:list", "—", only(*READERS)),
    Row("enterprises:own", "—", only("applicant", status=302)),
    Row("enterprises:chain", "—", same(200)),
    Row("enterprises:chain", "—", same(200), data={"industry": "hydrogen", "city": "320500"}),
    Row("enterprises:chain", MISSING, same(404), data={"industry": "nothing"}),
    Row("enterprises:layout", "—", same(200)),
    Row("enterprises:map", "—", same(200)),
    Row("enterprises:growth", "—", same(200)),
    Row("enterprises:detail", OWN_CITY, only("city", "city-head", *PROVINCE), {"pk": "$firm"}),
    Row("enterprises:detail", OTHER_CITY, only("city-other", *PROVINCE), {"pk": "$firm_other"}),
    Row("enterprises:detail", OWN_FIRM, only("applicant", *PROVINCE), {"pk": "$firm_own"}),
    Row("enterprises:detail", MISSING, same(404), {"pk": "99999999"}),
    Row("GET /api/v1/enterprises", "—", only(*READERS)),
    Row("GET /api/v1/enterprises/{pk}", OWN_CITY, only("city", "city-head", *PROVINCE), {"pk": "$firm"}),
    Row("GET /api/v1/enterprises/{pk}", OTHER_CITY, only("city-other", *PROVINCE), {"pk": "$firm_other"}),
    Row("GET /api/v1/enterprises/{pk}", OWN_FIRM, only("applicant", *PROVINCE), {"pk": "$firm_own"}),
    Row("GET /api/v1/enterprises/{pk}", MISSING, same(404), {"pk": "99999999"}),
    Row("GET /api/v1/enterprises/figures", "—", same(200)),
    Row("GET /api/v1/enterprises/layout", "—", same(200)),
]
