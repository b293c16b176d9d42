"""A firm that may apply, calls that are open, and complete answers to the form of demonstration firms."""

import datetime as dt

import pytest

from xiandao.domains.files.models import Attachment, StoredFile
from xiandao.domains.orgs.models import Organisation, Post, User
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.programmes.actions import calls
from xiandao.domains.programmes.evidence import KIND, holder_key
from xiandao.domains.programmes.forms import form_of
from xiandao.domains.programmes.models import Programme

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
CLOSES = dt.datetime(2026, 4, 30, 17, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
GOOD = {
    "org_name": "示例氢能科技有限公司（演示）",
    "credit_code": "91320000MA1N00018U",
    "founded_on": "2016年5月6日",
    "place": "320100",
    "industries": ["hydrogen"],
    "contact_name": "何申报",
    "contact_phone": "025-00000000",
    "has_breach": "no",
    "revenue": "2亿",
    "rnd": "1600万元",
    "audited": "yes",
    "ip_one": "6",
    "main_product": "燃料电池电堆",
    "product_about": "功率密度高。",
    "future_income": "1.5亿元",
    "future_share": "75%",
    "national_projects": "1",
    "has_first_product": "no",
    "patents": [{"number": "ZL202010000001.2", "name": "电堆", "kind": "发明专利", "granted_on": "2022-03-04"}],
    "plan_text": "扩产并降本。",
    "promise_true": "yes",
    "no_secret": "yes",
}


@pytest.fixture
def lead(people):
    """The clerk of the body that leads demonstration firms."""
    return _clerk("js-miit", "department_clerk", "lead")


@pytest.fixture
def firm(people):
    return people("applicant")


@pytest.fixture
def rival(people):
    """A clerk of another firm."""
    region = Organisation.objects.get(is_coordinator=True).region
    body = Organisation.objects.create(
        code="rival", name="同行科技有限公司（演示）", kind="enterprise", region=region, is_demo=True
    )
    return _clerk(body.code, "applicant", "rival")


@pytest.fixture
def clerk(people):
    return _clerk


def _clerk(organisation: str, role: str, account: str):
    user, _made = User.objects.get_or_create(username=account, defaults={"name": f"{account}（演示）", "is_demo": True})
    body = Organisation.objects.get(code=organisation)
    Post.objects.get_or_create(user=user, organisation=body, role_id=role, valid_from=dt.date(2024, 1, 1))
    return viewer_of(user)


def content(**changes):
    given = {
        "title": "关于申报未来科技创新示范企业的通知",
        "opens_at": NOW,
        "closes_at": CLOSES,
        "text": "请按要求申报。",
        "contact": "025-00000001",
    }
    return calls.CallContent(**(given | changes))


@pytest.fixture
def call_of():
    """Return a function that publishes a call of a programme."""

    def make(viewer, programme="demonstration-firm", **changes):
        drafted = calls.draft_call(
            viewer, programme=Programme.objects.get(code=programme), content=content(**changes), now=NOW
        )
        return calls.publish_call(viewer, code=drafted.code, now=NOW)

    return make


@pytest.fixture
def call(lead, call_of):
    return call_of(lead)


@pytest.fixture
def with_files():
    """Return a function that attaches one file to each field of an application that asks for files."""

    def attach(application):
        stored, _made = StoredFile.objects.for_system("tests").get_or_create(
            sha256="a" * 64, defaults={"size": 1, "path": "aa/aa", "stored_at": NOW}
        )
        for key, field in form_of(application.call.version).fields.items():
            if field.type == "files":
                Attachment.objects.create(
                    file=stored,
                    holder_kind=KIND,
                    holder_key=holder_key(application, key),
                    name="证明.pdf",
                    media_type="application/pdf",
                    uploader="何申报（演示）",
                    at=NOW,
                )

    return attach
