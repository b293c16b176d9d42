"""The result of a run in the database: enterprises in which a term was found, and what was found of each."""

import datetime as dt
from collections import Counter
from typing import Any, Final

import pyarrow.parquet as pq

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.actions.asking import ask_twins
from xiandao.domains.enterprises.actions.following import fields_of, region_codes
from xiandao.domains.enterprises.models import ChangeKind, Classification, Enterprise, EnterpriseChange, Run
from xiandao.domains.industries.models import Industry
from xiandao.domains.industries.registers.reading import LINES
from xiandao.domains.orgs.permission import Refused

_WHY: Final = "a run is started by who may"
_BATCH: Final = 500
_PIECE: Final = 5_000


def write_result(run: Run, *, now: dt.datetime) -> dict[str, Any]:
    """Write enterprises and classifications of a run from its file, within the caller's transaction; return counts.

    Enterprises not known yet get a row; a new one of a register that follows another is noted as new.
    """
    table = pq.read_table(lake.run_file(run))
    keys = list(dict.fromkeys(table.column("key").to_pylist()))
    known = dict(Enterprise.objects.for_system(_WHY).values_list("key", "pk"))
    texts = _enterprises(run, [key for key in keys if key not in known], now=now)
    known = dict(Enterprise.objects.for_system(_WHY).values_list("key", "pk"))
    texts |= _scopes([known[key] for key in keys])
    unknown = set(table.column("industry").unique().to_pylist()) - set(Industry.objects.values_list("pk", flat=True))
    if unknown:
        raise Refused(f"产品目录中的产业 {'、'.join(sorted(unknown))} 不在产业表中。请先载入相应的政策包。")
    by: Counter[tuple[str, str]] = Counter()
    for piece in table.to_batches(_PIECE):
        made = [_classification(run, known, texts, row) for row in piece.to_pylist()]
        by.update((each.industry_id, each.decision) for each in made)
        Classification.objects.for_system(_WHY).bulk_create(made, batch_size=_BATCH)
    asked = ask_twins(run.register, now=now)
    by_industry: dict[str, dict[str, int]] = {}
    for (industry, decision), number in sorted(by.items()):
        by_industry.setdefault(industry, {})[decision] = number
    return {"enterprises": len(keys), "asked": asked, "by_industry": by_industry}


def _enterprises(run: Run, keys: list[str], *, now: dt.datetime) -> dict[int, int]:
    """Make the enterprises with these keys; {} for the caller to fill."""
    regions = region_codes()
    for start in range(0, len(keys), _PIECE):
        rows = lake.rows(run.register, keys[start : start + _PIECE])
        rows.sort(key=lambda row: row["row"])
        made = Enterprise.objects.for_system(_WHY).bulk_create(
            [
                Enterprise(
                    **fields_of(row, regions),
                    first_seen=run.register,
                    last_seen=run.register,
                    is_demo=run.register.is_demo,
                )
                for row in rows
            ],
            batch_size=_BATCH,
        )
        if run.register.follows_id is not None:
            EnterpriseChange.objects.bulk_create(
                [
                    EnterpriseChange(
                        enterprise=each, register=run.register, kind=ChangeKind.NEW, after=each.name, at=now
                    )
                    for each in made
                ],
                batch_size=_BATCH,
            )
    return {}


def _scopes(pks: list[int]) -> dict[int, int]:
    """Return the length of the scope of each enterprise that has product lines behind it."""
    found: dict[int, int] = {}
    for start in range(0, len(pks), _PIECE // 10):
        rows = Enterprise.objects.for_system(_WHY).filter(pk__in=pks[start : start + _PIECE // 10])
        found |= {pk: len(scope) for pk, scope in rows.exclude(product_lines="").values_list("pk", "scope")}
    return found


def _classification(run: Run, known: dict[str, int], texts: dict[int, int], row: dict[str, Any]) -> Classification:
    pk = known[row["key"]]
    return Classification(
        run=run,
        enterprise_id=pk,
        industry_id=row["industry"],
        segment=row["segment"],
        role=row["role"],
        decision=row["decision"],
        score=row["score"],
        model_role=row["role"],
        model_decision=row["decision"],
        evidence=[_evidence(each, texts.get(pk)) for each in row["evidence"]],
    )


def _evidence(each: dict[str, Any], scope: int | None) -> dict[str, Any]:
    """Return a piece of evidence with the text it stands in: positions count in that text.

    The engine reads the product lines behind the scope; what it found in the name says so itself.
    """
    if each.get("source", "scope") != "scope" or scope is None or each["start"] < scope + len(LINES):
        return {"source": "scope"} | each
    shift = scope + len(LINES)
    return each | {"source": "product_lines", "start": each["start"] - shift, "end": each["end"] - shift}
