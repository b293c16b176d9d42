"""Every address and every API operation, as every role, on objects it may and may not see.

An endpoint without a row fails. The table is written to docs/permissions.md and must be committed as it is.
"""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.security.matrix import ROLES, Row
from tests.security.rows import MODULES, ROWS, things
from xiandao.api.main import api

pytestmark = pytest.mark.django_db
FEW = ("public", "applicant", "city", "department", "coordinator")
"""What permission asks of the database is the same SQL for all: on PostgreSQL these roles stand for the others."""
TABLE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def endpoints() -> set[str]:
    """Return the names of all addresses with a name space, the API's own pages included."""
    found = set()

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                space = pattern.namespace
                if space and space.startswith("api-"):
                    continue
                walk(pattern.url_patterns, f"{space}:" if space else prefix)
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{pattern.pattern} has no name"
                found.add(f"{prefix}{pattern.name}")

    walk(get_resolver().url_patterns)
    return found


def operations() -> set[str]:
    """Return every API operation as METHOD path, as its OpenAPI document lists them."""
    paths = api.get_openapi_schema()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_every_endpoint_has_a_row():
    rows = {row.endpoint for row in ROWS}
    assert endpoints() | operations() == rows


def answer(client, row: Row, made: dict[str, str]) -> int:
    method, _, path = row.endpoint.rpartition(" ")
    arguments = {name: made.get(value, value) for name, value in row.arguments.items()}
    if method:
        url = re.sub(r"\{(\w+)\}", lambda m: str(arguments[m[1]]), path)
    else:
        url = reverse(row.endpoint, kwargs=arguments)
    call = client.post if row.method == "POST" else client.get
    return call(url, {name: made.get(value, value) for name, value in row.data.items()}).status_code


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_role_gets_what_the_matrix_says(client_of, people, module):
    named = {value for row in module.ROWS for value in (*row.arguments.values(), *row.data.values())}
    wanted = {value for value in named if str(value).startswith("$")}
    made = things(people, wanted) if wanted else {}
    wrong = {}
    for role in ROLES if connection.vendor == "sqlite" else FEW:
        client = client_of("" if role == "public" else role)
        signed_in = deepcopy(client.cookies)
        for row in module.ROWS:
            # Each request meets everything as it was made: what the one before changed, or signed out of, is undone.
            with transaction.atomic():
                got = answer(client, row, made)
                transaction.set_rollback(True)
            client.cookies = deepcopy(signed_in)
            if got != row.expected[role]:
                wrong[f"{role}: {row.method} {row.endpoint} {row.thing}"] = f"{got}, not {row.expected[role]}"
    assert not wrong


def test_hidden_and_missing_look_the_same(client_of):
    stranger = client_of("city")
    hidden, missing = stranger.get("/plans/imports/"), stranger.get("/plans/nothing/")
    assert hidden.status_code == missing.status_code == 404
    # The search box and the language switch carry the address itself and a fresh token; nothing else may differ.
    assert bare(hidden) == bare(missing)


def bare(answer) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", answer.content.decode())
    return re.sub(r'name="next" value="[^"]+"', "", text)


def table() -> str:
    """Return the matrix as a Markdown table."""
    lines = [
        "# 权限矩阵 / Permission matrix",
        "",
        "由测试生成：每个地址与接口操作、每种角色、可见与不可见的对象，应得的 HTTP 状态。",
        "Written by the test suite; do not edit by hand.",
        "",
        f"| 地址 endpoint | 对象 object | {' | '.join(ROLES)} |",
        f"|---|---|{'---|' * len(ROLES)}",
    ]
    lines += [
        f"| `{row.method} {row.endpoint.rpartition(' ')[2]}` | {row.thing} | "
        + " | ".join(str(row.expected[role]) for role in ROLES)
        + " |"
        for row in ROWS
    ]
    return "\n".join(lines) + "\n"


def test_the_table_in_the_docs_is_this_matrix():
    if not TABLE.exists() or TABLE.read_text() != table():
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(table())
        pytest.fail("docs/permissions.md was out of date and has been written anew: commit it")
