"""The form of a report: read from what was posted, and laid out with what is wrong beside each field."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.blocks import FilesBlock
from xiandao.domains.progress.actions.reports import CLAIM_FIELDS, TEXT_FIELDS, Clash, Content
from xiandao.domains.progress.models import Claim
from xiandao.domains.progress.queries.claims import Doubt

LABELS: dict[str, str | Promise] = {
    "standing": _("进展状态"),
    "happened": _("本期进展"),
    "next_step": _("下一步"),
    "target_key": _("计入目标"),
    "item": _("成果类别"),
    "name": _("成果名称"),
    "identifier_kind": _("编号类型"),
    "identifier": _("编号"),
    "holder": _("承担单位"),
    "holder_code": _("承担单位信用代码"),
    "region": _("所在地"),
    "industry": _("产业"),
    "happened_on": _("取得日期"),
    "quantity": _("数量"),
    "unit": _("单位"),
    "note": _("说明"),
}
_MOST_CLAIMS = 200
_MOST_BASE = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One claim on the form. `key` names its fields; `pk` is its id once it is saved."""

    key: str
    fields: Mapping[str, str]
    pk: int | None = None
    claim: Claim | None = None
    faults: Mapping[str, list[str]] = field(default_factory=dict)
    files: FilesBlock | None = None
    doubts: list[Doubt] = field(default_factory=list)
    targets: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted: the content, what it started from, the revision, the dom names of new claims by content key."""

    content: Content
    base: Content | None
    revision: int
    names: dict[str, str]
    theirs: set[str]


def posted(data: QueryDict) -> Posted:
    """Read a posted form. A claim is known by its id once it has one, whatever its fields are called on the page."""
    claims, names = {}, {}
    for name in list(dict.fromkeys(data.getlist("claim")))[:_MOST_CLAIMS]:
        if data.get(f"claims.{name}.gone"):
            continue
        known = data.get(f"claims.{name}.id", "")
        key = known if known.isdecimal() else f"new-{name.removeprefix('new-')}"
        names[key] = name
        claims[key] = {part: data.get(f"claims.{name}.{part}", "") for part in CLAIM_FIELDS}
    content = Content(**{name: data.get(name, "") for name in TEXT_FIELDS}, claims=claims)
    theirs = {name.removeprefix("choice-") for name in data if name.startswith("choice-") and data[name] == "theirs"}
    return Posted(
        content.tidy(),
        read_base(data.get("base", "")),
        as_number(data.get("revision", "")),
        names,
        theirs,
    )


def as_number(text: str) -> int:
    """Return a whole number posted, -1 where there is none: no revision is -1, so the action refuses."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004 — fits any counter


def read_base(text: str) -> Content | None:
    """Return what the writer started from; None where it was not posted or is no content."""
    if not text or len(text) > _MOST_BASE:
        return None
    try:
        given = json.loads(text)
        texts = {name: str(given[name]) for name in TEXT_FIELDS}
        claims = {
            str(key): {part: str(fields[part]) for part in CLAIM_FIELDS} for key, fields in given["claims"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Content(**texts, claims=claims)


def base_text(content: Content) -> str:
    """Return a content as the hidden field keeps it."""
    texts = {name: getattr(content, name) for name in TEXT_FIELDS}
    return json.dumps({**texts, "claims": content.claims}, ensure_ascii=False)


def grouped(faults: Iterable[tuple[str, str]]) -> tuple[dict[str, list[str]], dict[str, dict[str, list[str]]]]:
    """Return faults of the report by field, and of its claims by key and field."""
    own: dict[str, list[str]] = defaultdict(list)
    claims: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path, sentence in faults:
        if path.startswith("claims."):
            key, _dot, name = path.removeprefix("claims.").partition(".")
            claims[key][name].append(sentence)
        else:
            own[path].append(sentence)
    return {name: list(found) for name, found in own.items()}, {
        key: {name: list(found) for name, found in fields.items()} for key, fields in claims.items()
    }


@dataclass(frozen=True, slots=True)
class ShownClash:
    """A clash as the page shows it: which field of what, the two texts, in words."""

    name: str
    label: str
    mine: str
    theirs: str


def shown_clashes(
    clashes: Iterable[Clash], content: Content, words: Mapping[str, Mapping[str, str]]
) -> list[ShownClash]:
    """Return clashes in words. `words` maps codes of choice fields to what the lists call them."""
    found = []
    for clash in clashes:
        part = clash.path[-1] if len(clash.path) != 2 else "claim"  # noqa: PLR2004 — ("claims", key) is a whole claim
        label = str(LABELS.get(part, _("整条成果")))
        if clash.path[0] == "claims":
            fields = content.claims.get(clash.path[1], {})
            label = f"{fields.get('name') or fields.get('item') or clash.mine or clash.theirs or ''}{_('：')}{label}"
        names = words.get(part, {})
        found.append(ShownClash(clash.name, label, _said(clash.mine, names), _said(clash.theirs, names)))
    return found


def _said(text: str | None, names: Mapping[str, str]) -> str:
    if text is None:
        return str(_("（已删除）"))
    return names.get(text, text) or str(_("（空）"))
