"""Accounts and posts from an Excel sheet: every row or none, each fault with its row and column."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.actions.grants import propose_post
from xiandao.domains.orgs.actions.passwords import set_first_password
from xiandao.domains.orgs.actions.people import account_fault, make_user, name_fault, require_manager
from xiandao.domains.orgs.models import Organisation, Role, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.archives import ArchiveLimits, UnsafeArchive
from xiandao.domains.shared.excel_in import read_workbook

PEOPLE_IMPORTED = register("orgs.people_imported", gettext_lazy("批量导入账号"))
COLUMNS: tuple[tuple[str, str | Promise], ...] = (
    ("name", gettext_lazy("姓名")),
    ("account", gettext_lazy("账号")),
    ("organisation", gettext_lazy("机构代码")),
    ("role", gettext_lazy("角色")),
    ("title", gettext_lazy("职务")),
    ("valid_from", gettext_lazy("起")),
    ("valid_to", gettext_lazy("止")),
)
OPTIONAL = {"title", "valid_to"}
MOST_ROWS = 300  # each new account costs a password hash, which is slow on purpose
_LIMITS = ArchiveLimits(unpacked=32 * 1024 * 1024, ratio=200, entries=200)
_MOST_CELLS = 200_000
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TITLE_LENGTH = 100


class RowFault(NamedTuple):
    """What is wrong in a sheet: in which row (0 for the sheet as a whole) and column, found, expected, what to do."""

    row: int
    column: str
    found: str
    mend: str


class BadSheet(Refused):
    """A sheet that was not imported; `faults` lists everything wrong with it."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(_("文件中有 %(count)s 处错误，没有导入任何一行。") % {"count": len(faults)})
        self.faults = faults


class Imported(NamedTuple):
    """A person of the sheet: her one-time password, "" where the account was there before."""

    user: User
    password: str


@dataclass
class _Row:
    number: int
    cells: dict[str, Any]

    def text(self, key: str) -> str:
        value = self.cells.get(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


def read_sheet(stream: IO[bytes]) -> list[list[Any]]:
    """Return the cells of a workbook's first sheet. Raises BadSheet where it is no Excel file or too large."""
    try:
        return next(iter(read_workbook(stream, limits=_LIMITS, most_cells=_MOST_CELLS))).rows
    except UnsafeArchive as error:
        raise BadSheet([RowFault(0, "", _("文件不能读取"), str(error.reason))]) from error


@transaction.atomic
def import_people(actor: Viewer, *, rows: Sequence[Sequence[Any]], now: dt.datetime | None = None) -> list[Imported]:
    """Make the accounts of a sheet that are missing and propose the posts of every row, all or nothing.

    `rows` are the cells of the sheet, the first row its head. Raises Refused unless a system administrator acts,
    BadSheet with every fault found.
    """
    require_manager(actor)
    at = now or timezone.now()
    read = _read(rows)
    bodies = {body.code: body for body in Organisation.objects.filter(code__in={r.text("organisation") for r in read})}
    roles = {key: role for role in Role.objects.all() for key in (role.code, role.name)}
    people = {user.username: user for user in User.objects.filter(username__in={r.text("account") for r in read})}
    faults: list[RowFault] = []
    made: dict[str, Imported] = {}
    for row in read:
        found = _row_faults(row, bodies, roles, people)
        faults += found
        if not found:
            faults += _take(
                actor,
                row,
                body=bodies[row.text("organisation")],
                role=roles[row.text("role")],
                people=people,
                made=made,
                now=at,
            )
    if faults:
        transaction.set_rollback(True)
        raise BadSheet(faults)
    done = [_with_password(each, at) for each in made.values()]
    accounts = [each.user.username for each in done if each.password]
    after = {"accounts": accounts, "posts": len(read)}
    audit.record(actor, PEOPLE_IMPORTED, kind="user", key="import", label=_("批量导入账号"), after=after)
    return done


def _read(rows: Sequence[Sequence[Any]]) -> list[_Row]:
    """Return the rows under the head that are not empty. Raises BadSheet where columns are missing or rows too many."""
    head = [str(cell).strip() for cell in rows[0]] if rows else []
    names = {str(label): key for key, label in COLUMNS}
    missing = [str(label) for key, label in COLUMNS if str(label) not in head and key not in OPTIONAL]
    if missing:
        what = _("缺少列：%(columns)s") % {"columns": str(_("、")).join(missing)}
        raise BadSheet([RowFault(1, "", what, _("第一行须是模板的表头。"))])
    at = {names[name]: index for index, name in enumerate(head) if name in names}
    read = []
    for number, cells in enumerate(rows[1:], 2):
        if any(str(cell).strip() for cell in cells if cell is not None):
            read.append(_Row(number, {key: cells[index] for key, index in at.items() if index < len(cells)}))
    if not read:
        raise BadSheet([RowFault(0, "", _("没有一行数据"), _("表头以下每行写一个岗位。"))])
    if len(read) > MOST_ROWS:
        what = _("共 %(count)s 行") % {"count": len(read)}
        raise BadSheet([RowFault(0, "", what, _("一次至多 %(most)s 行，请分几次导入。") % {"most": MOST_ROWS})])
    return read


def _row_faults(
    row: _Row, bodies: dict[str, Organisation], roles: dict[str, Role], people: dict[str, User]
) -> list[RowFault]:
    """Return what is wrong with one row by itself."""
    account, name = row.text("account"), row.text("name")
    known = people.get(account)
    faults = {"name": name_fault(name), "account": account_fault(account)}
    if known is not None and known.name != name:
        faults["name"] = _("账号已属于%(name)s：更正姓名或换一个账号。") % {"name": known.name}
    if row.text("organisation") not in bodies:
        faults["organisation"] = _("没有这个机构代码：在“机构”页查代码，或先新增机构。")
    if row.text("role") not in roles:
        known_roles = str(_("、")).join(sorted({role.name for role in roles.values()}))
        faults["role"] = _("没有这个角色：写 %(roles)s 之一。") % {"roles": known_roles}
    if len(row.text("title")) > _TITLE_LENGTH:
        faults["title"] = _("职务至多 %(most)s 个字。") % {"most": _TITLE_LENGTH}
    for key in ("valid_from", "valid_to"):
        if _day(row.cells.get(key)) is None and (key not in OPTIONAL or row.text(key)):
            faults[key] = _("日期写作 2024-09-01。")
    labels = dict(COLUMNS)
    return [RowFault(row.number, str(labels[key]), row.text(key), mend) for key, mend in faults.items() if mend]


def _take(
    actor: Viewer,
    row: _Row,
    *,
    body: Organisation,
    role: Role,
    people: dict[str, User],
    made: dict[str, Imported],
    now: dt.datetime,
) -> list[RowFault]:
    """Make the account of a row if it is missing and propose its post; return why that was refused, if it was."""
    account = row.text("account")
    user = people.get(account)
    if user is None:
        user = people[account] = make_user(account=account, name=row.text("name"))
    made.setdefault(account, Imported(user, ""))
    begin = _day(row.cells.get("valid_from"))
    try:
        propose_post(
            actor,
            user=user,
            organisation=body,
            role=role,
            title=row.text("title"),
            valid_from=begin or timezone.localdate(now),
            valid_to=_day(row.cells.get("valid_to")),
            reason=_("批量导入"),
            now=now,
        )
    except Refused as refusal:
        label = str(dict(COLUMNS)["role"])
        return [RowFault(row.number, label, f"{row.text('organisation')} {row.text('role')}", str(refusal.reason))]
    return []


def _with_password(each: Imported, now: dt.datetime) -> Imported:
    if each.user.has_usable_password():
        return each
    return Imported(each.user, set_first_password(each.user, now=now))


def _day(value: Any) -> dt.date | None:
    """Return the day a cell holds, None where it holds none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    found = _DAY.fullmatch(str(value or "").strip())
    if found is None:
        return None
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        return None
