"""The daily e-mail: what waits, once on a working day, to whoever has an address and has not declined it."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import Digest, DigestState, MailChoice, Task, TaskState
from xiandao.domains.inbox.rows import Group, TaskRow, grouped, task_row
from xiandao.domains.orgs.models import Post, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import posts_held
from xiandao.domains.orgs.viewer import Viewer

CHOSEN = register("inbox.digest_chosen", _("选择是否接收邮件提醒"))
SENT = register("inbox.digests_sent", _("发送每日邮件提醒"))
_log = logging.getLogger(__name__)
_WHY = "the worker writes to everybody what they may see"
_MOST_ATTEMPTS: Final = 3
_MOST_LINES: Final = 40


@dataclass(frozen=True, slots=True)
class DigestsSent:
    """How many e-mails went out and how many could not be sent."""

    sent: int = 0
    failed: int = 0


@transaction.atomic
def choose_digest(actor: Viewer, *, wanted: bool) -> None:
    """Choose whether the daily e-mail is sent to the actor. Raises Refused for whoever is not signed in."""
    if actor.user_id is None:
        raise Refused(_("请先登录。"))
    before = MailChoice.objects.filter(user=actor.user_id).values_list("digest", flat=True).first()
    MailChoice.objects.update_or_create(user_id=actor.user_id, defaults={"digest": wanted})
    audit.record(
        actor,
        CHOSEN,
        kind="user",
        key=actor.account,
        label=actor.name,
        before={"digest": before is not False},
        after={"digest": wanted},
    )


def send_digests(actor: Viewer, *, now: dt.datetime | None = None) -> DigestsSent:
    """Send today's e-mails that have not been sent: on working days, to whom something is overdue, near or new.

    Nobody gets two on one day, whatever is killed in between. Raises Refused unless the system acts.
    """
    if not actor.is_system:
        raise Refused(_("每日邮件由后台任务发送。"))
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    if not work_calendar().is_working(today).working:
        return DigestsSent()
    done = {DigestState.SENT: 0, DigestState.FAILED: 0}
    for user, posts in _readers(today):
        state = _send(user, posts, today, moment)
        if state is not None:
            done[state] += 1
    result = DigestsSent(done[DigestState.SENT], done[DigestState.FAILED])
    if result.sent or result.failed:
        with transaction.atomic():
            audit.record(actor, SENT, kind="clocks", key=today.isoformat(), label=str(today), after=asdict(result))
    return result


def _readers(today: dt.date) -> Iterable[tuple[User, list[Post]]]:
    """Yield who may get an e-mail today, with the posts they hold."""
    posts = (
        posts_held(on=today)
        .filter(user__is_active=True)
        .exclude(user__email="")
        .exclude(user__mail_choice__digest=False)
        .exclude(user__digests__in=Digest.objects.filter(on=today).exclude(state=DigestState.FAILED))
        .select_related("user")
        .order_by("user_id", "id")
    )
    by_user: dict[int, tuple[User, list[Post]]] = {}
    for post in posts:
        by_user.setdefault(post.user_id, (post.user, []))[1].append(post)
    return by_user.values()


def _send(user: User, posts: list[Post], today: dt.date, now: dt.datetime) -> DigestState | None:
    """Write to one person unless there is nothing to say or it was said; return how it went."""
    rows = _rows(user, posts, today)
    since = now - dt.timedelta(days=1)
    if not any(row.group in (Group.OVERDUE, Group.TODAY, Group.WEEK) or row.task.opened_at > since for row in rows):
        return None
    digest = _claim(user, today, now, len(rows))
    if digest is None:
        return None
    error = ""
    try:
        _message(user, rows, today).send()
    except (OSError, ValueError) as failure:  # SMTP errors are OSErrors; an address no server takes is a ValueError
        _log.warning("digest to %s failed: %s", user.username, failure)
        error = str(failure)[:300] or type(failure).__name__
    state = DigestState.FAILED if error else DigestState.SENT
    Digest.objects.filter(pk=digest.pk).update(state=state, error=error)
    return state


def _rows(user: User, posts: list[Post], today: dt.date) -> list[TaskRow]:
    """Return what waits for a person in all their posts; what was handed to somebody else is theirs."""
    found: dict[int, TaskRow] = {}
    for post in posts:
        tasks = (
            Task.objects.for_system(_WHY)
            .filter(state=TaskState.OPEN, organisation=post.organisation_id, capability__in=post.role.capabilities)
            .select_related("clock_rule", "person", "handed_by", "organisation")
        )
        mine = (task for task in tasks if task.person_id in (None, user.pk))
        found |= {task.pk: task_row(task, today, seen=False) for task in mine}
    return sorted(found.values(), key=lambda row: (row.group, row.task.due_on or dt.date.max, row.task.pk))


def _claim(user: User, today: dt.date, now: dt.datetime, tasks: int) -> Digest | None:
    """Take one person's e-mail of the day upon oneself; None where it is sent, or was tried often enough."""
    digest, made = Digest.objects.get_or_create(
        user=user, on=today, defaults={"tasks": tasks, "state": DigestState.SENDING, "at": now}
    )
    if made:
        return digest
    again = Digest.objects.filter(pk=digest.pk, state=DigestState.FAILED, attempts__lt=_MOST_ATTEMPTS)
    taken = again.update(state=DigestState.SENDING, attempts=F("attempts") + 1, tasks=tasks, at=now)
    return digest if taken else None


def _message(user: User, rows: list[TaskRow], today: dt.date) -> EmailMessage:
    """Return the e-mail, in Chinese: what is overdue and near first."""
    with override("zh-hans"):
        shown = rows[:_MOST_LINES]
        context = {
            "user": user,
            "today": today,
            "count": len(rows),
            "groups": grouped(shown),
            "more": len(rows) - len(shown),
            "site": settings.SITE_URL,
        }
        overdue = sum(row.group is Group.OVERDUE for row in rows)
        subject = _now("先导待办 %(count)s 项，其中逾期 %(overdue)s 项") % {"count": len(rows), "overdue": overdue}
        return EmailMessage(subject, render_to_string("inbox/digest.txt", context), to=[user.email])
