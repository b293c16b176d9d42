"""Signing in and out, one's own account, people, grants, organisations, sign-in security."""

import datetime as dt

from tests.security.matrix import MISSING, ROLES, Row, only, same
from xiandao.domains.orgs import actions
from xiandao.domains.orgs.models import Counterpart, OpenSession, Organisation, Post, Role, User

ADMINS = ("system", "security")
MANAGER, APPROVER = ("system",), ("security",)
# Own pages: everybody who is signed in; others are asked to sign in.
OWN = {role: 302 if role == "public" else 200 for role in ROLES}
DELEGATING = (
    "county",
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "coordinator",
)
NAMES = frozenset({"$person", "$post", "$grant", "$counterpart", "$session", "$delegation", "$body"})
WAITING, SOMEBODY, BODY = "待批准 waiting", "他人 somebody else", "机构 organisation"
BACK = 302


def things(people) -> dict[str, str]:
    """Return a person with a post, a proposal about her, and what hangs on them."""
    user = User.objects.get(username="department")
    post = user.posts.get()
    colleague = User.objects.get(username="department-head").posts.get()
    grant = actions.propose_post(
        people("system"),
        user=user,
        organisation=Organisation.objects.get(is_coordinator=True),
        role=Role.objects.get(code="department_clerk"),
        valid_from=dt.date(2024, 9, 1),
    )
    delegation = Post.objects.create(
        user=user,
        organisation=colleague.organisation,
        role=colleague.role,
        valid_from=dt.date(2024, 9, 1),
        valid_to=dt.date(2999, 1, 1),
        delegated_from=colleague,
    )
    now = dt.datetime.now(dt.UTC)
    session = OpenSession.objects.create(user=user, session_key="x" * 32, started_at=now, seen_at=now)
    return {
        "$person": str(user.pk),
        "$post": str(post.pk),
        "$grant": str(grant.pk),
        "$counterpart": str(Counterpart.objects.first().pk),
        "$session": str(session.pk),
        "$delegation": str(delegation.pk),
        "$body": "js-sci",
    }


def own(others: int, **roles: int) -> dict[str, int]:
    """Some roles are answered in a way of their own, who is not signed in is asked to, the rest get `others`."""
    return {role: roles.get(role, BACK if role == "public" else others) for role in ROLES}


PERSON, POST, GRANT, CODE = {"pk": "$person"}, {"pk": "$post"}, {"pk": "$grant"}, {"code": "$body"}
NOBODY, NOTHING = {"pk": "999999"}, {"code": "nothing"}

ROWS = [
    Row("orgs:sign-in", "—", {role: 200 if role == "public" else BACK for role in ROLES}),
    Row("orgs:sign-in-code", "未输密码 no password yet", same(BACK)),
    Row("orgs:sign-out", "—", same(BACK), method="POST"),
    Row("orgs:sign-out", "GET", same(405)),
    Row("orgs:session", "—", same(200)),
    Row("orgs:post", "—", same(BACK), method="POST", data={"post": "1"}),
    Row("openid_connect_login", "未配置 not configured", same(404), {"provider_id": "sso"}, "POST"),
    Row("openid_connect_callback", "未配置 not configured", same(404), {"provider_id": "sso"}),
    # One's own account
    Row("orgs:me", "—", OWN),
    Row("orgs:contact", "—", same(BACK), method="POST", data={"email": "", "phone": ""}),
    Row("orgs:password", "—", OWN),
    Row("orgs:delegate", "—", own(404, **dict.fromkeys(DELEGATING, 200))),
    Row(
        "orgs:delegation-end",
        "委托 delegation",
        own(404, department=BACK, **{"department-head": BACK}),
        {"pk": "$delegation"},
        "POST",
    ),
    Row("orgs:factors", "—", OWN),
    Row("orgs:totp", "—", OWN),
    Row("orgs:passkey", "—", OWN),
    Row("orgs:recovery", "没有第二因素 no factor", same(BACK), method="POST"),
    Row("orgs:factor-remove", MISSING, own(404), NOBODY, "POST"),
    Row("orgs:session-end", SOMEBODY, own(404, department=BACK, security=BACK), {"pk": "$session"}, "POST"),
    # Accounts
    Row("orgs:people", "—", only(*ADMINS)),
    Row("orgs:person-new", "—", only(*MANAGER)),
    Row("orgs:people-import", "—", only(*MANAGER)),
    Row("orgs:people-import", "无文件 no file", only(*MANAGER, status=422), method="POST"),
    Row("orgs:people-template", "—", only(*MANAGER)),
    Row("orgs:person", SOMEBODY, only(*ADMINS), PERSON),
    Row("orgs:person", MISSING, same(404), NOBODY),
    Row("orgs:person-edit", SOMEBODY, only(*MANAGER), PERSON),
    Row("orgs:person-close", SOMEBODY, only(*MANAGER, status=BACK), PERSON, "POST", {"reason": "调离"}),
    Row("orgs:person-open", SOMEBODY, only(*MANAGER, status=BACK), PERSON, "POST"),
    Row("orgs:person-password", SOMEBODY, only(*MANAGER), PERSON, "POST"),
    Row("orgs:factors-reset", SOMEBODY, only(*APPROVER, status=BACK), PERSON, "POST", {"reason": "丢失"}),
    Row("orgs:post-new", SOMEBODY, only(*MANAGER), PERSON),
    Row("orgs:post-change", SOMEBODY, only(*MANAGER), POST),
    Row("orgs:post-change", MISSING, same(404), NOBODY),
    Row("orgs:post-end", SOMEBODY, only(*MANAGER), POST),
    # Grants
    Row("orgs:grants", "—", only(*ADMINS)),
    Row("orgs:grants-approve", "未勾选 none ticked", only(*APPROVER, status=BACK), method="POST"),
    Row("orgs:grant", WAITING, only(*ADMINS), GRANT),
    Row("orgs:grant", MISSING, same(404), NOBODY),
    Row("orgs:grant-approve", WAITING, only(*APPROVER, status=BACK), GRANT, "POST"),
    Row("orgs:grant-refuse", WAITING, only(*APPROVER, status=BACK), GRANT, "POST", {"answer": "不符"}),
    Row("orgs:grant-withdraw", WAITING, only(*MANAGER, status=BACK), GRANT, "POST"),
    # Organisations
    Row("orgs:bodies", "—", only(*MANAGER)),
    Row("orgs:tree", "—", only(*MANAGER)),
    Row("orgs:body-new", "—", only(*MANAGER)),
    Row("orgs:body", BODY, only(*MANAGER), CODE),
    Row("orgs:body", MISSING, same(404), NOTHING),
    Row("orgs:body-edit", BODY, only(*MANAGER), CODE),
    Row("orgs:body-close", BODY, only(*MANAGER, status=BACK), CODE, "POST", {"reason": "撤并"}),
    Row("orgs:body-open", BODY, only(*MANAGER, status=BACK), CODE, "POST"),
    Row("orgs:counterpart-set", "未选单位 none chosen", only(*MANAGER, status=422), CODE, "POST"),
    Row("orgs:counterpart-remove", BODY, only(*MANAGER, status=BACK), {"pk": "$counterpart"}, "POST"),
    # Sign-in security
    Row("orgs:security", "—", only(*APPROVER)),
    Row("orgs:sessions", "—", only(*APPROVER)),
    Row("orgs:unlock", "未锁定 not locked", only(*APPROVER, status=BACK), method="POST", data={"account": "city"}),
    Row(
        "orgs:security-set",
        "—",
        only(*APPROVER, status=BACK),
        {"key": "lockout_time"},
        "POST",
        {"value": "20", "reason": "试"},
    ),
    Row("orgs:security-set", MISSING, same(404), {"key": "nothing"}, "POST"),
]
