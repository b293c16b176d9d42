"""Runs one action many times on copies of one database, kills its process each time, and tells what each kill left.

Run by test_kill.py as a process of its own: `python kill_nursery.py prepare` makes the database of DATABASE_URL (a file of
SQLite, or PostgreSQL), `python kill_nursery.py import|verify|close` prints one JSON object with the facts found in the
database before the action, after it, and after each kill: at the n-th query, and after some time.
"""

import io
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

QUERIES, MOMENTS = 6, 5
ROWS = 5000
CLAIMS = 60


def setup():
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiandao.config.settings.testing"
    import django

    django.setup()


class Database:
    """The database of the settings, and copies of it that are thrown away."""

    def __init__(self):
        from django.db import connection

        self.settings = connection.settings_dict
        self.vendor = connection.vendor
        self.base = self.settings["NAME"]

    def admin(self, *statements):
        """Run statements on the server, outside a transaction."""
        import psycopg

        given = {"host": self.settings["HOST"], "user": self.settings["USER"], "dbname": "postgres"}
        extra = {"port": self.settings["PORT"] or None, "password": self.settings["PASSWORD"] or None}
        with psycopg.connect(**given, **{k: v for k, v in extra.items() if v}, autocommit=True) as server:
            for statement in statements:
                server.execute(statement)

    def use(self, name):
        """Turn to a database; nothing stays open on the one before."""
        from django.db import connections

        connections.close_all()
        self.settings["NAME"] = name

    def keep(self, name):
        """Keep what the present database holds under a name, and turn to that."""
        now = self.settings["NAME"]
        if self.vendor == "sqlite":
            name = str(Path(now).with_name(f"{name}.sqlite3"))
        self.use(name)
        if self.vendor == "sqlite":
            for end in ("", "-wal", "-shm"):
                Path(f"{name}{end}").unlink(missing_ok=True)
                if Path(f"{now}{end}").exists():
                    shutil.copyfile(f"{now}{end}", f"{name}{end}")
        else:
            self.admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{now}"')

    def drop(self, *names):
        self.use(self.base)
        if self.vendor != "sqlite":
            self.admin(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in names))


def prepare():
    """Make the tables, load the pack, make the people."""
    from django.core.management import call_command

    from xiandao.domains.orgs.actions import ensure_demo_people, load_pack
    from xiandao.domains.orgs.viewer import system
    from xiandao.packs import load_pack as read_pack
    from xiandao.packs import packs_dir

    call_command("migrate", verbosity=0)
    load_pack(system("tests"), pack=read_pack(packs_dir() / "jiangsu_2024_2026"))
    ensure_demo_people(system("tests"))


def facts():
    """Return all that an action may change, without moments and ids."""
    from xiandao.domains.audit.models import AuditRecord
    from xiandao.domains.audit.queries import verify
    from xiandao.domains.inbox.models import Task
    from xiandao.domains.progress import models

    def tally(model, *fields):
        rows = model.objects.for_system("tests") if hasattr(model.objects, "for_system") else model.objects.all()
        return dict(sorted(Counter("/".join(map(str, row)) for row in rows.order_by().values_list(*fields)).items()))

    return {
        "reports": tally(models.Report, "state", "revision", "saved_by", "decided_by"),
        "claims": tally(models.Claim, "state", "decided_by"),
        "keyed": models.Claim.objects.for_system("tests").exclude(name_key="").count(),
        "versions": tally(models.ReportVersion, "event"),
        "results": tally(models.Result, "unit"),
        "counts": tally(models.ResultCount, "target_key"),
        "problems": tally(models.Problem, "state"),
        "rounds": tally(models.Round, "state", "closed_by"),
        "jobs": tally(models.ImportJob, "state"),
        "tasks": tally(Task, "kind", "state"),
        "audit": tally(AuditRecord, "action"),
        "chain": verify(),
    }


def people(account):
    from xiandao.domains.orgs.models import User
    from xiandao.domains.orgs.queries import viewer_of

    return viewer_of(User.objects.get(username=account))


def open_a_round():
    from django.utils import timezone

    from xiandao.domains.plans.models import Plan
    from xiandao.domains.progress.actions.rounds import open_round

    plan = Plan.objects.for_system("tests").order_by("order").first()
    return open_round(people("coordinator"), plan=plan, period="2026Q1", due_on=timezone.localdate())


def import_():
    """A file of 5,000 claims that has been confirmed and waits for the worker."""
    from tests.domains.progress.excel.support import claim_cells, exported
    from xiandao.domains.progress.actions import excel_import, excel_work

    city, opened = people("city"), open_a_round()
    book = exported(city, opened)
    labels = [row[1] for row in book.sheets["字典"][1:] if row[1]]
    for number in range(len(book.rows("进展"))):
        book.set("进展", number, standing="按期推进", happened="完成选址", next_step="开工")
    for number in range(ROWS):
        name = f"示例第{number}号创新中心"
        book.add("成果", **claim_cells(labels[number % len(labels)], name=name, identifier=f"示{number}号"))
    book.add("难点堵点", duty=labels[0], title="缺检测能力", text="省内无机构", request="请省里布局")
    excel_import.SMALL, excel_import.FEW = 10**9, 10**9
    content = io.BytesIO(book.bytes())
    job = excel_import.start_import(city, opened=opened, scope="city", name="a.xlsx", content=content)
    assert job.state == "ready", job.faults
    from django.utils import timezone

    excel_import._confirm(city, job.pk, timezone.now())
    return lambda: excel_work.save_import(job.pk)


def repeat():
    """What happens after a kill: the worker starts again, somebody has the file checked again and confirms."""
    from xiandao.domains.orgs.viewer import system
    from xiandao.domains.progress.actions import excel_import
    from xiandao.domains.progress.models import ImportJob

    excel_import.fail_interrupted(system("worker"))
    job = ImportJob.objects.for_system("tests").get()
    told = job.state
    excel_import.repeat_import(people("city"), pk=job.pk)
    excel_import.confirm_import(people("city"), pk=job.pk)
    return told


def a_submitted_report():
    """A report of the leading department with claims and their evidence, as its verifier finds it."""
    from django.utils import timezone

    from xiandao.domains.files.models import Attachment, StoredFile
    from xiandao.domains.progress.actions.reports import Content, save_draft, submit_report
    from xiandao.domains.progress.models import Claim, Report

    writer = people("department")
    rows = Report.objects.for_system("tests").filter(assignment__organisation=writer.organisation_id)
    report = rows.order_by("pk").first()
    empty = dict.fromkeys(
        ("identifier_kind", "identifier", "holder", "holder_code", "industry", "note", "target_key"), ""
    )
    filled = {
        "item": "创新中心",
        "region": report.assignment.region_id,
        "happened_on": "2026-03-01",
        "quantity": "1",
        "unit": "个",
    }
    claims = {
        f"n{n}": {**empty, **filled, "name": f"示例{chr(0x4E00 + 37 * n)}{chr(0x5E00 + 91 * n)}中心"}
        for n in range(CLAIMS)
    }
    save_draft(writer, pk=report.pk, revision=0, content=Content("on_track", "建成", "推广", claims))
    submit_report(writer, pk=report.pk, revision=1)
    now = timezone.now()
    stored = StoredFile.objects.create(sha256="0" * 64, size=1, path="none", stored_at=now)
    pks = list(Claim.objects.for_system("tests").filter(report=report).values_list("pk", flat=True))
    Attachment.objects.bulk_create(
        Attachment(
            file=stored,
            holder_kind="progress.claim",
            holder_key=str(pk),
            name="证.pdf",
            media_type="application/pdf",
            at=now,
        )
        for pk in pks
    )
    return report.pk, pks


def verify_():
    """A report with claims and evidence that waits to be verified."""
    from xiandao.domains.progress.actions.reports import Decision, Judgement, verify_report
    from xiandao.domains.progress.models import SamenessQuestion

    open_a_round()
    report, claims = a_submitted_report()
    decisions = {pk: Decision(verified=True) for pk in claims}
    asked = SamenessQuestion.objects.for_system("tests").values_list("pk", flat=True)
    judgements = [Judgement(pk, same=False, note="不同") for pk in asked]
    verifier = people("coordinator")
    return lambda: verify_report(verifier, pk=report, revision=1, decisions=decisions, judgements=judgements)


def close_():
    """A round in which a report still waits to be verified, to be closed by force."""
    from xiandao.domains.progress.actions.rounds import close_round

    opened = open_a_round()
    a_submitted_report()
    coordinator = people("coordinator")
    return lambda: close_round(coordinator, pk=opened.pk, force=True, reason="期满")


def forked(work):
    """Run work in a process of its own; return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def counting(action, kill_at=0):
    """Return the action, which kills its process before the n-th query, or tells how many there were."""

    def run():
        from django.db import connection

        asked = 0

        def look(execute, sql, params, many, context):
            nonlocal asked
            asked += 1
            if asked == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(look):
            action()
        Path(os.environ["KILL_COUNT"]).write_text(str(asked), encoding="utf-8")

    return run


def main(scenario):
    setup()
    database = Database()
    if scenario == "prepare":
        prepare()
        return
    database.keep(f"{Path(database.base).stem}-{scenario}-ready")
    ready = database.settings["NAME"]
    action = {"import": import_, "verify": verify_, "close": close_}[scenario]()
    before = facts()
    copy = f"{Path(database.base).stem}-{scenario}-copy"

    def fresh():
        database.use(ready)
        database.keep(copy)

    fresh()
    start = time.monotonic()
    _pid, status = os.waitpid(forked(counting(action)), 0)
    assert status == 0, "the action fails without being killed"
    seconds, after = time.monotonic() - start, facts()
    total = int(Path(os.environ["KILL_COUNT"]).read_text(encoding="utf-8"))
    chance = random.Random(scenario)  # noqa: S311 — moments of a test, always the same
    left = []
    for n in sorted({1, total, *chance.sample(range(1, total + 1), min(QUERIES, total))}):
        fresh()
        _pid, status = os.waitpid(forked(counting(action, n)), 0)
        left.append({"kill": f"query {n} of {total}", "killed": os.WIFSIGNALED(status), "facts": facts()})
    for share in [*(chance.random() for _n in range(MOMENTS)), 0.97]:
        fresh()
        child = forked(action)
        time.sleep(share * seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left.append({"kill": f"after {share:.2f} of {seconds:.1f} s", "killed": True, "facts": facts()})
    told, repeated = "", None
    if scenario == "import":
        fresh()
        os.waitpid(forked(counting(action, total // 2)), 0)
        told, repeated = repeat(), facts()
    database.drop(ready, copy)
    answer = {"before": before, "after": after, "left": left, "told": told, "repeated": repeated}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
