"""What a file would change, as it is stored and shown before anything is saved."""

from typing import Any, Final

from xiandao.domains.progress.actions import sameness
from xiandao.domains.progress.actions.reports.content import Fields
from xiandao.domains.progress.excel.check import Checked
from xiandao.domains.progress.excel.compare import Change, totals
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.models import Claim
from xiandao.engines.sameness import Certainty

# So many names of each kind are listed for a duty, the rest counted; what is taken back is listed whole.
LISTED: Final = 30
Json = dict[str, Any]


def preview(frame: Frame, checked: Checked) -> Json:
    """Return the changes duty by duty, as JSON holds them: the same again as long as nothing changes."""
    return {
        "duties": [_duty(frame, change) for change in checked.changes],
        "problems": [{"duty": frame.duties.shows(str(row.report)), "title": row.new.title} for row in checked.problems],
    }


def counts(checked: Checked) -> dict[str, int]:
    """Return the changes in numbers."""
    return {**totals(checked.changes), "problems": len(checked.problems)}


def _duty(frame: Frame, change: Change) -> Json:
    standing = [frame.standings.shows(each.standing) if each.standing else "" for each in (change.before, change.after)]
    found: Json = {
        "report": change.report.pk,
        "measure": frame.measures[change.report.pk],
        "body": change.report.assignment.organisation.label,
        "texts": change.texts,
        "standing": standing,
        "removed": [_name(fields) for fields in change.removed],
    }
    for kind, rows in (("added", change.added), ("edited", change.edited)):
        found[kind] = [_name(fields) for fields in rows[:LISTED]]
        found[f"{kind}_count"] = len(rows)
    return found


def _name(fields: Fields) -> str:
    return fields["name"] or fields["item"]


def alike(frame: Frame, changes: list[Change]) -> list[Json]:
    """Return the new and changed claims that are, or may be, claimed already: own names only, never the others'."""
    claims: list[Claim] = []
    names: list[Json] = []
    replaced: list[int] = []
    for change in changes:
        choices = frame.choices[change.report.pk]
        for key, values in change.values.items():
            if not values:
                continue
            claim = Claim(report=change.report, **values)
            claim.region = choices.regions.get(values["region_id"])
            claims.append(claim)
            names.append({"report": change.report.pk, "name": claim.name or claim.item})
            if key.isdecimal():
                replaced.append(int(key))
    found: dict[int, Json] = {}
    for pair in sameness.foresee(claims, but=replaced):
        place = int(pair.new)
        certain = pair.certainty is Certainty.CERTAIN
        known = found.setdefault(place, {**names[place], "certain": False, "inside": False})
        known["certain"] = known["certain"] or certain
        known["inside"] = known["inside"] or pair.within_new
    return [found[place] for place in sorted(found)]
