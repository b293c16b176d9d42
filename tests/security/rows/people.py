"""Signing in and out, people and their posts."""

from tests.security.matrix import ROLES, Row, same

ROWS = [
    Row("orgs:sign-in", "—", {role: 200 if role == "public" else 302 for role in ROLES}),
    Row("orgs:sign-out", "—", same(302), method="POST"),
    Row("orgs:sign-out", "GET", same(405)),
    Row("orgs:post", "—", same(302), method="POST", data={"post": "1"}),
]
