"""A call with applications of invented firms in whatever state a test wants, its organiser and a recommending city."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from xiandao.domains.files.models import Attachment, StoredFile
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.programmes.actions import deciding, noticing, reviewing
from xiandao.domains.programmes.models import Application, ApplicationState, Call, ProgrammeVersion

NOW = timezone.make_aware(dt.datetime.fromisoformat("2026-04-13 09:30"))  # a Monday
S = ApplicationState


def at(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def office(people):
    """The clerk who runs the call."""
    return people("department")


@pytest.fixture
def call(office):
    return make_call(office)


def make_call(office, code="SB2026-001", programme="scenario", **fields):
    version = ProgrammeVersion.objects.get(programme_id=programme, current=True)
    given = {
        "title": "关于申报未来技术应用场景的通知（演示）",
        "opens_at": at("2026-02-02 09:00"),
        "closes_at": at("2026-03-31 17:00"),
        "recommend_until": at("2026-05-15 18:00"),
        "contact": "场景处 025-00000000",
        "state": "closed",
        "places": 2,
        "budget": Decimal("3000000.00"),
        "published_at": at("2026-02-01 09:00"),
    }
    return Call.objects.create(code=code, version=version, organiser_id=office.organisation_id, **(given | fields))


@pytest.fixture
def applied(call, people):
    """Return a function that makes an application in a state; each of a firm of its own unless told."""

    def make(number=1, state=S.SUBMITTED, *, applicant=None, recommender="city", **fields):
        province = Organisation.objects.get(is_coordinator=True).region
        body = (
            applicant
            or Organisation.objects.get_or_create(
                code=f"demo-firm-{number}",
                defaults={
                    "name": f"示例第{number}科技有限公司（演示）",
                    "kind": "enterprise",
                    "region": province,
                    "is_demo": True,
                },
            )[0]
        )
        recommending = people(recommender).organisation_id if recommender else None
        given = {
            "title": f"场景{number}（演示）",
            "region": Organisation.objects.get(pk=recommending).region if recommending else province,
            "submitted_at": at("2026-04-10 09:00"),
            "is_demo": True,
        }
        return Application.objects.create(
            code=f"SB2026-001-{number:04}",
            call=fields.pop("call", call),
            applicant=body,
            recommender_id=recommending,
            state=state,
            **(given | fields),
        )

    return make


@pytest.fixture
def own(people):
    """The body of the demonstration applicant."""
    return Organisation.objects.get(pk=people("applicant").organisation_id)


@pytest.fixture
def reported(call):
    """A report of the review is attached to the call."""
    stored = StoredFile.objects.for_system("tests").create(sha256="b" * 64, size=1, path="bb/bb", stored_at=NOW)
    Attachment.objects.for_system("tests").create(
        file=stored,
        holder_kind=reviewing.REPORT,
        holder_key=call.code,
        name="评审报告.pdf",
        media_type="application/pdf",
        uploader="陈牵头（演示）",
        at=NOW,
    )


@pytest.fixture
def reviewed(office, call, applied, reported):
    """Return a function that makes applications with what the panel advised: reviewed(("approve", 90), …)."""

    def make(*advised, **first):
        made = [applied(n, S.RECOMMENDED, **(first if n == 1 else {})) for n, _each in enumerate(advised, 1)]
        rows = [
            reviewing.Outcome(one.code, advice, Decimal(score), place)
            for place, (one, (advice, score)) in enumerate(zip(made, advised, strict=True), 1)
        ]
        reviewing.record_reviews(office, call=call, panel="七人组", held_on=dt.date(2026, 4, 10), rows=rows, now=NOW)
        return made

    return make


@pytest.fixture
def prepared(office, call):
    """Return a function that begins a decision and decides rows: prepared(code=Verdict…)."""

    def make(verdicts, **head):
        given = {
            "title": "首批场景拟定名单",
            "body": "厅务会",
            "met_on": dt.date(2026, 4, 13),
            "minute": "〔2026〕8号",
            "now": NOW,
        }
        decision = deciding.prepare(office, call=call, **(given | head))
        for code, verdict in verdicts.items():
            deciding.set_row(office, pk=decision.pk, code=code, verdict=verdict, now=NOW)
        return decision

    return make


YES = deciding.Verdict("approve", level="行业集成场景", amount=Decimal("1000000.00"))
NO = deciding.Verdict("refuse", reason="排名靠后（演示）。")


@pytest.fixture
def noticed(office, reviewed, prepared):
    """Two approved and one refused, noticed on 13 April 2026: the notice ends on Monday the 20th."""
    made = reviewed(("approve", 90), ("approve", 80), ("refuse", 50))
    decision = prepared(dict(zip([one.code for one in made], [YES, YES, NO], strict=True)))
    notice = noticing.publish(
        office, pk=decision.pk, title="首批场景拟入选名单公示", contact="场景处 025-00000000", now=NOW
    )
    return notice, decision, made
