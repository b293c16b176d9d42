"""Reads labelled enterprises: one JSON object a line with name, scope, labels (industry and role) and doubt."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiandao.domains.industries.registers.errors import RegisterError
from xiandao.engines.identify import ROLES, Identifier, Model
from xiandao.engines.identify.model import Role

_EXPECTED = '{"name": "…", "scope": "…", "labels": [{"industry": "…", "role": "…"}], "doubt": false}'


@dataclass(frozen=True)
class Labelled:
    """Labelled enterprises, in the order of the file: names, scopes, role by industry, and which a reader may
    dispute.
    """

    names: Sequence[str]
    scopes: Sequence[str]
    labels: Sequence[Mapping[str, Role]]
    doubtful: Sequence[bool]


def read_labels(path: Path, industries: Sequence[str]) -> Labelled:
    """Return the labels in a file. Raises RegisterError for the first line that is none, or names an unknown
    industry.
    """
    names, scopes, labels, doubtful = [], [], [], []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"标注文件读不了（{error}）", "UTF-8 的 JSON Lines 文件", "核对文件名和编码") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            roles = {each["industry"]: each["role"] for each in record["labels"]}
            _check(roles, industries)
            names.append(str(record["name"]))
            scopes.append(str(record["scope"]))
            labels.append(roles)
            doubtful.append(bool(record.get("doubt", False)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RegisterError(f"第 {number} 行不是一条标注（{error}）", _EXPECTED, "更正该行") from error
    return Labelled(names, scopes, labels, doubtful)


def _check(roles: Mapping[str, Any], industries: Sequence[str]) -> None:
    for industry, role in roles.items():
        if industry not in industries:
            raise ValueError(f"目录中没有产业 {industry}")
        if role not in ROLES:
            raise ValueError(f"角色 {role} 不在 {'、'.join(ROLES)} 之中")


def fit_labels(identifier: Identifier, labelled: Labelled, *, date: str, seed: int = 0) -> Model:
    """Return the model fitted to labelled enterprises with the catalogue of ``identifier``; ``date`` goes into its
    card.
    """
    from xiandao.engines.identify.fit import examples, fit  # scikit-learn is slow to import

    found = identifier.features(pa.array(labelled.names, pa.string()), pa.array(labelled.scopes, pa.string()))
    given = examples(
        found.pairs.values,
        identifier.industries(found.pairs.industry),
        found.rows[found.pairs.row],
        labelled.labels,
        labelled.doubtful,
    )
    return fit(given, catalogue=identifier.catalogue.version, date=date, seed=seed)
