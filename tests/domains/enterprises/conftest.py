"""Rows of registers, runs, enterprises and results, made directly, with numbers written by hand.

register = made.register(as_of="2026-06-30")
run = made.run(register)
firm = made.firm("甲氢能有限公司（演示）", "320505", scope="储氢瓶的研发、生产")
made.result(run, firm, "hydrogen", segment="storage")          # core, in, 0.97 by the model
"""

import datetime as dt
from decimal import Decimal
from itertools import count

import pytest
from django.utils import timezone

from xiandao.domains.enterprises.models import (
    Classification,
    Decision,
    Enterprise,
    EnterpriseRole,
    RegisterState,
    RegisterVersion,
    Run,
    RunState,
    SettledBy,
)
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion

SCOPE = "储氢瓶、储氢罐的研发、生产、销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"


def evidence(
    term="储氢瓶", *, at=0, product="hydrogen/hp-storage", verbs=("develop", "make"), discount=None, trap=None
):
    """Return one term found at a place of the scope, as the engine writes it."""
    return {
        "term": term,
        "product": product,
        "clause": SCOPE[:20],
        "verbs": list(verbs),
        "start": at,
        "end": at + len(term),
        "discount": discount,
        "trap": trap,
    }


class Made:
    """Makes rows; every argument has a plain default, so that a test names only what it is about."""

    def __init__(self):
        self.numbers = count(1)

    def catalogue(self):
        """Return the catalogue in force."""
        return CatalogueVersion.objects.for_system("tests").get(state=CatalogueState.PUBLISHED)

    def register(self, *, as_of="2026-06-30", state=RegisterState.CURRENT, **fields):
        number = next(self.numbers)
        given = {
            "number": number,
            "title": f"登记名录第{number}版（演示）",
            "as_of": dt.date.fromisoformat(as_of),
            "file_name": "名录.parquet",
            "state": state,
            "created_at": timezone.now(),
            "by": "测试",
            "is_demo": True,
        }
        return RegisterVersion.objects.create(**(given | fields))

    def run(self, register, *, state=RunState.CURRENT, accept=0.49, reject=0.28, **fields):
        given = {
            "number": next(self.numbers),
            "register": register,
            "catalogue": self.catalogue(),
            "state": state,
            "accept": accept,
            "reject": reject,
            "by": "测试",
            "ended_at": timezone.now(),
        }
        return Run.objects.create(**(given | fields))

    def firm(
        self,
        name="甲氢能有限公司（演示）",
        region="320505",
        *,
        registered="2015-03-02",
        capital="10000000.00",
        **fields,
    ):
        number = next(self.numbers)
        given = {
            "key": f"rid:{number}",
            "rid": str(number),
            "name": name,
            "name_key": name,
            "region_id": region,
            "registered_on": dt.date.fromisoformat(registered) if registered else None,
            "capital": None if capital is None else Decimal(capital),
            "scope": SCOPE,
            "status": "存续",
            "is_demo": True,
        }
        return Enterprise.objects.create(**(given | fields))

    def result(
        self, run, firm, industry="hydrogen", *, segment="storage", role="core", decision="in", score=0.97, **fields
    ):
        given = {
            "run": run,
            "enterprise": firm,
            "industry_id": industry,
            "segment": segment,
            "role": EnterpriseRole(role),
            "decision": Decision(decision),
            "score": score,
            "model_role": EnterpriseRole(role),
            "model_decision": Decision(decision),
            "settled": SettledBy.MODEL,
            "evidence": [evidence()],
        }
        return Classification.objects.create(**(given | fields))

    def many(
        self, run, n, *, industry="hydrogen", region="320505", segment="storage", role="core", capital="1000000.00"
    ):
        """Make n enterprises that count for an industry."""
        firms = [self.firm(f"第{i}家有限公司（演示）", region, capital=capital) for i in range(n)]
        return [self.result(run, firm, industry, segment=segment, role=role) for firm in firms]


@pytest.fixture
def made(db):
    return Made()


@pytest.fixture
def run(made):
    """A run in force over a register as of 30 June 2026."""
    return made.run(made.register())
