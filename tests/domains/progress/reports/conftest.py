"""What the tests of reporting share: a city's report in an open round, filled, with evidence, submitted."""

import datetime as dt
import io

import pytest

from xiandao.domains.files.actions import attach
from xiandao.domains.orgs.models import Organisation, Post, User
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.evidence import CLAIM
from xiandao.domains.progress.models import Claim, Report

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n"
SCENE = {
    "item": "应用场景",
    "name": "示例低空物流场景",
    "region": "320100",
    "happened_on": "2026-03-01",
    "quantity": "1",
    "unit": "个",
}


@pytest.fixture(autouse=True)
def _storage(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def viewer_in(db):
    """Return a function that gives a person with a role in any organisation, by its code."""

    def make(code, role):
        body = Organisation.objects.get(code=code)
        user, _made = User.objects.get_or_create(username=f"t-{code}-{role}", defaults={"name": f"{body.name}经办"})
        Post.objects.get_or_create(
            user=user, organisation=body, role_id=role, defaults={"valid_from": dt.date(2024, 1, 1)}
        )
        return viewer_of(user)

    return make


@pytest.fixture
def me(people):
    return people("city")


@pytest.fixture
def verifier(people):
    """Who verifies what the city's bureau reports: its measures are led by the coordinating body."""
    return people("coordinator")


@pytest.fixture
def report(open_round, report_of):
    """The city's report on the application scenarios, not yet written."""
    open_round()
    return report_of("city", "M06")


@pytest.fixture
def again():
    """Return a function that reads a report anew."""

    def read(report):
        return Report.objects.for_system("tests").select_related("round", "assignment").get(pk=report.pk)

    return read


@pytest.fixture
def save(me, again, now):
    """Return a function that saves a report as the city: standing, words, claims by key, as a form posts them."""

    def run(report, claims=None, *, who=None, standing="on_track", happened="场景建成启用。", next_step="", when=now):
        given = {key: {**SCENE, **fields} for key, fields in (claims or {}).items()}
        fresh = again(report)
        content = act.Content(standing, happened, next_step, given)
        base = act.Content.of(fresh)
        return act.save_draft(who or me, pk=report.pk, revision=fresh.revision, content=content, base=base, now=when)

    return run


@pytest.fixture
def prove(me):
    """Return a function that attaches evidence to every claim of a report."""

    def run(report, who=None):
        for claim in Claim.objects.for_system("tests").filter(report=report, state__in=("draft", "claimed")):
            attach(who or me, holder_kind=CLAIM, holder_key=str(claim.pk), name="认定.pdf", content=io.BytesIO(PDF))

    return run


@pytest.fixture
def submit(me, again, save, prove, now):
    """Return a function that fills, proves and submits a report; returns it with its claims by number."""

    def run(report, claims=None, *, who=None, evidence=True, when=now, **words):
        save(report, claims, who=who, when=when, **words)
        if evidence:
            prove(report, who)
        act.submit_report(who or me, pk=report.pk, revision=again(report).revision, now=when)
        rows = Claim.objects.for_system("tests").filter(report=report, state="claimed").order_by("number")
        return again(report), list(rows)

    return run


@pytest.fixture
def verify(verifier, again, now):
    """Return a function that verifies a report with all its claims."""

    def run(report, *, who=None, verified=True, judgements=(), when=now, note=""):
        waiting = Claim.objects.for_system("tests").filter(report=report, state="claimed")
        return act.verify_report(
            who or verifier,
            pk=report.pk,
            revision=again(report).revision,
            decisions={claim.pk: act.Decision(verified, note) for claim in waiting},
            judgements=judgements,
            now=when,
        )

    return run
